"""Who there is: organisations, people, accounts and dated roles."""

from django.apps import AppConfig


class Parties(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.parties"
