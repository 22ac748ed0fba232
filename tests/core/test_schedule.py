"""Periodic tasks are enqueued once for each due minute, by one scheduler or by several."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from nhipcau.core import schedule
from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import DueRun

pytestmark = pytest.mark.django_db
RETENTION, BACKUP = "nhipcau.privacy.tasks.let_go", "nhipcau.core.tasks.nightly_backup"
SEND, SWEEP = "nhipcau.outbox.tasks.send_pending", "nhipcau.core.tasks.sweep"


def test_due_minute_is_enqueued_once(now: datetime) -> None:
    def ours(names: Iterable[str]) -> list[str]:
        return [name for name in names if name in {SWEEP, SEND}]  # other rooms have jobs of their own

    assert ours(schedule.enqueue_due(at=now)) == [SWEEP, SEND]
    assert schedule.enqueue_due(at=now + timedelta(seconds=59)) == []
    assert ours(schedule.enqueue_due(at=now + timedelta(seconds=60))) == [SEND]
    assert sorted(ours(DBTaskResult.objects.values_list("task_path", flat=True))) == [SWEEP, SEND, SEND]


def test_standstill_is_made_up_for_once_at_whatever_hour_the_machine_comes_back() -> None:
    late = datetime(2026, 11, 23, 3, 11, tzinfo=LOCAL)
    own = {SWEEP, SEND, RETENTION, BACKUP}  # other rooms have jobs of their own
    assert own.intersection(schedule.enqueue_due(at=late)) == own
    for hours in (7, 23):  # hours after the night's jobs were due, the machine having been off
        back = late + timedelta(days=hours, hours=hours)
        assert own.intersection(schedule.enqueue_due(at=back)) == own
        assert own.intersection(schedule.enqueue_due(at=back + timedelta(minutes=1))) == {SEND}


def test_what_is_due_once_a_week_is_not_made_up_for_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monday = datetime(2026, 11, 23, 3, 10, tzinfo=LOCAL)
    schedule.periodic()
    weekly = schedule.Periodic("10 3 * * 1", schedule._periodic[SWEEP].task)
    monkeypatch.setattr(schedule, "_periodic", {SWEEP: weekly})
    assert schedule.enqueue_due(at=monday + timedelta(days=2)) == []
    assert schedule.enqueue_due(at=monday + timedelta(hours=24)) == [SWEEP]


def test_minutes_are_those_of_ho_chi_minh_city(now: datetime) -> None:
    (sweep,) = [one for one in schedule.periodic() if one.name == SWEEP]
    assert sweep.latest_due(at=now) == datetime(2026, 11, 23, 3, 10, tzinfo=LOCAL)
    assert sweep.latest_due(at=datetime(2026, 11, 23, 3, 10, tzinfo=LOCAL)) == datetime(
        2026, 11, 23, 3, 10, tzinfo=LOCAL
    )


@pytest.mark.parametrize("cron", ["", "* * * *", "* * * * * *", "61 * * * *"])
def test_wrong_cron_fields_are_refused(cron: str) -> None:
    with pytest.raises(ValueError, match="Not five cron fields"):
        schedule.every(cron)


@pytest.mark.django_db(transaction=True)
def test_worker_does_what_is_due_and_ends(now: datetime) -> None:
    DueRun.objects.create(job="long.ago", minute=now - timedelta(days=8))
    call_command("worker", batch=True, stdout=StringIO())
    done = DBTaskResult.objects.filter(task_path__in=[SWEEP, SEND])  # other rooms have jobs of their own
    assert sorted(done.values_list("task_path", "status", "return_value")) == [
        (SWEEP, "SUCCESSFUL", 1),
        (SEND, "SUCCESSFUL", 0),
    ]
