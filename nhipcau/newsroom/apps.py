"""What is published: for now the pictures and documents Wagtail stores."""

from django.apps import AppConfig


class Newsroom(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.newsroom"
