"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Conflict, Refusal


class AlreadyAnswered(Conflict):
    """The request has been answered meanwhile."""


class NotChecked(Refusal):
    """Nobody has made sure yet that the person asks."""


class NoReason(Refusal):
    """A refusal without its reason in the law."""


class ExtendedOnce(Refusal):
    """The law lets the period be extended once."""


class NothingAsked(Refusal):
    """A correction that proposes no value."""
