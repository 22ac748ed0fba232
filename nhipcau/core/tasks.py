"""Keeping the queue itself in order."""

from datetime import datetime, timedelta

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from nhipcau.core import middleware
from nhipcau.core.schedule import every, forget_old

# No task of ours runs this long; whoever claimed it is gone.
STALE_AFTER = timedelta(minutes=30)
KEEP_FINISHED = timedelta(days=3)


def reclaim_stale(*, at: datetime) -> int:
    """Put tasks back whose worker died while running them; how many. Every task of ours may run twice."""
    return (
        DBTaskResult.objects.running()
        .filter(started_at__lt=at - STALE_AFTER)
        .update(status=TaskResultStatus.READY, started_at=None)
    )


@every("10 3 * * *")
@task()
def sweep() -> int:
    """Forget finished tasks and noted minutes of past days; how many rows went."""
    at = middleware.clock()
    tasks = DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_FINISHED).delete()[0]
    return tasks + forget_old(at=at)
