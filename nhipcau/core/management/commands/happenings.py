"""Print the page that documents who announces what and who listens: `manage.py happenings > docs/happenings.md`."""

from typing import Any

from django.core.management.base import BaseCommand

from nhipcau.core.happenings import listeners

HEAD = """# Happenings

A room may not know the rooms above it. What happens below is announced as a frozen dataclass through
`core/happenings.py`; rooms above act in the same transaction, and what one of them refuses is undone altogether.
This page is written by `manage.py happenings`.
"""


def _first_line(thing: object) -> str:
    return (getattr(thing, "__doc__", "") or "").strip().split("\n")[0]


class Command(BaseCommand):
    """One section a happening, one line a listener."""

    help = "Print docs/happenings.md."

    def handle(self, **options: Any) -> None:
        """In the order of the dataclasses' names."""
        parts = [HEAD]
        for kind, heard_by in sorted(listeners().items(), key=lambda pair: pair[0].__name__):
            lines = sorted(f"- `{one.__module__}.{one.__name__}`: {_first_line(one)}" for one in heard_by)
            parts.append(
                f"\n## {kind.__name__}\n\n`{kind.__module__}`. {_first_line(kind)}\n\n" + "\n".join(lines) + "\n"
            )
        self.stdout.write("".join(parts), ending="")
