"""What was signed: agreement, parties, signatories, clauses, and who may do what."""

from django.apps import AppConfig


class Agreements(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.agreements"
