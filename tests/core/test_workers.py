"""Workers give signs of life; what a dead one was running is in the queue again within a minute, a living one's never."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from nhipcau.core import schedule, workers
from nhipcau.core.management.commands.worker import Patient
from nhipcau.core.models import WorkerSign

pytestmark = pytest.mark.django_db
SEND = "nhipcau.outbox.tasks.send_pending"
SECOND = timedelta(seconds=1)


def _running(now: datetime, *worker_ids: str) -> DBTaskResult[Any, Any]:
    """A task that a worker claimed."""
    schedule.enqueue_due(at=now)
    row = DBTaskResult.objects.get(task_path=SEND)
    row.claim(worker_ids[0])
    for worker in worker_ids[1:]:
        row.claim(worker)
    return row


def _looks(watch: workers.Watch, start: datetime, seconds: int, **signs: int) -> list[tuple[int, str]]:
    """Who is found lost at which second, looking every ten; each of `signs` lives until its second."""
    found = []
    for second in range(0, seconds + 1, 10):
        at = start + second * SECOND
        for worker, last in signs.items():
            if second <= last:
                workers.give_sign(worker=worker, at=at)
        found += [(second, worker) for worker in watch.look(at=at)]
    return found


def test_worker_without_a_sign_for_a_minute_is_lost_and_a_living_one_is_not(now: datetime) -> None:
    assert _looks(workers.Watch(), now, 70, dead=0, living=70) == [(60, "dead"), (70, "dead")]


def test_task_of_a_lost_worker_goes_back_to_the_queue_once(now: datetime) -> None:
    row = _running(now, "dead")
    workers.give_sign(worker="dead", at=now)
    assert workers.lose(worker="dead", at=now) == 1
    row.refresh_from_db()
    assert (row.status, row.started_at) == ("READY", None)
    row.claim("living")
    assert workers.lose(worker="dead", at=now) == 0  # a second scheduler comes late
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("RUNNING", ["dead", "living"])
    assert not WorkerSign.objects.exists()


def test_task_claimed_by_a_worker_that_never_gave_a_sign_is_found(now: datetime) -> None:
    _running(now, "unheard")
    assert _looks(workers.Watch(), now, 60) == [(60, "unheard")]


def test_whoever_was_away_itself_takes_nobody_for_dead_at_once(now: datetime) -> None:
    """The database stood still for ten minutes: all signs are old, and all workers live."""
    watch = workers.Watch()
    _looks(watch, now, 50, other=50)
    back = now + timedelta(minutes=10)
    assert watch.look(at=back) == []
    assert _looks(watch, back, 120, other=120) == []


def test_clock_of_another_machine_is_not_believed(now: datetime) -> None:
    watch = workers.Watch()
    for second in range(0, 121, 10):
        workers.give_sign(worker="slow_clock", at=now + second * SECOND - timedelta(hours=2))
        assert watch.look(at=now + second * SECOND) == []


def test_sign_promised_for_longer_is_waited_for(now: datetime) -> None:
    workers.give_sign(worker="unhurried", at=now, lease=timedelta(minutes=2))
    assert _looks(workers.Watch(), now, 120) == [(120, "unhurried")]


@task()
def meets_no_database() -> None:
    """What a task comes to while the database is away."""
    raise OperationalError("the server closed the connection")


@task()
def is_wrong() -> None:
    """What a task of ours with a fault comes to."""
    raise ValueError("no good")


@pytest.mark.parametrize(
    ("job", "attempts", "status"),
    [(meets_no_database, 1, "READY"), (meets_no_database, 5, "FAILED"), (is_wrong, 1, "FAILED")],
)
def test_task_that_failed_for_want_of_the_database_is_tried_again(
    job: Task[[], None], attempts: int, status: str, now: datetime
) -> None:
    job.enqueue()
    row = DBTaskResult.objects.get()
    for number in range(attempts):
        row.claim(f"worker{number}")
    worker = Patient(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="last",
        excluded_queue_names=[],
    )
    worker.run_task(row)
    row.refresh_from_db()
    assert row.status == status
    assert status == "FAILED" or row.run_after == now + timedelta(minutes=1)
