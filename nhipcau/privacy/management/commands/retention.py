"""What goes because its time is over: `manage.py retention --dry-run` shows it, without the option it goes now."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from nhipcau.core import middleware
from nhipcau.outbox.services import sweep_files
from nhipcau.privacy.services import preview, purge_expired


class Command(BaseCommand):
    """One line a form and rule; numbers only."""

    help = "Erase what is over its time, or show it with --dry-run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Look only, and how much at a time."""
        parser.add_argument("--dry-run", action="store_true", help="Show what would go and why; change nothing.")
        parser.add_argument("--batch", type=int, default=500, help="Records in one transaction (500).")

    def handle(self, **options: Any) -> None:
        """Show or do it."""
        at = middleware.clock()
        with translation.override("en"):
            if options["dry_run"]:
                self._show(at)
                return
            for form, n in purge_expired(at=at, batch=options["batch"]).items():
                self.stdout.write(f"{form}: {n}")
            self.stdout.write(f"mail files: {sweep_files()}")

    def _show(self, at: datetime) -> None:
        for form in preview(at=at):
            self.stdout.write(f"{form.form}: {form.total}")
            for expiry in form.expiries:
                self.stdout.write(f"  {expiry.count} by “{expiry.rule}”, the oldest of {expiry.oldest:%d/%m/%Y}")
