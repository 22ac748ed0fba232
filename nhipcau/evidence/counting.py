"""What an indicator counts: from its definition and the ledger to a figure, with few statements for many indicators.

The ledger of a plan is summed once into a small cube (activity × kind × stretch of days, and the same by dimension);
every indicator that filters by at most one value is read out of it. The few that need more ask for themselves, one
statement each. Stretches are cut at every window's edge, so overlapping windows share one scan.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Sum, Value, When

from nhipcau.activities.models import Activity
from nhipcau.evidence.models import Evidence, EvidenceDimension
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.plans.models import Indicator, Plan, Target, Window

HUNDRED = Decimal(100)
OWN_COLUMNS = {"person": "person_id", "organisation": "organisation_id", "activity": "activity_id", "day": "day"}
PERCENT = {Indicator.Measure.SHARE, Indicator.Measure.RATIO, Indicator.Measure.BALANCE, Indicator.Measure.TARGETS_MET}


@dataclass(frozen=True)
class Figure:
    """A counted value; `None` means not measured, which is not zero. `counted` is the number of records behind it."""

    value: Decimal | None
    counted: int


NOT_MEASURED = Figure(None, 0)


def _round(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


# --- the rows behind a figure -------------------------------------------------------------------


def _with_dimensions(rows: EvidenceQuerySet, where: Mapping[str, Sequence[str]]) -> EvidenceQuerySet:
    for name, values in where.items():
        rows = rows.filter(
            Exists(EvidenceDimension.objects.filter(evidence=OuterRef("pk"), dimension=name, value__in=list(values)))
        )
    return rows


def counted_rows(indicator: Indicator, window: Window | None = None, *, plan: Plan | None = None) -> EvidenceQuerySet:
    """The records an indicator counts in a window or in all its plan; for a share, those counted against."""
    kinds = [*indicator.kinds, *indicator.numerator_kinds]
    plan_id = plan.pk if plan else indicator.objective.plan_id
    rows = Evidence.objects.counted().filter(plan_id=plan_id, kind_id__in=kinds)
    if indicator.scope == Indicator.Scope.INDICATOR and indicator.pk:
        rows = rows.filter(
            activity__in=Activity.indicators.through.objects.filter(indicator=indicator).values("activity")
        )
    rows = _with_dimensions(rows, indicator.where)
    if window is not None:
        rows = rows.filter(day__gte=window.first, day__lte=window.last)
    return rows


# --- the cube -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    rows: int = 0
    total: Decimal = Decimal(0)

    def __add__(self, other: _Cell) -> _Cell:
        return _Cell(self.rows + other.rows, self.total + other.total)


class _Cube:
    """A plan's counted ledger, summed by activity, kind and stretch of days: two statements."""

    def __init__(self, plan_id: int, windows: Iterable[Window], kinds: set[str], dimensions: set[str]) -> None:
        edges = sorted({day for w in windows for day in (w.first, w.last + timedelta(days=1))})
        self.stretches = [
            Window(first, after - timedelta(days=1)) for first, after in zip(edges, edges[1:], strict=False)
        ]
        self.plain: dict[tuple[int | None, str, int], _Cell] = {}
        self.by_value: dict[tuple[int | None, str, int], dict[tuple[str, str], _Cell]] = defaultdict(dict)
        if not self.stretches or not kinds:
            return
        stretch = Case(
            *(When(day__lte=s.last, then=Value(index)) for index, s in enumerate(self.stretches)),
            output_field=IntegerField(),
        )
        rows = (
            Evidence.objects.counted()
            .filter(plan_id=plan_id, kind_id__in=kinds, day__gte=edges[0], day__lt=edges[-1])
            .annotate(stretch=stretch)
            .order_by()
        )
        for activity, kind, index, n, total in rows.values_list("activity_id", "kind_id", "stretch").annotate(
            Count("pk"), Sum("quantity")
        ):
            self.plain[activity, kind, index] = _Cell(n, Decimal(total))
        if dimensions:
            joined = rows.filter(dimensions__dimension__in=dimensions)
            for activity, kind, index, name, value, n, total in joined.values_list(
                "activity_id", "kind_id", "stretch", "dimensions__dimension", "dimensions__value"
            ).annotate(Count("pk"), Sum("quantity")):
                self.by_value[activity, kind, index][name, value] = _Cell(n, Decimal(total))

    def keys(
        self, kinds: Iterable[str], activities: set[int] | None, window: Window
    ) -> list[tuple[int | None, str, int]]:
        wanted = set(kinds)
        inside = {i for i, s in enumerate(self.stretches) if window.first <= s.first and s.last <= window.last}
        return [
            key
            for key in self.plain
            if key[1] in wanted and key[2] in inside and (activities is None or key[0] in activities)
        ]

    def cell(
        self, kinds: Iterable[str], activities: set[int] | None, window: Window, pair: tuple[str, str] | None
    ) -> _Cell:
        found = self.keys(kinds, activities, window)
        if pair is None:
            return sum((self.plain[key] for key in found), _Cell())
        return sum((self.by_value[key].get(pair, _Cell()) for key in found if key in self.by_value), _Cell())

    def values(self, kinds: Iterable[str], activities: set[int] | None, window: Window, name: str) -> set[str]:
        return {
            value
            for key in self.keys(kinds, activities, window)
            if key in self.by_value
            for dimension, value in self.by_value[key]
            if dimension == name
        }


def _single(where: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    (name, values), *_rest = where.items()
    return (name, values[0])


def _simple(indicator: Indicator) -> bool:
    """Can it be read out of the cube?"""
    where, numerator = indicator.where, indicator.numerator
    narrow = len(where) <= 1 and all(len(values) == 1 for values in where.values())
    measure = indicator.measure
    if measure in {Indicator.Measure.ROWS, Indicator.Measure.SUM, Indicator.Measure.MEAN}:
        return narrow
    if measure == Indicator.Measure.RATIO:
        return not where
    if measure == Indicator.Measure.SHARE:
        return not where and len(numerator) == 1 and all(len(values) == 1 for values in numerator.values())
    if measure == Indicator.Measure.DISTINCT:
        return not where and (indicator.dimension == "activity" or indicator.dimension not in OWN_COLUMNS)
    return False


def _divide(part: Decimal | int, whole: Decimal | int, indicator: Indicator, rows: int) -> Figure:
    if not whole:
        return NOT_MEASURED
    return Figure(_round(Decimal(part) * HUNDRED / Decimal(whole), indicator.decimals), rows)


def _from_cube(cube: _Cube, indicator: Indicator, activities: set[int] | None, window: Window) -> Figure:
    kinds = indicator.kinds
    pair = _single(indicator.where) if indicator.where else None
    cell = cube.cell(kinds, activities, window, pair)
    match indicator.measure:
        case Indicator.Measure.ROWS:
            return Figure(Decimal(cell.rows), cell.rows)
        case Indicator.Measure.SUM:
            return Figure(_round(cell.total, indicator.decimals), cell.rows)
        case Indicator.Measure.MEAN:
            if not cell.rows:
                return NOT_MEASURED
            return Figure(_round(cell.total / cell.rows, indicator.decimals), cell.rows)
        case Indicator.Measure.SHARE:
            part = cube.cell(kinds, activities, window, _single(indicator.numerator))
            return _divide(part.rows, cell.rows, indicator, cell.rows)
        case Indicator.Measure.RATIO:
            part = cube.cell(indicator.numerator_kinds, activities, window, None)
            return _divide(part.total, cell.total, indicator, cell.rows + part.rows)
        case _:
            if indicator.dimension == "activity":
                found: set[Any] = {key[0] for key in cube.keys(kinds, activities, window)}
            else:
                found = cube.values(kinds, activities, window, indicator.dimension)
            return Figure(Decimal(len(found)), cell.rows)


def _by_itself(indicator: Indicator, windows: Mapping[str, Window], plan: Plan | None) -> dict[str, Figure]:
    """One statement for all windows of an indicator that the cube cannot answer."""
    rows = counted_rows(indicator, plan=plan)
    inside = {label: Q(day__gte=w.first, day__lte=w.last) for label, w in windows.items()}
    measure = indicator.measure
    if measure == Indicator.Measure.MEDIAN:
        pairs = list(rows.values_list("day", "quantity"))
        figures = {}
        for label, window in windows.items():
            values = [quantity for day, quantity in pairs if day in window]
            figures[label] = (
                Figure(_round(statistics.median(values), indicator.decimals), len(values)) if values else NOT_MEASURED
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
                figures[label] = Figure(_round(total, indicator.decimals), n)
            else:
                figures[label] = Figure(_round(total / n, indicator.decimals), n) if n else NOT_MEASURED
        return figures
    if measure == Indicator.Measure.DISTINCT:
        column = OWN_COLUMNS.get(indicator.dimension)
        counted = rows if column else rows.filter(dimensions__dimension=indicator.dimension)
        sums = counted.aggregate(
            **{f"n_{label}": Count("pk", distinct=True, filter=q) for label, q in inside.items()},
            **{
                f"d_{label}": Count(column or "dimensions__value", distinct=True, filter=q)
                for label, q in inside.items()
            },
        )
        return {label: Figure(Decimal(sums[f"d_{label}"]), sums[f"n_{label}"]) for label in windows}
    return _parts(indicator, rows, inside, windows)


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

    def having(name: str, values: Sequence[str]) -> Exists:
        return Exists(EvidenceDimension.objects.filter(evidence=OuterRef("pk"), dimension=name, value__in=list(values)))

    counts: dict[str, Any] = {f"n_{label}": Count("pk", filter=q) for label, q in inside.items()}
    if indicator.measure == Indicator.Measure.BALANCE:
        (name, (plus, minus)), *_rest = indicator.numerator.items()
        rows = rows.annotate(plus=having(name, [plus]), minus=having(name, [minus]))
        for label, q in inside.items():
            counts[f"a_{label}"] = Count("pk", filter=q & Q(plus=True))
            counts[f"m_{label}"] = Count("pk", filter=q & Q(minus=True))
        sums = rows.aggregate(**counts)
        return {
            label: _divide(sums[f"a_{label}"] - sums[f"m_{label}"], sums[f"n_{label}"], indicator, sums[f"n_{label}"])
            for label in windows
        }
    part = Q()
    for index, (name, values) in enumerate(indicator.numerator.items()):
        rows = rows.annotate(**{f"part_{index}": having(name, values)})
        part &= Q(**{f"part_{index}": True})
    for label, q in inside.items():
        counts[f"a_{label}"] = Count("pk", filter=q & part)
    sums = rows.aggregate(**counts)
    return {label: _divide(sums[f"a_{label}"], sums[f"n_{label}"], indicator, sums[f"n_{label}"]) for label in windows}


def figures(
    indicators: Sequence[Indicator], windows: Mapping[str, Window], *, plan: Plan
) -> dict[tuple[int, str], Figure]:
    """Every indicator's figure in every window, by (indicator key, window label).

    Two statements for the cube, one for the indicators' activities (unless prefetched), one more for each indicator
    that filters by several values. The share of targets met is worked out by `progress`, which knows the targets.
    """
    simple = [i for i in indicators if _simple(i)]
    kinds = {kind for i in simple for kind in (*i.kinds, *i.numerator_kinds)}
    names = {name for i in simple for name in (*i.where, *i.numerator)}
    names |= {i.dimension for i in simple if i.measure == Indicator.Measure.DISTINCT and i.dimension not in OWN_COLUMNS}
    cube = _Cube(plan.pk, windows.values(), kinds, names)
    scoped: dict[int, set[int]] = defaultdict(set)
    if any(i.scope == Indicator.Scope.INDICATOR for i in simple):
        through = Activity.indicators.through
        for indicator_id, activity_id in through.objects.filter(
            indicator__in=[i.pk for i in simple if i.pk]
        ).values_list("indicator_id", "activity_id"):
            scoped[indicator_id].add(activity_id)
    found: dict[tuple[int, str], Figure] = {}
    for indicator in indicators:
        if indicator.measure == Indicator.Measure.TARGETS_MET:
            continue
        if _simple(indicator):
            activities = scoped[indicator.pk] if indicator.scope == Indicator.Scope.INDICATOR else None
            for label, window in windows.items():
                found[indicator.pk, label] = _from_cube(cube, indicator, activities, window)
        else:
            for label, figure in _by_itself(indicator, windows, plan).items():
                found[indicator.pk, label] = figure
    return found


# --- progress against targets ---------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """An indicator on a day: this phase and the year, beside their targets."""

    indicator: Indicator
    now: Figure  # in the phase the day falls in, up to that day
    target: Decimal | None
    cumulative: Figure  # from the plan's first day, by the indicator's rule across phases
    year_target: Decimal | None
    by_phase: Mapping[int, Figure]
    phase_targets: Mapping[int, Decimal | None]
    elapsed: float  # share of the phase that has passed

    @property
    def percent(self) -> Decimal | None:
        """The actual as a percentage of the phase's target; None where either is missing."""
        return share_of_target(self.now.value, self.target)

    @property
    def expected(self) -> Decimal | None:
        """Where the figure should stand today: counts grow with the days, shares and scores should hold now."""
        if self.target is None:
            return None
        if self.indicator.across in {Indicator.Across.SUM, Indicator.Across.RECOUNT}:
            return self.target * Decimal(str(round(self.elapsed, 4)))
        return self.target

    @property
    def state(self) -> str:
        """`met`, `on_pace`, `late`, or `unmeasured`."""
        if self.target is None or self.now.value is None:
            return "unmeasured"
        if self.indicator.falling_is_good:
            return "met" if self.now.value <= self.target else "late"
        if self.now.value >= self.target:
            return "met"
        expected = self.expected or Decimal(0)
        return "on_pace" if self.now.value >= expected * Decimal("0.9") else "late"


def share_of_target(value: Decimal | None, target: Decimal | None) -> Decimal | None:
    """Actual as a percentage of the target, one decimal; None where either is missing or the target is zero."""
    if value is None or not target:
        return None
    return _round(value * HUNDRED / target, 1)


def meets(indicator: Indicator, value: Decimal | None, target: Decimal | None) -> bool | None:
    """Is the target met? None where it is not measured."""
    if value is None or target is None:
        return None
    return value <= target if indicator.falling_is_good else value >= target


def combine(indicator: Indicator, phases: Sequence[Figure], whole: Figure) -> Figure:
    """An indicator's figure over several phases: added up, the latest, the lowest, or counted again as a whole."""
    measured = [figure for figure in phases if figure.value is not None]
    rows = sum(figure.counted for figure in phases)
    match indicator.across:
        case Indicator.Across.RECOUNT:
            return whole
        case Indicator.Across.SUM:
            return Figure(sum((f.value for f in measured if f.value is not None), Decimal(0)), rows)
        case Indicator.Across.LAST:
            return measured[-1] if measured else NOT_MEASURED
        case _:
            lowest = min((f.value for f in measured if f.value is not None), default=None)
            return Figure(lowest, rows) if measured else NOT_MEASURED


def year_target(indicator: Indicator, targets: Sequence[Decimal | None]) -> Decimal | None:
    """The year's target from those of the phases in order, by the same rule."""
    set_ones = [t for t in targets if t is not None]
    if not set_ones:
        return None
    return sum(set_ones, Decimal(0)) if indicator.across == Indicator.Across.SUM else set_ones[-1]


def current_targets(plan: Plan) -> dict[tuple[int, int], Decimal | None]:
    """The targets in force by (indicator key, phase key); one statement."""
    return {
        (indicator, phase): value
        for indicator, phase, value in Target.objects.current()
        .filter(phase__plan=plan)
        .values_list("indicator_id", "phase_id", "value")
    }


def _targets_met(
    indicators: Sequence[Indicator],
    label: str,
    phase: int,
    found: Mapping[tuple[int, str], Figure],
    targets: Mapping[tuple[int, int], Decimal | None],
    decimals: int,
) -> Figure:
    verdicts = [
        verdict
        for i in indicators
        if i.measure != Indicator.Measure.TARGETS_MET
        and (verdict := meets(i, found[i.pk, label].value, targets.get((i.pk, phase)))) is not None
    ]
    if not verdicts:
        return NOT_MEASURED
    share = Decimal(sum(verdicts)) * HUNDRED / Decimal(len(verdicts))
    return Figure(_round(share, decimals), len(verdicts))


def progress(
    plan: Plan, indicators: Sequence[Indicator], *, day: date, window: Window | None = None
) -> dict[int, Progress]:
    """How each indicator stands on a day, by its key.

    `window` replaces the days of the phase for the current figure, where a report chose its own data window. About six
    statements however many indicators and records there are; phases should be prefetched.
    """
    windows = plan.windows()
    year = plan.window()
    day = min(max(day, year.first), year.last)
    phase = plan.phase_on(day)
    labelled: dict[str, Window] = {}
    for pk, phase_window in windows.items():
        if phase_window.first <= day:
            labelled[f"p{pk}"] = Window(phase_window.first, min(phase_window.last, day))
    labelled["year"] = Window(year.first, day)
    if window is not None:
        labelled["chosen"] = window
    if window is not None:
        labelled["r_chosen"] = Window(year.first, window.last)
    for pk in windows:
        if f"p{pk}" in labelled:  # people are never added up: a recounted indicator's phases run from the plan's start
            labelled[f"r{pk}"] = Window(year.first, labelled[f"p{pk}"].last)
    found = figures(indicators, labelled, plan=plan)
    for indicator in indicators:
        if indicator.across == Indicator.Across.RECOUNT:
            for pk in windows:
                if f"r{pk}" in labelled:
                    found[indicator.pk, f"p{pk}"] = found[indicator.pk, f"r{pk}"]
            if window is not None:
                found[indicator.pk, "chosen"] = found[indicator.pk, "r_chosen"]
    targets = current_targets(plan)
    now_label = "chosen" if window is not None else f"p{phase.pk}" if phase else "year"
    for indicator in indicators:
        if indicator.measure == Indicator.Measure.TARGETS_MET:
            for pk in windows:
                if f"p{pk}" in labelled:
                    found[indicator.pk, f"p{pk}"] = _targets_met(
                        indicators, f"p{pk}", pk, found, targets, indicator.decimals
                    )
            found[indicator.pk, "year"] = NOT_MEASURED
            if window is not None and phase:
                found[indicator.pk, "chosen"] = _targets_met(
                    indicators, "chosen", phase.pk, found, targets, indicator.decimals
                )
    result = {}
    for indicator in indicators:
        by_phase = {pk: found.get((indicator.pk, f"p{pk}"), NOT_MEASURED) for pk in windows}
        reached = [by_phase[pk] for pk in windows if f"p{pk}" in labelled]
        phase_targets = {pk: targets.get((indicator.pk, pk)) for pk in windows}
        result[indicator.pk] = Progress(
            indicator=indicator,
            now=found[indicator.pk, now_label],
            target=phase_targets.get(phase.pk) if phase else None,
            cumulative=combine(indicator, reached, found[indicator.pk, "year"]),
            year_target=year_target(indicator, list(phase_targets.values())),
            by_phase=by_phase,
            phase_targets=phase_targets,
            elapsed=windows[phase.pk].elapsed(day) if phase else 1.0,
        )
    return result
