"""How the installation is doing: rooms declare checks in their `health_checks.py`, probes and the desk's page ask them.

@check("outbox", _("Outgoing mail"))
def outbox(*, at: datetime) -> Finding:
return fine(_("Nothing waits."), waiting=0)
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
Figure = int | float | str | None


class State(StrEnum):
    """How grave it is. Only what keeps pages from being answered is FAILED: it takes the process out of service."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """What a check saw: one sentence for people, the figures behind it for machines (seconds, bytes, counts)."""

    state: State
    sentence: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


def fine(sentence: str, **figures: Figure) -> Finding:
    """All is well."""
    return Finding(State.OK, sentence, figures)


def warning(sentence: str, **figures: Figure) -> Finding:
    """Somebody has to look; pages are answered meanwhile."""
    return Finding(State.WARNING, sentence, figures)


def failed(sentence: str, **figures: Figure) -> Finding:
    """Pages cannot be answered."""
    return Finding(State.FAILED, sentence, figures)


class Look(Protocol):
    """A check: looks once, quickly, and raises nothing it expects."""

    def __call__(self, *, at: datetime) -> Finding:
        """What it saw at this moment."""


@dataclass(frozen=True)
class Check:
    """One thing to look at; `name` is for machines and never changes, `label` is for people."""

    name: str
    label: str | Promise
    order: int
    look: Look


@dataclass(frozen=True)
class Result:
    """A check and what it saw."""

    check: Check
    finding: Finding

    @property
    def state(self) -> State:
        """How grave it is."""
        return self.finding.state


_checks: dict[str, Check] = {}
_loaded: list[bool] = []


def check(name: str, label: str | Promise, *, order: int = 50) -> Callable[[Look], Look]:
    """Declare a check; used in a room's `health_checks.py`. Smaller orders are looked at and shown first."""

    def register(look: Look) -> Look:
        _checks[name] = Check(name, label, order, look)
        return look

    return register


def checks() -> list[Check]:
    """Every declared check in order."""
    if not _loaded:
        autodiscover_modules("health_checks")
        _loaded.append(True)
    return sorted(_checks.values(), key=lambda one: (one.order, one.name))


def examine(*, at: datetime) -> list[Result]:
    """Look at everything now. A check that breaks is a finding too and keeps no other from being made."""
    return [Result(one, _look(one, at)) for one in checks()]


def worst(results: list[Result]) -> State:
    """The gravest state among them."""
    states = {result.state for result in results}
    return next((state for state in (State.FAILED, State.WARNING) if state in states), State.OK)


def _look(one: Check, at: datetime) -> Finding:
    try:
        return one.look(at=at)
    except DatabaseError as error:
        # The database's own check says what is wrong with it; this one could not look.
        return warning(_("Could not be looked at: the database does not answer."), error=type(error).__name__)
    except Exception as error:
        log.exception("A health check broke.", extra={"check": one.name})
        return warning(_("Could not be looked at: the check itself broke."), error=type(error).__name__)
