"""What this room announces; rooms above act on it, or refuse it, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from nhipcau.parties.models import User
from nhipcau.plans.models import Plan


@dataclass(frozen=True)
class PhasesRedrawn:
    """The days of a plan's phases have changed: a phase was added or its first day moved.

    `plan.windows()` gives the new days. A room that keeps rows by phase puts them into the phase of their day, or
    refuses when a frozen phase would lose or gain something.
    """

    plan: Plan
    by: User | None
    at: datetime
