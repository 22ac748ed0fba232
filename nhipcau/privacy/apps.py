"""Personal data: what each form collects and why, what a person may ask, and by when the answer is due."""

from django.apps import AppConfig


class Privacy(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.privacy"
