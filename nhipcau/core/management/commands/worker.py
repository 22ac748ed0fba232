"""The one background process: runs queued tasks, and a small thread that enqueues periodic ones."""

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from nhipcau.core import middleware, schedule, workers

log = logging.getLogger(__name__)
# A task that failed because the database was away is tried again this often, and this long after.
TRIES = 5
AGAIN_AFTER = timedelta(minutes=1)
AWAY = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError")


class Scheduler(threading.Thread):
    """Asks every few seconds what is due; a thread, so that it costs no second process."""

    def __init__(self, *, worker: str, pause: float, lease: timedelta) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.worker, self.pause, self.lease = worker, pause, lease
        self.watch = workers.Watch(patience=lease)
        self.stopped = threading.Event()

    def run(self) -> None:
        """Go on until told to stop; a database that is away for a while ends nothing."""
        while not self.stopped.is_set():
            try:
                self.once()
            except Error:
                log.exception("The scheduler could not reach the database; it tries again.")
            finally:
                close_old_connections()
            self.stopped.wait(self.pause)
        connection.close()

    def once(self) -> None:
        """Give a sign of life, put back what dead workers left behind, enqueue what is due."""
        at = middleware.clock()
        workers.give_sign(worker=self.worker, at=at, lease=self.lease)
        for lost in self.watch.look(at=at):
            put_back = workers.lose(worker=lost, at=at)
            log.warning("Worker %s gave no sign of life any more; tasks put back: %d.", lost, put_back)
        schedule.enqueue_due(at=at)


class Patient(Worker):
    """The queue's own loop; what failed for want of a database is tried again."""

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run it; put it back for a minute's time where the database was away, at most five times."""
        super().run_task(db_task_result)
        if db_task_result.exception_class_path in AWAY and len(db_task_result.worker_ids) < TRIES:
            DBTaskResult.objects.failed().filter(pk=db_task_result.pk).update(
                status=TaskResultStatus.READY, run_after=middleware.clock() + AGAIN_AFTER, finished_at=None
            )


class Command(BaseCommand):
    """`manage.py worker`: ends by SIGTERM or SIGINT after the task at hand."""

    help = "Run queued and periodic tasks until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often to look, and how to run only what is there."""
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between two looks at an empty queue.")
        parser.add_argument("--pause", type=float, default=10.0, help="Seconds between two looks at the schedule.")
        parser.add_argument(
            "--lease",
            type=float,
            default=workers.LEASE.total_seconds(),
            help="Seconds without a sign of life after which this worker is taken for dead; several pauses.",
        )
        parser.add_argument("--batch", action="store_true", help="Do what is due and queued now, then end.")

    def handle(self, *, interval: float, pause: float, lease: float, batch: bool, **options: Any) -> None:
        """Start the scheduler beside the queue's own loop."""
        worker = Patient(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        scheduler = Scheduler(worker=worker.worker_id, pause=pause, lease=timedelta(seconds=lease))
        if batch:
            scheduler.once()
            worker.run()
            workers.lose(worker=worker.worker_id, at=middleware.clock())
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _ending(worker, scheduler))
        scheduler.start()
        try:
            self._work(worker, scheduler)
        finally:
            scheduler.stopped.set()
            scheduler.join(timeout=timedelta(seconds=5).total_seconds())
            _sign_off(worker)

    def _work(self, worker: Worker, scheduler: Scheduler) -> None:
        """Run tasks until told to stop; while the database is away, wait for it."""
        begun_anew = False
        while worker.running:
            try:
                if begun_anew:  # whatever was at hand when the database went away is no longer
                    workers.lose(worker=worker.worker_id, at=middleware.clock())
                    begun_anew = False
                worker.run()
            except Error:
                log.exception("The worker could not reach the database; it tries again.")
                connection.close()
                begun_anew = True
                scheduler.stopped.wait(min(scheduler.pause, 5.0))


def _sign_off(worker: Worker) -> None:
    """Nobody has to wait for the sign of life of a worker that ended in order."""
    try:
        workers.lose(worker=worker.worker_id, at=middleware.clock())
    except Error:
        log.warning("The worker ended while the database was away.")


def _ending(worker: Worker, scheduler: Scheduler) -> Callable[[int, FrameType | None], None]:
    """A handler that lets the task at hand finish; at a pause it ends at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        scheduler.stopped.set()
        worker.running = False
        if not worker.running_task:
            raise SystemExit(0)

    return end
