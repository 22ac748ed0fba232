"""Keeping the queue itself in order."""

from datetime import timedelta

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from nhipcau.core import files, middleware
from nhipcau.core.schedule import every, forget_old

KEEP_FINISHED = timedelta(days=3)


@every("10 3 * * *")
@task()
def sweep() -> int:
    """Forget finished tasks and noted minutes of past days; how many rows went."""
    at = middleware.clock()
    tasks = DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_FINISHED).delete()[0]
    return tasks + forget_old(at=at)


@every("50 2 * * *")
@task()
def sweep_files() -> int:
    """Delete what was handed in and never came to a row; how many files."""
    return files.sweep_orphans(at=middleware.clock())
