"""The staff home: composes pages from the rooms below, owns no table."""

from django.apps import AppConfig


class Desk(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.desk"
