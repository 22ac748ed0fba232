"""Read a released snapshot for the public pages; nothing here asks the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause
from nhipcau.reports.models import Snapshot


@dataclass(frozen=True)
class AreaProgress:
    """An area of cooperation with its clauses, and the share proven where a snapshot says so."""

    area: Any
    clauses: list[Clause]
    percent: float | None


def areas(clauses: list[Clause], snapshot: Snapshot | None) -> list[AreaProgress]:
    """The areas in the order of the clauses."""
    shares: dict[str, Any] = {}
    found: dict[int, AreaProgress] = {}
    for clause in clauses:
        if clause.area_id not in found:
            found[clause.area_id] = AreaProgress(clause.area, [], shares.get(clause.area.slug))
        found[clause.area_id].clauses.append(clause)
    return list(found.values())


def attended(snapshot: Snapshot | None, activity: Activity) -> int | None:
    """How many came to an activity, only as released."""
    return None


def read(snapshot: Snapshot) -> Any:
    """The snapshot's content for its page."""
    return snapshot.payload


def tidy_code(code: str) -> str:
    """A check code as printed, however it was typed."""
    return re.sub(r"[^0-9A-Za-z-]", "", code)[:40]
