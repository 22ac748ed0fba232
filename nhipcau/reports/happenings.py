"""What this room does when something happens below it."""

from django.utils.translation import gettext as _

from nhipcau.core.happenings import on
from nhipcau.plans.events import PhasesRedrawn
from nhipcau.plans.models import Plan
from nhipcau.reports.errors import ReportRefused
from nhipcau.reports.models import Report


@on(PhasesRedrawn)
def keep_frozen_phases(happening: PhasesRedrawn) -> None:
    """The days of a phase whose report is frozen stay as they were.

    Raises ReportRefused, naming the phase, when its first day moved or the next phase now begins inside its data.
    """
    plan = Plan.objects.prefetch_related("phases").get(pk=happening.plan.pk)
    windows = plan.windows()
    for report in Report.objects.frozen().filter(plan=plan, kind=Report.Kind.PHASE).select_related("phase"):
        assert report.phase is not None
        window = windows[report.phase.pk]
        kept = (report.payload or {}).get("report", {}).get("phase_days")
        days = [window.first.isoformat(), window.last.isoformat()]
        if kept is not None and kept != days:
            raise ReportRefused(
                _("The figures of “%(phase)s” are frozen; its days cannot change any more.") % {"phase": report.phase}
            )
