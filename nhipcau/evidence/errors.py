"""What the ledger refuses."""

from nhipcau.core.errors import Refusal


class EvidenceRefused(Refusal):
    """A piece of evidence cannot be recorded, changed or vouched for."""
