"""The addresses of this room; those of its pages follow the tree of sections."""

from django.conf import settings
from django.urls import path

from nhipcau.newsroom.views import files

app_name = "newsroom"
urlpatterns = [path(f"{settings.MEDIA_URL.strip('/')}/images/<str:name>", files.rendition, name="rendition")]
