"""A small picture of growth: one panel a database, both axes logarithmic, a line a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: Dark enough for 3:1 on white, and told apart by their marks too.
INKS = ("#0b4f6c", "#b3261e", "#2e6b34", "#7a4b00", "#5b3a8c", "#00666b", "#444444")
MARKS = ("circle", "square", "diamond")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 470, 360, 60, 40, 150, 50


@dataclass(frozen=True)
class Series:
    """A page's milliseconds by number of records."""

    name: str
    points: Sequence[tuple[int, float]]


def _mark(kind: str, x: float, y: float, ink: str) -> str:
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{ink}"/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if kind == "diamond" else ""
    return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{ink}"{turn}/>'


def _apart(wanted: list[tuple[float, int]], least: float) -> dict[int, float]:
    """Heights for the names at the lines' ends, none nearer to another than legible."""
    placed: dict[int, float] = {}
    before = -math.inf
    for height, index in sorted(wanted):
        before = max(height, before + least)
        placed[index] = before
    return placed


def _panel(title: str, series: Sequence[Series], left: float) -> list[str]:
    sizes = sorted({x for one in series for x, _y in one.points})
    values = [y for one in series for _x, y in one.points]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def across(x: float) -> float:
        return left + LEFT + wide * (math.log10(x) - math.log10(sizes[0])) / math.log10(sizes[-1] / sizes[0])

    def down(y: float) -> float:
        return TOP + tall * (high - math.log10(y)) / (high - low)

    parts = [f'<text x="{left + LEFT}" y="22" font-weight="bold">{escape(title)}</text>']
    for power in range(low, high + 1):
        y = down(10**power)
        parts.append(f'<line x1="{left + LEFT}" x2="{left + LEFT + wide}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>')
        parts.append(f'<text x="{left + LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} ms</text>')
    for size in sizes:
        label = f"{size:_}".replace("_", " ")
        parts.append(f'<text x="{across(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{left + LEFT}" y="{HEIGHT - 10}">records counted</text>')
    names = _apart([(down(one.points[-1][1]), index) for index, one in enumerate(series)], 14)
    for index, one in enumerate(series):
        ink, kind = INKS[index % len(INKS)], MARKS[index % len(MARKS)]
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in one.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="1.8"/>')
        parts.extend(_mark(kind, across(x), down(y), ink) for x, y in one.points)
        parts.append(
            f'<text x="{left + LEFT + wide + 10}" y="{names[index] + 4:.1f}" fill="{ink}">{escape(one.name)}</text>'
        )
    return parts


def growth_chart(panels: Sequence[tuple[str, Sequence[Series]]]) -> str:
    """The picture, with a sentence for who does not see it."""
    width = WIDTH * len(panels)
    told = "; ".join(
        f"{title}: " + ", ".join(f"{one.name} {one.points[0][1]:.0f} to {one.points[-1][1]:.0f} ms" for one in series)
        for title, series in panels
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f"<title>Processor time of pages by records counted</title><desc>{escape(told)}</desc>",
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for number, (title, series) in enumerate(panels):
        parts += _panel(title, series, WIDTH * number)
    return "\n".join([*parts, "</svg>", ""])
