"""Keeping the queue itself, files, backups and the list of erasures in order."""

from datetime import datetime, timedelta

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from nhipcau.core import erasures, files, middleware, stamps
from nhipcau.core.backup import keeping, make_backup
from nhipcau.core.schedule import every, forget_old

KEEP_FINISHED = timedelta(days=3)
AT_ONCE = 5_000


def forget_finished(*, at: datetime, at_once: int = AT_ONCE) -> int:
    """Delete some of the tasks that ended days ago, oldest first; how many."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_FINISHED).order_by("finished_at")
    return DBTaskResult.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:at_once])).delete()[0]


@every("10 3 * * *")
@task()
def sweep() -> int:
    """Forget finished tasks, noted minutes and idle stamps of past days; how many rows went."""
    at = middleware.clock()
    tasks = forget_old(at=at) + stamps.forget_idle(at=at)
    while gone := forget_finished(at=at):
        tasks += gone
    return tasks


@every("50 2 * * *")
@task()
def sweep_files() -> int:
    """Delete what was handed in and never came to a row; how many files."""
    return files.sweep_orphans(at=middleware.clock())


@every("0 3 * * *")
@task()
def catch_up_erasures() -> int:
    """Write down erasures whose process died before it could; how many."""
    return erasures.catch_up(at=middleware.clock())


@every("30 1 * * *")
@task()
def nightly_backup() -> str:
    """Copy everything where a folder is named for it; the archive's name."""
    folder = settings.BACKUP_FOLDER
    if folder is None or not settings.BACKUPS_BY_WORKER:
        return ""
    made = make_backup(folder=folder, at=middleware.clock())
    keeping.discard(folder, keeping.Rule(*settings.BACKUP_KEEP))
    return made.name
