"""How the journal tells what happens to reports and public snapshots."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Part, Said, Thing, declare, linked, tell
from nhipcau.reports.models import Issue, Measurement, Report, Snapshot, SnapshotConsent


def _explanation(measurement: Measurement) -> Said:
    return Said(lambda: f"{measurement.indicator.code} {measurement.indicator}: {measurement.explanation}")


def _consent(consent: SnapshotConsent) -> Said:
    return Said(lambda: f"{consent.organisation}: {consent.get_kind_display()}")


@linked("plans.indicator")
def _of_indicators(keys: set[Any]) -> dict[str, Iterable[object]]:
    """Reports that tell a figure of an indicator, and their issues."""
    reports = set(
        Measurement.objects.filter(indicator__in=keys).order_by().values_list("report_id", flat=True).distinct()
    )
    return {
        "reports.report": reports,
        "reports.issue": Issue.objects.filter(report__in=reports).order_by().values_list("pk", flat=True),
    }


@linked("reports.report")
def _of_reports(keys: set[Any]) -> dict[str, Iterable[object]]:
    return {"reports.issue": Issue.objects.filter(report__in=keys).order_by().values_list("pk", flat=True)}


declare(
    Thing(
        Report,
        under="plan",
        whole="plan.agreement",
        silent=("plan", "created_by", "created_at", "payload", "check_code"),
        page=lambda entry: reverse("reports:report", args=[entry.object_id]),
        labels={
            "narrative.assessment": _("Effectiveness"),
            "narrative.limits": _("Shortcomings"),
            "narrative.causes": _("Causes"),
            "narrative.next_tasks": _("Tasks of the next phase"),
            "narrative.proposals": _("Proposals"),
        },
        parts={
            "consents": Part(
                _("frozen by"),
                lambda report: [
                    one.organisation for one in report.consents.select_related("organisation").order_by("pk")
                ],
            ),
            "explanations": Part(
                _("explanations"),
                lambda report: [
                    _explanation(one) for one in report.measurements.exclude(explanation="").select_related("indicator")
                ],
            ),
        },
    ),
    Thing(Issue, under="report.plan", whole="report.plan.agreement", silent=("by", "at")),
    Thing(
        Snapshot,
        under="plan",
        whole="agreement",
        silent=("agreement", "payload", "by", "at", "withdrawn_by"),
        page=lambda _entry: reverse("reports:snapshot"),
        parts={
            "consents": Part(
                _("seen and released by"),
                lambda snapshot: [
                    _consent(one) for one in snapshot.consents.select_related("organisation").order_by("pk")
                ],
            )
        },
    ),
)

tell(
    {
        "reports.draft_report": _("%(who)s drafted: %(thing)s"),
        "reports.explain": _("%(who)s explained a figure of: %(thing)s"),
        "reports.revise_narrative": _("%(who)s wrote the text of: %(thing)s"),
        "reports.freeze_report": _("%(who)s froze the figures of: %(thing)s"),
        "reports.record_issue": _("%(who)s recorded that %(organisation_after)s issued report %(thing)s"),
        "reports.prepare_snapshot": _("%(who)s prepared the public snapshot “%(thing)s”"),
        "reports.mark_seen": _("%(who)s marked the public snapshot “%(thing)s” as seen"),
        "reports.release_snapshot": _("%(who)s released the public snapshot “%(thing)s”"),
        "reports.withdraw_snapshot": _("%(who)s withdrew the public snapshot “%(thing)s”"),
    }
)
