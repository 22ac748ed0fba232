"""The addresses of this room."""

from django.urls import path

from nhipcau.core import views

app_name = "core"
urlpatterns = [path("thanh-phan/", views.components, name="components")]
