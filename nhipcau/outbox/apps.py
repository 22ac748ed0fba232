"""Mail going out: a row in the same transaction, sent later, never lost, never twice."""

from django.apps import AppConfig


class Outbox(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.outbox"
