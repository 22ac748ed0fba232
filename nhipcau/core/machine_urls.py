"""Addresses for machines: no language, no session."""

from django.urls import path

from nhipcau.core import monitoring

app_name = "machines"
urlpatterns = [
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("metrics", monitoring.figures, name="metrics"),
]
