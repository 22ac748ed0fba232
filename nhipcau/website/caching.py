"""Public pages are the same for everybody: any cache on the way may keep them for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponse]


def public_page(seconds: int = 30) -> Callable[[View], View]:
    """Only GET and HEAD; may be kept for so many seconds, and asked again by its digest (ETag, 304)."""

    def wrap(view: View) -> View:
        wrapped: Any = require_safe(conditional_page(cache_control(public=True, max_age=seconds)(view)))
        return wrapped  # type: ignore[no-any-return]  # Django's decorators keep the signature but not the type

    return wrap
