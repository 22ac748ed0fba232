"""What activities announce becomes evidence here: held, closed on time or not, what it cost."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from nhipcau.activities.events import ActivityCancelled, ActivityClosed, ActivityHeld, ActivityReopened
from nhipcau.activities.models import Activity
from nhipcau.core.happenings import on
from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import activity_dimensions, record_evidence, void_evidence

DAYS_TO_CLOSE = 7
AT_CLOSING = ("activity.closed", "finance.estimate", "finance.spent")


def source(activity: Activity) -> str:
    """What the ledger calls an activity."""
    return f"activities.activity:{activity.pk}"


def _of(activity: Activity, *names: str) -> dict[str, list[str]]:
    return {name: activity.dimensions.get(name, []) for name in names}


def closing_deadline(activity: Activity) -> date:
    """The last day on which the file is closed on time: counted from the end as first planned, moved or not."""
    return local_day(activity.planned_end) + timedelta(days=DAYS_TO_CLOSE)


@on(ActivityHeld)
def record_held(happening: ActivityHeld) -> None:
    """An activity held counts on its last day, whenever that was confirmed."""
    activity = happening.activity
    record_evidence(
        plan=activity.plan,
        activity=activity,
        kind="activity.held",
        day=local_day(activity.ends_at),
        source_ref=source(activity),
        by=happening.by,
        at=happening.at,
        dimensions=activity_dimensions(activity, **_of(activity, "audience", "mode")),
    )


@on(ActivityClosed)
def record_closed(happening: ActivityClosed) -> None:
    """A file closed counts on the day it was closed, in its own plan at the latest; with it what was planned and spent."""
    activity, by, at = happening.activity, happening.by, happening.at
    closed_on = local_day(at)
    day = min(closed_on, activity.plan.last_day)
    on_time = "yes" if closed_on <= closing_deadline(activity) else "no"
    record_evidence(
        plan=activity.plan,
        activity=activity,
        kind="activity.closed",
        day=day,
        source_ref=source(activity),
        by=by,
        at=at,
        dimensions=activity_dimensions(activity, on_time=[on_time], **_of(activity, "audience")),
    )
    for kind, amount in (("finance.estimate", activity.estimate), ("finance.spent", activity.spent)):
        rest = Decimal(amount or 0) - _told_before(activity, kind)
        if rest > 0:
            record_evidence(
                plan=activity.plan,
                activity=activity,
                kind=kind,
                day=day,
                source_ref=source(activity),
                by=by,
                at=at,
                quantity=rest,
                dimensions=activity_dimensions(activity),
            )


def _told_before(activity: Activity, kind: str) -> Decimal:
    """What was declared for the phases of a long activity before its file was closed."""
    told = Evidence.objects.current().filter(activity=activity, kind_id=kind).exclude(source_ref=source(activity))
    return Decimal(told.aggregate(sum=Sum("quantity"))["sum"] or 0)


@on(ActivityReopened)
def void_reopened(happening: ActivityReopened) -> None:
    """Take back what the step that was taken back had recorded."""
    kinds = {
        Activity.State.CLOSED: AT_CLOSING,
        Activity.State.HELD: ("activity.held", *AT_CLOSING),
    }.get(Activity.State(happening.was), ())
    _void(happening.activity, kinds, happening)


@on(ActivityCancelled)
def void_cancelled(happening: ActivityCancelled) -> None:
    """Take everything back: what is cancelled was neither held nor closed."""
    _void(happening.activity, ("activity.held", *AT_CLOSING), happening)


def _void(activity: Activity, kinds: tuple[str, ...], happening: ActivityReopened | ActivityCancelled) -> None:
    for kind in kinds:
        void_evidence(
            kind=kind, source_ref=source(activity), by=happening.by, at=happening.at, note=happening.reason[:500]
        )
