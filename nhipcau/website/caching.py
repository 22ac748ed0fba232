"""Public pages are the same for everybody: any cache on the way may keep them for a while."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from nhipcau.core.replica import may_lag

View = Callable[..., HttpResponse]
OK = 200


def public_page(seconds: int = 30) -> Callable[[View], View]:
    """Only GET and HEAD; may be kept for so many seconds, and asked again by its digest (ETag, 304).

    Where the setting PUBLIC_PAGE_SECONDS says so, the server itself keeps pages that long and draws them once for all.
    """

    def wrap(view: View) -> View:
        wrapped: Any = require_safe(conditional_page(cache_control(public=True, max_age=seconds)(_kept(may_lag(view)))))
        return wrapped  # type: ignore[no-any-return]  # Django's decorators keep the signature but not the type

    return wrap


def _kept(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds: int = getattr(settings, "PUBLIC_PAGE_SECONDS", 0)
        if not seconds:
            return view(request, *args, **kwargs)
        key = "page:" + blake2b(request.get_full_path().encode(), digest_size=16).hexdigest()
        found: tuple[bytes, dict[str, str]] | None = caches["pages"].get(key)
        if found is None:
            response = view(request, *args, **kwargs)
            if response.status_code == OK:
                caches["pages"].set(key, (response.content, dict(response.items())), seconds)
            return response
        content, headers = found
        return HttpResponse(content, headers=headers)

    return answer
