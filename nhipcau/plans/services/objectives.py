"""Objectives are set; each answers something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from nhipcau.agreements.models import Clause
from nhipcau.core import journal
from nhipcau.core.bilingual import rewrite
from nhipcau.parties.models import User
from nhipcau.plans import errors
from nhipcau.plans.models import (
    Direction,
    Objective,
    Plan,
)
from nhipcau.plans.services.common import make_revisable, save_or


def _check_answers(plan: Plan, clauses: Sequence[Clause], directions: Sequence[Direction]) -> None:
    if not clauses and not directions:
        raise errors.AnswersNothing(
            _(
                "An objective answers at least one clause of the agreement or one direction from above. Please choose which."
            )
        )
    under = {clause.agreement_id for clause in clauses} | {direction.agreement_id for direction in directions}
    if under != {plan.agreement_id}:
        raise errors.Elsewhere(_("A clause or direction of another agreement was chosen. Please choose from the list."))


def _code_taken(code: str) -> errors.CodeTaken:
    return errors.CodeTaken(_("The code %(code)s is already used by another objective of this plan.") % {"code": code})


def _check_objective_code(plan: Plan, code: str, *, but: Objective | None = None) -> None:
    same = plan.objectives.filter(code__iexact=code)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise _code_taken(code)


@journal.verb(result=True, parts=("clauses", "directions"))
def create_objective(
    *,
    plan: Plan,
    code: str,
    wording: str,
    by: User | None,
    at: datetime,
    wording_en: str = "",
    clauses: Sequence[Clause] = (),
    directions: Sequence[Direction] = (),
    order: int | None = None,
) -> Objective:
    """Add an objective; without an order it goes to the end.

    Raises PlanClosed, AnswersNothing, Elsewhere and CodeTaken.
    """
    make_revisable(plan, by=by, at=at)
    _check_answers(plan, clauses, directions)
    _check_objective_code(plan, code)
    objective = Objective(plan=plan, code=code, order=order or plan.objectives.count() + 1)
    rewrite(objective, {"wording": wording, "wording_en": wording_en})
    save_or(objective, _code_taken(code))
    objective.clauses.set(clauses)
    objective.directions.set(directions)
    return objective


@journal.verb(of="objective", parts=("clauses", "directions"), unless_same=True)
def revise_objective(
    *,
    objective: Objective,
    code: str,
    wording: str,
    by: User | None,
    at: datetime,
    wording_en: str = "",
    clauses: Sequence[Clause] = (),
    directions: Sequence[Direction] = (),
    order: int | None = None,
    english_checked: bool = False,
) -> Objective:
    """Change an objective; it may not end up answering nothing.

    Raises PlanClosed, AnswersNothing, Elsewhere and CodeTaken.
    """
    make_revisable(objective.plan, by=by, at=at)
    _check_answers(objective.plan, clauses, directions)
    _check_objective_code(objective.plan, code, but=objective)
    rewrite(
        objective,
        {"code": code, "wording": wording, "wording_en": wording_en, "order": order or objective.order},
        english_checked=english_checked,
    )
    save_or(objective, _code_taken(code))
    objective.clauses.set(clauses)
    objective.directions.set(directions)
    return objective
