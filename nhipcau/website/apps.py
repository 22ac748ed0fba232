"""The public face: composes pages from the rooms below, owns no table."""

from django.apps import AppConfig


class Website(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.website"
