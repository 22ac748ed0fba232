"""`manage.py rotate_key`: a new signing key; what the one before signed goes on working."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from nhipcau.core import key_file, middleware


class Command(BaseCommand):
    """Put a new key on top of the kept file."""

    help = "Makes a new signing key. Links, sessions and password resets signed by the one before stay good."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, or say what to do where the key comes from the environment."""
        kept = settings.DATA / key_file.FILE
        if settings.SECRET_KEY_GIVEN:
            raise CommandError(
                "The key comes from NHIPCAU_SECRET_KEY: put its value into NHIPCAU_OLD_SECRET_KEYS, give"
                " NHIPCAU_SECRET_KEY a new one of 32 characters or more, and start again."
            )
        today = middleware.local_day(middleware.clock())
        try:
            older = key_file.rotate(kept, today=today)
        except ImproperlyConfigured as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"A new key signs from the next start on. {older} older still read, the last one until"
            f" {today + key_file.OLD_KEYS_READ:%d/%m/%Y}. Now start all web processes and workers again, at once."
        )
