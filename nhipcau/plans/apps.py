"""What was planned: plan, phases, objectives, indicators, targets, milestones, directions."""

from django.apps import AppConfig


class Plans(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.plans"
