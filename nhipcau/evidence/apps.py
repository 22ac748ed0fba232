"""What is proven: the append-only ledger, its verification, what an indicator counts, the trace."""

from django.apps import AppConfig


class EvidenceRoom(AppConfig):
    """The room's registration with Django."""

    name = "nhipcau.evidence"
