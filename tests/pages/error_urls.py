"""All addresses of ours, and one that fails as it is told to."""

import errno
import os
from collections.abc import Callable
from typing import NoReturn

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import path

from nhipcau.config.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from nhipcau.config.urls import urlpatterns as ours
from nhipcau.core.limits import TooMany

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]
FAILURES: dict[int, Callable[[], Exception]] = {
    400: lambda: BadRequest("broken"),
    403: PermissionDenied,
    404: Http404,
    429: lambda: TooMany(600),
    500: lambda: ZeroDivisionError("a fault of ours"),
    503: lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
}


def fail(request: HttpRequest, status: int) -> NoReturn:
    """Answer by the page of that status."""
    failure = FAILURES[status]()
    raise failure


urlpatterns = [*i18n_patterns(path("hong/<int:status>/", fail), prefix_default_language=False), *ours]
