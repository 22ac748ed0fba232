"""The counter of seats: taken and given back under the lock of its row, so that no seat is sold twice or lost."""

from datetime import datetime

from django.db.models import F, Q

from nhipcau.attendance.models import Intake, Registration
from nhipcau.core import journal


def take(intake: Intake) -> bool:
    """Take a seat if there is one: one statement, decided by the database."""
    return take_for(intake.pk)


def take_for(intake_id: int) -> bool:
    """The same by the key."""
    return bool(Intake.objects.filter(pk=intake_id, taken__lt=F("capacity")).update(taken=F("taken") + 1))


def lock(intake: Intake) -> Intake:
    """The row as it is now, held until the transaction ends; always the first lock taken, so nobody waits in a ring."""
    return Intake.objects.select_for_update().get(pk=intake.pk)


def give_back(intake: Intake, *, at: datetime) -> Registration | None:
    """Give a seat to whoever has waited longest, else back to the counter; the row must be locked.

    Returns the registration that moved up.
    """
    first = Registration.objects.waiting().filter(intake=intake).select_related("person").first()
    if first is None:
        Intake.objects.filter(pk=intake.pk).update(taken=F("taken") - 1)
        return None
    _move_up(first, intake, at=at)
    return first


def _move_up(first: Registration, intake: Intake, *, at: datetime) -> None:
    """Nobody decides it: the one who waited longest is next."""
    before = journal.look(first, stored=False)
    first.state = Registration.State.CONFIRMED
    first.save(update_fields=["state"])
    first.intake = intake
    after = journal.look(first, stored=False)
    journal.note(first, verb="attendance.move_up", by=None, at=at, before=before, after=after)


def fill_up(intake: Intake, *, at: datetime) -> list[Registration]:
    """Let the waiting list move up while there are seats; the row must be locked."""
    moved = []
    for first in Registration.objects.waiting().filter(intake=intake).select_related("person"):
        if not take(intake):
            break
        _move_up(first, intake, at=at)
        moved.append(first)
    return moved


def place_in_line(registration: Registration) -> int:
    """Where somebody stands on the waiting list, from 1; one query, also when the guest has just moved up."""
    waiting = Registration.objects.waiting().filter(intake_id=registration.intake_id)
    sooner = Q(registered_at__lt=registration.registered_at)
    same_moment = Q(registered_at=registration.registered_at, pk__lt=registration.pk)
    return 1 + waiting.filter(sooner | same_moment).count()
