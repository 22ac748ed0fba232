"""A report's lines: drawn from the ledger while it is a draft, read from the frozen payload afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from nhipcau.evidence.counting import Progress, counted_rows, figures, meets, progress, share_of_target
from nhipcau.plans.models import Indicator, Plan, Window
from nhipcau.reports.models import Report

SCHEMA = "nhipcau-report/1"


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

    @property
    def percent(self) -> Decimal | None:
        """Actual as a percentage of the target, one decimal."""
        return share_of_target(self.value, self.target)

    @property
    def met(self) -> bool | None:
        """Is the target met? None where it is not measured."""
        return meets(self.indicator, self.value, self.target)

    @property
    def rating(self) -> str:
        """`met` from 100 percent, `nearly` from 80, `missed` below, `unmeasured`."""
        if self.met is None:
            return "unmeasured"
        if self.met:
            return "met"
        percent = self.percent
        return "nearly" if percent is not None and percent >= 80 and not self.indicator.falling_is_good else "missed"


@dataclass(frozen=True)
class Drift:
    """A frozen value and what the ledger gives today."""

    frozen: Decimal | None
    now: Decimal | None


def indicators_of(plan: Plan) -> list[Indicator]:
    """The plan's indicators in the order of reports; one query, objectives included."""
    return list(
        Indicator.objects.filter(objective__plan=plan)
        .select_related("objective")
        .order_by("objective__order", "order", "code")
    )


def _forecast(row: Progress, plan: Plan, day: date) -> Decimal | None:
    """What the year should come to, if what is left goes as what has passed did; whole steps of the indicator."""
    value = row.cumulative.value
    if value is None or row.indicator.across != Indicator.Across.SUM or row.year_target is None:
        return value
    windows = plan.windows()
    passed = sum(
        ((row.phase_targets[pk] or Decimal(0)) * Decimal(str(round(w.elapsed(day), 4))) for pk, w in windows.items()),
        Decimal(0),
    )
    if not passed:
        return value
    left = max(row.year_target - passed, Decimal(0))
    return (value + left * value / passed).quantize(Decimal(1).scaleb(-row.indicator.decimals))


def _same_period(report: Report, indicators: Sequence[Indicator]) -> dict[str, Decimal | None]:
    """Each indicator's figure in the same part of the plan this one was copied from, by code; four queries or none."""
    before = report.plan.copied_from
    if before is None:
        return {}
    if report.phase_id is not None and report.phase is not None:
        order = report.phase.order
        windows = before.windows()
        matching = next((windows[p.pk] for p in before.phases.all() if p.order == order), None)
    else:
        try:
            first, last = (
                d.replace(year=d.year - report.plan.year + before.year) for d in (report.first_day, report.last_day)
            )
        except ValueError:
            return {}
        matching = Window(first, last)
    if matching is None:
        return {}
    earlier = indicators_of(before)
    start = before.window().first
    found = figures(earlier, {"same": matching, "recount": Window(start, matching.last)}, plan=before)
    codes = {i.code for i in indicators}
    return {
        i.code: found[i.pk, "recount" if i.across == Indicator.Across.RECOUNT else "same"].value
        for i in earlier
        if i.code in codes and (i.pk, "same") in found
    }


def lines(report: Report, *, indicators: Sequence[Indicator] | None = None) -> list[Line]:
    """The lines of a report as the ledger gives them now; about twelve queries whatever the number of records."""
    plan = report.plan
    indicators = indicators_of(plan) if indicators is None else indicators
    window = Window(report.first_day, report.last_day)
    rows = progress(plan, indicators, day=report.last_day, window=window)
    explanations = dict(report.measurements.values_list("indicator_id", "explanation"))
    same = _same_period(report, indicators)
    whole_year = report.kind == Report.Kind.YEAR
    found = []
    for indicator in indicators:
        row = rows[indicator.pk]
        value = row.cumulative if whole_year else row.now
        found.append(
            Line(
                indicator=indicator,
                target=row.year_target if whole_year else row.target,
                value=value.value,
                cumulative=row.cumulative.value,
                year_target=row.year_target,
                forecast=_forecast(row, plan, report.last_day),
                same_period=same.get(indicator.code),
                counted=value.counted,
                explanation=explanations.get(indicator.pk, ""),
            )
        )
    return found


def window_of(indicator: Indicator, report: Report) -> Window:
    """The days whose records a report's figure counts: recounted indicators run from the plan's first day."""
    if indicator.across == Indicator.Across.RECOUNT:
        return Window(report.plan.window().first, report.last_day)
    return Window(report.first_day, report.last_day)


# --- the frozen form --------------------------------------------------------------------------------


def _plain(value: Decimal | None) -> str | None:
    """A number as text, one spelling for one value."""
    if value is None:
        return None
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def evidence_ids(report: Report, indicators: Sequence[Indicator]) -> dict[int, list[int]]:
    """The records each figure counts, sorted; one query an indicator."""
    return {
        indicator.pk: []
        if indicator.measure == Indicator.Measure.TARGETS_MET
        else sorted(
            counted_rows(indicator, window_of(indicator, report), plan=report.plan)
            .order_by()
            .values_list("pk", flat=True)
        )
        for indicator in indicators
    }


def payload(report: Report, rows: Sequence[Line], ids: Mapping[int, Sequence[int]]) -> dict[str, Any]:
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
            "first_day": report.first_day.isoformat(),
            "last_day": report.last_day.isoformat(),
        },
        "lines": [
            {
                "code": line.indicator.code,
                "name": line.indicator.name,
                "unit": line.indicator.unit,
                "definition": line.indicator.definition(),
                "target": _plain(line.target),
                "value": _plain(line.value),
                "cumulative": _plain(line.cumulative),
                "year_target": _plain(line.year_target),
                "forecast": _plain(line.forecast),
                "same_period": _plain(line.same_period),
                "explanation": line.explanation,
                "evidence": {
                    "count": len(ids[line.indicator.pk]),
                    "sha256": hashlib.sha256(",".join(map(str, ids[line.indicator.pk])).encode()).hexdigest(),
                },
            }
            for line in rows
        ],
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling for one content: sorted keys, no spaces, UTF-8 (the form of RFC 8785 for this vocabulary)."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def frozen_lines(report: Report, *, indicators: Sequence[Indicator] | None = None) -> list[Line]:
    """The lines as they were frozen; indicators only lend their texts and links."""
    by_code = {i.code: i for i in (indicators_of(report.plan) if indicators is None else indicators)}
    assert report.payload is not None
    return [
        Line(
            indicator=by_code[line["code"]],
            target=_number(line["target"]),
            value=_number(line["value"]),
            cumulative=_number(line["cumulative"]),
            year_target=_number(line["year_target"]),
            forecast=_number(line["forecast"]),
            same_period=_number(line["same_period"]),
            counted=line["evidence"]["count"],
            explanation=line["explanation"],
        )
        for line in report.payload["lines"]
        if line["code"] in by_code
    ]


def drift(report: Report, frozen: Sequence[Line]) -> dict[int, Drift]:
    """Where the ledger gives another figure today than the one frozen, by indicator key."""
    now = {line.indicator.pk: line for line in lines(report, indicators=[line.indicator for line in frozen])}
    return {
        line.indicator.pk: Drift(line.value, now[line.indicator.pk].value)
        for line in frozen
        if now[line.indicator.pk].value != line.value
    }
