"""What this room refuses, each with its sentence."""

from nhipcau.core.errors import Conflict, Refusal


class DaysReversed(Refusal):
    """A later day was put before an earlier one."""


class OutsidePlan(Refusal):
    """A day lies outside the plan."""


class PhaseDayTaken(Conflict):
    """Another phase of the plan begins on that day."""


class PhasesSwapped(Refusal):
    """A phase would jump over its neighbour and leave its targets behind."""


class YearTaken(Conflict):
    """The agreement already has a plan for that year."""


class CodeTaken(Conflict):
    """The code is in use in this plan."""


class AnswersNothing(Refusal):
    """An objective that answers neither a clause nor a direction."""


class Elsewhere(Refusal):
    """Something belongs to another agreement or plan."""


class CountsNothing(Refusal):
    """The definition of an indicator lacks what its measure needs."""


class BadTarget(Refusal):
    """A target that is no number or negative."""


class TargetMoved(Conflict):
    """Somebody else set the target at the same moment."""


class ReasonMissing(Refusal):
    """A target in force changes only with a reason."""


class PlanClosed(Refusal):
    """The plan is closed; nothing in it changes any more."""


class WrongState(Conflict):
    """The plan, milestone or direction is not in the state the step starts from."""


class NotADirector(Refusal):
    """Only the directors of the parties agree a plan."""


class NotReady(Refusal):
    """The plan has too little in it to be agreed."""


class NotYourUnit(Refusal):
    """A department instructs only the units under it, and an addressee must be a party."""


class NothingToAnswer(Refusal):
    """Support and assessments ask for no answer, and an answer has words."""
