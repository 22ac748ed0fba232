"""The sample fills in the background: one short task after another, so that mail and schedule get their turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from nhipcau.core import middleware
from nhipcau.sample import content, guests
from nhipcau.sample.filling import fill
from nhipcau.sample.progress import Progress

#: How long one task works before the next takes over, and how long it rests between two transactions: SQLite lets those
#: who wait look again every tenth of a second, so a shorter rest would shut them out.
SECONDS, REST = 20.0, 0.11
#: A task that has run for longer was left behind by a worker that died.
_DEAD_AFTER = timedelta(minutes=5)


@task()
def fill_sample(now: str, small: bool) -> bool:  # noqa: FBT001 (tasks are called by position from the queue)
    """Do some of what is left and queue the next task; True when nothing is left."""
    done = fill(now=datetime.fromisoformat(now), small=small, seconds=SECONDS, pause=REST)
    progress = Progress.read(now=datetime.fromisoformat(now), small=small)
    progress.keep()
    print(progress, flush=True)  # noqa: T201 (the operator watches the worker's terminal at the first start)
    if done:
        guests.everybody.cache_clear()  # the worker lives on, its memory is wanted elsewhere
        content.read.cache_clear()
    else:
        fill_sample.enqueue(now, small)
    return done


def go_on(*, now: datetime, small: bool) -> bool:
    """Queue the filling unless it is under way; False when it is."""
    alive = Q(status=TaskResultStatus.READY) | Q(
        status=TaskResultStatus.RUNNING, started_at__gt=middleware.clock() - _DEAD_AFTER
    )
    under_way = DBTaskResult.objects.filter(alive, task_path=fill_sample.module_path).exists()
    if not under_way:
        fill_sample.enqueue(now.isoformat(), small)
    return not under_way
