"""Indicators are defined, and what they should reach is set and revised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from nhipcau.core import journal
from nhipcau.core.bilingual import rewrite
from nhipcau.parties.models import User
from nhipcau.plans import errors
from nhipcau.plans.models import (
    Indicator,
    Objective,
    Phase,
    Plan,
    Target,
)
from nhipcau.plans.services.common import make_revisable, save_or

#: Two places are stored.
_MOST_DECIMALS = 2


class IndicatorFacts(TypedDict, total=False):
    """What can be given of an indicator; what is left out keeps its value (or the model's default)."""

    code: str
    order: int
    name: str
    name_en: str
    unit: str
    unit_en: str
    stage: str
    falling_is_good: bool
    decimals: int
    measure: str
    kinds: Sequence[str]
    dimension: str
    where: Mapping[str, Sequence[str]]
    numerator: Mapping[str, Sequence[str]]
    numerator_kinds: Sequence[str]
    across: str
    scope: str
    baseline: Decimal | None
    baseline_note: str
    baseline_note_en: str


def _stored(facts: IndicatorFacts) -> dict[str, Any]:
    """Facts as the columns keep them: lists and plain mappings."""
    values: dict[str, Any] = dict(facts)
    for name in ("kinds", "numerator_kinds"):
        if name in values:
            values[name] = list(dict.fromkeys(values[name]))
    for name in ("where", "numerator"):
        if name in values:
            values[name] = {key: list(some) for key, some in values[name].items() if some}
    return values


def _code_taken(code: str) -> errors.CodeTaken:
    return errors.CodeTaken(_("The code %(code)s is already used by another indicator of this plan.") % {"code": code})


def _check_indicator(indicator: Indicator, plan: Plan) -> None:
    measure = Indicator.Measure
    if not indicator.kinds and indicator.measure != measure.TARGETS_MET:
        raise errors.CountsNothing(
            _("Choose at least one kind of evidence: an indicator counts records, not opinions.")
        )
    if indicator.measure == measure.DISTINCT and not indicator.dimension:
        raise errors.CountsNothing(_("Choose what the different ones are told apart by, for example topic or person."))
    if indicator.measure == measure.SHARE and not indicator.numerator:
        raise errors.CountsNothing(_("A share needs the part that is counted, for example audience: youth."))
    above, below = set(indicator.numerator_kinds), set(indicator.kinds)
    if indicator.measure == measure.RATIO and (not above or above & below):
        raise errors.CountsNothing(_("A ratio needs kinds of evidence above the line and other kinds below it."))
    if not 0 <= indicator.decimals <= _MOST_DECIMALS:
        raise errors.BadTarget(_("Figures are kept with at most two places after the comma."))
    same = Indicator.objects.filter(objective__plan=plan, code__iexact=indicator.code)
    if same.exclude(pk=indicator.pk).exists():
        raise _code_taken(indicator.code)


@journal.verb(result=True)
def create_indicator(
    *, objective: Objective, by: User | None, at: datetime, **facts: Unpack[IndicatorFacts]
) -> Indicator:
    """Define what is counted for an objective; needs at least code, name, unit and, save for `derived`, kinds.

    Raises PlanClosed, CountsNothing, BadTarget and CodeTaken.
    """
    make_revisable(objective.plan, by=by, at=at)
    indicator = Indicator(objective=objective, order=objective.indicators.count() + 1)
    rewrite(indicator, _stored(facts))
    _check_indicator(indicator, objective.plan)
    save_or(indicator, _code_taken(indicator.code))
    return indicator


@journal.verb(of="indicator", unless_same=True)
def revise_indicator(
    *,
    indicator: Indicator,
    by: User | None,
    at: datetime,
    english_checked: bool = False,
    **facts: Unpack[IndicatorFacts],
) -> Indicator:
    """Change an indicator; frozen reports keep the definition they were made with.

    Raises PlanClosed, CountsNothing, BadTarget and CodeTaken.
    """
    plan = indicator.objective.plan
    make_revisable(plan, by=by, at=at)
    rewrite(indicator, _stored(facts), english_checked=english_checked)
    _check_indicator(indicator, plan)
    save_or(indicator, _code_taken(indicator.code))
    return indicator


@journal.verb(of="indicator", parts=("targets",), unless_same=True)
def revise_target(
    *, indicator: Indicator, phase: Phase, value: Decimal | int | None, by: User | None, at: datetime, reason: str = ""
) -> Target:
    """Set what an indicator should reach in a phase; None: not measured then. The old target stays on record.

    Setting the value that already stands changes nothing. Raises PlanClosed, Elsewhere, BadTarget, TargetMoved when
    somebody else sets it at the same moment, and ReasonMissing when a target of a plan in force changes without one.
    """
    plan = indicator.objective.plan
    if phase.plan_id != plan.pk:
        raise errors.Elsewhere(_("This phase belongs to another plan."))
    wanted = None if value is None else Decimal(value)
    if wanted is not None and (not wanted.is_finite() or wanted < 0):
        raise errors.BadTarget(_("A target is a number, zero or more. Leave it empty where nothing is measured."))
    current = Target.objects.current().select_for_update().filter(indicator=indicator, phase=phase).first()
    if current is not None and current.value == wanted:
        return current
    make_revisable(plan, by=by, at=at)
    if current is not None:
        if plan.state == Plan.State.ADOPTED and not reason.strip():
            raise errors.ReasonMissing(_("The plan is in force. Please say why this target changes."))
        current.superseded_at = at
        current.save(update_fields=["superseded_at"])
    target = Target(indicator=indicator, phase=phase, value=wanted, reason=reason, by=by, at=at)
    save_or(target, errors.TargetMoved(_("Somebody has just set this target. Please open it again.")))
    return target
