"""Put a backup back into an empty place: `manage.py restore ARCHIVE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from nhipcau.core.backup import restore_backup
from nhipcau.core.errors import Refusal


class Command(BaseCommand):
    """Refuses, changing nothing, where there already is something or the archive is not sound."""

    help = "Put database, files and signing key of ARCHIVE into an empty database and data folder."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where."""
        parser.add_argument("archive", type=Path)

    def handle(self, *, archive: Path, **options: Any) -> None:
        """Everything, or a sentence."""
        try:
            with translation.override("en"):
                manifest = restore_backup(source=archive)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(table["rows"] for table in manifest.database["tables"].values())
        self.stdout.write(f"Restored {rows} rows and {len(manifest.members)} members of {manifest.made_at}.")
        if not manifest.key_is_kept:
            self.stdout.write("The signing key was not in it: set NHIPCAU_SECRET_KEY to the one used before.")
        self.stdout.write("Run manage.py migrate before the first start; script/server does so by itself.")
