"""What happens to an activity reaches its guests, once each, in their language."""

from datetime import datetime, timedelta

import pytest

from nhipcau.activities.events import ActivityCancelled, ActivityMoved, ActivityReopened
from nhipcau.activities.models import Activity
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core.happenings import announce
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


def test_reopening_a_closed_file_tells_nobody(
    activity: Activity, guests: list[Registration], officer_hmc: User, now: datetime
) -> None:
    announce(ActivityReopened(activity, "closed", "Bổ sung", officer_hmc, now))
    assert told() == []
