"""How an indicator stands against its targets: in a phase, over the year, on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nhipcau.evidence.counting.figures import figures
from nhipcau.evidence.counting.rows import HUNDRED, NOT_MEASURED, Figure, rounded
from nhipcau.plans.models import Indicator, Plan, Target, Window


@dataclass(frozen=True)
class Progress:
    """An indicator on a day: this phase and the year, beside their targets.

    Where an indicator counts again from the start, its targets are cumulative, and so are its figures of a phase.
    """

    indicator: Indicator
    now: Figure  # in the phase the day falls in, up to that day
    target: Decimal | None
    cumulative: Figure  # from the plan's first day, by the indicator's rule across phases
    year_target: Decimal | None
    by_phase: Mapping[int, Figure]
    phase_targets: Mapping[int, Decimal | None]
    elapsed: float  # share of the phase that has passed
    phase: int | None = None  # key of the phase the day falls in
    by_activity: Mapping[int | None, int] | None = None  # the year's records, where asked for and known

    @property
    def percent(self) -> Decimal | None:
        """The actual as a percentage of the phase's target; None where either is missing."""
        return share_of_target(self.now.value, self.target)

    @property
    def year_percent(self) -> Decimal | None:
        """The year so far as a percentage of the year's target; None where either is missing."""
        return share_of_target(self.cumulative.value, self.year_target)

    @property
    def _earlier(self) -> list[Decimal]:
        """Targets set for the phases before this one."""
        keys = list(self.phase_targets)
        before = keys[: keys.index(self.phase)] if self.phase in keys else []
        return [value for key in before if (value := self.phase_targets[key]) is not None]

    @property
    def expected(self) -> Decimal | None:
        """Where the phase's figure should stand today: counts grow with the days, shares and scores should hold now."""
        if self.target is None:
            return None
        gone = Decimal(str(round(self.elapsed, 4)))
        match self.indicator.across:
            case Indicator.Across.SUM:
                return self.target * gone
            case Indicator.Across.RECOUNT:
                reached = self._earlier[-1] if self._earlier else Decimal(0)
                return reached + (self.target - reached) * gone
            case _:
                return self.target

    @property
    def year_expected(self) -> Decimal | None:
        """Where the year's figure should stand today; None where nothing is planned up to now."""
        earlier, now = self._earlier, self.expected
        if self.indicator.across == Indicator.Across.SUM:
            return sum(earlier, now or Decimal(0)) if earlier or now is not None else None
        return now if now is not None else earlier[-1] if earlier else None

    @property
    def state(self) -> str:
        """How the phase stands: `met`, `on_pace`, `late`, or `unmeasured`."""
        return _state(self.indicator, self.now.value, self.target, self.expected)

    @property
    def year_state(self) -> str:
        """How the year stands: `met`, `on_pace`, `late`, or `unmeasured`, also where nothing is planned up to now."""
        if self.year_expected is None and not self.cumulative.counted:
            return "unmeasured"
        return _state(self.indicator, self.cumulative.value, self.year_target, self.year_expected)


def _state(indicator: Indicator, value: Decimal | None, target: Decimal | None, expected: Decimal | None) -> str:
    if target is None or value is None:
        return "unmeasured"
    if indicator.falling_is_good:
        return "met" if value <= target else "late"
    if value >= target:
        return "met"
    return "on_pace" if value >= (expected or Decimal(0)) * Decimal("0.9") else "late"


def share_of_target(value: Decimal | None, target: Decimal | None) -> Decimal | None:
    """Actual as a percentage of the target, one decimal; None where either is missing or the target is zero."""
    if value is None or not target:
        return None
    return rounded(value * HUNDRED / target, 1)


def proven_share(row: Progress) -> Decimal | None:
    """How much of the year's target is proven, 0 to 100; None where the year has none.

    What is targeted and not measured yet counts as nothing proven.
    """
    target, value = row.year_target, row.cumulative.value
    if target is None:
        return None
    if value is None:
        return Decimal(0)
    if row.indicator.falling_is_good:
        return HUNDRED if value <= target else HUNDRED * target / value
    return min(HUNDRED, max(Decimal(0), value * HUNDRED / target)) if target else HUNDRED


def proven_mean(rows: Iterable[Progress]) -> Decimal | None:
    """The mean of what is proven of each target of the year, 0 to 100; None where nothing is targeted."""
    shares = [share for row in rows if (share := proven_share(row)) is not None]
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def proven(rows: Iterable[Progress]) -> int | None:
    """That mean in whole percent, rounded down inside and in public: it says 100 only when everything is proven."""
    mean = proven_mean(rows)
    return None if mean is None else int(mean)


def meets(indicator: Indicator, value: Decimal | None, target: Decimal | None) -> bool | None:
    """Is the target met? None where it is not measured."""
    if value is None or target is None:
        return None
    return value <= target if indicator.falling_is_good else value >= target


def combine(indicator: Indicator, phases: Sequence[Figure], whole: Figure) -> Figure:
    """An indicator's figure over several phases: added up, the latest, the worst, or counted again as a whole."""
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
            worst = max if indicator.falling_is_good else min
            return Figure(worst(f.value for f in measured if f.value is not None), rows) if measured else NOT_MEASURED


def year_target(indicator: Indicator, targets: Sequence[Decimal | None]) -> Decimal | None:
    """The year's target from those of the phases in order, by the same rule."""
    return indicator.year_target(targets)


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
    reached: Callable[[Indicator], Figure],
    phase: int,
    targets: Mapping[tuple[int, int], Decimal | None],
    decimals: int,
) -> Figure:
    verdicts = [
        verdict
        for i in indicators
        if i.measure != Indicator.Measure.TARGETS_MET
        and (verdict := meets(i, reached(i).value, targets.get((i.pk, phase)))) is not None
    ]
    if not verdicts:
        return NOT_MEASURED
    share = Decimal(sum(verdicts)) * HUNDRED / Decimal(len(verdicts))
    return Figure(rounded(share, decimals), len(verdicts))


def progress(
    plan: Plan,
    indicators: Sequence[Indicator],
    *,
    day: date,
    window: Window | None = None,
    activities: Mapping[int, Collection[int]] | None = None,
    whole: bool = False,
    apart: bool = False,
) -> dict[int, Progress]:
    """How each indicator stands on a day, by its key; `whole` says that these are all indicators of the plan.

    `apart` asks for the year's records by activity as well, where the cube knows them. `window` replaces the days of the phase for the current figure, where a report chose its own data window. Two
    statements more than `figures` at most: targets, and the plan's other indicators where the share of targets met is
    asked for without them; phases should be prefetched.
    """
    everything = indicators if whole else _with_the_rest(plan, indicators)
    if everything is not indicators:
        activities = None
    windows = plan.windows()
    day = min(max(day, plan.window().first), plan.last_day)
    phase = plan.phase_on(day)
    labelled, begun = _labelled(plan, windows, day, window)
    found = figures(
        everything,
        labelled,
        plan=plan,
        activities=activities,
        needed=lambda indicator: _needed(indicator, begun),
        apart="year" if apart else "",
    )
    targets = current_targets(plan)

    def reached(indicator: Indicator, label: str) -> Figure:
        if indicator.across == Indicator.Across.RECOUNT:
            label = "until" if label == "chosen" else label.replace("p", "u")
        return found.get((indicator.pk, label), NOT_MEASURED)

    def met(indicator: Indicator, label: str, key: int) -> Figure:
        return _targets_met(everything, lambda one: reached(one, label), key, targets, indicator.decimals)

    now_label = "chosen" if window is not None else f"p{phase.pk}" if phase else "year"
    for indicator in indicators:
        if indicator.measure == Indicator.Measure.TARGETS_MET:
            for pk in begun:
                share = met(indicator, f"p{pk}", pk)
                for label in (f"p{pk}", f"u{pk}", "year"):
                    found[indicator.pk, label] = share
            if window is not None and phase:
                found[indicator.pk, "chosen"] = found[indicator.pk, "until"] = met(indicator, "chosen", phase.pk)
    result = {}
    for indicator in indicators:
        by_phase = {pk: reached(indicator, f"p{pk}") for pk in windows}
        phase_targets = {pk: targets.get((indicator.pk, pk)) for pk in windows}
        result[indicator.pk] = Progress(
            indicator=indicator,
            now=reached(indicator, now_label),
            target=phase_targets.get(phase.pk) if phase else None,
            cumulative=combine(
                indicator, [by_phase[pk] for pk in begun], found.get((indicator.pk, "year"), NOT_MEASURED)
            ),
            year_target=year_target(indicator, list(phase_targets.values())),
            by_phase=by_phase,
            phase_targets=phase_targets,
            elapsed=windows[phase.pk].elapsed(day) if phase else 1.0,
            phase=phase.pk if phase else None,
            by_activity=found.get((indicator.pk, "year"), NOT_MEASURED).by_activity,
        )
    return result


def _labelled(
    plan: Plan, windows: Mapping[int, Window], day: date, chosen: Window | None
) -> tuple[dict[str, Window], list[int]]:
    """The windows to count, by label, and the keys of the phases that have begun.

    `p7` is phase 7 up to the day, `u7` the year until then, `year` the year so far, `chosen` the days a report chose.
    """
    first = plan.window().first
    begun = {pk: Window(w.first, min(w.last, day)) for pk, w in windows.items() if w.first <= day}
    labelled = {f"p{pk}": w for pk, w in begun.items()} | {"year": Window(first, day)}
    labelled |= {f"u{pk}": Window(first, w.last) for pk, w in begun.items()}
    if chosen is not None:
        labelled |= {"chosen": chosen, "until": Window(min(first, chosen.first), chosen.last)}
    return labelled, list(begun)


def _needed(indicator: Indicator, begun: Sequence[int]) -> list[str]:
    """The labels that matter for an indicator: one that counts again from the start needs no phase by itself."""
    if indicator.across == Indicator.Across.RECOUNT:
        return [*(f"u{pk}" for pk in begun), "until", "year"]
    return [*(f"p{pk}" for pk in begun), "chosen"]


def _with_the_rest(plan: Plan, indicators: Sequence[Indicator]) -> Sequence[Indicator]:
    """All indicators of the plan where one of those asked for is judged by the others."""
    if all(i.measure != Indicator.Measure.TARGETS_MET for i in indicators):
        return indicators
    asked = {i.pk for i in indicators}
    rest = list(Indicator.objects.filter(objective__plan=plan).exclude(pk__in=asked))
    return [*indicators, *rest] if rest else indicators
