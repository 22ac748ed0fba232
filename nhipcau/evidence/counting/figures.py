"""What an indicator counts: from its definition and the ledger to a figure, with few statements for many indicators.

The counted ledger of a plan is summed once into a small cube: activity × kind × stretch of days × which of the asked
dimension values a row carries. Stretches are cut at every window's edge, so overlapping windows share one scan, and
nearly every indicator is read out of it. What cannot be added up (a median, different people) asks for itself, in one
statement an indicator.
"""

from __future__ import annotations

import functools
import itertools
import operator
import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
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


def _carrying(name: str, values: Sequence[str]) -> QuerySet[EvidenceDimension]:
    """The dimensions of the row at hand with one of the values; any value where none is named."""
    found = EvidenceDimension.objects.filter(evidence=OuterRef("pk"), dimension=name)
    return found.filter(value__in=list(values)) if values else found


def _with_dimensions(rows: EvidenceQuerySet, where: Mapping[str, Sequence[str]]) -> EvidenceQuerySet:
    for name, values in where.items():
        rows = rows.filter(Exists(_carrying(name, values)))
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
            rows = rows.filter(Exists(_carrying(indicator.dimension, ())))
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


# --- the cube -----------------------------------------------------------------------------------


#: Flags packed into one number; the sign bit stays free.
PACKED = 60
Flag = tuple[str, tuple[str, ...]]  # a dimension and the values that will do; without values any will


def _flags(where: Mapping[str, Sequence[str]]) -> list[Flag]:
    return [(name, tuple(sorted(values))) for name, values in where.items()]


def _sides(numerator: Mapping[str, Sequence[str]]) -> tuple[Flag, Flag]:
    """What counts for and what counts against in a balance."""
    (name, (plus, minus)), *_rest = numerator.items()
    return (name, (plus,)), (name, (minus,))


def _all_flags(indicator: Indicator) -> list[Flag]:
    found = _flags(indicator.where)
    if indicator.measure == Indicator.Measure.SHARE:
        found += _flags(indicator.numerator)
    if indicator.measure == Indicator.Measure.BALANCE:
        found += _sides(indicator.numerator)
    if indicator.measure == Indicator.Measure.DISTINCT and indicator.dimension not in OWN_COLUMNS:
        found.append((indicator.dimension, ()))
    return found


@dataclass(frozen=True)
class _Cell:
    rows: int = 0
    total: Decimal = Decimal(0)

    def __add__(self, other: _Cell) -> _Cell:
        return _Cell(self.rows + other.rows, self.total + other.total)


@dataclass(frozen=True)
class _Entry:
    """Rows alike in everything the indicators ask about."""

    activity: int | None
    stretch: int
    flags: frozenset[Flag]
    cell: _Cell
    pair: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class _Asked:
    """What one figure is read from."""

    kinds: frozenset[str]
    activities: Collection[int] | None
    window: Window
    flags: frozenset[Flag]


class _Cube:
    """A plan's counted ledger, summed by activity, kind, stretch of days and flags: one or two statements."""

    def __init__(self, plan_id: int, windows: Iterable[Window], indicators: Sequence[Indicator]) -> None:
        edges = sorted({day for w in windows for day in (w.first, w.last + timedelta(days=1))})
        self.stretches = [Window(first, after - timedelta(days=1)) for first, after in itertools.pairwise(edges)]
        self.entries: dict[str, list[_Entry]] = defaultdict(list)
        self.values: dict[str, list[_Entry]] = defaultdict(list)
        kinds = {kind for i in indicators for kind in (*i.kinds, *i.numerator_kinds)}
        if not self.stretches or not kinds:
            return
        by_flag: dict[Flag, set[str]] = defaultdict(set)
        for indicator in indicators:
            for flag in _all_flags(indicator):
                by_flag[flag].update(indicator.kinds, indicator.numerator_kinds)
        self.rows = (
            Evidence.objects.counted()
            .filter(plan_id=plan_id, day__gte=edges[0], day__lt=edges[-1])
            .annotate(
                stretch=Case(
                    *(When(day__lte=s.last, then=Value(index)) for index, s in enumerate(self.stretches)),
                    output_field=IntegerField(),
                )
            )
            .order_by()
        )
        self._sum(kinds, by_flag)
        different = [
            i for i in indicators if i.measure == Indicator.Measure.DISTINCT and i.dimension not in OWN_COLUMNS
        ]
        if different:
            self._list(different)

    def _flagged(self, kinds: set[str], by_flag: Mapping[Flag, set[str]]) -> tuple[EvidenceQuerySet, list[str]]:
        """The rows with their flags packed as bits: a statement grouped by one number is twice as quick as by many.

        Each flag is looked up only for kinds that some indicator asks it of.
        """
        bits = [
            Case(
                When(Q(kind_id__in=sorted(asked)) & Q(Exists(_carrying(*flag))), then=Value(1 << index % PACKED)),
                default=Value(0),
                output_field=BigIntegerField(),
            )
            for index, (flag, asked) in enumerate(by_flag.items())
        ]
        packs = {
            f"flags_{first // PACKED}": functools.reduce(operator.add, bits[first : first + PACKED])
            for first in range(0, len(bits), PACKED)
        }
        return self.rows.filter(kind_id__in=sorted(kinds)).annotate(**packs), list(packs)

    @staticmethod
    def _carried(flags: Sequence[Flag], packs: Sequence[int]) -> frozenset[Flag]:
        return frozenset(flag for index, flag in enumerate(flags) if packs[index // PACKED] >> index % PACKED & 1)

    def _sum(self, kinds: set[str], by_flag: Mapping[Flag, set[str]]) -> None:
        rows, names = self._flagged(kinds, by_flag)
        flags = list(by_flag)
        for activity, kind, stretch, *packs, n, total in rows.values_list(
            "activity_id", "kind_id", "stretch", *names
        ).annotate(Count("pk"), Sum("quantity")):
            cell = _Cell(n, Decimal(total))
            self.entries[kind].append(_Entry(activity, stretch, self._carried(flags, packs), cell))

    def _list(self, indicators: Sequence[Indicator]) -> None:
        by_flag: dict[Flag, set[str]] = defaultdict(set)
        for indicator in indicators:
            for flag in _flags(indicator.where):
                by_flag[flag].update(indicator.kinds)
        rows, names = self._flagged({kind for i in indicators for kind in i.kinds}, by_flag)
        flags = list(by_flag)
        for activity, kind, stretch, *packs, name, value in (
            rows.filter(dimensions__dimension__in={i.dimension for i in indicators})
            .values_list("activity_id", "kind_id", "stretch", *names, "dimensions__dimension", "dimensions__value")
            .distinct()
        ):
            entry = _Entry(activity, stretch, self._carried(flags, packs), _Cell(), (name, value))
            self.values[kind].append(entry)

    def _inside(
        self, entries: Mapping[str, list[_Entry]], asked: _Asked, flags: Iterable[Flag] = ()
    ) -> Iterator[_Entry]:
        wanted = asked.flags.union(flags)
        window, activities = asked.window, asked.activities
        inside = {i for i, s in enumerate(self.stretches) if window.first <= s.first and s.last <= window.last}
        for kind in asked.kinds:
            for entry in entries.get(kind, ()):
                if (
                    entry.stretch in inside
                    and wanted <= entry.flags
                    and (activities is None or entry.activity in activities)
                ):
                    yield entry

    def cell(self, asked: _Asked, *flags: Flag) -> _Cell:
        return sum((entry.cell for entry in self._inside(self.entries, asked, flags)), _Cell())

    def activities(self, asked: _Asked) -> tuple[set[int], int]:
        found = [e for e in self._inside(self.entries, asked) if e.activity is not None]
        return {e.activity for e in found if e.activity is not None}, sum(e.cell.rows for e in found)

    def by_activity(self, asked: _Asked, *flags: Flag) -> dict[int | None, int]:
        found: dict[int | None, int] = defaultdict(int)
        for entry in self._inside(self.entries, asked, flags):
            found[entry.activity] += entry.cell.rows
        return dict(found)

    def different(self, asked: _Asked, name: str) -> set[str]:
        return {e.pair[1] for e in self._inside(self.values, asked) if e.pair[0] == name}


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
    cube: _Cube, indicator: Indicator, activities: Collection[int] | None, window: Window
) -> Figure:
    asked = _Asked(frozenset(indicator.kinds), activities, window, frozenset(_flags(indicator.where)))
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
            part = cube.cell(asked, *_flags(indicator.numerator))
            return _divide(part.total, cell.total, indicator, cell.rows)
        case Indicator.Measure.BALANCE:
            plus, minus = (cube.cell(asked, side).total for side in _sides(indicator.numerator))
            return _divide(plus - minus, cell.total, indicator, cell.rows)
        case _:
            part = cube.cell(replace(asked, kinds=frozenset(indicator.numerator_kinds)))
            both = cube.cell(replace(asked, kinds=asked.kinds | frozenset(indicator.numerator_kinds)))
            return _divide(part.total, cell.total, indicator, both.rows)


def _behind(
    cube: _Cube, indicator: Indicator, activities: Collection[int] | None, window: Window
) -> dict[int | None, int]:
    """The records behind a figure by activity, as `counted_rows` would list them."""
    kinds = {*indicator.kinds, *(indicator.numerator_kinds if indicator.measure == Indicator.Measure.RATIO else ())}
    asked = _Asked(frozenset(kinds), activities, window, frozenset(_flags(indicator.where)))
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
    last = max(window.last for window in windows.values())
    each = (
        rows.filter(day__gte=first, day__lte=last)
        .order_by()
        .annotate(apart=F(apart) if isinstance(apart, str) else apart)
        .values("apart")
        .annotate(
            came=Min("day"), **{f"n_{label}": Count("pk", filter=Q(day__lte=w.last)) for label, w in windows.items()}
        )
    )
    sums = each.aggregate(
        **{f"d_{label}": Count("apart", filter=Q(came__lte=w.last)) for label, w in windows.items()},
        **{f"s_{label}": Sum(f"n_{label}") for label in windows},
    )
    return {label: Figure(Decimal(sums[f"d_{label}"]), sums[f"s_{label}"] or 0) for label in windows}


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
        plus, minus = _sides(indicator.numerator)
        rows = rows.annotate(plus=Exists(_carrying(*plus)), minus=Exists(_carrying(*minus)))
        for label, q in inside.items():
            counts[f"a_{label}"] = Sum("quantity", filter=q & Q(plus=True))
            counts[f"m_{label}"] = Sum("quantity", filter=q & Q(minus=True))
    else:
        part = Q()
        for index, flag in enumerate(_flags(indicator.numerator)):
            rows = rows.annotate(**{f"part_{index}": Exists(_carrying(*flag))})
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
    cube = _Cube(plan.pk, windows.values(), simple)
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
