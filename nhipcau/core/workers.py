"""Which workers live. Each gives a sign of life every few seconds; what a dead one was running goes back to the queue."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from nhipcau.core.events import WorkerLost
from nhipcau.core.happenings import announce
from nhipcau.core.models import WorkerSign

# Six looks of the scheduler at its usual pace.
LEASE = timedelta(seconds=60)


def give_sign(*, worker: str, at: datetime, lease: timedelta = LEASE) -> None:
    """Say that a worker lives, good for `lease`; one statement, two at the first."""
    if not WorkerSign.objects.filter(worker=worker).update(at=at):
        WorkerSign.objects.create(worker=worker, at=at, since=at, good_for=lease)


@transaction.atomic
def lose(*, worker: str, at: datetime) -> int:
    """Put back what a worker was running, which is gone or begins anew, and tell the rooms; how many tasks.

    Every task of ours may run twice. Two who bury the same worker put nothing back twice: a task claimed by another
    worker meanwhile carries another moment.
    """
    WorkerSign.objects.filter(worker=worker).delete()
    put_back = sum(
        DBTaskResult.objects.running()
        .filter(pk=row.pk, started_at=row.started_at)
        .update(status=TaskResultStatus.READY, started_at=None)
        for row in _running()
        if row.worker_ids[-1] == worker
    )
    announce(WorkerLost(worker, at))
    return put_back


def _running() -> list[DBTaskResult[Any, Any]]:
    return [row for row in DBTaskResult.objects.running().only("worker_ids", "started_at") if row.worker_ids]


class Watch:
    """One scheduler's eye on all workers.

    A worker is lost once its sign has not changed for as long as it is good for, by the watcher's own clock and eyes:
    clocks of other machines are not believed, and whoever could not look himself for a while begins to look anew, so
    that after a standstill of the database nobody living is taken for dead.
    """

    def __init__(self, *, patience: timedelta = LEASE) -> None:
        self._patience = patience
        self._looked: datetime | None = None
        self._seen: dict[str, tuple[datetime | None, datetime]] = {}

    def look(self, *, at: datetime) -> list[str]:
        """Who is lost now; two statements."""
        signs = {sign.worker: sign for sign in WorkerSign.objects.all()}
        if self._looked is not None and at - self._looked > self._patience / 2:
            self._seen = {}
        self._looked = at
        known = {worker: sign.at for worker, sign in signs.items()}
        # Tasks of a worker that signed off or never gave a sign.
        claimed: dict[str, datetime | None] = {row.worker_ids[-1]: None for row in _running()}
        now_seen: dict[str, tuple[datetime | None, datetime]] = {}
        for worker, sign in (claimed | known).items():
            before = self._seen.get(worker)
            now_seen[worker] = before if before is not None and before[0] == sign else (sign, at)
        self._seen = now_seen
        return sorted(
            worker
            for worker, (_sign, first) in now_seen.items()
            if at - first >= (signs[worker].good_for if worker in signs else self._patience)
        )
