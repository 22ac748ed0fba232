"""What is done: activities with their sessions, speakers and changes."""

from django.apps import AppConfig


class Activities(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.activities"
