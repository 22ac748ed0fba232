"""A plan's counted ledger read once for all its indicators, summed by what they ask about."""

from __future__ import annotations

import functools
import itertools
import operator
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    IntegerField,
    Q,
    Sum,
    Value,
    When,
)

from nhipcau.evidence.counting.rows import OWN_COLUMNS, carrying
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.plans.models import Indicator, Window

#: Flags packed into one number; the sign bit stays free.
PACKED = 60
Flag = tuple[str, tuple[str, ...]]  # a dimension and the values that will do; without values any will


def flags_of(where: Mapping[str, Sequence[str]]) -> list[Flag]:
    """The flags a condition on dimensions asks for."""
    return [(name, tuple(sorted(values))) for name, values in where.items()]


def sides_of(numerator: Mapping[str, Sequence[str]]) -> tuple[Flag, Flag]:
    """What counts for and what counts against in a balance."""
    (name, (plus, minus)), *_rest = numerator.items()
    return (name, (plus,)), (name, (minus,))


def _all_flags(indicator: Indicator) -> list[Flag]:
    found = flags_of(indicator.where)
    if indicator.measure == Indicator.Measure.SHARE:
        found += flags_of(indicator.numerator)
    if indicator.measure == Indicator.Measure.BALANCE:
        found += sides_of(indicator.numerator)
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
class Asked:
    """What one figure is read from."""

    kinds: frozenset[str]
    activities: Collection[int] | None
    window: Window
    flags: frozenset[Flag]


class Cube:
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
                When(Q(kind_id__in=sorted(asked)) & Q(Exists(carrying(*flag))), then=Value(1 << index % PACKED)),
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
            for flag in flags_of(indicator.where):
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
        self, entries: Mapping[str, list[_Entry]], asked: Asked, flags: Iterable[Flag] = ()
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

    def cell(self, asked: Asked, *flags: Flag) -> _Cell:
        """Rows and quantities of what is asked for, carrying the flags besides."""
        return sum((entry.cell for entry in self._inside(self.entries, asked, flags)), _Cell())

    def activities(self, asked: Asked) -> tuple[set[int], int]:
        """The different activities, and how many records they have."""
        found = [e for e in self._inside(self.entries, asked) if e.activity is not None]
        return {e.activity for e in found if e.activity is not None}, sum(e.cell.rows for e in found)

    def by_activity(self, asked: Asked, *flags: Flag) -> dict[int | None, int]:
        """How many records there are of each activity, and of none."""
        found: dict[int | None, int] = defaultdict(int)
        for entry in self._inside(self.entries, asked, flags):
            found[entry.activity] += entry.cell.rows
        return dict(found)

    def different(self, asked: Asked, name: str) -> set[str]:
        """The different values of a dimension."""
        return {e.pair[1] for e in self._inside(self.values, asked) if e.pair[0] == name}
