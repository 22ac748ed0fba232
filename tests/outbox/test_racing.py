"""Several senders and schedulers at once, on both databases: each mail and each minute once."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core import mail
from django.db import connection
from django_tasks_db.models import DBTaskResult

from nhipcau.core import schedule
from nhipcau.outbox import services
from nhipcau.outbox.models import Message

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _at_once(work: Callable[[], object], times: int) -> list[object]:
    """What each of several threads got, all let go at the same moment."""
    gate, results, lock = threading.Barrier(times), [], threading.Lock()

    def run() -> None:
        gate.wait()
        try:
            result = work()
        finally:
            connection.close()
        with lock:
            results.append(result)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_four_senders_send_each_mail_once(now: datetime) -> None:
    for number in range(40):
        services.queue_mail(
            key=f"tests:{number}", to=f"khach{number}@example.vn", subject=f"Thư {number}", body="Kính gửi", at=now
        )
    attempts = _at_once(lambda: services.send_due(at=now), 4)
    assert sum(int(str(one)) for one in attempts) == 40
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(f"khach{number}@example.vn" for number in range(40))
    assert set(Message.objects.values_list("state", "tries")) == {("kept", 1)}


def test_same_cause_queued_by_eight_at_once_is_one_mail(now: datetime) -> None:
    def queue() -> int:
        return services.queue_mail(key="tests:1", to="khach@example.vn", subject="Thư", body="Kính gửi", at=now).pk

    assert len(set(_at_once(queue, 8))) == 1
    assert Message.objects.count() == 1


def test_four_schedulers_enqueue_a_minute_once(now: datetime) -> None:
    jobs = sorted(one.name for one in schedule.periodic() if now - one.latest_due(at=now) <= schedule.LATE_AT_MOST)
    assert len(jobs) > 1
    enqueued = _at_once(lambda: schedule.enqueue_due(at=now), 4)
    assert sorted(name for names in enqueued for name in names) == jobs  # type: ignore[attr-defined]
    assert sorted(DBTaskResult.objects.values_list("task_path", flat=True)) == jobs
