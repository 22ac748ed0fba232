"""What this room refuses, each with its sentence."""

from django.utils.functional import Promise

from nhipcau.attendance.models import Registration
from nhipcau.core.errors import Conflict, Refusal


class SeatsGone(Conflict):
    """No seat is left; `place` is where one would stand on the waiting list."""

    def __init__(self, sentence: str | Promise, *, place: int) -> None:
        super().__init__(sentence)
        self.place = place


class AlreadyRegistered(Refusal):
    """The mobile number has a place at this activity; `same_person` when the name agrees as well."""

    def __init__(self, sentence: str | Promise, *, registration: Registration, same_person: bool) -> None:
        super().__init__(sentence)
        self.registration = registration
        self.same_person = same_person


class IntakeClosed(Refusal):
    """Registration has not begun, is over, or the activity will not take place."""


class BadPhone(Refusal):
    """Not a mobile number."""


class ConsentMissing(Refusal):
    """Whoever registers himself has to agree to how the data are used."""


class BadIntake(Refusal):
    """Settings of an intake that contradict themselves or what was already promised."""


class NotStanding(Conflict):
    """The registration was cancelled or passed on meanwhile."""


class AlreadyArrived(Conflict):
    """The guest has come in; the place cannot be given up or passed on any more."""


class AlreadyOver(Refusal):
    """The activity is over; places can no longer be given up, passed on or handed out."""


class ArrivalsStand(Refusal):
    """Guests have been let in; what happened cannot be called off."""


class NotAdmitted(Refusal):
    """The guest cannot be let in on this code; the sentence says where to send him."""


class BadList(Refusal):
    """A signed list that cannot be right: no signature, before its day, or for a plan that is closed."""
