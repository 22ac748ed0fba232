"""How an activity's time is written, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from nhipcau.core import vietnamese
from nhipcau.core.language import reading
from nhipcau.core.middleware import local_day

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def when(starts_at: datetime, ends_at: datetime) -> str:
    """“Thứ Sáu, 18/03/2022, 14:00–16:30”; over several days both days with their hours."""
    tongue = reading()
    first, last = local_day(starts_at), local_day(ends_at)
    opening = f"{vietnamese.weekday_short(first, language=tongue)}, {vietnamese.clock(starts_at)}"
    if first == last:
        return opening if starts_at == ends_at else f"{opening}–{vietnamese.clock(ends_at)}"
    return f"{opening} – {vietnamese.weekday_short(last, language=tongue)}, {vietnamese.clock(ends_at)}"


def when_html(starts_at: datetime, ends_at: datetime) -> SafeString:
    """The same with hours that are not torn apart at the end of a line."""
    text = when(starts_at, ends_at)
    if local_day(starts_at) != local_day(ends_at):
        return conditional_escape(text)
    day, _comma, hours = text.rpartition(", ")
    return format_html('{}, <span class="nowrap">{}</span>', day, hours)


def month(day: date) -> str:
    """“Tháng 3/2022”, “March 2022”: the heading of a month."""
    return f"{_MONTHS[day.month - 1]} {day.year}" if reading() == "en" else f"Tháng {day.month}/{day.year}"


def month_short(day: date) -> str:
    """“Tháng 3”, “Mar”: under the number of a date block."""
    return _MONTHS[day.month - 1][:3] if reading() == "en" else f"Tháng {day.month}"


def weekday_short(day: date) -> str:
    """“T2” … “CN”, “Mon” … “Sun”: over the columns of a month."""
    if reading() == "en":
        return vietnamese.weekday(day, language="en")[:3]
    return "CN" if day.weekday() == 6 else f"T{day.weekday() + 2}"
