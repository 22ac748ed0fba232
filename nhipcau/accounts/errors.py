"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Conflict, Refusal


class NotYours(Refusal):
    """The account or the role is not in the hands of who asks."""


class LastAdministrator(Refusal):
    """Without this account nobody could look after the system."""


class LinkSpent(Conflict):
    """The link was used, withdrawn, replaced or is too old."""


class NameTaken(Refusal):
    """Another account has this sign-in name or address."""


class WrongState(Conflict):
    """The account is not in the state the form was drawn from."""


class DaysReversed(Refusal):
    """The last day comes before the first, or has passed."""


class NoStandIn(Refusal):
    """Who was named cannot act in this person's place."""
