"""The trace: from what was promised to what is proven, laid out for one page in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, F, FilteredRelation, Prefetch, Q, prefetch_related_objects
from django.db.models.lookups import IsNull

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement, Clause
from nhipcau.core.middleware import local_day
from nhipcau.evidence.counting import Progress, progress, proven, proven_mean, proven_share
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.evidence.querysets import verified, verified_one_by_one
from nhipcau.plans.models import Direction, Indicator, Objective, Phase, Plan

#: That an activity took place is not yet proof of what came of it.
NOT_YET_PROOF = frozenset({"activity.held"})


@dataclass(frozen=True)
class Tally:
    """Records of one activity and kind: those that count and those that wait for verification."""

    activity: int | None
    kind: str
    counted: int
    waiting: int


@dataclass(frozen=True)
class Chip:
    """An activity on the way from promise to proof.

    `state` is `held`, `waiting` (declared, not vouched for), `gap` (over, nothing recorded), `over` (over, not yet
    confirmed, but with records), `planned` or `off`.
    """

    activity: Activity
    state: str
    records: int


@dataclass(frozen=True)
class Line:
    """An indicator with where it stands and whether it is proven as far as it should be today."""

    progress: Progress

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.progress.indicator

    @property
    def tone(self) -> str:
        """`ok`, `late` or empty, as the charts name it."""
        return {"met": "ok", "on_pace": "ok", "late": "late"}.get(self.progress.year_state, "")

    @property
    def reached(self) -> Decimal | None:
        """How much of the year's target is proven, 0 to 100; None where the year has none."""
        return proven_share(self.progress)


@dataclass(frozen=True)
class ObjectiveTrace:
    """An objective with its indicators and the activities that work for it."""

    objective: Objective
    lines: Sequence[Line]
    chips: Sequence[Chip]

    @property
    def directions(self) -> list[Direction]:
        """What it answers from above, where that was asked for."""
        return list(self.objective.directions.all())


@dataclass(frozen=True)
class Span:
    """What stands at the far end: how much is proven, by how many records of which kinds, and what is missing."""

    lines: Sequence[Line]
    chips: Sequence[Chip]
    tallies: Sequence[Tally]
    kinds: Mapping[str, EvidenceKind]

    @cached_property
    def percent(self) -> Decimal | None:
        """The mean over the year's targets of how much of each is proven; None where no target is set."""
        return proven_mean(line.progress for line in self.lines)

    @property
    def rounded(self) -> int | None:
        """The percentage without decimals, rounded down: a span is whole only when all of it is proven."""
        return proven(line.progress for line in self.lines)

    @property
    def targets(self) -> int:
        """How many indicators have a target for the year."""
        return sum(line.reached is not None for line in self.lines)

    @property
    def met(self) -> int:
        """How many of them have reached it."""
        return sum(line.progress.year_state == "met" for line in self.lines if line.reached is not None)

    @property
    def late(self) -> int:
        """How many are behind where they should be today."""
        return sum(line.tone == "late" for line in self.lines)

    @cached_property
    def records(self) -> int:
        """Records that count."""
        return sum(tally.counted for tally in self.tallies)

    @cached_property
    def waiting(self) -> int:
        """Records that wait for verification."""
        return sum(tally.waiting for tally in self.tallies)

    @cached_property
    def by_kind(self) -> list[tuple[EvidenceKind, int]]:
        """Kinds with how many records count, most first."""
        sums: dict[str, int] = defaultdict(int)
        for tally in self.tallies:
            sums[tally.kind] += tally.counted
        found = [(self.kinds[kind], n) for kind, n in sums.items() if n]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].order))

    @property
    def gaps(self) -> list[Chip]:
        """Activities that are over and have nothing recorded."""
        return [chip for chip in self.chips if chip.state == "gap"]

    def activities(self) -> set[int]:
        """Keys of the activities on the way."""
        return {chip.activity.pk for chip in self.chips}


@dataclass(frozen=True)
class ClauseTrace:
    """A clause, the objectives that answer it, and what is proven of it."""

    clause: Clause
    objectives: Sequence[ObjectiveTrace]
    span: Span

    @property
    def leads(self) -> list[str]:
        """The units that lead its activities, those leading most first."""
        count: dict[str, int] = defaultdict(int)
        for chip in self.span.chips:
            count[chip.activity.lead.short] += 1
        return sorted(count, key=lambda name: (-count[name], name))


@dataclass(frozen=True)
class Trace:
    """The whole picture of a plan on a day."""

    plan: Plan
    day: date
    phase: Phase | None
    elapsed: float  # share of the year that has passed
    clauses: Sequence[ClauseTrace]
    carrying: ObjectivesOnly | None
    whole: Span


@dataclass(frozen=True)
class ObjectivesOnly:
    """Objectives that answer no clause but what was asked from above: carrying the plan out."""

    objectives: Sequence[ObjectiveTrace]
    span: Span


def build(agreement: Agreement, plan: Plan, *, at: datetime) -> Trace:
    """Lay out a plan as it stands at a moment, or at its end where it is over.

    Nine statements and what the figures take (`counting.progress`), however much there is; phases must be prefetched.
    """
    day = min(max(local_day(at), plan.window().first), plan.last_day)
    clauses, answers = _clauses(agreement, plan)
    objectives = list(Objective.objects.filter(plan=plan).order_by("order", "pk"))
    carrying = [objective for objective in objectives if objective.pk not in answers]
    prefetch_related_objects(carrying, Prefetch("directions", Direction.objects.select_related("issuer")))
    indicators = list(Indicator.objects.filter(objective__plan=plan).order_by("order", "code"))
    by_objective = {objective.pk: objective for objective in objectives}
    for indicator in indicators:
        indicator.objective = by_objective[indicator.objective_id]
    working = _working(plan)
    found = progress(
        plan, indicators, day=day, whole=True, activities={pk: {a.pk for a in some} for pk, some in working.items()}
    )
    tallies = tally(plan)
    kinds = {kind.pk: kind for kind in EvidenceKind.objects.all()}
    traces = {objective.pk: _objective(objective, indicators, found, working, tallies, at) for objective in objectives}

    def span(some: Iterable[ObjectiveTrace]) -> Span:
        some = list(some)
        lines = {line.indicator.pk: line for one in some for line in one.lines}
        chips = {chip.activity.pk: chip for one in some for chip in one.chips}
        mine = [t for t in tallies if t.activity in chips]
        return Span(list(lines.values()), list(chips.values()), mine, kinds)

    clause_traces = []
    for clause in clauses:
        mine = [traces[objective.pk] for objective in objectives if clause.pk in answers.get(objective.pk, ())]
        clause_traces.append(ClauseTrace(clause, mine, span(mine)))
    rest = [traces[objective.pk] for objective in carrying]
    everything = span(traces.values())
    return Trace(
        plan=plan,
        day=day,
        phase=plan.phase_on(day),
        elapsed=plan.window().elapsed(day),
        clauses=clause_traces,
        carrying=ObjectivesOnly(rest, span(rest)) if rest else None,
        whole=Span(everything.lines, everything.chips, tallies, kinds),
    )


def _clauses(agreement: Agreement, plan: Plan) -> tuple[list[Clause], dict[int, set[int]]]:
    """The clauses to show, each in the version this plan answers, and which of them each objective answers."""
    rows = (
        Clause.objects.filter(agreement=agreement)
        .select_related("area")
        .annotate(
            answering=FilteredRelation("objectives", condition=Q(objectives__plan=plan)), answer=F("answering__pk")
        )
        .order_by("order", "version")
    )
    clauses: dict[int, Clause] = {}
    answers: dict[int, set[int]] = defaultdict(set)
    for clause in rows:
        clauses[clause.pk] = clause
        answer: int | None = clause.answer  # type: ignore[attr-defined]  # annotated above
        if answer is not None:
            answers[answer].add(clause.pk)
    answered = {pk for some in answers.values() for pk in some}
    numbers = {clauses[pk].order for pk in answered}
    shown = [
        clause
        for clause in clauses.values()
        if clause.pk in answered or (clause.superseded_by_id is None and clause.order not in numbers)
    ]
    return shown, dict(answers)


def _working(plan: Plan) -> dict[int, list[Activity]]:
    """The activities that work for each indicator, in the order of their days."""
    found: dict[int, list[Activity]] = defaultdict(list)
    rows = (
        Activity.objects.filter(plan=plan, indicators__isnull=False)
        .select_related("lead")
        .annotate(works_for=F("indicators"))
        .order_by("starts_at", "code")
    )
    for activity in rows:
        found[activity.works_for].append(activity)  # type: ignore[attr-defined]  # annotated above
    return found


def tally(plan: Plan, activities: Collection[int] | None = None) -> list[Tally]:
    """Records by activity and kind, of the whole plan or of some activities; one statement."""
    rows = Evidence.objects.current().filter(plan=plan).order_by()
    vouched: Exists | IsNull = verified()
    if activities is not None:
        rows, vouched = rows.filter(activity__in=activities), verified_one_by_one()
    counted = Count("pk", filter=Q(needs_verification=False) | Q(vouched))
    return [
        Tally(activity, kind, yes, everything - yes)
        for activity, kind, yes, everything in rows.values_list("activity_id", "kind_id").annotate(
            yes=counted, everything=Count("pk")
        )
    ]


def _objective(
    objective: Objective,
    indicators: Iterable[Indicator],
    found: Mapping[int, Progress],
    working: Mapping[int, list[Activity]],
    tallies: Iterable[Tally],
    at: datetime,
) -> ObjectiveTrace:
    mine = [indicator for indicator in indicators if indicator.objective_id == objective.pk]
    activities = {activity.pk: activity for indicator in mine for activity in working.get(indicator.pk, ())}
    records: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    for one in tallies:
        if one.activity in activities and one.kind not in NOT_YET_PROOF:
            records[one.activity] += one.counted
            waiting[one.activity] += one.waiting
    ordered = sorted(activities.values(), key=lambda activity: (activity.starts_at, activity.code))
    return ObjectiveTrace(
        objective,
        [Line(found[indicator.pk]) for indicator in mine],
        [chip_of(activity, records[activity.pk], waiting[activity.pk], at) for activity in ordered],
    )


def chip_of(activity: Activity, records: int, waiting: int, at: datetime) -> Chip:
    """How an activity stands at a moment, given how many of its records count and how many wait."""
    if activity.state == Activity.State.CANCELLED:
        state = "off"
    elif activity.state in {Activity.State.HELD, Activity.State.CLOSED}:
        state = "held" if records else "waiting" if waiting else "gap"
    elif activity.ends_at < at:
        state = "over" if records else "waiting" if waiting else "gap"
    else:
        state = "planned"
    return Chip(activity, state, records)
