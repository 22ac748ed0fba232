"""Phases that are redrawn below leave no activity behind."""

from datetime import date, datetime, timedelta

import pytest

from nhipcau.activities.errors import OutsidePlan
from nhipcau.activities.models import Activity
from nhipcau.core.middleware import LOCAL
from nhipcau.plans import services
from nhipcau.plans.models import Phase, Plan
from tests import makers

pytestmark = pytest.mark.django_db


def _begin(phase: Phase, first_day: date) -> None:
    services.revise_phase(phase=phase, name=phase.name, first_day=first_day, by=None, at=makers.NOW)


def test_phase_takes_planned_activities_with_it(plan: Plan) -> None:
    activity = makers.make_activity(plan, starts_at=datetime(2026, 9, 28, 9, 0, tzinfo=LOCAL))
    third, fourth = plan.phases.all()[2:]
    assert activity.phase == third
    _begin(fourth, date(2026, 9, 15))
    assert Activity.objects.get().phase == fourth


def test_phase_does_not_leave_an_activity_that_took_place(plan: Plan) -> None:
    makers.make_activity(plan, starts_at=datetime(2026, 9, 28, 9, 0, tzinfo=LOCAL), state=Activity.State.HELD)
    fourth = plan.phases.all()[3]
    with pytest.raises(OutsidePlan):
        _begin(fourth, date(2026, 9, 15))
    assert Phase.objects.get(pk=fourth.pk).first_day == date(2026, 10, 1)
    with pytest.raises(OutsidePlan):
        services.create_phase(plan=plan, name="Xen giữa", first_day=date(2026, 9, 15), by=None, at=makers.NOW)
    assert plan.phases.count() == 4


def test_phase_does_not_leave_an_activity_before_the_plan_begins(plan: Plan) -> None:
    makers.make_activity(plan, starts_at=datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL))
    first = plan.phases.all()[0]
    with pytest.raises(OutsidePlan):
        _begin(first, date(2026, 1, 6))
    assert Phase.objects.get(pk=first.pk).first_day == date(2026, 1, 1)


def test_plan_does_not_end_before_an_activity(plan: Plan) -> None:
    activity = makers.make_activity(plan)
    with pytest.raises(OutsidePlan):
        services.revise_plan(
            plan=plan, title="x", last_day=activity.starts_at.date() - timedelta(days=1), by=None, at=makers.NOW
        )
    assert Plan.objects.get().last_day == date(2026, 12, 31)


def test_cancelled_activities_hold_nothing_back(plan: Plan) -> None:
    makers.make_activity(plan, starts_at=datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL), state=Activity.State.CANCELLED)
    _begin(plan.phases.all()[0], date(2026, 1, 6))
    assert plan.phases.all()[0].first_day == date(2026, 1, 6)
