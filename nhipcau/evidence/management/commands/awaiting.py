"""Compare the list of what waits for verification with the ledger, and write it anew where they differ."""

from typing import Any

from django.core.management.base import BaseCommand

from nhipcau.evidence import awaiting


class Command(BaseCommand):
    """`manage.py awaiting`: says how many rows differed."""

    help = "Compare the list of what waits for verification with the ledger and mend it."

    def handle(self, **options: Any) -> None:
        """Say, and mend."""
        wrong = awaiting.wrong()
        if wrong:
            awaiting.fill()
        self.stdout.write(f"{wrong} rows differed." if wrong else "The list agrees with the ledger.")
