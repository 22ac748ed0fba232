"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Conflict, Refusal


class OutsidePlan(Refusal):
    """The days do not lie within the plan."""


class TimesReversed(Refusal):
    """The end comes before the start."""


class CodeTaken(Conflict):
    """The plan already has an activity with this code."""


class NotAParty(Refusal):
    """The lead or supporting unit is no party, or both are the same."""


class IndicatorElsewhere(Refusal):
    """An indicator belongs to another plan."""


class PlanClosed(Refusal):
    """The plan is closed; nothing in it changes any more."""


class WrongState(Conflict):
    """The activity is no longer (or not yet) in the state the step starts from."""


class TooEarly(Refusal):
    """The activity is not over yet."""


class ReasonMissing(Refusal):
    """A step that needs a reason was given none."""


class ResultMissing(Refusal):
    """A file was to be closed without its result."""


class TimeByMove(Refusal):
    """Times of an activity in a plan in force change by a move with a reason, not by an edit."""


class OutsideActivity(Refusal):
    """A line of the run sheet lies on a day the activity does not have."""
