"""Frozen figures hold the days of their phase."""

from datetime import date, datetime

import pytest

from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from nhipcau.plans.services import revise_phase
from nhipcau.reports.errors import ReportRefused
from nhipcau.reports.models import Report
from nhipcau.reports.services import draft_digest, draft_report, freeze_report
from tests import makers

AT = datetime(2026, 11, 20, 9, 0, tzinfo=LOCAL)


def frozen_report(plan: Plan, officer: User, *directors: User) -> Report:
    """The report of the plan's second phase, frozen by both directors."""
    makers.make_indicator(makers.make_objective(plan))
    phase = plan.phases.get(order=2)
    report = draft_report(
        plan=plan, phase=phase, kind="phase", first_day=date(2026, 4, 1), last_day=date(2026, 6, 30), by=officer, at=AT
    )
    for director in directors:
        report = freeze_report(report=report, digest_seen=draft_digest(report), by=director, at=AT)
    return report


@pytest.mark.parametrize("order", [2, 3])
def test_days_of_a_frozen_phase_cannot_move(
    order: int, plan: Plan, officer_hmc: User, director_hmc: User, director_fsc: User
) -> None:
    assert frozen_report(plan, officer_hmc, director_hmc, director_fsc).frozen_at is not None
    phase = plan.phases.get(order=order)
    with pytest.raises(ReportRefused, match=r"The figures of “Phase II” are frozen; its days cannot change any more\."):
        revise_phase(
            phase=phase,
            name=phase.name,
            name_en=phase.name_en,
            first_day=phase.first_day.replace(day=2),
            report_due=phase.report_due,
            by=officer_hmc,
            at=AT,
        )


def test_days_of_other_phases_still_move(plan: Plan, officer_hmc: User, director_hmc: User, director_fsc: User) -> None:
    frozen_report(plan, officer_hmc, director_hmc, director_fsc)
    phase = plan.phases.get(order=4)
    revise_phase(
        phase=phase,
        name=phase.name,
        name_en=phase.name_en,
        first_day=date(2026, 10, 2),
        report_due=phase.report_due,
        by=officer_hmc,
        at=AT,
    )
    assert plan.phases.get(order=4).first_day == date(2026, 10, 2)
