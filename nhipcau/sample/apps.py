"""The sample programme, written through the same services that people use."""

from django.apps import AppConfig


class Sample(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.sample"
