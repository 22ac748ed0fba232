"""What an indicator counts: from its definition and the ledger to a figure, with few statements for many indicators.

The counted ledger of a plan is summed once into a small cube: activity × kind × stretch of days × which of the asked
dimension values a row carries. Stretches are cut at every window's edge, so overlapping windows share one scan, and
nearly every indicator is read out of it. What cannot be added up (a median, different people) asks for itself, in one
statement an indicator.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Min,
    Q,
    Sum,
)

from nhipcau.activities.models import Activity
from nhipcau.evidence.counting.cube import Asked, Cube, flags_of, sides_of
from nhipcau.evidence.counting.rows import (
    APART,
    HUNDRED,
    NOT_MEASURED,
    OWN_COLUMNS,
    Figure,
    carrying,
    counted_rows,
    rounded,
)
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.plans.models import Indicator, Plan, Window


def _simple(indicator: Indicator) -> bool:
    """Tell whether it can be read out of the cube."""
    if indicator.measure == Indicator.Measure.DISTINCT:
        return indicator.dimension == "activity" or indicator.dimension not in OWN_COLUMNS
    return indicator.measure not in {Indicator.Measure.MEDIAN, Indicator.Measure.TARGETS_MET}


def _divide(part: Decimal | int, whole: Decimal | int, indicator: Indicator, rows: int) -> Figure:
    if not whole:
        return Figure(None, rows)
    return Figure(rounded(Decimal(part) * HUNDRED / Decimal(whole), indicator.decimals), rows)


def _from_cube(  # noqa: PLR0911 (one answer a measure)
    cube: Cube, indicator: Indicator, activities: Collection[int] | None, window: Window
) -> Figure:
    asked = Asked(frozenset(indicator.kinds), activities, window, frozenset(flags_of(indicator.where)))
    measure, decimals = indicator.measure, indicator.decimals
    if measure == Indicator.Measure.DISTINCT:
        if indicator.dimension == "activity":
            found, rows = cube.activities(asked)
            return Figure(Decimal(len(found)), rows)
        rows = cube.cell(asked, (indicator.dimension, ())).rows
        return Figure(Decimal(len(cube.different(asked, indicator.dimension))), rows)
    cell = cube.cell(asked)
    match measure:
        case Indicator.Measure.ROWS:
            return Figure(Decimal(cell.rows), cell.rows)
        case Indicator.Measure.SUM:
            return Figure(rounded(cell.total, decimals), cell.rows)
        case Indicator.Measure.MEAN:
            return Figure(rounded(cell.total / cell.rows, decimals), cell.rows) if cell.rows else NOT_MEASURED
        case Indicator.Measure.SHARE:
            part = cube.cell(asked, *flags_of(indicator.numerator))
            return _divide(part.total, cell.total, indicator, cell.rows)
        case Indicator.Measure.BALANCE:
            plus, minus = (cube.cell(asked, side).total for side in sides_of(indicator.numerator))
            return _divide(plus - minus, cell.total, indicator, cell.rows)
        case _:
            part = cube.cell(replace(asked, kinds=frozenset(indicator.numerator_kinds)))
            both = cube.cell(replace(asked, kinds=asked.kinds | frozenset(indicator.numerator_kinds)))
            return _divide(part.total, cell.total, indicator, both.rows)


def _behind(
    cube: Cube, indicator: Indicator, activities: Collection[int] | None, window: Window
) -> dict[int | None, int]:
    """The records behind a figure by activity, as `counted_rows` would list them."""
    kinds = {*indicator.kinds, *(indicator.numerator_kinds if indicator.measure == Indicator.Measure.RATIO else ())}
    asked = Asked(frozenset(kinds), activities, window, frozenset(flags_of(indicator.where)))
    if indicator.measure != Indicator.Measure.DISTINCT:
        return cube.by_activity(asked)
    if indicator.dimension != "activity":
        return cube.by_activity(asked, (indicator.dimension, ()))
    return {activity: n for activity, n in cube.by_activity(asked).items() if activity is not None}


def _by_itself(
    indicator: Indicator, windows: Mapping[str, Window], plan: Plan | None, activities: Collection[int] | None = None
) -> dict[str, Figure]:
    """One statement for all windows of an indicator; what the cube answers, this answers too, and the tests compare."""
    rows = counted_rows(indicator, plan=plan, activities=activities)
    inside = {label: Q(day__gte=w.first, day__lte=w.last) for label, w in windows.items()}
    measure = indicator.measure
    if measure == Indicator.Measure.MEDIAN:
        pairs = list(rows.values_list("day", "quantity"))
        figures = {}
        for label, window in windows.items():
            values = [quantity for day, quantity in pairs if day in window]
            figures[label] = (
                Figure(rounded(statistics.median(values), indicator.decimals), len(values)) if values else NOT_MEASURED
            )
        return figures
    if measure in {Indicator.Measure.ROWS, Indicator.Measure.SUM, Indicator.Measure.MEAN}:
        sums = rows.aggregate(
            **{f"n_{label}": Count("pk", filter=q) for label, q in inside.items()},
            **{f"t_{label}": Sum("quantity", filter=q) for label, q in inside.items()},
        )
        figures = {}
        for label in windows:
            n, total = sums[f"n_{label}"], Decimal(sums[f"t_{label}"] or 0)
            if measure == Indicator.Measure.ROWS:
                figures[label] = Figure(Decimal(n), n)
            elif measure == Indicator.Measure.SUM:
                figures[label] = Figure(rounded(total, indicator.decimals), n)
            else:
                figures[label] = Figure(rounded(total / n, indicator.decimals), n) if n else NOT_MEASURED
        return figures
    if measure == Indicator.Measure.DISTINCT:
        column = OWN_COLUMNS.get(indicator.dimension)
        if column and len({window.first for window in windows.values()}) == 1:
            return _since_one_day(rows, APART[indicator.dimension], windows)
        counted = rows if column else rows.filter(dimensions__dimension=indicator.dimension).order_by()
        sums = counted.aggregate(
            **{f"n_{label}": Count("pk", distinct=not column, filter=q) for label, q in inside.items()},
            **{
                f"d_{label}": Count(APART.get(indicator.dimension, "dimensions__value"), distinct=True, filter=q)
                for label, q in inside.items()
            },
        )
        return {label: Figure(Decimal(sums[f"d_{label}"]), sums[f"n_{label}"]) for label in windows}
    return _parts(indicator, rows, inside, windows)


def _since_one_day(rows: EvidenceQuerySet, apart: Any, windows: Mapping[str, Window]) -> dict[str, Figure]:
    """Different ones in windows that begin on the same day: each is new on one day only, so one grouping answers all.

    Several counts of different ones in one statement would each sort all rows for themselves.
    """
    first = min(window.first for window in windows.values())
    ends = {window.last: f"by_{window.last:%Y%m%d}" for window in windows.values()}
    each = (
        rows.filter(day__gte=first, day__lte=max(ends))
        .order_by()
        .annotate(apart=F(apart) if isinstance(apart, str) else apart)
        .values("apart")
        .annotate(came=Min("day"), **{name: Count("pk", filter=Q(day__lte=last)) for last, name in ends.items()})
    )
    sums = each.aggregate(
        **{f"d_{name}": Count("apart", filter=Q(came__lte=last)) for last, name in ends.items()},
        **{f"s_{name}": Sum(name) for name in ends.values()},
    )
    return {
        label: Figure(Decimal(sums[f"d_{ends[window.last]}"]), sums[f"s_{ends[window.last]}"] or 0)
        for label, window in windows.items()
    }


def _parts(
    indicator: Indicator, rows: EvidenceQuerySet, inside: Mapping[str, Q], windows: Mapping[str, Window]
) -> dict[str, Figure]:
    """Share, ratio and balance: a part of a whole, in percent."""
    if indicator.measure == Indicator.Measure.RATIO:
        above = Q(kind_id__in=indicator.numerator_kinds)
        below = Q(kind_id__in=indicator.kinds)
        sums = rows.aggregate(
            **{f"a_{label}": Sum("quantity", filter=q & above) for label, q in inside.items()},
            **{f"b_{label}": Sum("quantity", filter=q & below) for label, q in inside.items()},
            **{f"n_{label}": Count("pk", filter=q) for label, q in inside.items()},
        )
        return {
            label: _divide(sums[f"a_{label}"] or 0, sums[f"b_{label}"] or 0, indicator, sums[f"n_{label}"])
            for label in windows
        }

    counts: dict[str, Any] = {f"n_{label}": Count("pk", filter=q) for label, q in inside.items()}
    counts |= {f"w_{label}": Sum("quantity", filter=q) for label, q in inside.items()}
    if indicator.measure == Indicator.Measure.BALANCE:
        plus, minus = sides_of(indicator.numerator)
        rows = rows.annotate(plus=Exists(carrying(*plus)), minus=Exists(carrying(*minus)))
        for label, q in inside.items():
            counts[f"a_{label}"] = Sum("quantity", filter=q & Q(plus=True))
            counts[f"m_{label}"] = Sum("quantity", filter=q & Q(minus=True))
    else:
        part = Q()
        for index, flag in enumerate(flags_of(indicator.numerator)):
            rows = rows.annotate(**{f"part_{index}": Exists(carrying(*flag))})
            part &= Q(**{f"part_{index}": True})
        for label, q in inside.items():
            counts[f"a_{label}"] = Sum("quantity", filter=q & part)
    sums = rows.aggregate(**counts)
    return {
        label: _divide(
            Decimal(sums[f"a_{label}"] or 0) - Decimal(sums.get(f"m_{label}") or 0),
            Decimal(sums[f"w_{label}"] or 0),
            indicator,
            sums[f"n_{label}"],
        )
        for label in windows
    }


def figures(
    indicators: Sequence[Indicator],
    windows: Mapping[str, Window],
    *,
    plan: Plan,
    activities: Mapping[int, Collection[int]] | None = None,
    needed: Callable[[Indicator], Collection[str]] | None = None,
    apart: str = "",
) -> dict[tuple[int, str], Figure]:
    """Every indicator's figure in every window, by (indicator key, window label).

    One statement for the cube, one more where different values of a dimension are counted, one for the indicators'
    activities unless given, and one for each indicator that counts different people or takes a median. The share of
    targets met is worked out by `progress`, which knows the targets. `needed` may name the windows that matter for an
    indicator, so that one that asks for itself asks for no more. `apart` names the window whose records are told by
    activity as well, where the cube knows them.
    """
    simple = [i for i in indicators if _simple(i)]
    cube = Cube(plan.pk, windows.values(), simple)
    if activities is None:
        activities = activities_of(indicators)
    found: dict[tuple[int, str], Figure] = {}
    for indicator in indicators:
        if indicator.measure == Indicator.Measure.TARGETS_MET:
            continue
        scoped = activities.get(indicator.pk, ()) if indicator.scope == Indicator.Scope.INDICATOR else None
        if _simple(indicator):
            for label, window in windows.items():
                found[indicator.pk, label] = _from_cube(cube, indicator, scoped, window)
            if apart in windows:
                known = _behind(cube, indicator, scoped, windows[apart])
                found[indicator.pk, apart] = replace(found[indicator.pk, apart], by_activity=known)
        else:
            labels = needed(indicator) if needed else windows
            few = {label: windows[label] for label in labels if label in windows}
            for label, figure in _by_itself(indicator, few, plan, scoped).items():
                found[indicator.pk, label] = figure
    return found


def activities_of(indicators: Iterable[Indicator]) -> dict[int, set[int]]:
    """The activities that work for each indicator counting only those; one statement, none where all count the plan."""
    keys = [i.pk for i in indicators if i.pk and i.scope == Indicator.Scope.INDICATOR]
    found: dict[int, set[int]] = defaultdict(set)
    if keys:
        through = Activity.indicators.through.objects.filter(indicator__in=keys)
        for indicator_id, activity_id in through.values_list("indicator_id", "activity_id"):
            found[indicator_id].add(activity_id)
    return found
