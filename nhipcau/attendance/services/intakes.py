"""How many seats, from when to when."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.attendance import letters
from nhipcau.attendance.errors import BadIntake
from nhipcau.attendance.models import Intake
from nhipcau.attendance.services import seats
from nhipcau.core import journal
from nhipcau.parties.models import User


def _refuse_reversed(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at < opens_at:
        raise BadIntake(_("Registration would close before it opens. Please check both times."))


@journal.verb(result=True)
def open_intake(
    *,
    activity: Activity,
    capacity: int,
    opens_at: datetime,
    closes_at: datetime,
    note: str = "",
    note_en: str = "",
    by: User,
    at: datetime,
) -> Intake:
    """Let an activity take registrations.

    Raises BadIntake when the times are reversed or the activity already takes some.
    """
    _refuse_reversed(opens_at, closes_at)
    intake = Intake(
        activity=activity, capacity=capacity, opens_at=opens_at, closes_at=closes_at, note=note, note_en=note_en
    )
    intake.mark_english()
    try:
        with transaction.atomic():
            intake.save(force_insert=True)
    except IntegrityError:
        raise BadIntake(_("This activity already takes registrations. Please open its settings once more.")) from None
    return intake


@journal.verb(of="intake", unless_same=True)
def revise_intake(
    *,
    intake: Intake,
    capacity: int,
    opens_at: datetime,
    closes_at: datetime,
    note: str = "",
    note_en: str = "",
    by: User,
    at: datetime,
    notify: bool = True,
) -> Intake:
    """Change the settings; where seats are added the waiting list moves up and gets its codes.

    Raises BadIntake when fewer seats are left than were promised, or the times are reversed.
    """
    _refuse_reversed(opens_at, closes_at)
    fresh = seats.lock(intake)
    if capacity < fresh.taken:
        raise BadIntake(
            _("%(taken)d seats are already promised, so there cannot be fewer. Cancel registrations first.")
            % {"taken": fresh.taken}
        )
    fresh.activity = intake.activity
    fresh.capacity, fresh.opens_at, fresh.closes_at = capacity, opens_at, closes_at
    fresh.note, fresh.note_en = note, note_en
    fresh.mark_english()
    fresh.save(update_fields=["capacity", "opens_at", "closes_at", "note", "note_en", "english_of"])
    for registration in seats.fill_up(fresh, at=at):
        if notify:
            letters.send_place(registration, at=at)
    fresh.refresh_from_db(fields=["taken"])
    return fresh
