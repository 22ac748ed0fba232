"""What the journal says of a thing: its name, its fields in plain values, what it belongs to; never anything personal.

A room describes its things in `story.py` with `declare(Thing(…))`; a model nobody described is told with all its
editable fields. `personal_fields` of a model name what erasure empties: that such a field changed is noted, its values
are not, and such rows are called by something neutral (`Thing.called`: a guest by the admission code).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from nhipcau.core.models import JournalEntry

PERSONAL: Final = {"personal": True}
_LABEL: Final = 300

Values = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Rows that belong to a thing and are told in words: speakers, targets, addressees.

    `of` gives rows or words; both languages are taken from `str()` of each.
    """

    label: str | Promise
    of: Callable[[Any], Iterable[object]]


class Said:
    """Words put together only when they are read, so that they can be read in both languages."""

    def __init__(self, words: Callable[[], object]) -> None:
        self.words = words

    def __str__(self) -> str:
        return str(self.words())


def _called(row: models.Model) -> object:
    """A row's neutral name where its model has one, else `str()`."""
    return getattr(row, "neutral_label", None) or row


@dataclass(frozen=True)
class Thing:
    """How the journal tells rows of a model.

    `called` gives a row's name where `str()` would give a person's. `under` and `whole` are paths of foreign keys ("intake.activity", "intake.activity.plan.agreement") to what a row
    belongs to; `under` may be "self". `silent` names fields that say nothing to a reader, `only` the few
    that do. A many-to-many field is a part by
    itself and needs no declaration. `labels` names a field that is called otherwise on its form, or a key of what a field
    holds ("narrative.causes"). `page` is where it can be looked at, from its entry; `opens` is what one must be
    allowed to do to go there, `sees` what one must be allowed to read its entries at all.
    """

    model: type[models.Model]
    under: str = ""
    whole: str = ""
    called: Callable[[Any], object] = _called
    silent: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    page: Callable[[JournalEntry], str | None] | None = None
    opens: str = "read"
    sees: str = "read"

    @property
    def kind(self) -> str:
        """What its entries are filed under."""
        return self.model._meta.label_lower

    def fields(self) -> list[models.Field[Any, Any]]:
        """The columns whose changes are told."""
        if self.only:
            return [one for one in self.model._meta.concrete_fields if one.name in self.only]
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.editable and not one.primary_key and one.name not in self.silent
            if not isinstance(one, models.BinaryField)
        ]


_things: dict[type[models.Model], Thing] = {}
_loaded: list[bool] = []


def declare(*things: Thing) -> None:
    """Called at the top level of a room's `story.py`."""
    for thing in things:
        _things[thing.model] = thing


def load() -> None:
    """Read every room's `story.py`, once."""
    if not _loaded:
        _loaded.append(True)
        autodiscover_modules("story")


def thing_of_kind(kind: str) -> Thing | None:
    """How things of a kind are told; nothing where the kind is gone."""
    try:
        return thing_of(apps.get_model(kind))
    except (LookupError, ValueError):
        return None


def kinds() -> list[str]:
    """Every declared kind."""
    load()
    return [thing.kind for thing in _things.values()]


def thing_of(model: type[models.Model]) -> Thing:
    """How rows of a model are told."""
    load()
    model = model._meta.concrete_model or model
    return _things.get(model) or _things.setdefault(model, Thing(model))


# --- names ------------------------------------------------------------------------------------
def personal_fields(model: type[models.Model]) -> frozenset[str]:
    """The fields of a model that erasure empties."""
    return frozenset(getattr(model, "personal_fields", ()))


def in_both(thing: object) -> tuple[str, str]:
    """Something's name in Vietnamese and in English; the second is empty where it is the same."""
    # By `__class__`, not `type`: who signed in comes wrapped (SimpleLazyObject).
    called = thing_of(thing.__class__).called if isinstance(thing, models.Model) else str
    with translation.override("vi"):
        vietnamese = str(called(thing))
    with translation.override("en"):
        english = str(called(thing))
    return vietnamese, "" if english == vietnamese else english


def labels(thing: models.Model) -> tuple[str, str]:
    """A row's name in both languages, as long as the journal keeps it."""
    vietnamese, english = in_both(thing)
    return vietnamese[:_LABEL], english[:_LABEL]


def in_words(rows: Iterable[object]) -> list[Any]:
    """Rows as the journal keeps them: each by name, with the English beside where it differs."""
    return [{"vi": vietnamese, "en": english} if english else vietnamese for vietnamese, english in map(in_both, rows)]


# --- where it belongs -------------------------------------------------------------------------
def belongs(row: models.Model, path: str) -> tuple[str, str]:
    """Kind and key of what a path of foreign keys leads to; empty where there is nothing.

    The last step is read from the column, so that a row whose relations are loaded costs no query.
    """
    if not path:
        return "", ""
    *steps, last = path.split(".")
    found: Any = row
    for step in steps:
        found = getattr(found, step)
        if found is None:
            return "", ""
    if last == "self":
        return found._meta.label_lower, str(found.pk)
    one = found._meta.get_field(last)
    key = getattr(found, one.attname)
    if key is None:
        return "", ""
    return one.related_model._meta.label_lower, str(key)


# --- what it says -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Seen:
    """A row as it was at a moment: columns, and the words of the parts looked at."""

    row: Mapping[str, Any]
    parts: Mapping[str, Sequence[Any]]


def look(row: models.Model, parts: Sequence[str] = (), *, lock: bool = False, stored: bool = True) -> Seen:
    """What is stored of a row now: one query, and one for each part; without `stored` what the row in memory says.

    `lock` holds the row until the transaction ends, so that "before" is what the act really met.
    """
    thing = thing_of(row.__class__)
    columns = [one.attname for one in thing.fields()]
    values: Mapping[str, Any] | None
    if stored:
        rows = thing.model._base_manager.filter(pk=row.pk)
        if lock:
            rows = rows.select_for_update(of=("self",), no_key=True)
        values = rows.values(*columns).first() if columns else {}
    else:
        values = {one.attname: one.to_python(getattr(row, one.attname)) for one in thing.fields() if not _file(one)}
        values |= {one.attname: str(getattr(row, one.attname) or "") for one in thing.fields() if _file(one)}
    return Seen(values or {}, {name: in_words(_part(thing, row, name)) for name in parts})


def _file(one: models.Field[Any, Any]) -> bool:
    return isinstance(one, models.FileField)


def _part(thing: Thing, row: models.Model, name: str) -> Iterable[object]:
    if name in thing.parts:
        return thing.parts[name].of(row)
    rows: Iterable[object] = getattr(row, name).all()
    return rows


def compare(row: models.Model, before: Seen, after: Seen) -> tuple[Values, Values]:
    """What differs, before and after, ready to be kept; one query for each foreign key that differs.

    `row` is the row as it is now: what its foreign keys lead to is taken from it where it is loaded.
    """
    thing = thing_of(row.__class__)
    private = personal_fields(thing.model)
    was: Values = {}
    now: Values = {}
    for one in thing.fields():
        old, new = before.row.get(one.attname), after.row.get(one.attname)
        if old == new or (_empty(old) and _empty(new)):
            continue
        if one.name in private:
            now |= {one.name: PERSONAL} if before.row and after.row else {}
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            old, new = _apart(old, new), _apart(new, old)
        says = _named(row, one, {old, new} - {None}).get if isinstance(one, models.ForeignKey) else plain
        for side, value in ((was, old), (now, new)):
            if not _empty(value):
                side[one.name] = says(value)
    for name in {**before.parts, **after.parts}:
        old_words, new_words = list(before.parts.get(name, ())), list(after.parts.get(name, ()))
        if old_words == new_words:
            continue
        gone = [word for word in old_words if word not in new_words]
        come = [word for word in new_words if word not in old_words]
        reordered = not gone and not come
        was |= {name: old_words if reordered else gone} if gone or reordered else {}
        now |= {name: new_words if reordered else come} if come or reordered else {}
    return was, now


def _apart(one: Values, other: Values) -> Values:
    """Of a value with names inside only what differs."""
    return {name: value for name, value in one.items() if other.get(name) != value and not _empty(value)}


def _empty(value: Any) -> bool:
    """Whether a value says nothing: zero does say something."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


def _named(row: models.Model, one: models.ForeignKey[Any, Any], keys: set[Any]) -> dict[Any, Any]:
    """The rows a foreign key led and leads to, each with its name."""
    found: dict[Any, models.Model] = {}
    if one.is_cached(row):
        kept = getattr(row, one.name)
        if kept is not None:
            found[getattr(row, one.attname)] = kept
    missing = keys - set(found)
    if missing:
        found |= one.related_model._base_manager.in_bulk(missing)
    named = {}
    for key in keys & set(found):
        vietnamese, english = in_both(found[key])
        named[key] = {"id": str(key), "vi": vietnamese} | ({"en": english} if english else {})
    return named


def plain(value: Any) -> Any:
    """A column's value as it is kept: days and moments (UTC) in ISO 8601, numbers as written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value
