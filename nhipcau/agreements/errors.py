"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Conflict, Refusal


class TooFewParties(Refusal):
    """An agreement is between at least two different organisations."""


class NothingPromised(Refusal):
    """An agreement without a single clause."""


class DaysReversed(Refusal):
    """The last day comes before the first, or the day of signing has not come yet."""


class ClauseReplaced(Conflict):
    """The clause has been amended in the meantime."""


class NotTheAgreement(Refusal):
    """The amendment belongs to another agreement."""
