"""A story: everything linked to a thing across the rooms, and what the journal need not hold because rows tell it themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from nhipcau.core.journal.reading import Line
from nhipcau.core.journal.things import load, thing_of_kind
from nhipcau.core.models import JournalEntry

Keys = Mapping[str, set[str]]
Linked = Callable[[set[Any]], Mapping[str, Iterable[Any]]]
Tally = Callable[[Keys], Iterable[Line]]
Reads = Callable[[HttpRequest, Any], object]

_links: dict[str, list[Linked]] = {}
_tallies: list[Tally] = []
_places: list[Callable[[str, str], str]] = []
_readers: dict[str, Reads] = {}


def read_at(address: Callable[[str, str], str]) -> None:
    """Declare in a room's `story.py` where the story of a thing is read: an address from its kind and key."""
    _places[:] = [address]


def address_of(row: models.Model) -> str:
    """Where the story of a row is read; empty where no room shows it."""
    load()
    return _places[0](row._meta.label_lower, str(row.pk)) if _places else ""


def read_by(kind: str) -> Callable[[Reads], Reads]:
    """Declare in a room's `story.py` who reads the story of a thing that belongs to no agreement.

    The function takes the request and the row and raises what the thing's own page raises. Without one, such stories are for
    administrators, who read those with one as well.
    """

    def register(function: Reads) -> Reads:
        _readers[kind] = function
        return function

    return register


def reader_of(kind: str) -> Reads | None:
    """What says who reads the stories of a kind that belongs to no agreement."""
    load()
    return _readers.get(kind)


def linked(kind: str) -> Callable[[Linked], Linked]:
    """Declare in a room's `story.py` what hangs on things of a kind: a function from their keys to keys by kind."""

    def register(function: Linked) -> Linked:
        _links.setdefault(kind, []).append(function)
        return function

    return register


def tally(function: Tally) -> Tally:
    """Declare in a room's `story.py` what rows that carry who and when by themselves add to a story, summed up."""
    _tallies.append(function)
    return function


def everything(kind: str, key: str) -> dict[str, set[str]]:
    """The thing itself and all that hangs on it, keys by kind; one query for each declared link that is followed."""
    load()
    found: dict[str, set[str]] = {kind: {key}}
    waiting = [(kind, {key})]
    while waiting:
        of, keys = waiting.pop()
        for function in _links.get(of, ()):
            for other, more in function(keys).items():
                new = {str(one) for one in more} - found.setdefault(other, set())
                if new:
                    found[other] |= new
                    waiting.append((other, new))
    return {name: keys for name, keys in found.items() if keys}


def entries_of(keys: Keys) -> QuerySet[JournalEntry]:
    """Every act on these things, or on what belongs to them."""
    asked = Q()
    for kind, some in keys.items():
        asked |= Q(kind=kind, object_id__in=some) | Q(under_kind=kind, under_id__in=some)
    return JournalEntry.objects.filter(asked)


def of_thing(kind: str, keys: Iterable[object]) -> QuerySet[JournalEntry]:
    """Every act on one thing; several keys where new rows took the place of old ones."""
    return JournalEntry.objects.filter(kind=kind, object_id__in=[str(key) for key in keys])


def tallies(keys: Keys) -> list[Line]:
    """What rows outside the journal add, latest first."""
    load()
    return sorted((line for function in _tallies for line in function(keys)), key=lambda line: line.at, reverse=True)


def hidden_kinds(may: Callable[[str], bool], kinds: Iterable[str]) -> list[str]:
    """Of these kinds those whose acts the reader may not see."""
    return [kind for kind in kinds if (thing := thing_of_kind(kind)) is not None and not may(thing.sees)]
