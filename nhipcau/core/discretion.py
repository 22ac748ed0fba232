"""What must never be written down about people, and Django's error reports held to it; `core/logs.py` holds the log to it.

Never, by whatever room: a person's name, number, e-mail or position; what was typed into a form or a search box; the query
string of an address; the body of a mail; what the database says of a row it refused (PostgreSQL repeats the values). What may:
the name of the view, the status, keys of rows, counts, the kind of an error. Addresses of pages carry keys and signed tokens
only. Search boxes send what was typed as a query string (`?q=`), so that a result can be opened again and works without
JavaScript; a reverse proxy therefore logs the path without it (`$uri`, not `$request_uri`: docs/operators.md), and
`Referrer-Policy: same-origin` keeps it from other sites.
"""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = "…"


class ReporterFilter(SafeExceptionReporterFilter):
    """Django's error reports without what was sent and without the values at hand when it happened."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always: a test machine may hold real people's data as well."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of the fields only."""
        return {} if request is None else dict.fromkeys(request.POST, HIDDEN)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        """The names of the variables only."""
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()
