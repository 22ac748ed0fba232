"""Who comes: registration, admission code, reception desk."""

from django.apps import AppConfig


class Attendance(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.attendance"
