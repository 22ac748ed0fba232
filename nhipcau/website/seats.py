"""Whether one can still register, in one word for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nhipcau.activities.models import Activity
from nhipcau.attendance.models import Intake


@dataclass(frozen=True)
class Seats:
    """State: "open", "full" (the waiting list is open), "soon", "closed", "none" (no registration here)."""

    state: str
    left: int = 0
    capacity: int = 0
    taken: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def seats_of(activity: Activity, *, at: datetime) -> Seats:
    """The seats of an activity whose intake was joined; no query."""
    intake: Intake | None = getattr(activity, "intake", None)
    if intake is None:
        return Seats("none")
    if activity.state != Activity.State.PLANNED or at >= intake.closes_at or at >= activity.ends_at:
        state = "closed"
    elif at < intake.opens_at:
        state = "soon"
    else:
        state = "open" if intake.left else "full"
    return Seats(state, intake.left, intake.capacity, intake.taken, intake.opens_at, intake.closes_at)
