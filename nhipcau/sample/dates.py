"""Where the days of the sample's planned year lie in the year somebody starts the product in; plain functions of dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from nhipcau.core import days
from nhipcau.core.middleware import LOCAL
from nhipcau.sample import content
from nhipcau.sample.content import PLANNED_YEAR

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
_SATURDAY = 5
#: Today shall lie in this part of a phase, so that each screen has something behind it and something before it.
_EARLIEST, _LATEST = 0.25, 0.75


def quarter_start(year: int, order: int) -> date:
    """First day of a calendar quarter; the fifth is the first of the next year."""
    return date(year + (order - 1) // 4, 3 * ((order - 1) % 4) + 1, 1)


def _elapsed(today: date, first: date, after: date) -> float:
    return (today - first).days / (after - first).days


@dataclass(frozen=True)
class Slot:
    """From when to when an activity runs."""

    starts_at: datetime
    ends_at: datetime


def planned_slot(activity: dict[str, Any]) -> Slot:
    """The times an activity had, or was postponed to, in the planned year."""
    return Slot(_moment(activity["start"]), _moment(activity["end"]))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time on a day."""
    return datetime.combine(day, time(hour, minute), tzinfo=LOCAL)


@dataclass(frozen=True)
class Timetable:
    """The planned year laid over another: phases are its quarters, all moved by `weeks` whole weeks."""

    year: int
    weeks: int

    def phase_start(self, order: int) -> date:
        """First day of a phase; the fifth is the day after the plan."""
        return quarter_start(self.year, order) + self.weeks * WEEK

    @property
    def last_day(self) -> date:
        """The plan's last day."""
        return self.phase_start(5) - DAY

    def place(self, planned: date) -> date:
        """The same time of the year on the same weekday, within the same phase when it lay in the planned year."""
        near = planned.replace(year=self.year + planned.year - PLANNED_YEAR)
        near += timedelta(days=(planned.weekday() - near.weekday() + 3) % 7 - 3) + self.weeks * WEEK
        if planned.year != PLANNED_YEAR:
            return near
        first, after = self.bounds(planned)
        while near < first:
            near += WEEK
        while near >= after:
            near -= WEEK
        return near

    def bounds(self, planned: date) -> tuple[date, date]:
        """First day of the phase a planned day lies in, and of the next phase."""
        order = (planned.month - 1) // 3 + 1
        return self.phase_start(order), self.phase_start(order + 1)

    def office_day(self, planned: date) -> date:
        """The day for what an office does: open, and in the same phase."""
        near = self.place(planned)
        later = days.on_or_after(near)
        if planned.year != PLANNED_YEAR:
            return later
        first, after = self.bounds(planned)
        return later if first <= later < after else days.on_or_before(near)

    def slot(self, activity: dict[str, Any]) -> Slot:
        """The times of an activity: office events on open days, weekend events off the holidays."""
        planned = planned_slot(activity)
        first, last = planned.starts_at.date(), planned.ends_at.date()
        if activity["registration"] == "none":  # a campaign runs for months; only its ends are moved
            begins, ends = self.office_day(first), self.office_day(last)
        else:
            begins = self._free(first, (last - first).days)
            ends = begins + (last - first)
        return Slot(
            datetime.combine(begins, planned.starts_at.timetz()), datetime.combine(ends, planned.ends_at.timetz())
        )

    def _free(self, planned: date, more: int) -> date:
        near = self.place(planned)
        first, after = self.bounds(planned)
        office = planned.weekday() < _SATURDAY and planned.weekday() + more < _SATURDAY

        def fits(begins: date) -> bool:
            run = [begins + n * DAY for n in range(more + 1)]
            if run[0] < first or run[-1] >= after:
                return False
            return all(days.is_working_day(d) for d in run) if office else not any(days.is_holiday(d) for d in run)

        step = DAY if office else WEEK
        tries = [near + n * step for n in range(60)] + [near - n * step for n in range(1, 60)]
        return next((begins for begins in tries if fits(begins)), near)

    def moved(self, slot: Slot, by_days: int, planned: date) -> Slot:
        """A postponed activity's times: later by so many days, on open days of the same phase."""
        first, after = self.bounds(planned)
        length = (slot.ends_at.date() - slot.starts_at.date()).days
        begins = slot.starts_at.date() + timedelta(days=by_days)
        while not all(days.is_working_day(begins + n * DAY) for n in range(length + 1)):
            begins += DAY
        if begins + length * DAY >= after or begins < first:
            begins = slot.starts_at.date()
        return Slot(
            datetime.combine(begins, slot.starts_at.timetz()),
            datetime.combine(begins + length * DAY, slot.ends_at.timetz()),
        )

    def shift(self) -> Callable[[date], date]:
        """The rule `copy_plan` is given: phases on their first days, milestones with their activities, the rest open days."""
        known = {quarter_start(PLANNED_YEAR, order): self.phase_start(order) for order in (1, 2, 3, 4)}
        known[date(PLANNED_YEAR, 12, 31)] = self.last_day
        slots = {a["code"]: (planned_slot(a), self.slot(a)) for a in content.activities()}
        for milestone in content.read("plan-2022")["milestones"]:
            if milestone["activity"]:
                old, new = slots[milestone["activity"]]
                for planned, now in ((old.starts_at, new.starts_at), (old.ends_at, new.ends_at)):
                    if milestone["day"] == planned.date():
                        known[milestone["day"]] = now.date()

        def shifted(day: date) -> date:
            return known.get(day) or self.office_day(day)

        return shifted


@lru_cache(maxsize=32)
def timetable(today: date) -> Timetable:
    """The plan of today's calendar year; its phases are the calendar quarters, moved so that today lies well inside one.

    By the fewest whole weeks that put today between a quarter and three quarters of a phase: four at most either way,
    which is what a plan may begin before and end after its year.
    """
    order = (today.month - 1) // 3 + 1
    first, after = quarter_start(today.year, order), quarter_start(today.year, order + 1)
    for weeks in sorted(range(-4, 5), key=abs):
        if _EARLIEST <= _elapsed(today, first + weeks * WEEK, after + weeks * WEEK) <= _LATEST:
            return Timetable(today.year, weeks)
    raise AssertionError("four weeks are more than a quarter of a quarter")
