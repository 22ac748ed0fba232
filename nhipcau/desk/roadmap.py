"""The year as one picture: where every phase, activity, milestone and holiday stands, as coordinates for an SVG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.core import days
from nhipcau.core.middleware import local_day
from nhipcau.plans.models import Milestone, Plan

LEFT, RIGHT, LANE, ROW, TOP = 176.0, 992.0, 10.0, 24.0, 92.0
NARROWEST = 45.0  # room for the code of an activity


@dataclass(frozen=True)
class Bar:
    """An activity as a bar; `state` is one of the classes ok, late, planned, off."""

    x: float
    y: float
    width: float
    code: str
    title: str
    state: str
    url: str


@dataclass(frozen=True)
class Mark:
    """A point in time with its words."""

    x: float
    title: str
    late: bool = False
    width: float = 0.0


@dataclass(frozen=True)
class Band:
    """A stretch with a name: a phase or a month."""

    x: float
    width: float
    label: str
    now: bool = False


@dataclass(frozen=True)
class Lane:
    """A row of activities of one kind."""

    y: float
    height: float
    label: str
    bars: list[Bar]


@dataclass(frozen=True)
class Roadmap:
    """The whole picture."""

    width: float
    height: float
    phases: list[Band]
    months: list[Band]
    lanes: list[Lane]
    milestones: list[Mark]
    holidays: list[Mark]
    today: float | None


def _bar_state(activity: Activity, now: datetime, *, gaps: bool) -> str:
    if activity.state == Activity.State.CANCELLED:
        return "off"
    if activity.state in {Activity.State.HELD, Activity.State.CLOSED}:
        return "ok"
    return "late" if gaps and activity.ends_at < now else "planned"


def draw(plan: Plan, *, now: datetime, language: str = "vi", gaps: bool = True) -> Roadmap:
    """Work the picture out; two statements, phases being prefetched. Without `gaps` nothing is shown as late."""
    year = plan.window()
    today = local_day(now)

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * min(max((day - year.first).days / year.days, 0.0), 1.0), 1)

    windows = plan.windows()
    phases = [
        Band(x(w.first), x(w.last + timedelta(days=1)) - x(w.first), phase.text("name"), today in w)
        for phase in plan.phases.all()
        for w in [windows[phase.pk]]
    ]
    months: list[Band] = []
    first = year.first.replace(day=1)
    while first <= year.last:
        after = (first + timedelta(days=32)).replace(day=1)
        label = _("Month %(month)d") % {"month": first.month}
        months.append(Band(x(max(first, year.first)), x(after) - x(max(first, year.first)), label))
        first = after
    by_kind: dict[str, list[Activity]] = {}
    rows = plan.activities.select_related("kind").order_by("kind__order", "kind__slug", "starts_at", "code")
    for activity in rows:
        by_kind.setdefault(activity.kind.text("name").split(" (")[0], []).append(activity)
    lanes: list[Lane] = []
    y = TOP
    for label, activities in by_kind.items():
        ends: list[float] = []
        bars: list[Bar] = []
        for activity in activities:
            start = x(local_day(activity.starts_at))
            width = max(x(local_day(activity.ends_at) + timedelta(days=1)) - start, NARROWEST)
            start = min(start, RIGHT - width)
            level = next((i for i, end in enumerate(ends) if end <= start), len(ends))
            ends[level : level + 1] = [start + width + 3]
            bars.append(
                Bar(
                    start,
                    round(y + 4 + level * ROW, 1),
                    round(width, 1),
                    activity.code,
                    activity.text("title"),
                    _bar_state(activity, now, gaps=gaps),
                    reverse("activities:activity", args=[activity.pk]),
                )
            )
        height = max(len(ends), 1) * ROW + LANE
        lanes.append(Lane(round(y, 1), height, label, bars))
        y += height
    milestones = [
        Mark(x(m.day), f"{m.day:%d/%m/%Y}: {m.text('title')}", gaps and m.done_on is None and m.day < today)
        for m in Milestone.objects.filter(plan=plan)
    ]
    off = [year.first + timedelta(days=i) for i in range(year.days)]
    holidays = [
        Mark(x(day), days.holiday_name(day, language) or "", width=round((RIGHT - LEFT) / year.days, 2))
        for day in off
        if days.is_holiday(day)
    ]
    return Roadmap(RIGHT + 8, y + 10, phases, months, lanes, milestones, holidays, x(today) if today in year else None)
