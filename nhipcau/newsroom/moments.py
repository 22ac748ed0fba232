"""When what Wagtail announces happens: its signals carry no moment, so services say theirs here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from nhipcau.core import middleware

_told_at: ContextVar[datetime | None] = ContextVar("told_at", default=None)


@contextmanager
def told_at(at: datetime) -> Iterator[None]:
    """While it lasts, what Wagtail announces happens at this moment."""
    token = _told_at.set(at)
    try:
        yield
    finally:
        _told_at.reset(token)


def moment() -> datetime:
    """When what Wagtail announces happens: as its service was told, in the back office now."""
    return _told_at.get() or middleware.clock()
