"""Copy everything into one archive while the server runs: `manage.py backup FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from nhipcau.core import middleware
from nhipcau.core.backup import keeping, make_backup
from nhipcau.core.errors import Refusal


class Command(BaseCommand):
    """Prints the archive's path; what the rule no longer keeps is deleted afterwards."""

    help = "Copy database, files and signing key into one archive in FOLDER; old ones go by NHIPCAU_BACKUP_KEEP."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether old ones stay."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BACKUP_FOLDER)
        parser.add_argument("--keep-all", action="store_true", help="Delete no older backup.")

    def handle(self, *, folder: Path | None, keep_all: bool, **options: Any) -> None:
        """One archive."""
        if folder is None:
            raise CommandError("Say where to: manage.py backup FOLDER, or set NHIPCAU_BACKUPS.", returncode=2)
        try:
            with translation.override("en"):
                made = make_backup(folder=folder, at=middleware.clock())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if not keep_all:
            keeping.discard(folder, keeping.Rule(*settings.BACKUP_KEEP))
        self.stdout.write(str(made))
