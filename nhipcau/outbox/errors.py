"""What the outbox refuses."""

from nhipcau.core.errors import Refusal


class NotResendable(Refusal):
    """The mail went out or is still going out by itself."""
