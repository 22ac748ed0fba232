"""Dates and times as Vietnamese offices write and type them, in the zone of Ho Chi Minh City."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .text import normalise

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_YEARS = range(1900, 2200)
_QUARTERS = ("I", "II", "III", "IV")

_DAY = (
    r"(?:(?:(?:thứ\s+\w+|chủ\s+nhật)\s*,?\s+)?(?:ngày\s+)?"
    r"(?:(?P<d>\d{1,2})\s*(?P<sep>[/.-])\s*(?P<m>\d{1,2})\s*(?P=sep)\s*(?P<y>\d{4})"
    r"|(?P<dw>\d{1,2})\s+tháng\s+(?P<mw>\d{1,2})\s*,?\s+năm\s+(?P<yw>\d{4}))"
    r"|(?P<yi>\d{4})-(?P<mi>\d{2})-(?P<di>\d{2}))"
)
_TIME = (
    r"(?:lúc\s+)?(?P<h>\d{1,2})\s*"
    r"(?::\s*(?P<min>\d{2})(?::\d{2})?|(?:giờ|g|h)(?:\s*(?P<minw>\d{1,2})(?:\s*(?:phút|p))?)?)"
)
_DATE = re.compile(_DAY, re.IGNORECASE)
_TIME_THEN_DATE = re.compile(rf"{_TIME}\s*,?\s*{_DAY}", re.IGNORECASE)
_DATE_THEN_TIME = re.compile(rf"{_DAY}\s*(?:,|T)?\s*{_TIME}", re.IGNORECASE)


def parse_date(s: str) -> date:
    """Read a day, day first always ("3/4/2022" is 3 April); ISO is understood too.

    Raises ValueError for anything else, for a day that is not in the calendar, a year of two digits and a year before
    1900 or after 2199, which only a slip can have meant.
    """
    found = _DATE.fullmatch(normalise(s))
    if not found:
        raise ValueError(f"not a date: {s!r}")
    return _day(found)


def parse_moment(s: str) -> datetime:
    """Read a day with its hour ("14g30, 09/01/2022", "8h00 ngày 2/9/2022") as an aware time in the local zone.

    Raises ValueError like `parse_date`, and where the hour is missing.
    """
    text = normalise(s)
    found = _TIME_THEN_DATE.fullmatch(text) or _DATE_THEN_TIME.fullmatch(text)
    if not found:
        raise ValueError(f"not a day with an hour: {s!r}")
    day = _day(found)
    minute = int(found["min"] or found["minw"] or 0)
    return datetime(day.year, day.month, day.day, int(found["h"]), minute, tzinfo=ZONE)


def _day(found: re.Match[str]) -> date:
    year, month, day = (found[k] or found[k + "w"] or found[k + "i"] for k in "ymd")
    if int(year) not in _YEARS:
        raise ValueError(f"the year is out of range: {year}")
    return date(int(year), int(month), int(day))


def local_date(moment: date | datetime) -> date:
    """Give the local day; an aware time is brought to the zone first, a plain day or naive time is taken as local."""
    if isinstance(moment, datetime):
        return (moment.astimezone(ZONE) if moment.tzinfo else moment).date()
    return moment


def short_date(d: date | datetime, language: str = "vi") -> str:
    """Give "05/03/2022", in English "5 Mar 2022"."""
    day = local_date(d)
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1][:3]} {day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def long_date(d: date | datetime, language: str = "vi") -> str:
    """Give "ngày 05 tháng 3 năm 2022", in English "5 March 2022"; zeros before days 1-9 and months 1-2 (NĐ 30/2020)."""
    day = local_date(d)
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def letterhead(d: date | datetime, place: str, language: str = "vi") -> str:
    """Give place and date as they stand at the head of a paper."""
    return f"{place}, {long_date(d, language)}"


def weekday(d: date | datetime, language: str = "vi") -> str:
    """Give the name of the day of the week."""
    return (_WEEKDAYS_EN if language == "en" else _WEEKDAYS)[local_date(d).weekday()]


def weekday_long(d: date | datetime, language: str = "vi") -> str:
    """Give "Thứ Năm, ngày 11 tháng 11 năm 2021"."""
    return f"{weekday(d, language)}, {long_date(d, language)}"


def weekday_short(d: date | datetime, language: str = "vi") -> str:
    """Give "Thứ Năm, 20/01/2022", in English "Thursday, 20 January 2022"."""
    return f"{weekday(d, language)}, {long_date(d, 'en') if language == 'en' else short_date(d)}"


def quarter(d: date | datetime, language: str = "vi") -> str:
    """Give "Quý II/2022", in English "Q2 2022"."""
    day = local_date(d)
    index = (day.month - 1) // 3
    return f"Q{index + 1} {day.year}" if language == "en" else f"Quý {_QUARTERS[index]}/{day.year}"


def _local_time(moment: datetime) -> datetime:
    return moment.astimezone(ZONE) if moment.tzinfo else moment


def clock(moment: datetime) -> str:
    """Give "13:45" in the local zone."""
    return f"{_local_time(moment):%H:%M}"


def clock_spoken(moment: datetime, language: str = "vi") -> str:
    """Give "13g45" as southern offices write it; in English the plain clock."""
    return clock(moment) if language == "en" else f"{_local_time(moment):%Hg%M}"
