"""The journal in the reader's words: one sentence an act, with what was before and after to open beneath it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nhipcau.core import vietnamese
from nhipcau.core.journal.things import PERSONAL, Thing, load, thing_of_kind
from nhipcau.core.language import reading
from nhipcau.core.middleware import local_day
from nhipcau.core.models import JournalEntry

Text = str | Promise
#: So many acts of one kind in a row, by one person on one day, are told as one line.
_RUN = 3


@dataclass(frozen=True)
class Phrase:
    """How an act is told: `%(who)s`, `%(thing)s`, and `%(starts_at_before)s`, `%(starts_at_after)s` of any field.

    `alone` is for what nobody with an account did (a guest by the own link, the system itself); `many` and
    `many_alone` tell a run of them with `%(count)s`.
    """

    sentence: Text
    alone: Text = ""
    many: Text = ""
    many_alone: Text = ""


_phrases: dict[str, Phrase] = {}


def tell(phrases: Mapping[str, Text | Phrase]) -> None:
    """Called at the top level of a room's `story.py`: the sentence of each act."""
    for verb, phrase in phrases.items():
        _phrases[verb] = phrase if isinstance(phrase, Phrase) else Phrase(phrase)


def phrases() -> dict[str, Phrase]:
    """Every declared sentence."""
    load()
    return dict(_phrases)


# --- values -----------------------------------------------------------------------------------
def in_language(value: Any) -> str:
    """A name kept in both languages, in the reader's."""
    if isinstance(value, dict) and "vi" in value:
        return str(value.get("en") or value["vi"]) if reading() == "en" else str(value["vi"])
    return str(value)


def moment(value: datetime) -> str:
    """“13:45 · Thứ Năm, 20/01/2022”."""
    return f"{vietnamese.clock(value)} · {vietnamese.weekday_short(value, reading())}"


def _of_column(one: models.Field[Any, Any], value: Any) -> str:
    """A kept value of a column as a reader would say it."""
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(one, models.DateTimeField):
        at = parse_datetime(value)
        return moment(at) if at else str(value)
    if isinstance(one, models.DateField):
        day = parse_date(value)
        return vietnamese.weekday_short(day, reading()) if day else str(value)
    if isinstance(one, models.FileField):
        return str(value).rpartition("/")[2]
    if isinstance(one, models.IntegerField | models.DecimalField) and not isinstance(value, dict):
        return vietnamese.format_number(_number(value), language=reading())
    return in_words_of(value)


def _number(value: Any) -> Any:
    return Decimal(str(value))


def in_words_of(value: Any) -> str:
    """Whatever was kept, without brackets and quotes."""
    if value is True:
        return _("yes")
    if value is False or value is None:
        return _("no") if value is False else "–"
    if value == PERSONAL:
        return _("changed; personal details are not kept here")
    if isinstance(value, list):
        return "; ".join(in_words_of(one) for one in value)
    if isinstance(value, dict) and "vi" not in value:
        return "; ".join(f"{name}: {in_words_of(one)}" for name, one in value.items())
    return in_language(value)


def _words(thing: Thing | None, name: str, value: Any) -> str:
    column = _column(thing, name)
    if thing is not None and isinstance(value, dict):
        value = {str(thing.labels.get(f"{name}.{key}", key)): one for key, one in value.items()}
    if column is None or value == PERSONAL or isinstance(value, list) or (isinstance(value, dict) and "vi" in value):
        return in_words_of(value)
    try:
        return _of_column(column, value)
    except (TypeError, ValueError, ArithmeticError):  # kept when the column was of another kind
        return in_words_of(value)


def _column(thing: Thing | None, name: str) -> models.Field[Any, Any] | None:
    if thing is None:
        return None
    return next((one for one in thing.model._meta.concrete_fields if one.name == name), None)


def _label(thing: Thing | None, name: str) -> str:
    if thing is not None:
        if name in thing.labels:
            return capfirst(str(thing.labels[name]))
        if name in thing.parts:
            return capfirst(str(thing.parts[name].label))
        found = next((one for one in thing.model._meta.get_fields() if one.name == name), None)
        label = (
            getattr(found, "verbose_name", None)
            or getattr(getattr(found, "related_model", None), "_meta", thing.model._meta).verbose_name_plural
        )
        return capfirst(str(label))
    return name


# --- lines ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """One field before and after, in words; empty where there was or is nothing."""

    label: str
    before: str
    after: str


@dataclass
class Line:
    """One line of a story."""

    at: datetime
    sentence: str
    who: str = ""
    kind: str = ""
    url: str | None = None
    thing: str = ""
    reason: str = ""
    shown: list[Shown] = field(default_factory=list)
    inner: list[Line] = field(default_factory=list)
    key: str = ""
    until: datetime | None = None

    @property
    def day(self) -> date:
        """The local day it belongs to."""
        return local_day(self.at)


class _Filled(dict[str, str]):
    """What a sentence may name; a field that did not change is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def _filled(entry: JournalEntry, thing: Thing | None) -> _Filled:
    words = _Filled(who=who(entry), thing=name_of(entry), kind=kind_of(entry))
    for suffix, values in (("before", entry.before), ("after", entry.after)):
        for name, value in values.items():
            words[f"{name}_{suffix}"] = _words(thing, name, value)
    return words


def who(entry: JournalEntry) -> str:
    """Who did it; in whose place, where it was done in somebody's."""
    if not entry.by_name:
        return _("The system")
    if entry.acting_for_name:
        return _("%(who)s (for %(whom)s)") % {"who": entry.by_name, "whom": entry.acting_for_name}
    return entry.by_name


def name_of(entry: JournalEntry) -> str:
    """What the thing was called then."""
    return (entry.label_en or entry.label) if reading() == "en" else entry.label


def kind_of(entry: JournalEntry) -> str:
    """What kind of thing it is."""
    thing = thing_of_kind(entry.kind)
    return str(thing.model._meta.verbose_name) if thing else entry.kind


def sentence(entry: JournalEntry) -> str:
    """The act in one sentence, without its reason."""
    thing = thing_of_kind(entry.kind)
    phrase = phrases().get(entry.verb) or phrases().get(f"*.{entry.verb.partition('.')[2]}")
    if phrase is None:
        return f"{who(entry)}: {entry.verb} – {name_of(entry)}"
    chosen = phrase.alone if phrase.alone and not entry.by_name else phrase.sentence
    return str(chosen) % _filled(entry, thing)


def changes(entry: JournalEntry) -> list[Shown]:
    """Before and after of each field that changed."""
    thing = thing_of_kind(entry.kind)
    names = [name for name in entry.before if name not in entry.after] + list(entry.after)
    order = [one.name for one in thing.model._meta.concrete_fields] if thing else []
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return [
        Shown(
            _label(thing, name),
            _words(thing, name, entry.before[name]) if name in entry.before else "",
            _words(thing, name, entry.after[name]) if name in entry.after else "",
        )
        for name in names
    ]


def line(entry: JournalEntry, *, may: Callable[[str], bool]) -> Line:
    """One act as a line; `may` says which verbs the reader is allowed, for the link."""
    thing = thing_of_kind(entry.kind)
    url = thing.page(entry) if thing and thing.page and may(thing.opens) else None
    return Line(
        at=entry.at,
        sentence=sentence(entry),
        who=who(entry),
        kind=kind_of(entry),
        url=url,
        thing=name_of(entry),
        reason=entry.reason,
        shown=changes(entry),
        key=str(entry.id),
    )


def lines(entries: Iterable[JournalEntry], *, may: Callable[[str], bool], runs: bool = True) -> list[Line]:
    """Acts as lines, in the order given; a run of one act by one person on one day is one line to open. No query."""
    if not runs:
        return [line(entry, may=may) for entry in entries]
    told: list[Line] = []
    run: list[JournalEntry] = []
    for entry in [*entries, None]:
        if run and (entry is None or _run_of(entry) != _run_of(run[0])):
            told += _told(run, may=may)
            run = []
        if entry is not None:
            run.append(entry)
    return told


def _run_of(entry: JournalEntry) -> tuple[str, int | None, str, date]:
    return entry.verb, entry.by_id, entry.under_id, local_day(entry.at)


def _told(run: list[JournalEntry], *, may: Callable[[str], bool]) -> list[Line]:
    single = [line(entry, may=may) for entry in run]
    phrase = phrases().get(run[0].verb)
    if len(run) < _RUN or phrase is None or not phrase.many:
        return single
    many = {"who": who(run[0]), "count": vietnamese.format_number(len(run), language=reading())}
    return [
        Line(
            at=max(one.at for one in run),
            until=min(one.at for one in run),
            sentence=str((phrase.many_alone if not run[0].by_name else "") or phrase.many) % many,
            who=who(run[0]),
            kind=kind_of(run[0]),
            inner=single,
            key=single[0].key,
        )
    ]
