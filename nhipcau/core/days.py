"""Working days, holidays and office hours in Vietnam, and the deadlines counted by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, assert_never

import holidays

from .vietnamese.dates import ZONE, local_date

Unit = Literal["hour", "day", "workday"]

OFFICE_OPENS = time(7, 30)
OFFICE_CLOSES = time(16, 30)

_CULTURE_DAY_FROM = 2026
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def _year(year: int, language: str) -> tuple[Mapping[date, str], frozenset[date]]:
    """Give the holidays of a year with their names, and the weekend days worked in exchange for a bridge day."""
    found = holidays.country_holidays("VN", years=year, language="en_US" if language == "en" else "vi")
    names = {day: name for day, name in found.items() if day.year == year}
    if year >= _CULTURE_DAY_FROM:
        # Resolution 80-NQ/TW; kept here so that an older holiday table does not open the offices.
        names.setdefault(date(year, 11, 24), "Vietnam Cultural Day" if language == "en" else "Ngày Văn hóa Việt Nam")
    return MappingProxyType(names), frozenset(day for day in found.weekend_workdays if day.year == year)


def holiday_name(d: date, language: str = "vi") -> str | None:
    """Name the public holiday or the day off given in its place; None on other days."""
    return _year(d.year, "en" if language == "en" else "vi")[0].get(d)


def is_holiday(d: date) -> bool:
    """Tell whether the day is a public holiday or a day off in its place; an ordinary weekend is not."""
    return d in _year(d.year, "vi")[0]


def is_working_day(d: date) -> bool:
    """Tell whether state offices are open: Monday to Friday but for holidays, and the weekends worked in exchange."""
    names, swapped = _year(d.year, "vi")
    return d in swapped or (d.weekday() < _SATURDAY and d not in names)


def next_working_day(d: date) -> date:
    """Give the first working day after the day."""
    return add_working_days(d, 1)


def previous_working_day(d: date) -> date:
    """Give the last working day before the day."""
    return add_working_days(d, -1)


def add_working_days(d: date, n: int) -> date:
    """Count n working days from the day, itself not counted; backwards where n is negative, the day itself for 0."""
    step = _ONE_DAY if n > 0 else -_ONE_DAY
    left = abs(n)
    while left:
        d += step
        if is_working_day(d):
            left -= 1
    return d


def on_or_before(d: date) -> date:
    """Give the day where offices are open, else the last working day before it."""
    return d if is_working_day(d) else previous_working_day(d)


def on_or_after(d: date) -> date:
    """Give the day where offices are open, else the next working day."""
    return d if is_working_day(d) else next_working_day(d)


def is_office_open(moment: datetime) -> bool:
    """Tell whether an office takes papers at this moment: a working day, 07:30 to 16:30 inclusive, local time."""
    local = moment.astimezone(ZONE)
    return is_working_day(local.date()) and OFFICE_OPENS <= local.time() <= OFFICE_CLOSES


def last_open_moment(moment: datetime) -> datetime:
    """Give the moment itself where offices are open, else the last closing hour before it."""
    local = moment.astimezone(ZONE)
    if is_office_open(local):
        return local
    if is_working_day(local.date()) and local.time() > OFFICE_CLOSES:
        return _closing(local.date())
    return _closing(previous_working_day(local.date()))


def _closing(d: date) -> datetime:
    return datetime.combine(d, OFFICE_CLOSES, tzinfo=ZONE)


@dataclass(frozen=True)
class Deadline:
    """The latest moment the rule allows and the one we advise, both local.

    For days and working days `latest` is the closing hour of `latest.date()`. `closed` says that the moment as
    counted falls on a day or hour when no office would take the paper: say so beside it.
    """

    latest: datetime
    advised: datetime
    closed: bool

    @property
    def day(self) -> date:
        """The last day itself."""
        return self.latest.date()


def latest_filing(anchor: date | datetime, n: int, unit: Unit) -> Deadline:
    """Count back from an event to the last moment for a filing due at least n units before it.

    Hours run by the clock, weekends included, and are never moved. Days are read backwards to be safe: a closed day
    gives the working day before (Bộ luật Dân sự 2015, arts 147-148). Raises ValueError for hours before a plain day.
    """
    match unit:
        case "hour":
            moment = _moment(anchor) - timedelta(hours=n)
            return _by_the_clock(moment)
        case "day":
            counted = local_date(anchor) - timedelta(days=n)
        case "workday":
            counted = add_working_days(local_date(anchor), -n)
        case _:
            assert_never(unit)
    last = _closing(on_or_before(counted))
    return Deadline(latest=last, advised=last, closed=last.date() != counted)


def due_after(anchor: date | datetime, n: int, unit: Unit) -> Deadline:
    """Count on from an event to the last moment for what is due within n units after it.

    The day of the event is not counted. A last day that is closed gives the next working day, and the working day
    before is advised; hours run by the clock and are never moved. Raises ValueError for hours after a plain day.
    """
    match unit:
        case "hour":
            return _by_the_clock(_moment(anchor) + timedelta(hours=n))
        case "day":
            counted = local_date(anchor) + timedelta(days=n)
        case "workday":
            counted = add_working_days(local_date(anchor), n)
        case _:
            assert_never(unit)
    last = on_or_after(counted)
    return Deadline(latest=_closing(last), advised=_closing(on_or_before(counted)), closed=last != counted)


def _by_the_clock(moment: datetime) -> Deadline:
    return Deadline(latest=moment, advised=last_open_moment(moment), closed=not is_office_open(moment))


def _moment(anchor: date | datetime) -> datetime:
    if not isinstance(anchor, datetime):
        raise ValueError("hours are counted from a moment, not from a day")  # noqa: TRY004  (a wrong value of a right call)
    if anchor.tzinfo is None:
        raise ValueError("hours are counted from an aware moment")
    return anchor.astimezone(ZONE)
