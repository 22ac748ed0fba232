"""What this room announces; rooms above act on it in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from nhipcau.activities.models import Activity
from nhipcau.parties.models import User


@dataclass(frozen=True)
class ActivityHeld:
    """An activity was confirmed as held."""

    activity: Activity
    by: User
    at: datetime


@dataclass(frozen=True)
class ActivityClosed:
    """An activity's file was closed with result, cost and lesson."""

    activity: Activity
    by: User
    at: datetime


@dataclass(frozen=True)
class ActivityMoved:
    """An activity was put to another time; the activity already carries the new one."""

    activity: Activity
    old_start: datetime
    old_end: datetime
    reason: str
    by: User
    at: datetime


@dataclass(frozen=True)
class ActivityCancelled:
    """An activity will not take place."""

    activity: Activity
    reason: str
    by: User
    at: datetime


@dataclass(frozen=True)
class ActivityReopened:
    """A step was taken back: `was` is the state left, the activity carries the one it went back to.

    closed → held, held → planned, cancelled → planned.
    """

    activity: Activity
    was: str
    reason: str
    by: User
    at: datetime
