"""The planned year laid over the year of somebody's first start, for days all over it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from nhipcau.core import days
from nhipcau.sample import content, dates

TODAYS = [
    date(2026, 1, 2), date(2026, 1, 31), date(2026, 2, 17), date(2026, 4, 1), date(2026, 5, 2), date(2026, 6, 30),
    date(2026, 7, 1), date(2026, 8, 15), date(2026, 9, 2), date(2026, 11, 23), date(2026, 12, 31), date(2027, 2, 6),
    date(2028, 2, 29), date(2029, 10, 10),
]  # fmt: skip


def whole(slot: dates.Slot) -> list[date]:
    """Every day of an activity."""
    first, last = slot.starts_at.date(), slot.ends_at.date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("today", TODAYS)
def test_timetable_puts_today_well_inside_a_phase(today: date) -> None:
    table = dates.timetable(today)
    starts = [table.phase_start(order) for order in range(1, 6)]
    (first, after), *others = [pair for pair in pairwise(starts) if pair[0] <= today < pair[1]]
    assert others == []
    assert 0.25 <= (today - first) / (after - first) <= 0.75
    assert (table.year, -4 <= table.weeks <= 4) == (today.year, True)


@pytest.mark.parametrize("today", TODAYS)
def test_plan_keeps_within_the_days_a_plan_of_that_year_may_have(today: date) -> None:
    table = dates.timetable(today)
    assert date(today.year - 1, 12, 1) <= table.phase_start(1)
    assert table.last_day <= date(today.year + 1, 1, 31)


@pytest.mark.parametrize("today", TODAYS)
def test_no_office_event_lies_on_a_closed_day_and_no_other_on_a_holiday(today: date) -> None:
    table = dates.timetable(today)
    closed = {}
    for activity in content.activities():
        planned = whole(dates.planned_slot(activity))
        office = all(day.weekday() < 5 for day in planned) and activity["registration"] != "none"
        slot = table.slot(activity)
        run = [slot.starts_at.date(), slot.ends_at.date()] if activity["registration"] == "none" else whole(slot)
        wrong = [day for day in run if (not days.is_working_day(day) if office else days.is_holiday(day))]
        if wrong:
            closed[activity["code"]] = wrong
    assert closed == {}


@pytest.mark.parametrize("today", TODAYS)
def test_every_activity_stays_in_its_quarter_at_its_hour_and_length(today: date) -> None:
    table = dates.timetable(today)
    for activity in content.activities():
        planned, slot = dates.planned_slot(activity), table.slot(activity)
        first, after = table.bounds(planned.starts_at.date())
        assert first <= slot.starts_at.date() < after, activity["code"]
        assert slot.ends_at.date() <= table.last_day, activity["code"]
        assert (slot.starts_at.time(), slot.ends_at.time()) == (planned.starts_at.time(), planned.ends_at.time())
        if activity["registration"] != "none":
            assert len(whole(slot)) == len(whole(planned)), activity["code"]


@pytest.mark.parametrize("today", TODAYS)
def test_weekend_activities_keep_their_weekday(today: date) -> None:
    table = dates.timetable(today)
    moved = {
        activity["code"]: table.slot(activity).starts_at.weekday()
        for activity in content.activities()
        if dates.planned_slot(activity).ends_at.weekday() >= 5
    }
    assert moved == {"TĐ-02": 5, "TĐ-03": 5, "TĐ-05": 5, "SK-02": 4, "TĐ-08": 5}


@pytest.mark.parametrize("today", TODAYS)
def test_shifted_phases_are_whole_quarters_and_milestones_open_days(today: date) -> None:
    table = dates.timetable(today)
    shift = table.shift()
    written = content.read("plan-2022")
    firsts = [shift(phase["first_day"]) for phase in written["phases"]]
    assert firsts == [table.phase_start(order) for order in (1, 2, 3, 4)]
    assert shift(written["last_day"]) == table.last_day
    assert [m["order"] for m in written["milestones"] if not days.is_working_day(shift(m["day"]))] == []
    for phase, first in zip(written["phases"], firsts, strict=True):
        assert shift(phase["report_due"]) > first


def test_a_postponed_course_stays_in_its_phase_on_open_days() -> None:
    table = dates.timetable(date(2026, 11, 23))
    activity = next(each for each in content.activities() if each["code"] == "BD-02")
    slot = table.slot(activity)
    moved = table.moved(slot, 14, dates.planned_slot(activity).starts_at.date())
    assert whole(slot) == [date(2026, 4, 22), date(2026, 4, 23), date(2026, 4, 24)]
    assert whole(moved) == [date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8)]
