"""What happens by the clock: rooms mark tasks with `@every`, the worker enqueues each one once for each due minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from croniter import croniter
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import DueRun

# After a standstill only the latest due minute is made up for, and only when it is not older than this: whatever is due
# every night is made up for, at whatever hour the machine comes back.
LATE_AT_MOST = timedelta(hours=24)
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Periodic:
    """A task and the minutes it is due in, as five cron fields of Ho Chi Minh City's clock."""

    cron: str
    task: Task[[], Any]

    @property
    def name(self) -> str:
        """The task's dotted path."""
        return self.task.module_path

    def latest_due(self, *, at: datetime) -> datetime:
        """The latest minute up to `at` it was due in."""
        # get_prev is strict: a minute counts as reached from its first moment on.
        start = at.astimezone(LOCAL).replace(second=0, microsecond=0) + timedelta(minutes=1)
        due: datetime = croniter(self.cron, start).get_prev(datetime)
        return due


_periodic: dict[str, Periodic] = {}


def every(cron: str) -> Callable[[Task[[], Any]], Task[[], Any]]:
    """Register a task without arguments; used in a room's `tasks.py`, above `@task`.

    Raises ValueError for anything but five valid cron fields.
    """
    if len(cron.split()) != 5 or not croniter.is_valid(cron):
        raise ValueError(f"Not five cron fields: {cron!r}")

    def register(task: Task[[], Any]) -> Task[[], Any]:
        _periodic[task.module_path] = Periodic(cron, task)
        return task

    return register


def periodic() -> list[Periodic]:
    """Every registered task, by name."""
    autodiscover_modules("tasks")
    return [_periodic[name] for name in sorted(_periodic)]


def enqueue_due(*, at: datetime) -> list[str]:
    """Enqueue what is due at `at` and was not enqueued for that minute by anybody; the names.

    Any number of schedulers may call this at once: the database knows each (task, minute) only once.
    """
    enqueued = []
    for one in periodic():
        due = one.latest_due(at=at)
        if at - due > LATE_AT_MOST:
            continue
        with transaction.atomic():
            _run, new = DueRun.objects.get_or_create(job=one.name, minute=due)
            if new:
                one.task.enqueue()
                enqueued.append(one.name)
    return enqueued


def last_done(task: Task[[], Any]) -> datetime | None:
    """When a task last came to a good end; None when that is so long ago that it was forgotten, or never. One query."""
    done = DBTaskResult.objects.filter(task_path=task.module_path, status=TaskResultStatus.SUCCESSFUL)
    latest: datetime | None = done.aggregate(latest=Max("finished_at"))["latest"]
    return latest


def forget_old(*, at: datetime) -> int:
    """Delete the notes of minutes long past; how many."""
    return DueRun.objects.filter(minute__lt=at - KEPT).delete()[0]
