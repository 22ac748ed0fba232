"""The nightly retention: every room says what is due by which rule, and lets it go in batches, each whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.utils.functional import Promise

from nhipcau.core import journal
from nhipcau.core.holdings import Expiry, keepings
from nhipcau.core.sqlite import remains

BATCH = 500


@dataclass(frozen=True)
class Going:
    """What one form lets go tonight."""

    form: str
    label: str | Promise
    expiries: list[Expiry]

    @property
    def total(self) -> int:
        """How many records."""
        return sum(expiry.count for expiry in self.expiries)


@journal.exempt("changes nothing")
def preview(*, at: datetime) -> list[Going]:
    """What would go at that moment and by which rule; nothing is changed. A few queries a form."""
    return [Going(keeping.form, keeping.label, keeping.due(at)) for keeping in keepings()]


@journal.exempt("nobody does it: the clock, by the rule of each form; the log has the numbers")
def purge_expired(*, at: datetime, batch: int = BATCH) -> dict[str, int]:
    """Let go what is due, form by form, in batches of one transaction each; how many records by form.

    Killed half way it has lost nothing: what is still due goes with the next run. Afterwards the files of the database
    hold nothing of what was erased since the last time either.
    """
    gone: dict[str, int] = {}
    for keeping in keepings():
        gone[keeping.form] = 0
        for _round in count():
            done = keeping.purge(at, batch)
            gone[keeping.form] += done
            if done < batch:
                break
    remains.overwrite()
    return gone
