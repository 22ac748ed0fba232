"""Write the search table anew out of the records: `manage.py reindex_search [kind …]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nhipcau.core import search


class Command(BaseCommand):
    """One transaction a kind, so that searching goes on meanwhile."""

    help = "Write the search table anew; without a kind, for everything that can be found."

    def add_arguments(self, parser: CommandParser) -> None:
        """The kinds, by the names the table has for them."""
        parser.add_argument("kinds", nargs="*", help="such as newsroom.article")

    def handle(self, *, kinds: list[str], **options: Any) -> None:
        """Say for each kind how many records are found now."""
        known = list(search.sources())
        if unknown := sorted(set(kinds) - set(known)):
            raise CommandError(f"Nothing is found as {', '.join(unknown)}. There are: {', '.join(known)}.")
        for kind in kinds or known:
            self.stdout.write(f"{kind}: {search.reindex(kind)}")
