"""What is told: phase reports drawn from the ledger, frozen with a digest."""

from django.apps import AppConfig


class Reports(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.reports"
