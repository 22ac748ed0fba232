"""What activities announce reaches the guests: a mail to each, once, in the same transaction."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from nhipcau.activities.events import ActivityCancelled, ActivityMoved, ActivityReopened
from nhipcau.activities.models import Activity
from nhipcau.attendance import letters
from nhipcau.attendance.errors import ArrivalsStand
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.core.happenings import on


def _guests(activity: Activity) -> Iterator[Registration]:
    standing = Registration.objects.standing().filter(intake__activity=activity).exclude(email="")
    for registration in standing.select_related("person", "intake"):
        registration.intake.activity = activity
        yield registration


@on(ActivityMoved)
def tell_of_new_time(happening: ActivityMoved) -> None:
    """Registration closes no later than the new start; every guest with an address gets a mail."""
    activity = happening.activity
    for intake in Intake.objects.filter(activity=activity):
        if intake.closes_at == happening.old_start or intake.closes_at > activity.starts_at:
            intake.closes_at = activity.starts_at
            intake.opens_at = min(intake.opens_at, intake.closes_at)
            intake.save(update_fields=["opens_at", "closes_at"])
    for registration in _guests(activity):
        letters.send_moved(registration, old_start=happening.old_start, reason=happening.reason, at=happening.at)


@on(ActivityCancelled)
def tell_of_cancellation(happening: ActivityCancelled) -> None:
    """Registrations stay as they are, for the record.

    Raises ArrivalsStand when guests have been let in: what they came to has happened and is counted.
    """
    if CheckIn.objects.standing().filter(registration__intake__activity=happening.activity).exists():
        raise ArrivalsStand(
            _("Guests have already been let in, so this activity cannot be called off. Take the arrivals back first.")
        )
    for registration in _guests(happening.activity):
        letters.send_called_off(registration, reason=happening.reason, at=happening.at)


@on(ActivityReopened)
def tell_of_return(happening: ActivityReopened) -> None:
    """Only where guests had been told that it would not take place."""
    if happening.was == Activity.State.CANCELLED:
        for registration in _guests(happening.activity):
            letters.send_restored(registration, at=happening.at)
