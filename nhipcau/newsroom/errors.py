"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Refusal


class NotReady(Refusal):
    """An article lacks something readers or the law need, a credit for instance."""


class InUse(Refusal):
    """Something that articles show cannot be taken away."""


class AlreadyThere(Refusal):
    """The edition in that language exists already."""
