"""A phase report that went out counts by itself: on time or not, by each unit once."""

import hashlib
from datetime import date, datetime
from decimal import Decimal

import pytest

from nhipcau.core.middleware import LOCAL
from nhipcau.core.uploads import Upload
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from nhipcau.reports.services import draft_digest, draft_report, freeze_report, record_issue
from tests import makers
from tests.reports.stage import PDF

AT = datetime(2026, 7, 20, 9, 0, tzinfo=LOCAL)


@pytest.mark.parametrize(
    "plan_ends", [date(2026, 12, 31), date(2026, 7, 14)]
)  # the last report of a plan goes out after its last day and counts on it
@pytest.mark.parametrize(("report_due", "on_time"), [(date(2026, 7, 20), "yes"), (date(2026, 7, 10), "no")])
def test_issue_of_a_phase_report_is_evidence(
    report_due: date,
    on_time: str,
    plan_ends: date,
    plan: Plan,
    officer_hmc: User,
    director_hmc: User,
    director_fsc: User,
    records_hmc: User,
) -> None:
    makers.make_indicator(makers.make_objective(plan))
    makers.make_evidence_kind("report.sent")
    plan.phases.filter(order=2).update(report_due=report_due)
    plan.phases.filter(order__gt=2).delete()
    plan.last_day = plan_ends
    plan.save()
    report = draft_report(
        plan=plan,
        phase=plan.phases.get(order=2),
        kind="phase",
        first_day=date(2026, 4, 1),
        last_day=date(2026, 6, 30),
        by=officer_hmc,
        at=AT,
    )
    for director in (director_hmc, director_fsc):
        report = freeze_report(report=report, digest_seen=draft_digest(report), by=director, at=AT)
    issue = record_issue(
        report=report,
        organisation=makers.make_organisation("hmc"),
        number=5,
        symbol="BC-HMC",
        issued_on=date(2026, 7, 20),
        signer="Giám đốc (mẫu)",
        signer_position="Giám đốc",
        upload=Upload("bao-cao.pdf", "application/pdf", PDF, len(PDF), hashlib.sha256(PDF).hexdigest()),
        by=records_hmc,
        at=AT,
    )
    row = Evidence.objects.get(kind_id="report.sent")
    assert (row.day, row.quantity, row.source_ref, row.organisation, row.needs_verification) == (
        min(plan_ends, date(2026, 7, 20)),
        Decimal(1),
        f"reports.issue:{issue.pk}",
        makers.make_organisation("hmc"),
        False,
    )
    assert sorted(row.dimensions.values_list("dimension", "value")) == [("department", "STTTT"), ("on_time", on_time)]
