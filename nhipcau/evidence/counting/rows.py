"""A counted value, and the rows of the ledger it was counted from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    QuerySet,
)
from django.db.models.functions import Coalesce

from nhipcau.activities.models import Activity
from nhipcau.evidence.models import Evidence, EvidenceDimension
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.plans.models import Indicator, Plan, Window

HUNDRED = Decimal(100)
OWN_COLUMNS = {"person": "person_id", "organisation": "organisation_id", "activity": "activity_id", "day": "day"}
#: What different ones are told apart by: a person whose second record was found to be the same counts once.
APART: dict[str, Any] = {**OWN_COLUMNS, "person": Coalesce("person__same_as_id", "person_id")}
PERCENT = {Indicator.Measure.SHARE, Indicator.Measure.RATIO, Indicator.Measure.BALANCE, Indicator.Measure.TARGETS_MET}


@dataclass(frozen=True)
class Figure:
    """A counted value; `None` means not measured, which is not zero. `counted` is the number of records behind it.

    `by_activity` is how these lie with the activities, where that was asked for and came out of the same statement.
    """

    value: Decimal | None
    counted: int
    by_activity: Mapping[int | None, int] | None = field(default=None, compare=False, repr=False)


NOT_MEASURED = Figure(None, 0)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half goes up, as on paper."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


# --- the rows behind a figure -------------------------------------------------------------------


def carrying(name: str, values: Sequence[str]) -> QuerySet[EvidenceDimension]:
    """The dimensions of the row at hand with one of the values; any value where none is named."""
    found = EvidenceDimension.objects.filter(evidence=OuterRef("pk"), dimension=name)
    return found.filter(value__in=list(values)) if values else found


def _with_dimensions(rows: EvidenceQuerySet, where: Mapping[str, Sequence[str]]) -> EvidenceQuerySet:
    for name, values in where.items():
        rows = rows.filter(Exists(carrying(name, values)))
    return rows


def counted_rows(
    indicator: Indicator,
    window: Window | None = None,
    *,
    plan: Plan | None = None,
    activities: Collection[int] | None = None,
) -> EvidenceQuerySet:
    """The records behind an indicator's figure in a window or in all its plan.

    For a share and a balance the whole they are taken of, for a ratio both sides, for different ones those that have
    the dimension at all: `Figure.counted` is their number. `activities` stands in for those that work for an indicator
    not saved yet.
    """
    kinds = [*indicator.kinds, *(indicator.numerator_kinds if indicator.measure == Indicator.Measure.RATIO else [])]
    plan_id = plan.pk if plan else indicator.objective.plan_id
    rows = Evidence.objects.counted().filter(plan_id=plan_id, kind_id__in=kinds)
    if indicator.scope == Indicator.Scope.INDICATOR and activities is not None:
        rows = rows.filter(activity__in=list(activities))
    elif indicator.scope == Indicator.Scope.INDICATOR:
        rows = rows.filter(
            activity__in=Activity.indicators.through.objects.filter(indicator=indicator).values("activity")
        )
    rows = _with_dimensions(rows, indicator.where)
    if indicator.measure == Indicator.Measure.DISTINCT:
        column = OWN_COLUMNS.get(indicator.dimension)
        if column:
            rows = rows.filter(**{f"{column}__isnull": False})
        else:
            rows = rows.filter(Exists(carrying(indicator.dimension, ())))
    if window is not None:
        rows = rows.filter(day__gte=window.first, day__lte=window.last)
    return rows


def counts(indicator: Indicator, evidence: Evidence, dimensions: Mapping[str, Collection[str]], *, works: bool) -> bool:
    """Does an indicator count a record? `works`: does the record's activity work for it. No query.

    Asked of the definition only: whether the record is current and vouched for is another matter.
    """
    kinds = [*indicator.kinds, *(indicator.numerator_kinds if indicator.measure == Indicator.Measure.RATIO else [])]
    if evidence.kind_id not in kinds or (indicator.scope == Indicator.Scope.INDICATOR and not works):
        return False
    if indicator.measure == Indicator.Measure.DISTINCT:
        column = OWN_COLUMNS.get(indicator.dimension)
        if (getattr(evidence, column) is None) if column else not dimensions.get(indicator.dimension):
            return False
    return all(set(values) & set(dimensions.get(name, ())) for name, values in indicator.where.items())
