"""Around every request: its id, one line when it is answered, and what it cost."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from nhipcau.core import clients, logs, metrics

log = logging.getLogger("nhipcau.requests")
HEADER = "X-Request-ID"
_PROBES = {"machines:live", "machines:ready", "machines:metrics"}


class Counting:
    """Counts the statements of one request."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 (Django's own signature)
        """One more."""
        self.count += 1
        return execute(sql, params, many, context)


class Watch:
    """The outermost middleware: whatever happens inside carries the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request, let it be answered, write it down."""
        offered = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
        request_id = logs.new_request_id(offered)
        clients.notice_unnamed_proxy(request)
        token, began, statements = logs.enter(request_id), perf_counter(), Counting()
        try:
            with connection.execute_wrapper(statements):
                response = self.get_response(request)
            response[HEADER] = request_id
            self._write_down(request, response, perf_counter() - began, statements.count)
        finally:
            logs.leave(token)
        return response

    def _write_down(self, request: HttpRequest, response: HttpResponse, seconds: float, statements: int) -> None:
        view = request.resolver_match.view_name if request.resolver_match else ""
        metrics.answered(view=view, method=request.method or "", status=response.status_code, seconds=seconds,
                         statements=statements)  # fmt: skip
        if view in _PROBES or not log.isEnabledFor(logging.INFO):
            return
        # The account only where somebody already asked for it: looking it up would cost a statement.
        account = getattr(getattr(request, "_cached_user", None), "pk", None)
        told = {
            "view": view,
            "method": request.method,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "statements": statements,
        }
        if account is not None:
            told["account"] = account
        log.info("answered", extra={"told": told})
