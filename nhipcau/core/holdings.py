"""What each room keeps of a person, declared in its `holdings.py`: to show, hand over, correct, erase, and let go in time.

`privacy` answers a person out of this without knowing the rooms above it, and the nightly retention walks the same list.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from nhipcau.core.middleware import local_day


@dataclass(frozen=True)
class Subject:
    """Whose data are meant: every record of one person, and the e-mail addresses shown to be the person's own.

    `only` narrows to some records (`attendance.registration:5`) and to what was given with `emails`, where the link in
    hand proves no more: who registers under a name and a number need not be that person.
    """

    persons: frozenset[int]
    emails: frozenset[str] = frozenset()
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Detail:
    """One value kept: its name in the file, its label on the page."""

    name: str
    label: str | Promise
    value: str


@dataclass(frozen=True)
class Record:
    """One row kept of a person; empty values are left out."""

    details: tuple[Detail, ...]

    @classmethod
    def of(cls, *rows: tuple[str, str | Promise, object]) -> "Record":
        """From (name, label, value), values as text."""
        return cls(tuple(Detail(name, label, str(value)) for name, label, value in rows if value not in (None, "")))


@dataclass(frozen=True)
class Holding:
    """What one room keeps of people under one heading, and what it does when a person asks.

    `find` gives the records. `erase`, `withdraw`, `correct` do what was decided and say how many rows they touched;
    without `erase` the rows stay, and `kept_because` says why. `organisations` names who answers for it, latest first;
    `locate` gives the persons known by a mobile number or an e-mail address, `given_with` which records of persons
    carry an address. `needs_person` says that the contact record
    stays as long as anything is found here.
    """

    key: str
    label: str | Promise
    order: int
    find: Callable[[Subject], list[Record]]
    kept_because: str | Promise = ""
    erase: Callable[[Subject, Any, datetime], int] | None = None
    withdraw: Callable[[Subject, Any, datetime], int] | None = None
    correct: Callable[[Subject, Mapping[str, str], Any, datetime], int] | None = None
    organisations: Callable[[Subject], list[int]] | None = None
    locate: Callable[[str, str], set[int]] | None = None
    given_with: Callable[[frozenset[int], str], set[str]] | None = None
    needs_person: bool = False


def same_address(email: str, *, field: str = "email") -> Q:
    """Rows with this address, in capitals or not.

    An address beyond ASCII is taken as it stands: some letters of other alphabets become ASCII when written large.
    """
    return Q(**{f"{field}__iexact": email}) if email.isascii() else Q(**{field: email})


@dataclass(frozen=True)
class Expiry:
    """What goes tonight under one rule: how many records, the oldest of which day."""

    rule: str
    count: int
    oldest: date | None = None


def months_ago(at: datetime, months: int) -> datetime:
    """So many months of a mean year before a moment."""
    return at - timedelta(days=months * 30.44)


def going(rows: QuerySet[Any], *, since: str, rule: str) -> list[Expiry]:
    """What goes under a rule that counts from a column; one query."""
    found = rows.aggregate(count=Count("pk"), first=Min(since))
    return [Expiry(rule, found["count"], local_day(found["first"]))] if found["count"] else []


def after_answer(rows: QuerySet[Any], *, months: int) -> list[Expiry]:
    """What goes of rows that have been answered so many months ago (`answered_at`)."""
    return going(rows, since="answered_at", rule=_("%(months)d months after the answer") % {"months": months})


@dataclass(frozen=True)
class Keeping:
    """What a room lets go in time: `due` says what and by which rule, `purge` empties a batch and gives how many."""

    form: str
    label: str | Promise
    order: int
    due: Callable[[datetime], list[Expiry]]
    purge: Callable[[datetime, int], int]


@dataclass(frozen=True)
class Erased:
    """Rows that a room empties for good, each told to `core.erasures.note`, so that a backup put back does not undo it.

    `moment` names the column that says when, "" where none does; `again` empties those of the keys that are not empty
    and says how many they were. Smaller orders come first.
    """

    model: type[Model]
    order: int
    again: Callable[[Collection[int], datetime], int]
    moment: str = ""

    @property
    def kind(self) -> str:
        """What the rows are called in the file."""
        return self.model._meta.label_lower


_holdings: dict[str, Holding] = {}
_keepings: dict[str, Keeping] = {}
_erased: dict[tuple[str, int], Erased] = {}
_loaded: list[bool] = []


def declare(*entries: Holding | Keeping | Erased) -> None:
    """Called at the top level of a room's `holdings.py`."""
    for entry in entries:
        if isinstance(entry, Holding):
            _holdings[entry.key] = entry
        elif isinstance(entry, Erased):
            _erased[entry.kind, entry.order] = entry
        else:
            _keepings[entry.form] = entry


def _load() -> None:
    if not _loaded:
        autodiscover_modules("holdings")
        _loaded.append(True)


def holdings() -> list[Holding]:
    """Every heading in order."""
    _load()
    return sorted(_holdings.values(), key=lambda entry: entry.order)


def needed_elsewhere(person: int, *, besides: str) -> bool:
    """Whether another heading than the one named needs a person's contact record; a query or two for each that may."""
    subject = Subject(frozenset({person}))
    others = [holding for holding in holdings() if holding.needs_person and holding.key != besides]
    return any(holding.find(subject) for holding in others)


def keepings() -> list[Keeping]:
    """Everything that goes in time, in order."""
    _load()
    return sorted(_keepings.values(), key=lambda entry: entry.order)


def erased() -> list[Erased]:
    """What is emptied for good, in the order it is emptied again."""
    _load()
    return sorted(_erased.values(), key=lambda entry: entry.order)
