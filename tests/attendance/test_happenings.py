"""What happens to an activity reaches its guests, once each, in their language."""

from datetime import datetime, timedelta

import pytest

from nhipcau.activities.events import ActivityCancelled, ActivityMoved, ActivityReopened
from nhipcau.activities.models import Activity
from nhipcau.activities.services import cancel_activity
from nhipcau.attendance.errors import ArrivalsStand
from nhipcau.attendance.models import Intake, Registration
from nhipcau.attendance.services import check_in, undo_check_in
from nhipcau.core.happenings import announce
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from tests import makers


@pytest.fixture
def guests(intake: Intake) -> list[Registration]:
    """One in English, one without an address, one cancelled, one waiting."""
    return [
        makers.make_registration(intake, language="en"),
        makers.make_registration(intake, "Lê Minh An", email=""),
        makers.make_registration(intake, "Trần Gia Bảo", state="cancelled"),
        makers.make_registration(intake, "Phạm Thu Hà", state="waiting"),
    ]


def told() -> list[str]:
    """Who got a mail."""
    return sorted(Message.objects.values_list("to", flat=True))


def test_moved_tells_each_standing_guest_once(
    activity: Activity, intake: Intake, guests: list[Registration], officer_hmc: User, now: datetime
) -> None:
    old_start, old_end = activity.starts_at, activity.ends_at
    activity.starts_at, activity.ends_at = old_start - timedelta(days=1), old_end - timedelta(days=1)
    moved = ActivityMoved(activity, old_start, old_end, "Đổi phòng", officer_hmc, now)
    announce(moved)
    announce(moved)
    assert told() == sorted([guests[0].email, guests[3].email])
    mail = Message.objects.get(to=guests[0].email)
    assert mail.subject == "New time: Talk on digital start-ups"
    assert (
        "planned for 14:00, Thursday, 10 December 2026, will now begin at 14:00, Wednesday, 9 December 2026"
        in mail.body
    )
    assert mail.attachment_type == "text/calendar"
    intake.refresh_from_db()
    assert intake.closes_at == activity.starts_at


def test_cancelled_and_restored_are_told_apart(
    activity: Activity, guests: list[Registration], officer_hmc: User, now: datetime
) -> None:
    announce(ActivityCancelled(activity, "Bão số 9", officer_hmc, now))
    announce(ActivityReopened(activity, "cancelled", "Bão đã tan", officer_hmc, now + timedelta(hours=1)))
    mails = Message.objects.filter(to=guests[0].email).order_by("pk")
    assert [mail.subject for mail in mails] == [
        "Will not take place: Talk on digital start-ups",
        "Takes place after all: Talk on digital start-ups",
    ]
    assert Message.objects.count() == 4


def test_cancelling_is_refused_while_arrivals_stand(
    activity: Activity, guests: list[Registration], officer_hmc: User
) -> None:
    day = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
    arrival = check_in(registration=guests[0], by=officer_hmc, at=day).check_in
    with pytest.raises(ArrivalsStand):
        cancel_activity(activity=activity, reason="Bão số 9", by=officer_hmc, at=day)
    activity.refresh_from_db()
    assert (activity.state, told()) == ("planned", [])
    undo_check_in(check_in=arrival, by=officer_hmc, at=day)
    assert cancel_activity(activity=activity, reason="Bão số 9", by=officer_hmc, at=day).state == "cancelled"


def test_reopening_a_closed_file_tells_nobody(
    activity: Activity, guests: list[Registration], officer_hmc: User, now: datetime
) -> None:
    announce(ActivityReopened(activity, "closed", "Bổ sung", officer_hmc, now))
    assert told() == []
