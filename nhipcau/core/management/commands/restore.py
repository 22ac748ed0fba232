"""Put a backup back into an empty place: `manage.py restore ARCHIVE`."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from nhipcau.core import erasures as lists
from nhipcau.core import middleware
from nhipcau.core.backup import restore_backup
from nhipcau.core.errors import Refusal


class Command(BaseCommand):
    """Refuses, changing nothing, where there already is something or the archive is not sound."""

    help = "Put database, files and signing key of ARCHIVE into an empty database and data folder."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, and what was erased since."""
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--erasures",
            type=Path,
            action="append",
            default=[],
            help="The list of erasures of the place the backup comes from (NHIPCAU_ERASURES); one already in place is read too.",
        )

    def handle(self, *, archive: Path, erasures: list[Path], **options: Any) -> None:
        """Everything, or a sentence."""
        for path in erasures:
            if not path.is_file():
                raise CommandError(f"There is no list of erasures at {path}; nothing was changed.")
        try:
            with translation.override("en"):
                manifest = restore_backup(source=archive)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(table["rows"] for table in manifest.database["tables"].values())
        self.stdout.write(f"Restored {rows} rows and {len(manifest.members)} members of {manifest.made_at}.")
        if not manifest.key_is_kept:
            self.stdout.write("The signing key was not in it: set NHIPCAU_SECRET_KEY to the one used before.")
        self._erase_again(datetime.fromisoformat(manifest.made_at), erasures)
        self.stdout.write("Run manage.py migrate before the first start; script/server does so by itself.")

    def _erase_again(self, made_at: datetime, given: list[Path]) -> None:
        """Nobody who was erased since comes back; the rooms do it, so the tables must be those of this version."""
        own: Path = settings.ERASURES
        found = lists.since([*given, *([own] if own.exists() else [])], made_at)
        if not found:
            self.stdout.write("No erasure since is known here; was the list of erasures given with --erasures?")
            return
        call_command("migrate", interactive=False, verbosity=0)
        ContentType.objects.clear_cache()
        done = lists.repeat(found, at=middleware.clock())
        lists.take_over(given)
        self.stdout.write(f"Erased again {done} records of the {sum(map(len, found.values()))} rows emptied since.")
