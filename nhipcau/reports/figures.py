"""A report's lines: drawn from the ledger while it is a draft, read from the frozen payload afterwards."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Value, prefetch_related_objects

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import local_day
from nhipcau.evidence.counting import (
    HUNDRED,
    Progress,
    combine,
    counted_rows,
    figures,
    meets,
    progress,
    share_of_target,
)
from nhipcau.plans.models import Indicator, Plan, Window
from nhipcau.reports.models import Measurement, Report

SCHEMA = "nhipcau-report/1"
NEARLY = 80  # percent of the target


@dataclass(frozen=True)
class Line:
    """One indicator in one report: a clean row in the columns offices use. `None` is not measured."""

    indicator: Indicator
    target: Decimal | None
    value: Decimal | None
    cumulative: Decimal | None
    year_target: Decimal | None
    forecast: Decimal | None
    same_period: Decimal | None
    counted: int
    explanation: str
    against_year: bool = False  # the window has no target of its own: the year so far stands beside the year's target

    @property
    def percent(self) -> Decimal | None:
        """Actual as a percentage of the target, one decimal."""
        return share_of_target(self.cumulative if self.against_year else self.value, self.target)

    @property
    def same_percent(self) -> Decimal | None:
        """Actual as a percentage of the same period of the plan before, one decimal."""
        return share_of_target(self.value, self.same_period)

    @property
    def met(self) -> bool | None:
        """Is the target met? None where it is not measured, or where only the year's target is known."""
        return None if self.against_year else meets(self.indicator, self.value, self.target)

    @property
    def rating(self) -> str:
        """`met` from 100 percent, `nearly` from 80, `missed` below, `unmeasured`."""
        if self.met is None:
            return "unmeasured"
        if self.met:
            return "met"
        percent = self.percent
        return (
            "nearly" if percent is not None and percent >= NEARLY and not self.indicator.falling_is_good else "missed"
        )


@dataclass(frozen=True)
class Held:
    """An activity held in the window, as the annex lists it."""

    code: str
    title: str
    day: date
    last_day: date
    venue: str
    lead: str
    clauses: tuple[int, ...]  # numbers of the clauses it works for; none where it serves carrying the plan out


@dataclass(frozen=True)
class Drift:
    """A frozen value and what the ledger gives today."""

    frozen: Decimal | None
    now: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Today's figure less the frozen one; None where either was not measured."""
        return None if self.frozen is None or self.now is None else self.now - self.frozen


def _indicators(plan: Plan) -> QuerySet[Indicator]:
    return (
        Indicator.objects.filter(objective__plan=plan)
        .select_related("objective")
        .order_by("objective__order", "objective_id", "order", "code", "pk")
    )


def indicators_of(plan: Plan) -> list[Indicator]:
    """The plan's indicators in the order of reports; one query, objectives included."""
    return list(_indicators(plan))


def _forecast(row: Progress, windows: Mapping[int, Window], day: date) -> Decimal | None:
    """What the year should come to, if what is left goes as what has passed did; in the indicator's own steps."""
    value = row.cumulative.value
    if value is None or row.indicator.across != Indicator.Across.SUM or row.year_target is None:
        return value
    passed = sum(
        ((row.phase_targets[pk] or Decimal(0)) * Decimal(str(round(w.elapsed(day), 4))) for pk, w in windows.items()),
        Decimal(0),
    )
    if not passed:
        return value
    left = max(row.year_target - passed, Decimal(0))
    return (value + left * value / passed).quantize(Decimal(1).scaleb(-row.indicator.decimals), rounding=ROUND_HALF_UP)


def _same_period(report: Report, indicators: Sequence[Indicator]) -> dict[str, Decimal | None]:
    """Each indicator's figure in the same part of the plan this one was copied from, by code; five queries or none."""
    before = report.plan.copied_from
    if before is None:
        return {}
    before = Plan.objects.prefetch_related("phases").get(pk=before.pk)
    windows = before.windows()
    matching: Window | None
    if report.phase_id is not None and report.phase is not None:
        order = report.phase.order
        matching = next((windows[p.pk] for p in before.phases.all() if p.order == order), None)
    else:
        back = report.plan.year - before.year
        matching = Window(_years_back(report.first_day, back), _years_back(report.last_day, back))
    if matching is None:
        return {}
    earlier = indicators_of(before)
    wanted = {"same": matching, "recount": Window(min(before.window().first, matching.first), matching.last)}
    found = figures(earlier, wanted, plan=before)
    codes = {i.code for i in indicators}
    return {
        i.code: found[i.pk, "recount" if i.across == Indicator.Across.RECOUNT else "same"].value
        for i in earlier
        if i.code in codes and (i.pk, "same") in found
    }


def _years_back(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _own_phases(report: Report) -> list[int] | None:
    """The phases whose targets the report is held against; None where only the year's target fits its window."""
    if report.kind == Report.Kind.PHASE:
        return [report.phase_id] if report.phase_id is not None else None
    windows = report.plan.windows()
    inside = [pk for pk, w in windows.items() if report.first_day <= w.first and w.last <= report.last_day]
    covered = sum(windows[pk].days for pk in inside)
    return inside if inside and covered == report.window.days else None


def _target(row: Progress, phases: Sequence[int] | None) -> Decimal | None:
    if phases is None:
        return row.year_target
    aims = [aim for pk in phases if (aim := row.phase_targets.get(pk)) is not None]
    if not aims:
        return None
    return sum(aims, Decimal(0)) if row.indicator.across == Indicator.Across.SUM else aims[-1]


def lines(report: Report, *, indicators: Sequence[Indicator] | None = None) -> list[Line]:
    """The lines of a report as the ledger gives them now; the same number of queries whatever the number of records.

    A phase report is held against its phase, a report over several whole phases against these together; for any other
    window the year so far is shown beside the year's target.
    """
    plan = report.plan
    everything = indicators is None
    if indicators is None:
        told = Measurement.objects.filter(report=report, indicator=OuterRef("pk")).values("explanation")
        indicators = list(_indicators(plan).annotate(told=Subquery(told)))
        explanations = {i.pk: str(getattr(i, "told", None) or "") for i in indicators}
    else:
        explanations = dict(report.measurements.values_list("indicator_id", "explanation"))
    rows = progress(plan, indicators, day=report.last_day, window=report.window, whole=everything)
    same = _same_period(report, indicators)
    windows = plan.windows()
    phases = _own_phases(report)
    whole = phases is not None and len(phases) > 1
    found = []
    for indicator in indicators:
        row = rows[indicator.pk]
        value = row.now
        if whole and phases is not None:  # several phases: by the indicator's rule across them
            value = combine(indicator, [row.by_phase[pk] for pk in phases], row.now)
        found.append(
            Line(
                indicator=indicator,
                target=_target(row, phases),
                value=value.value,
                cumulative=row.cumulative.value,
                year_target=row.year_target,
                forecast=_forecast(row, windows, report.last_day),
                same_period=same.get(indicator.code),
                counted=value.counted,
                explanation=explanations.get(indicator.pk, ""),
                against_year=phases is None,
            )
        )
    return _with_targets_met(found)


def _with_targets_met(found: list[Line]) -> list[Line]:
    """The share of targets met, taken from the lines beside it so that a table never contradicts itself."""
    verdicts = [
        line.met for line in found if line.met is not None and line.indicator.measure != Indicator.Measure.TARGETS_MET
    ]
    if not verdicts:
        return found
    share = Decimal(sum(verdicts)) * HUNDRED / len(verdicts)
    return [
        replace(
            line,
            value=share.quantize(Decimal(1).scaleb(-line.indicator.decimals), rounding=ROUND_HALF_UP),
            counted=len(verdicts),
        )
        if line.indicator.measure == Indicator.Measure.TARGETS_MET
        else line
        for line in found
    ]


def window_of(indicator: Indicator, report: Report) -> Window:
    """The days whose records a report's figure counts: recounted indicators run from the plan's first day."""
    if indicator.across == Indicator.Across.RECOUNT:
        return Window(min(report.plan.window().first, report.first_day), report.last_day)
    return report.window


def held(report: Report) -> list[Held]:
    """The activities held in the window with the clauses they work for; two queries."""
    rows = (
        Activity.objects.filter(plan=report.plan, state__in=[Activity.State.HELD, Activity.State.CLOSED])
        .select_related("lead")
        .prefetch_related("indicators__objective__clauses")
    )
    return [
        Held(
            code=activity.code,
            title=activity.title,
            day=activity.first_day,
            last_day=activity.last_day,
            venue=activity.venue,
            lead=activity.lead.abbreviation or activity.lead.name,
            clauses=tuple(sorted({c.order for i in activity.indicators.all() for c in i.objective.clauses.all()})),
        )
        for activity in rows
        if activity.last_day in report.window
    ]


# --- the frozen form --------------------------------------------------------------------------------


def plain(value: Decimal | None) -> str | None:
    """A number as text, one spelling for one value."""
    if value is None:
        return None
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def evidence_ids(report: Report, indicators: Sequence[Indicator]) -> dict[int, list[int]]:
    """The records each figure counts, sorted; one query for all of them."""
    found: dict[int, list[int]] = {indicator.pk: [] for indicator in indicators}
    counted = [
        counted_rows(indicator, window_of(indicator, report), plan=report.plan)
        .order_by()
        .values_list(Value(indicator.pk, output_field=BigIntegerField()), "pk")
        for indicator in indicators
        if indicator.measure != Indicator.Measure.TARGETS_MET
    ]
    if counted:
        for indicator, evidence in counted[0].union(*counted[1:], all=True):
            found[indicator].append(evidence)
    return {indicator: sorted(keys) for indicator, keys in found.items()}


def _phase_days(report: Report) -> list[str] | None:
    """The days of the report's phase, so that nobody can redraw them under frozen figures."""
    if report.phase_id is None:
        return None
    window = report.plan.windows()[report.phase_id]
    return [window.first.isoformat(), window.last.isoformat()]


def payload(
    report: Report,
    rows: Sequence[Line],
    ids: Mapping[int, Sequence[int]],
    *,
    activities: Sequence[Held] | None = None,
) -> dict[str, Any]:
    """The figures as they are frozen: values, definitions and a digest of the evidence; nothing about a person."""
    agreement = report.plan.agreement
    return {
        "schema": SCHEMA,
        "sample": agreement.is_sample,
        "agreement": {"title": agreement.title, "signed_on": agreement.signed_on.isoformat()},
        "plan": {"year": report.plan.year, "title": report.plan.title},
        "report": {
            "kind": report.kind,
            "phase": report.phase.order if report.phase else None,
            "phase_days": _phase_days(report),
            "first_day": report.first_day.isoformat(),
            "last_day": report.last_day.isoformat(),
            "against": "year" if _own_phases(report) is None else "period",
        },
        "lines": [
            {
                "code": line.indicator.code,
                "objective": line.indicator.objective.code,
                "name": line.indicator.name,
                "unit": line.indicator.unit,
                "falling_is_good": line.indicator.falling_is_good,
                "definition": line.indicator.definition(),
                "target": plain(line.target),
                "value": plain(line.value),
                "cumulative": plain(line.cumulative),
                "year_target": plain(line.year_target),
                "forecast": plain(line.forecast),
                "same_period": plain(line.same_period),
                "explanation": line.explanation,
                "evidence": {
                    "count": len(ids[line.indicator.pk]),
                    "sha256": hashlib.sha256(",".join(map(str, ids[line.indicator.pk])).encode()).hexdigest(),
                },
            }
            for line in rows
        ],
        "activities": [
            {
                "code": one.code,
                "title": one.title,
                "day": one.day.isoformat(),
                "last_day": one.last_day.isoformat(),
                "venue": one.venue,
                "lead": one.lead,
                "clauses": list(one.clauses),
            }
            for one in (held(report) if activities is None else activities)
        ],
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling for one content: sorted keys, no spaces, UTF-8 (the form of RFC 8785 for this vocabulary)."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def number(text: str | None) -> Decimal | None:
    """A figure as kept in a payload."""
    return None if text is None else Decimal(text)


def _as_frozen(indicator: Indicator, line: Mapping[str, Any]) -> Indicator:
    """The indicator under the name, unit and direction it was frozen with; a later English name does not fit an old one."""
    kept = copy.copy(indicator)
    kept.code, kept.falling_is_good = line["code"], line["falling_is_good"]
    for name in ("name", "unit"):
        if getattr(kept, name) != line[name]:
            setattr(kept, name, line[name])
            setattr(kept, f"{name}_en", "")
    return kept


def frozen_lines(report: Report, *, indicators: Sequence[Indicator] | None = None) -> list[Line]:
    """The lines as they were frozen, whatever became of the plan since; one query."""
    assert report.payload is not None
    places = report.measurements.filter(place__isnull=False).select_related("indicator__objective").order_by("place")
    by_place = {measurement.place: measurement.indicator for measurement in places}
    against_year = report.payload["report"]["against"] == "year"
    return [
        Line(
            indicator=_as_frozen(by_place[place], line),
            target=number(line["target"]),
            value=number(line["value"]),
            cumulative=number(line["cumulative"]),
            year_target=number(line["year_target"]),
            forecast=number(line["forecast"]),
            same_period=number(line["same_period"]),
            counted=line["evidence"]["count"],
            explanation=line["explanation"],
            against_year=against_year,
        )
        for place, line in enumerate(report.payload["lines"])
    ]


def frozen_held(report: Report) -> list[Held]:
    """The activities as they were frozen; no query."""
    assert report.payload is not None
    return [
        Held(
            code=one["code"],
            title=one["title"],
            day=date.fromisoformat(one["day"]),
            last_day=date.fromisoformat(one["last_day"]),
            venue=one["venue"],
            lead=one["lead"],
            clauses=tuple(one["clauses"]),
        )
        for one in report.payload["activities"]
    ]


def told_lines(report: Report) -> list[Line]:
    """What the report tells: the frozen lines once frozen, else those of the ledger now."""
    return lines(report) if report.payload is None else frozen_lines(report)


def told_held(report: Report) -> list[Held]:
    """The activities the report lists."""
    return held(report) if report.payload is None else frozen_held(report)


def with_clauses(rows: Sequence[Line]) -> Sequence[Line]:
    """The same lines with the clauses of their objectives at hand; one query."""
    prefetch_related_objects([line.indicator for line in rows], "objective__clauses")
    return rows


def drift(report: Report, frozen: Sequence[Line]) -> dict[int, Drift]:
    """Where the ledger gives another figure today than the one frozen, by indicator key.

    The counting rules are today's; the share of targets met is left out, its parts are shown.
    """
    asked = [line.indicator for line in frozen]
    now = {line.indicator.pk: line for line in lines(report, indicators=asked)}
    return {
        line.indicator.pk: Drift(line.value, now[line.indicator.pk].value)
        for line in frozen
        if now[line.indicator.pk].value != line.value
    }


def reported_on(report: Report) -> date:
    """The day whose supervision and titles the paper carries: of the freezing, until then the last day of the data."""
    return local_day(report.frozen_at) if report.frozen_at else report.last_day
