"""Pages that may be read from a copy of the database that lags behind, where the operator names one.

A view says so itself (`may_lag`); it must not write. Who has just changed something sees the database that was written
to: the answer to every request that may write leaves a cookie that lives as long as the copy may lag. Who may do what
is never read from the copy, so that a right that ends ends at once.

A copy that cannot be reached is left alone for a while, and everything is read from the database meanwhile. Then one
thread tries it again; no other waits for what comes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from math import ceil
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections, models
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ALIAS, COOKIE = "replica", "nhipcau_wrote"
SAFE = {"GET", "HEAD", "OPTIONS"}
#: Sessions, accounts, roles and which agreement is whose.
FRESH = {"sessions", "auth", "parties", "agreements", "account", "mfa"}

#: So long a copy that could not be reached is left alone.
AWAY_SECONDS = 30

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
_lagging: ContextVar[bool] = ContextVar("lagging", default=False)


class _Copy:
    """What this process knows of the copy."""

    def __init__(self) -> None:
        self.probing = Lock()
        self.again_at: float | None = None  # while it is away: when to try it next


_copy = _Copy()


def is_reachable() -> bool:
    """Whether there is a copy that answers this thread. While it is away only one thread at a time finds out."""
    if ALIAS not in connections.databases:
        return False
    if _copy.again_at is None:
        return _connects()
    if monotonic() < _copy.again_at or not _copy.probing.acquire(blocking=False):
        return False
    try:
        return _connects()
    finally:
        _copy.probing.release()


def _connects() -> bool:
    try:
        _connect()
    except Error:
        _copy.again_at = monotonic() + AWAY_SECONDS
        return False
    _copy.again_at = None
    return True


def _connect() -> None:
    """Have an open connection; one kept from an earlier request is looked at first."""
    connections[ALIAS].close_if_health_check_failed()
    connections[ALIAS].ensure_connection()


class Router:
    """Reads inside a view that may lag go to the copy, all else to the database that is written to."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str:
        """The copy only where the view allows it, and never in the middle of a transaction."""
        if not _lagging.get() or model._meta.app_label in FRESH or connections["default"].in_atomic_block:
            return "default"
        return ALIAS

    def db_for_write(self, _model: type[models.Model], **_hints: Any) -> str:
        """There is one place to write."""
        return "default"

    def allow_relation(self, _one: models.Model, _other: models.Model, **_hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """The copy gets its tables from the database it follows."""
        return db == "default"


@contextmanager
def lagging(request: HttpRequest) -> Iterator[None]:
    """Inside, reads may lag: where there is a copy, nothing is written, and this visitor has not just written."""
    allowed = request.method in SAFE and COOKIE not in request.COOKIES and is_reachable()
    token = _lagging.set(allowed)
    try:
        yield
    finally:
        _lagging.reset(token)


def may_lag(view: V) -> V:
    """Mark a view that only reads and whose answer may be some seconds old."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        with lagging(request):
            try:
                return view(request, *args, **named)
            except (InterfaceError, OperationalError):
                if not _lagging.get():
                    raise
        # The copy broke off half way, or gave a statement up to catch up: nothing was written, so it is read once more.
        with suppress(Error):
            connections[ALIAS].close()
        return view(request, *args, **named)

    return answered  # type: ignore[return-value]  # takes and gives what the view does


class RememberWrites:
    """Who sent a form reads what was written to until the copy has caught up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave the cookie behind where it matters."""
        response = self.get_response(request)
        if ALIAS in connections.databases and request.method not in SAFE:
            response.set_cookie(
                COOKIE,
                "1",
                max_age=ceil(settings.REPLICA_SECONDS),
                httponly=True,
                samesite="Lax",
                secure=settings.HTTPS,
            )
        return response
