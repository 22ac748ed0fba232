"""Read a released snapshot for the public pages; nothing here asks the ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Area, Clause
from nhipcau.core.language import reading
from nhipcau.reports.models import Snapshot


@dataclass(frozen=True)
class AreaProgress:
    """An area of cooperation with its clauses; `percent` is None while nothing about it was released."""

    area: Area
    clauses: list[Clause]
    percent: int | None
    held: int | None


@dataclass(frozen=True)
class ToldIndicator:
    """A released figure."""

    name: str
    unit: str
    value: Decimal | None
    target: Decimal | None


@dataclass(frozen=True)
class ToldClause:
    """What is proven of one clause."""

    area: Area | None
    name: str
    percent: int | None
    held: int
    indicators: list[ToldIndicator]


@dataclass(frozen=True)
class ToldActivity:
    """An activity that took place, with how many came."""

    slug: str
    title: str
    day: date
    attended: int | None


@dataclass(frozen=True)
class Told:
    """A released snapshot in the language of the page."""

    as_of: date
    plan: str
    clauses: list[ToldClause]
    activities: list[ToldActivity]


def _pair(row: dict[str, Any], name: str) -> str:
    own = str(row.get(name) or "")
    return str(row.get(f"{name}_en") or own) if reading() == "en" else own


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def areas(clauses: Sequence[Clause], snapshot: Snapshot | None) -> list[AreaProgress]:
    """The areas in the order of the clauses; the share of an area is the mean of its clauses' shares. No query."""
    released: list[dict[str, Any]] = snapshot.payload["clauses"] if snapshot else []
    found: dict[int, list[Clause]] = {}
    for clause in clauses:
        found.setdefault(clause.area_id, []).append(clause)
    told = []
    for own in found.values():
        rows = [row for row in released if row["area"] == own[0].area.slug]
        shares = [row["proven"] for row in rows if row["proven"] is not None]
        told.append(
            AreaProgress(
                own[0].area,
                own,
                round(sum(shares) / len(shares)) if shares else None,
                sum(row["activities_held"] for row in rows) if rows else None,
            )
        )
    return told


def attended(released: Mapping[str, Any] | None, activity: Activity) -> int | None:
    """How many came to an activity, only as a snapshot's content says it was released."""
    rows = released["activities"] if released else []
    return next((row["attended"] for row in rows if row["slug"] == activity.slug), None)


def read(snapshot: Snapshot) -> Told:
    """The snapshot's content for its page; one query for the names of the areas."""
    named = {area.slug: area for area in Area.objects.all()}
    content = snapshot.payload
    return Told(
        as_of=date.fromisoformat(content["as_of"]),
        plan=_pair(content["plan"], "title"),
        clauses=[
            ToldClause(
                named.get(row["area"]),
                _pair(row, "name"),
                row["proven"],
                row["activities_held"],
                [
                    ToldIndicator(_pair(i, "name"), _pair(i, "unit"), _number(i["value"]), _number(i["target"]))
                    for i in row["indicators"]
                ],
            )
            for row in content["clauses"]
        ],
        activities=[
            ToldActivity(row["slug"], _pair(row, "title"), date.fromisoformat(row["day"]), row["attended"])
            for row in content["activities"]
        ],
    )


def tidy_code(code: str) -> str:
    """A check code as printed, however it was typed."""
    return re.sub(r"[^0-9A-Za-z]", "", code).upper()[:40]
