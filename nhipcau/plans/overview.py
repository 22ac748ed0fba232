"""A plan laid out for one page: phases, objectives, indicators with their targets, milestones, consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from nhipcau.agreements.access import Standing
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Indicator, Milestone, Objective, Phase, Plan, PlanConsent, Target, Window


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with its target in each phase (None: none was set) and over the year."""

    indicator: Indicator
    targets: list[tuple[Phase, Target | None]]
    year: Decimal | None


@dataclass(frozen=True)
class ObjectiveBlock:
    """An objective and the rows of its indicators."""

    objective: Objective
    rows: list[IndicatorRow]


@dataclass(frozen=True)
class PartyConsent:
    """A party and whether its director has agreed; `mine` where who asks could."""

    organisation: Organisation
    consent: PlanConsent | None
    mine: bool


@dataclass(frozen=True)
class Overview:
    """Everything the page of a plan shows."""

    phases: list[tuple[Phase, Window]]
    objectives: list[ObjectiveBlock]
    milestones: list[Milestone]
    consents: list[PartyConsent]


def consents_of(plan: Plan, standing: Standing) -> list[PartyConsent]:
    """Who has agreed a plan, in the order of the parties; two queries."""
    given = {consent.organisation_id: consent for consent in plan.consents.select_related("by", "acted_for")}
    directs = standing.director_of()
    return [
        PartyConsent(party.organisation, given.get(party.organisation_id), party.organisation_id in directs)
        for party in plan.agreement.parties.select_related("organisation")
    ]


def overview(plan: Plan, standing: Standing) -> Overview:
    """Lay a plan out; eight queries whatever its size, phases being prefetched."""
    windows = plan.windows()
    phases = sorted(plan.phases.all(), key=lambda phase: phase.first_day)
    targets = {
        (target.indicator_id, target.phase_id): target for target in Target.objects.current().filter(phase__plan=plan)
    }
    objectives = plan.objectives.prefetch_related(
        "clauses", "directions__issuer", Prefetch("indicators", Indicator.objects.order_by("order", "code"))
    )
    blocks = []
    for objective in objectives:
        rows = []
        for indicator in objective.indicators.all():
            cells = [(phase, targets.get((indicator.pk, phase.pk))) for phase in phases]
            year = indicator.year_target([target.value if target else None for _phase, target in cells])
            rows.append(IndicatorRow(indicator, cells, year))
        blocks.append(ObjectiveBlock(objective, rows))
    return Overview(
        phases=[(phase, windows[phase.pk]) for phase in phases],
        objectives=blocks,
        milestones=list(plan.milestones.select_related("lead")),
        consents=consents_of(plan, standing),
    )


def milestone_state(milestone: Milestone, day: date) -> str:
    """`reached`, `late` or `ahead` on a day."""
    if milestone.done_on is not None:
        return "reached"
    return "late" if milestone.day < day else "ahead"
