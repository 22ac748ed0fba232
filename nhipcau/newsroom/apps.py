"""What is written and published: articles, sections, pictures and documents, in Wagtail."""

from django.apps import AppConfig


class Newsroom(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.newsroom"
