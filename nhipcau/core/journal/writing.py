"""Writing the journal: a decorator for services, and `note` for what is no service (Wagtail's forms)."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from nhipcau.core import vietnamese
from nhipcau.core.journal import things
from nhipcau.core.keys import new_id
from nhipcau.core.models import JournalEntry

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Act:
    """An act going on: the key its entry will have, the act it is part of, whether others were written within it."""

    key: int
    outer: Act | None
    inner: bool = False


_going_on: ContextVar[Act | None] = ContextVar("going_on", default=None)
_acting_for: ContextVar[str] = ContextVar("acting_for", default="")
_watchers: list[Callable[[Verb], None]] = []


@dataclass(frozen=True)
class Verb:
    """What is known of a service that keeps the journal, or why one does not.

    `writes` begins the names of tables whose rows an exempt service writes and that carry who and when by themselves.
    """

    name: str
    exempt: str = ""
    writes: tuple[str, ...] = ()


verbs: dict[str, Verb] = {}


def _name(function: Callable[..., Any]) -> str:
    room = function.__module__.removeprefix("nhipcau.").partition(".")[0]
    return f"{room}.{function.__name__}"


def verb(
    *,
    of: str | None = None,
    result: bool | str = False,
    parts: Sequence[str] = (),
    unless_same: bool = False,
    lock: bool = True,
    reason: str = "reason",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a service keep the journal; it also opens the service's transaction.

    `of` names the keyword whose row is changed; `result=True` says that what is returned is the new row (or has it under
    the name given). Both together: a new row took the place of an old one. A service that returns False did nothing. `parts` are relations to be told as well (see `things.Thing.parts`).
    `unless_same` writes nothing when nothing differs, for services that write a form anew. `lock=False` where the service
    takes another lock first. `reason` names the keyword that says why; none where that may be a private matter.

    Cost: the entry; with `of` the row before and after; each part before and after; each foreign key that differs.
    """

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        name = _name(function)
        if "at" not in inspect.signature(function).parameters:
            raise TypeError(f"{name} takes no `at`: the journal would not know when.")
        verbs[name] = Verb(name)

        @functools.wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> R:
            subject: Any = kwargs[of] if of else None
            with transaction.atomic(), _act() as act:
                before = things.look(subject, parts, lock=lock) if of else things.Seen({}, {})
                returned = function(*args, **kwargs)
                if result:
                    subject = getattr(returned, result) if isinstance(result, str) else returned
                if subject is not None and returned is not False:
                    after = things.look(subject, parts, stored=not result)
                    was, now = things.compare(subject, before, after)
                    if was or now or act.inner or not unless_same:
                        why, at = kwargs.get(reason), kwargs["at"]
                        assert isinstance(at, datetime)
                        _write(
                            act, name, subject, by=kwargs.get("by"), at=at, was=was, now=now,
                            reason=why if isinstance(why, str) else "",
                        )  # fmt: skip
            _tell_watchers(verbs[name])
            return returned

        kept.__journal__ = verbs[name]  # type: ignore[attr-defined]  # read by the test that walks the services
        return kept

    return keeping


def exempt(why: str, *, writes: tuple[str, ...] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say why a service keeps no journal of its own: its rows are append-only and carry who and when, or it only calls others.

    Rows of the first kind are named by `writes`, the beginnings of their tables' names ("evidence_"): whatever else is written
    beside them wants an act in the journal.
    """

    def excused(function: Callable[P, R]) -> Callable[P, R]:
        name = _name(function)
        verbs[name] = Verb(name, exempt=why, writes=writes)

        @functools.wraps(function)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            returned = function(*args, **kwargs)
            _tell_watchers(verbs[name])
            return returned

        told.__journal__ = verbs[name]  # type: ignore[attr-defined]  # read by the test that walks the services
        return told

    return excused


def note(
    row: models.Model,
    *,
    verb: str,
    by: Any,
    at: datetime,
    before: things.Seen | None = None,
    after: things.Seen | None = None,
    reason: str = "",
) -> JournalEntry:
    """Write what was done to a row outside a service; call it in the transaction of the act itself.

    Without `after` the row is gone; without `before` it is new.
    """
    nothing = things.Seen({}, {})
    was, now = things.compare(row, before or nothing, after or nothing)
    entry = _write(Act(new_id(), _going_on.get()), verb, row, by=by, at=at, was=was, now=now, reason=reason)
    _tell_watchers(Verb(verb))
    return entry


@contextmanager
def _act() -> Iterator[Act]:
    """The act now done; acts done within it are part of it."""
    act = Act(new_id(), _going_on.get())
    token = _going_on.set(act)
    try:
        yield act
    finally:
        _going_on.reset(token)


@contextmanager
def acting_for(name: str) -> Iterator[None]:
    """While it lasts, whatever is written was done in somebody's place (delegation during absence)."""
    token = _acting_for.set(name)
    try:
        yield
    finally:
        _acting_for.reset(token)


def act_for(name: str) -> None:
    """From now on, until the `acting_for` around it ends, whatever is written was done in somebody's place."""
    _acting_for.set(name)


@contextmanager
def watched(watcher: Callable[[Verb], None]) -> Iterator[None]:
    """While it lasts, hear of every act that ended well, and of every exempt service; for tests."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def _tell_watchers(verb: Verb) -> None:
    for watcher in _watchers:
        watcher(verb)


def _write(
    act: Act,
    verb: str,
    row: models.Model,
    *,
    by: Any,
    at: datetime,
    was: things.Values,
    now: things.Values,
    reason: str,
) -> JournalEntry:
    thing = things.thing_of(row.__class__)
    label, label_en = things.labels(row)
    reason = reason.strip()
    name = str(by)[:150] if by is not None else ""
    under_kind, under_id = things.belongs(row, thing.under)
    whole_kind, whole_id = things.belongs(row, thing.whole)
    outer = act.outer
    while outer is not None and not outer.inner:
        outer.inner = True
        outer = outer.outer
    return JournalEntry.objects.create(
        id=act.key,
        at=at,
        by_id=by.pk if by is not None else None,
        by_name=name,
        acting_for_name=_acting_for.get(),
        verb=verb,
        kind=thing.kind,
        object_id=str(row.pk),
        label=label,
        label_en=label_en,
        under_kind=under_kind,
        under_id=under_id,
        whole_kind=whole_kind,
        whole_id=whole_id,
        part_of=act.outer.key if act.outer else None,
        before=was,
        after=now,
        reason=reason,
        folded=vietnamese.fold(f"{name} {label} {label_en} {reason}"),
    )
