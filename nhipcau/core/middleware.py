"""The one place where the present moment enters a request."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from nhipcau.core import limits, views

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class NowRequest(HttpRequest):
    """A request that carries the moment it came in; only for annotations."""

    now: datetime
    today: date


def local_day(moment: datetime) -> date:
    """The calendar day of a moment in Ho Chi Minh City."""
    return moment.astimezone(LOCAL).date()


def clock() -> datetime:
    """The present moment in UTC; tests replace this function to set the time of a journey."""
    return datetime.now(UTC)


class Clock:
    """Give every request `now` (aware, UTC) and `today` (local day)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the moment, then go on."""
        now = clock()
        request.now = now  # type: ignore[attr-defined]
        request.today = local_day(now)  # type: ignore[attr-defined]
        return self.get_response(request)


class TooManyAnswered:
    """Answer a view that raised `limits.TooMany` with our own page and 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before or after a view."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for TooMany, nothing for any other error."""
        return views.too_many(request, exception) if isinstance(exception, limits.TooMany) else None
