"""Pages that may be read from a copy of the database that lags behind, where the operator names one.

A view says so itself (`may_lag`); it must not write. Who has just changed something sees the database that was written
to: the answer to every request that may write leaves a cookie that lives as long as the copy may lag. Who may do what
is never read from the copy, so that a right that ends ends at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from math import ceil
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ALIAS, COOKIE = "replica", "nhipcau_wrote"
SAFE = {"GET", "HEAD", "OPTIONS"}
#: Sessions, accounts, roles and which agreement is whose.
FRESH = {"sessions", "auth", "parties", "agreements", "account", "mfa"}

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
_lagging: ContextVar[bool] = ContextVar("lagging", default=False)


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
    allowed = ALIAS in connections.databases and request.method in SAFE and COOKIE not in request.COOKIES
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
