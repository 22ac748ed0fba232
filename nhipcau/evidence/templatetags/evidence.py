"""Words for pages of the ledger: the long span over a clause, the state of a record, the file size."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from typing import Any

from django import template

from nhipcau.core import vietnamese
from nhipcau.core.language import reading
from nhipcau.evidence.models import Evidence

register = template.Library()

#: The curve from pier to pier; the picture is 1000 wide.
START, BEND, END = (26.0, 88.0), (500.0, -44.0), (974.0, 88.0)
STEPS = 200


def _point(t: float) -> tuple[float, float]:
    x, y = ((1 - t) ** 2 * a + 2 * (1 - t) * t * b + t**2 * c for a, b, c in zip(START, BEND, END, strict=True))
    return x, y


def _lengths() -> list[float]:
    points = [_point(step / STEPS) for step in range(STEPS + 1)]
    found = [0.0]
    for one, other in itertools.pairwise(points):
        found.append(found[-1] + math.dist(one, other))
    return found


LENGTHS = _lengths()


def along(share: float) -> tuple[float, float]:
    """The point of the curve after a share of its length, 0 to 1."""
    wanted = min(max(share, 0.0), 1.0) * LENGTHS[-1]
    step = next(index for index, length in enumerate(LENGTHS) if length >= wanted - 1e-9)
    return _point(step / STEPS)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


@register.inclusion_tag("evidence/_span.html")
def long_span(percent: Decimal | int | None, elapsed: float, label: str) -> dict[str, Any]:
    """The span over a clause, gold as far as it is proven, with a mark where the year stands today."""
    share = None if percent is None else min(max(float(percent), 0.0), 100.0)
    tick, head = along(elapsed), along((share or 0) / 100)
    return {
        "path": f"M{_number(START[0])} {_number(START[1])}Q{_number(BEND[0])} {_number(BEND[1])} "
        f"{_number(END[0])} {_number(END[1])}",
        "start": START,
        "end": END,
        "measured": share is not None,
        "share": _number(share or 0),
        "drawn": bool(share),
        "whole": share == 100,
        "today": {"x": _number(tick[0]), "top": _number(tick[1] - 13), "bottom": _number(tick[1] + 13)},
        # Inside the bow, where the curve leaves room: to the right while it climbs, to the left while it falls.
        "shown": {
            "x": _number(head[0] + (12 if head[0] < 500 else -12)),
            "y": _number(min(head[1] + 27, 84)),
            "anchor": "start" if head[0] < 500 else "end",
        },
        "rounded": None if share is None else int(share),
        "label": label,
    }


@register.inclusion_tag("evidence/_state.html")
def evidence_state(evidence: Evidence) -> dict[str, Any]:
    """The state of a record as a tag; rows from `for_lists` need no query."""
    if evidence.void:
        state = "void"
    elif evidence.superseded_by_id is not None:
        state = "replaced"
    elif not evidence.needs_verification:
        state = "machine"
    elif evidence.is_verified:  # type: ignore[attr-defined]  # annotated by for_lists
        state = "verified"
    else:
        state = "returned" if evidence.is_returned else "waiting"  # type: ignore[attr-defined]  # as above
    return {"state": state}


@register.filter
def file_size(size: int) -> str:
    """“1,2 MB”."""
    unit, amount = ("MB", Decimal(size) / 1_000_000) if size >= 1_000_000 else ("kB", Decimal(max(size, 1000)) / 1000)
    return f"{vietnamese.format_number(round(amount, 1), language=reading())} {unit}"
