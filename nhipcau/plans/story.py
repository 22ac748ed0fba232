"""How the journal tells what happens to plans and to what was asked from above."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Clause
from nhipcau.core import vietnamese
from nhipcau.core.journal import Part, Said, Thing, declare, linked, tell
from nhipcau.core.language import reading
from nhipcau.core.models import JournalEntry
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan, Target


def _target(target: Target, *, indicator: bool = False) -> Said:
    def words() -> str:
        value = "–" if target.value is None else vietnamese.format_number(target.value, language=reading())
        return f"{f'{target.indicator.code} · ' if indicator else ''}{target.phase}: {value}"

    return Said(words)


def _plan(entry: JournalEntry) -> str:
    return reverse("plans:plan_detail", args=[entry.under_id])


@linked("agreements.clause")
def _of_clauses(keys: set[Any]) -> dict[str, Iterable[object]]:
    """Objectives answer clauses; an earlier wording belongs to the same story."""
    earlier = Clause.objects.filter(superseded_by__in=keys)
    objectives = Objective.objects.filter(clauses__in=keys)
    return {
        "agreements.clause": earlier.order_by().values_list("pk", flat=True),
        "plans.objective": objectives.order_by().values_list("pk", flat=True),
    }


@linked("plans.direction")
def _of_directions(keys: set[Any]) -> dict[str, Iterable[object]]:
    return {"plans.objective": Objective.objects.filter(directions__in=keys).order_by().values_list("pk", flat=True)}


@linked("plans.objective")
def _of_objectives(keys: set[Any]) -> dict[str, Iterable[object]]:
    return {"plans.indicator": Indicator.objects.filter(objective__in=keys).order_by().values_list("pk", flat=True)}


declare(
    Thing(
        Plan,
        under="self",
        whole="agreement",
        silent=("agreement",),
        page=_plan,
        parts={
            "consents": Part(
                _("agreed by"),
                lambda plan: [one.organisation for one in plan.consents.select_related("organisation").order_by("pk")],
            ),
            "targets": Part(
                _("targets"),
                lambda plan: [
                    _target(one, indicator=True)
                    for one in Target.objects.current()
                    .filter(phase__plan=plan)
                    .select_related("indicator", "phase")
                    .order_by("indicator__objective__order", "indicator__order", "indicator", "phase__first_day")
                ],
            ),
        },
    ),
    Thing(Phase, under="plan", whole="plan.agreement", silent=("plan", "order"), page=_plan),
    Thing(Objective, under="plan", whole="plan.agreement", silent=("plan",), page=_plan),
    Thing(
        Indicator,
        under="objective.plan",
        whole="objective.plan.agreement",
        page=_plan,
        parts={
            "targets": Part(
                _("targets"),
                lambda indicator: [
                    _target(one)
                    for one in Target.objects.current()
                    .filter(indicator=indicator)
                    .select_related("phase")
                    .order_by("phase__first_day")
                ],
            )
        },
    ),
    Thing(Milestone, under="plan", whole="plan.agreement", silent=("plan",), page=_plan),
    Thing(
        Direction,
        under="self",
        whole="agreement",
        silent=("agreement", "answered_by"),
        page=lambda entry: reverse("plans:direction", args=[entry.object_id]),
    ),
)

tell(
    {
        "plans.create_plan": _("%(who)s began the plan “%(thing)s”"),
        "plans.revise_plan": _("%(who)s revised the plan “%(thing)s”"),
        "plans.copy_plan": _("%(who)s drafted the plan “%(thing)s” from an earlier one"),
        "plans.adopt_plan": _("%(who)s agreed the plan “%(thing)s”"),
        "plans.close_plan": _("%(who)s closed the plan “%(thing)s”"),
        "plans.consents_lapse": _("The agreement to the draft “%(thing)s” lapsed, because the draft was changed"),
        "plans.create_phase": _("%(who)s added the phase “%(thing)s”, beginning on %(first_day_after)s"),
        "plans.revise_phase": _("%(who)s revised the phase “%(thing)s”"),
        "plans.create_objective": _("%(who)s added the objective “%(thing)s”"),
        "plans.revise_objective": _("%(who)s revised the objective “%(thing)s”"),
        "plans.create_indicator": _("%(who)s defined the indicator “%(thing)s”"),
        "plans.revise_indicator": _("%(who)s revised the indicator “%(thing)s”"),
        "plans.revise_target": _(
            "%(who)s set the target of “%(thing)s”: %(targets_after)s (before: %(targets_before)s)"
        ),
        "plans.create_milestone": _("%(who)s put the milestone “%(thing)s” on %(day_after)s"),
        "plans.revise_milestone": _("%(who)s revised the milestone “%(thing)s”"),
        "plans.reach_milestone": _("%(who)s recorded the milestone “%(thing)s” as reached on %(done_on_after)s"),
        "plans.record_direction": _("%(who)s entered a direction of %(issuer_after)s: “%(thing)s”"),
        "plans.answer_direction": _("%(who)s answered the direction “%(thing)s”"),
    }
)
