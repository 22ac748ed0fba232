"""What a room puts into the desk: menu entries and tabs of an activity, declared in its `desk_entries.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class MenuEntry:
    """A line of the desk's sidebar.

    `url_name` is reversed without arguments when drawn. `verb` is what one must be allowed to do to see it.
    `count` gets the request and the agreement and returns what still waits, shown as a badge; 0 shows none.
    """

    group: str | Promise
    label: str | Promise
    url_name: str
    order: int
    verb: str = "read"
    count: Callable[..., int] | None = None


@dataclass(frozen=True)
class ActivityTab:
    """A tab of the activity page; `url_name` is reversed with the activity's key."""

    label: str | Promise
    url_name: str
    order: int
    verb: str = "read"


@dataclass(frozen=True)
class RecordLink:
    """A link that an upper room puts beside a record of a lower one; `url_name` is reversed with the record's key."""

    label: str | Promise
    url_name: str
    order: int
    verb: str = "read"


@dataclass(frozen=True)
class ClauseLink(RecordLink):
    """Beside a clause on the page of the agreement."""


@dataclass(frozen=True)
class IndicatorLink(RecordLink):
    """Beside an indicator on the page of the plan."""


@dataclass(frozen=True)
class PlanLink(RecordLink):
    """An action over the page of the plan."""


@dataclass(frozen=True)
class ActivityLink(RecordLink):
    """An action over the page of an activity."""


@dataclass(frozen=True)
class SourceLink:
    """Where a record named in the ledger by `prefix:key` can be looked at.

    `url` gets the key and returns an address, or None where there is no page; `label` says what kind of record it is.
    `verb` is what one must be allowed to do to open it.
    """

    prefix: str
    label: str | Promise
    url: Callable[[str], str | None]
    verb: str = "read"


@dataclass(frozen=True)
class Notice:
    """A sentence on Today while something goes on; `text` gets the agreement and returns "" when there is nothing."""

    text: Callable[[Any], str]


_notices: list[Notice] = []
_menu: list[MenuEntry] = []
_tabs: list[ActivityTab] = []
_links: list[RecordLink] = []
_sources: dict[str, SourceLink] = {}
_loaded: list[bool] = []


def declare(*entries: MenuEntry | ActivityTab | RecordLink | SourceLink | Notice) -> None:
    """Called at the top level of a room's `desk_entries.py`."""
    for entry in entries:
        if isinstance(entry, SourceLink):
            _sources[entry.prefix] = entry
            continue
        target: list[Any] = _tabs
        if isinstance(entry, MenuEntry):
            target = _menu
        elif isinstance(entry, RecordLink):
            target = _links
        elif isinstance(entry, Notice):
            target = _notices
        if entry not in target:
            target.append(entry)


def _load() -> None:
    if not _loaded:
        autodiscover_modules("desk_entries")
        _loaded.append(True)


def notices(agreement: object) -> list[str]:
    """What is to be said on Today about an agreement, by whatever room."""
    _load()
    return [text for notice in _notices if (text := notice.text(agreement))]


def menu() -> list[MenuEntry]:
    """Every declared menu entry in order."""
    _load()
    return sorted(_menu, key=lambda entry: entry.order)


def activity_tabs() -> list[ActivityTab]:
    """Every declared activity tab in order."""
    _load()
    return sorted(_tabs, key=lambda entry: entry.order)


def record_links(kind: type[RecordLink]) -> list[RecordLink]:
    """Every declared link of a kind (ClauseLink, IndicatorLink, PlanLink, ActivityLink) in order."""
    _load()
    return sorted((link for link in _links if type(link) is kind), key=lambda link: link.order)


def source_link(
    source_ref: str, *, may: Callable[[str], bool] = lambda _verb: True
) -> tuple[str | Promise, str | None] | None:
    """What the record behind a `prefix:key` is and where to look at it; None where no room declared the prefix.

    `may` says whether who asks is allowed a verb; without that the words stay and the address goes.
    """
    _load()
    prefix, _colon, key = source_ref.partition(":")
    found = _sources.get(prefix)
    if found is None:
        return None
    return found.label, found.url(key) if may(found.verb) else None
