"""Public pages are the same for everybody: this server and any cache on the way may keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import http_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from nhipcau.core.keeping import may_keep
from nhipcau.core.replica import may_lag

View = Callable[..., HttpResponse]


def public_page(
    seconds: int = 30, *, words: Iterable[str] | None = None, anew: Iterable[str] = ()
) -> Callable[[View], View]:
    """Only GET and HEAD; visitors may keep it for so many seconds, and ask again by its digest or moment (304).

    The server keeps it until something changes (`core/keeping.py`). `words` are those of the query that the view reads, the
    only ones it then sees; without them a page with a query is drawn each time, and so is one with a word of `anew`.
    """
    listened = None if words is None else tuple(words)

    def wrap(view: View) -> View:
        wrapped: Any = require_safe(
            conditional_page(cache_control(public=True, max_age=seconds)(_kept(may_lag(view), listened, tuple(anew))))
        )
        return wrapped  # type: ignore[no-any-return]  # Django's decorators keep the signature but not the type

    return wrap


def _drawn(response: TemplateResponse) -> HttpResponse:
    """What a template response says, as a plain answer: Django drops a 304 that is found after drawing."""
    response.render()
    plain = HttpResponse(response.content, status=response.status_code, headers=dict(response.items()))
    plain.cookies = response.cookies
    return plain


def _kept(view: View, words: tuple[str, ...] | None, anew: tuple[str, ...]) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def draw() -> HttpResponse:
            response: Any = view(request, *args, **kwargs)
            return _drawn(response) if hasattr(response, "render") else response

        response = may_keep(request, draw, words=words, anew=anew)
        if not response.has_header("Last-Modified"):
            response["Last-Modified"] = http_date(request.now.timestamp())  # type: ignore[attr-defined]  # set by the clock
        return response

    return answer
