"""What every installation stands on: database, data folder, cache, queue, schedule and clock."""

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from nhipcau.core import clients
from nhipcau.core import replica as copies
from nhipcau.core.backup import keeping
from nhipcau.core.health import Finding, check, failed, fine, warning
from nhipcau.core.models import DueRun

MEGABYTE = 1024 * 1024
PROBE = b"written " * 2048  # some blocks: a few bytes find room beside a file's name on a disk that is full
SPACE_NEEDED = 100 * MEGABYTE
SPACE_WISHED = 1024 * MEGABYTE
# The schedule notes something every minute; a worker looks every second.
SCHEDULE_LATE = timedelta(minutes=5)
TASK_LATE = timedelta(minutes=5)
BACKUP_OLD = timedelta(hours=26)  # one a night, and two hours for a slow one
CLOCK_APART = timedelta(seconds=5)
_migrated: list[bool] = []  # once seen, never asked again: a process does not outlive an upgrade


@check("database", gettext_lazy("Database"), order=10)
def database(*, at: datetime) -> Finding:
    """Whether it answers and has every table this release expects; one statement."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = 0 if _migrated else _missing_migrations()
    except DatabaseError as error:
        return failed(_("The database does not answer."), error=type(error).__name__)
    if missing:
        sentence = ngettext(
            "%(count)d migration has not been applied; run manage.py migrate.",
            "%(count)d migrations have not been applied; run manage.py migrate.",
            missing,
        )
        return failed(sentence % {"count": missing}, missing_migrations=missing)
    _migrated.append(True)
    return fine(_("It answers, and its tables are those of this version."), missing_migrations=0)


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@check("data_folder", gettext_lazy("Data folder"), order=20)
def data_folder(*, at: datetime) -> Finding:
    """Whether it can be written to, and the space left on its disk."""
    try:
        free = shutil.disk_usage(settings.DATA).free
        with tempfile.NamedTemporaryFile(dir=settings.DATA, prefix=".health-") as probe:
            probe.write(PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return failed(_("The data folder cannot be written to: %(reason)s.") % {"reason": error.strerror})
    told = {"space": free // MEGABYTE}
    if free < SPACE_NEEDED:
        return failed(_("The disk is all but full: %(space)d MB left.") % told, free_bytes=free)
    if free < SPACE_WISHED:
        return warning(_("Little space is left on the disk: %(space)d MB.") % told, free_bytes=free)
    return fine(_("It can be written to; %(space)d MB are left.") % told, free_bytes=free)


def replica(*, at: datetime) -> Finding:
    """Whether the copy answers, and since when it has heard nothing: a worker notes every minute; two statements."""
    if not copies.is_reachable():
        return warning(_("The replica does not answer; everything is read from the database itself meanwhile."))
    heard = DueRun.objects.using(copies.ALIAS).aggregate(latest=Max("minute"))["latest"]
    told = DueRun.objects.using("default").filter(minute__lt=at - timedelta(seconds=settings.REPLICA_SECONDS))
    lacking = (told.filter(minute__gt=heard) if heard else told).aggregate(first=Min("minute"))["first"]
    behind = (at - lacking).total_seconds() if lacking else 0.0
    if lacking:
        sentence = _("The replica is %(seconds)d seconds behind; is it still following the database?")
        return warning(sentence % {"seconds": behind}, behind_seconds=behind)
    return fine(_("The replica follows the database."), behind_seconds=behind)


if copies.ALIAS in settings.DATABASES:
    check("replica", gettext_lazy("Replica of the database"), order=15)(replica)


@check("cache", gettext_lazy("Cache"), order=30)
def shared_cache(*, at: datetime) -> Finding:
    """Whether what is put into it comes out again. A cache that is away slows pages down; it does not end them."""
    word = at.isoformat()
    try:
        cache.set("nhipcau.health", word, 60)
        kept = cache.get("nhipcau.health")
    except Exception as error:  # noqa: BLE001 (each cache has errors of its own)
        return warning(_("The cache does not answer."), error=type(error).__name__)
    if kept is None:
        return warning(_("The cache does not keep what is put into it."))
    return fine(_("It keeps what is put into it."))


@check("proxies", gettext_lazy("Reverse proxy"), order=35)
def proxies(*, at: datetime) -> Finding:
    """Whether a proxy passes requests on that the settings do not name; asks no database."""
    if clients.unnamed_proxy_noticed():
        return warning(
            _("A proxy passes requests on, but NHIPCAU_PROXIES is 0: everybody counts as one visitor."),
            proxies=0,
        )
    return fine(_("Visitors are told apart."), proxies=settings.TRUSTED_PROXIES)


@check("queue", gettext_lazy("Background tasks"), order=40)
def queue(*, at: datetime) -> Finding:
    """The oldest task nobody has begun, and whether a worker ends tasks at all; two statements."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, enqueued_at__lte=at).aggregate(
        oldest=Min("enqueued_at")
    )["oldest"]
    ended = DBTaskResult.objects.finished().aggregate(latest=Max("finished_at"))["latest"]
    seconds = (at - waiting).total_seconds() if waiting else 0.0
    figures = {"oldest_waiting_seconds": seconds, "last_ended_seconds": (at - ended).total_seconds() if ended else None}
    if waiting and at - waiting > TASK_LATE:
        sentence = _("A task has been waiting for %(minutes)d minutes; is a worker running?")
        return warning(sentence % {"minutes": seconds // 60}, **figures)
    return fine(_("No task has been waiting for long."), **figures)


@check("schedule", gettext_lazy("Schedule"), order=45)
def schedule(*, at: datetime) -> Finding:
    """How long ago a worker last looked at the schedule: something is due every minute; one statement."""
    latest = DueRun.objects.aggregate(latest=Max("minute"))["latest"]
    if latest is None:
        return warning(_("No worker has run yet."), behind_seconds=None)
    behind = at - latest
    if behind > SCHEDULE_LATE:
        sentence = _("The schedule is %(minutes)d minutes behind; is a worker running?")
        return warning(sentence % {"minutes": behind.total_seconds() // 60}, behind_seconds=behind.total_seconds())
    return fine(_("A worker keeps the schedule."), behind_seconds=behind.total_seconds())


@check("backup", gettext_lazy("Backup"), order=70)
def backup(*, at: datetime) -> Finding:
    """How old the newest backup is; asks no database."""
    if settings.BACKUP_FOLDER is None:
        return warning(
            _("NHIPCAU_BACKUPS is not set: no backup is made by itself, and the age of others is not watched."),
            age_seconds=None,
        )
    newest = next(iter(keeping.backups(settings.BACKUP_FOLDER)), None)
    made = keeping.made_at(newest) if newest else None
    if made is None:
        return warning(_("There is no backup yet."), age_seconds=None)
    age = at - made
    told = {"hours": age.total_seconds() // 3600}
    if age > BACKUP_OLD:
        return warning(_("The last backup is %(hours)d hours old.") % told, age_seconds=age.total_seconds())
    return fine(_("The last backup is %(hours)d hours old.") % told, age_seconds=age.total_seconds())


@check("erasures", gettext_lazy("List of erasures"), order=75)
def erasures(*, at: datetime) -> Finding:
    """Whether what is erased can be noted, to be erased again after a restore; asks no database."""
    path: Path = settings.ERASURES
    place = next(one for one in (path, *path.parents) if one.exists())
    if not os.access(place, os.W_OK):
        return warning(_("The list of erasures cannot be written to: a backup put back would not know of them."))
    return fine(_("It can be written to."))


@check("clock", gettext_lazy("Clock"), order=80)
def clock(*, at: datetime) -> Finding:
    """Whether this machine's clock agrees with the database's and with what was already noted; one statement each."""
    apart = timedelta(0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs(at - cursor.fetchone()[0])
    latest = DueRun.objects.aggregate(latest=Max("minute"))["latest"]
    apart = max(apart, latest - at) if latest else apart
    if apart > CLOCK_APART:
        sentence = _("The clocks are %(seconds)d seconds apart; set them by NTP.")
        return warning(sentence % {"seconds": apart.total_seconds()}, apart_seconds=apart.total_seconds())
    return fine(_("The clocks agree."), apart_seconds=apart.total_seconds())
