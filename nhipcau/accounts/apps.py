"""Accounts: invitation, roles, sessions, second factor, absence."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.accounts"

    def ready(self) -> None:
        """Begin to hear what allauth tells."""
        from nhipcau.accounts import hearing

        hearing.connect()
