"""The sample fills in the background: one short task after another, so that mail and schedule get their turn."""

from __future__ import annotations

from datetime import datetime

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from nhipcau.sample.filling import fill

#: How long one task works before the next takes over, and how long it rests between two transactions.
SECONDS, REST = 20.0, 0.03


@task()
def fill_sample(now: str, small: bool) -> bool:  # noqa: FBT001 (tasks are called by position from the queue)
    """Do some of what is left and queue the next task; True when nothing is left."""
    done = fill(now=datetime.fromisoformat(now), small=small, seconds=SECONDS, pause=REST)
    if not done:
        fill_sample.enqueue(now, small)
    return done


def go_on(*, now: datetime, small: bool) -> bool:
    """Queue the filling unless it is under way; False when it is."""
    under_way = DBTaskResult.objects.filter(
        task_path=fill_sample.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    ).exists()
    if not under_way:
        fill_sample.enqueue(now.isoformat(), small)
    return not under_way
