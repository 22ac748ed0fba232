"""Load the sample programme: the quick part at the first start, the rest in the worker or in the foreground."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from nhipcau.core import middleware
from nhipcau.sample import dates
from nhipcau.sample.beginnings import Beginning
from nhipcau.sample.filling import begin_interest, fill
from nhipcau.sample.passwords import keep_passwords
from nhipcau.sample.programme import beginning
from nhipcau.sample.progress import Progress
from nhipcau.sample.tasks import go_on


class Command(BaseCommand):
    """`manage.py sample --start` and `manage.py sample --fill`; both may be run again at any time."""

    help = "Load the sample programme (two years of a memorandum between two Centres)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and how much of it."""
        parser.add_argument("--start", action="store_true", help="Write what the first pages need, queue the rest.")
        parser.add_argument("--fill", action="store_true", help="Write the rest now, with a line of progress.")
        parser.add_argument("--status", action="store_true", help="Say how far the filling has come.")
        parser.add_argument("--small", action="store_true", help="About a twentieth of the guests, for tests.")
        parser.add_argument("--today", type=date.fromisoformat, help="The day the sample takes for today.")

    def handle(self, *, start: bool, fill: bool, status: bool, small: bool, today: date | None, **options: Any) -> None:
        """Do what was asked, in this order."""
        if not (start or fill or status):
            raise CommandError("Say --start, --fill or --status.")
        now = beginning()
        if start:
            now = self._start(now or (dates.moment(today, 9, 30) if today else middleware.clock()), small=small)
        if now is None:
            raise CommandError("There is no sample here yet: run `manage.py sample --start` first.")
        if fill:
            self._fill(now, small=small)
        if status:
            self.stdout.write(str(Progress.read(now=now, small=small)))
        if start and not fill:
            go_on(now=now, small=small)

    def _start(self, now: datetime, *, small: bool) -> datetime:
        began = time.monotonic()
        passwords = Beginning(now=now, small=small).write()
        begin_interest(now=now, small=small)
        if passwords:
            path = keep_passwords(passwords)
            Progress(0, 1).keep()
            for name, password in passwords.items():
                self.stdout.write(f"  {name:<14} {password}")
            self.stdout.write(_("Demo accounts, also kept in %(path)s") % {"path": path})
            self.stdout.write(
                _("Sample programme begun in %(seconds).1f s; the rest fills in the background.")
                % {"seconds": time.monotonic() - began}
            )
        return now

    def _fill(self, now: datetime, *, small: bool) -> None:
        began = told = time.monotonic()
        progress = Progress.read(now=now, small=small)

        def tell(name: str) -> None:
            nonlocal told, progress
            if time.monotonic() - told > 2:
                told = time.monotonic()
                progress = Progress.read(now=now, small=small)
                self.stdout.write(f"\r{progress} · {name:<40}", ending="")
                self.stdout.flush()

        fill(now=now, small=small, tell=tell)
        progress = Progress.read(now=now, small=small)
        progress.keep()
        self.stdout.write(f"\r{progress} · {time.monotonic() - began:.0f} s{'':<40}")
