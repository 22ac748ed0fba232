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
from django.db import DatabaseError, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from nhipcau.core import middleware, schedule, tasks

log = logging.getLogger(__name__)


class Scheduler(threading.Thread):
    """Asks every few seconds what is due; a thread, so that it costs no second process."""

    def __init__(self, *, pause: float) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.pause = pause
        self.stopped = threading.Event()

    def run(self) -> None:
        """Go on until told to stop; a database that is away for a while ends nothing."""
        while not self.stopped.is_set():
            try:
                self.once()
            except DatabaseError:
                log.exception("The scheduler could not reach the database; it tries again.")
            finally:
                close_old_connections()
            self.stopped.wait(self.pause)
        connection.close()

    def once(self) -> None:
        """Return what a dead worker left behind and enqueue what is due."""
        at = middleware.clock()
        tasks.reclaim_stale(at=at)
        schedule.enqueue_due(at=at)


class Command(BaseCommand):
    """`manage.py worker`: ends by SIGTERM or SIGINT after the task at hand."""

    help = "Run queued and periodic tasks until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often to look, and how to run only what is there."""
        parser.add_argument("--interval", type=float, default=1.0, help="Seconds between two looks at an empty queue.")
        parser.add_argument("--pause", type=float, default=10.0, help="Seconds between two looks at the schedule.")
        parser.add_argument("--batch", action="store_true", help="Do what is due and queued now, then end.")

    def handle(self, *, interval: float, pause: float, batch: bool, **options: Any) -> None:
        """Start the scheduler beside the queue's own loop."""
        worker = Worker(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        scheduler = Scheduler(pause=pause)
        if batch:
            scheduler.once()
            worker.run()
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _ending(worker, scheduler))
        scheduler.start()
        try:
            worker.run()
        finally:
            scheduler.stopped.set()
            scheduler.join(timeout=timedelta(seconds=5).total_seconds())


def _ending(worker: Worker, scheduler: Scheduler) -> Callable[[int, FrameType | None], None]:
    """A handler that lets the task at hand finish; at a pause it ends at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        scheduler.stopped.set()
        worker.running = False
        if not worker.running_task:
            raise SystemExit(0)

    return end
