"""What this room does when something happens below it."""

from django.utils.translation import gettext as _

from nhipcau.activities.errors import OutsidePlan
from nhipcau.activities.models import Activity
from nhipcau.core.happenings import on
from nhipcau.core.middleware import local_day
from nhipcau.plans.events import PhasesRedrawn
from nhipcau.plans.models import Plan


@on(PhasesRedrawn)
def keep_activities_in_their_phase(happening: PhasesRedrawn) -> None:
    """Activities still ahead go with the phase of their day; those that took place stay where they were counted.

    Raises OutsidePlan when an activity would be left without a phase, or one that took place would change it.
    """
    plan = Plan.objects.prefetch_related("phases").get(pk=happening.plan.pk)
    for activity in plan.activities.exclude(state=Activity.State.CANCELLED).order_by("starts_at", "pk"):
        phase = plan.phase_on(local_day(activity.starts_at))
        if phase is None:
            raise OutsidePlan(
                _("The activity %(code)s would be left outside every phase. Please move it first.")
                % {"code": activity.code}
            )
        if phase.pk == activity.phase_id:
            continue
        if activity.state != Activity.State.PLANNED:
            raise OutsidePlan(
                _("The activity %(code)s has taken place and is counted in its phase; the phase cannot leave it.")
                % {"code": activity.code}
            )
        Activity.objects.filter(pk=activity.pk).update(phase=phase)
