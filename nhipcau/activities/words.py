"""How an activity's time is written, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhipcau.core import vietnamese
from nhipcau.core.middleware import local_day

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def language() -> str:
    """English on English pages, else Vietnamese."""
    return "en" if (get_language() or "").startswith("en") else "vi"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """“Thứ Sáu, 18/03/2022, 14:00–16:30”; over several days both days with their hours."""
    tongue = language()
    first, last = local_day(starts_at), local_day(ends_at)
    opening = f"{vietnamese.weekday_short(first, language=tongue)}, {vietnamese.clock(starts_at)}"
    if first == last:
        return opening if starts_at == ends_at else f"{opening}–{vietnamese.clock(ends_at)}"
    return f"{opening} – {vietnamese.weekday_short(last, language=tongue)}, {vietnamese.clock(ends_at)}"


def month(day: date) -> str:
    """“Tháng 3/2022”, “March 2022”: the heading of a month."""
    return f"{_MONTHS[day.month - 1]} {day.year}" if language() == "en" else f"Tháng {day.month}/{day.year}"


def month_short(day: date) -> str:
    """“Tháng 3”, “Mar”: under the number of a date block."""
    return _MONTHS[day.month - 1][:3] if language() == "en" else f"Tháng {day.month}"


def length(days: int) -> str:
    """“3 ngày”."""
    return _("%(days)d days") % {"days": days}
