"""Next year's plan starts from this year's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from nhipcau.agreements.models import Clause
from nhipcau.core import journal
from nhipcau.parties.models import User
from nhipcau.plans.models import (
    Indicator,
    Milestone,
    Objective,
    Phase,
    Plan,
    Target,
)
from nhipcau.plans.services.common import B
from nhipcau.plans.services.indicators import IndicatorFacts, create_indicator
from nhipcau.plans.services.milestones import create_milestone
from nhipcau.plans.services.objectives import create_objective
from nhipcau.plans.services.phases import create_phase
from nhipcau.plans.services.plan import create_plan


@dataclass(frozen=True)
class PlanCopy:
    """The new draft, and what became of each old row, by its key."""

    plan: Plan
    phases: Mapping[int, Phase]
    objectives: Mapping[int, Objective]
    indicators: Mapping[int, Indicator]
    milestones: Mapping[int, Milestone]


def _as_stale(copy: B, original: B) -> B:
    """English that was stale in the original is stale in its copy."""
    copy.english_of = dict(original.english_of)
    copy.save(update_fields=["english_of"])
    return copy


def years_later(years: int) -> Callable[[date], date]:
    """The same day some years on; 29 February becomes the 28th."""

    def shift(day: date) -> date:
        try:
            return day.replace(year=day.year + years)
        except ValueError:
            return day.replace(year=day.year + years, day=28)

    return shift


@journal.verb(result="plan", parts=("targets",))
def copy_plan(
    *,
    plan: Plan,
    year: int,
    title: str,
    shift: Callable[[date], date],
    by: User | None,
    at: datetime,
    title_en: str = "",
) -> PlanCopy:
    """Draft a plan from another: phases, objectives, indicators, current targets and milestones, days shifted.

    Objectives answer the clauses in force now. Raises YearTaken, OutsidePlan, PhaseDayTaken and DaysReversed.
    """
    new = create_plan(
        agreement=plan.agreement, year=year, title=title, title_en=title_en, last_day=shift(plan.last_day),
        copied_from=plan, by=by, at=at,
    )  # fmt: skip
    phases: dict[int, Phase] = {}
    for phase in plan.phases.order_by("first_day"):
        copied = create_phase(
            plan=new, name=phase.name, name_en=phase.name_en, first_day=shift(phase.first_day),
            report_due=shift(phase.report_due) if phase.report_due else None, by=by, at=at,
        )  # fmt: skip
        phases[phase.pk] = _as_stale(copied, phase)
    objectives: dict[int, Objective] = {}
    indicators: dict[int, Indicator] = {}
    for objective in plan.objectives.prefetch_related("clauses", "directions", "indicators"):
        clauses = Clause.objects.in_force().filter(
            agreement=plan.agreement, order__in=[clause.order for clause in objective.clauses.all()]
        )
        copied_objective = create_objective(
            plan=new, code=objective.code, order=objective.order, wording=objective.wording,
            wording_en=objective.wording_en, clauses=list(clauses), directions=list(objective.directions.all()),
            by=by, at=at,
        )  # fmt: skip
        objectives[objective.pk] = _as_stale(copied_objective, objective)
        for indicator in objective.indicators.all():
            facts: IndicatorFacts = {name: getattr(indicator, name) for name in IndicatorFacts.__annotations__}  # type: ignore[assignment]  # the keys are exactly those of the TypedDict
            copied_indicator = create_indicator(objective=copied_objective, by=by, at=at, **facts)
            indicators[indicator.pk] = _as_stale(copied_indicator, indicator)
    for target in Target.objects.current().filter(phase__plan=plan).order_by("indicator", "phase"):
        Target.objects.create(
            indicator=indicators[target.indicator_id], phase=phases[target.phase_id], value=target.value, by=by, at=at
        )
    milestones: dict[int, Milestone] = {}
    for milestone in plan.milestones.select_related("lead"):
        copied_milestone = create_milestone(
            plan=new, day=shift(milestone.day), title=milestone.title, title_en=milestone.title_en,
            lead=milestone.lead, by=by, at=at,
        )  # fmt: skip
        milestones[milestone.pk] = _as_stale(copied_milestone, milestone)
    return PlanCopy(plan=new, phases=phases, objectives=objectives, indicators=indicators, milestones=milestones)
