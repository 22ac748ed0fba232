"""How the journal tells what happens to activities."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity, Session
from nhipcau.core import vietnamese
from nhipcau.core.journal import Part, Said, Thing, declare, linked, tell
from nhipcau.core.language import reading


def _line(session: Session) -> Said:
    return Said(
        lambda: (
            f"{vietnamese.short_date(session.starts_at, reading())}, {vietnamese.clock(session.starts_at)}: {session}"
        )
    )


@linked("plans.indicator")
def _of_indicators(keys: set[Any]) -> dict[str, Iterable[object]]:
    return {"activities.activity": Activity.objects.filter(indicators__in=keys).order_by().values_list("pk", flat=True)}


@linked("plans.plan")
def _of_plans(keys: set[Any]) -> dict[str, Iterable[object]]:
    return {"activities.activity": Activity.objects.filter(plan__in=keys).order_by().values_list("pk", flat=True)}


declare(
    Thing(
        Activity,
        under="self",
        whole="plan.agreement",
        silent=("slug", "plan"),
        page=lambda entry: reverse("activities:activity", args=[entry.object_id]),
        parts={
            "speakers": Part(_("speakers"), lambda activity: activity.speakers.all()),
            "sessions": Part(_("run sheet"), lambda activity: [_line(line) for line in activity.sessions.all()]),
        },
    )
)

tell(
    {
        "activities.schedule_activity": _("%(who)s put the activity “%(thing)s” into the plan for %(starts_at_after)s"),
        "activities.revise_activity": _("%(who)s revised the activity “%(thing)s”"),
        "activities.move_activity": _(
            "%(who)s moved the activity “%(thing)s” from %(starts_at_before)s to %(starts_at_after)s"
        ),
        "activities.cancel_activity": _("%(who)s cancelled the activity “%(thing)s”"),
        "activities.hold_activity": _("%(who)s confirmed that the activity “%(thing)s” took place"),
        "activities.close_activity": _("%(who)s closed the file of the activity “%(thing)s”"),
        "activities.reopen_activity": _(
            "%(who)s reopened the activity “%(thing)s”: %(state_before)s → %(state_after)s"
        ),
        "activities.put_speakers": _("%(who)s set the speakers of the activity “%(thing)s”"),
        "activities.put_sessions": _("%(who)s set the run sheet of the activity “%(thing)s”"),
    }
)
