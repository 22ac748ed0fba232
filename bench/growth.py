"""How the cost of every page that counts, lists or exports grows with the data, on SQLite and on PostgreSQL.

Each database is filled in steps, each ten times the one before (`bench/growing.py`), and asked at each. What is held:
statements, and that they do not become more with the data. Times are processor time of the page and of the database
together; they are printed beside the same aggregate written by hand in SQL and only held with a wide margin.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.drawing import Series, growth_chart

ROOT = Path(__file__).resolve().parents[1]
SIZES = (6_000, 60_000, 600_000)
#: Statements a page may take for itself; the frame around every page of the desk takes its own, given beside it.
MOST = 15
#: Times the aggregate by hand that a page may cost beyond what it costs over hardly any data: aimed at, and held.
AIM, HELD = 1.5, 4.0
#: Below so many seconds by hand there is nothing to compare.
WORTH = 0.05
#: Pages that ask every room for what it keeps: a statement or two a heading, whatever there is.
BY_HEADINGS = {"own data": 18}
#: Pages that take statements for each part of a long answer, each with the rows one more statement brings.
STREAMED = {"ledger as a sheet": 2_000, "guests as CSV": 500}
DRAWN = ("trace", "indicator: persons", "phase report", "year report", "ledger", "guests", "search")


def filled(sizes: list[int], *, postgresql: bool, once: bool) -> dict[str, Any]:
    """Fill a database of its own and ask it; what `bench.growing` prints."""
    with tempfile.TemporaryDirectory(prefix="nhipcau-growth-") as folder:
        Path(folder).chmod(0o755)
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "TMPDIR": folder,  # where the suite's settings keep their data; they need no collected files
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": str(ROOT),
            "NHIPCAU_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "bench.growing", *map(str, sizes), *(["--once"] if once else [])]
        if postgresql:
            command = [sys.executable, "script/postgres", "--", *command]
        answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, Any] = json.loads(answer.stdout)
        return found


def slope(sizes: list[float], seconds: list[float]) -> float:
    """How the cost grows: 0 not at all, 1 with the data; the steepest of the steps' slopes would be noise."""
    if len(sizes) < 2:
        return math.nan
    x, y = [math.log10(size) for size in sizes], [math.log10(max(second, 1e-4)) for second in seconds]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def ratio(page: dict[str, Any], empty: dict[str, Any]) -> float | None:
    """The cost of the data in a page, times the same aggregate by hand; None where there is too little of it."""
    if page["by hand"] is None or page["by hand"] < WORTH:
        return None
    return float((page["seconds"] - empty["seconds"]) / (page["by hand"] - empty["by hand"]))


def judge(found: dict[str, Any], *, timed: bool) -> list[str]:
    """Print a database's table; what misses a bar."""
    steps, failures = found["steps"], []
    vendor = found["vendor"]
    sizes = [step["records"] for step in steps]
    stored = [step["stored"] for step in steps]
    print(
        f"\n{vendor}: milliseconds of processor time at {', '.join(f'{n:_}'.replace('_', ' ') for n in sizes)} records;"
    )
    print("SQL in all, of these the frame's; slope over records counted, over records stored; times the SQL by hand")
    for name in steps[0]["pages"]:
        rows = [step["pages"][name] for step in steps if name in step["pages"]]
        again = [steps[0]["pages"][name], *(step["first again"][name] for step in steps[1:])]
        own = [row["statements"] - row["frame"] for row in [*rows, *again[1:]]]
        # A page of the first plan alone is told by what it costs as more is stored.
        shown = rows if len(rows) > 1 else again
        grows = slope(sizes[: len(rows)], [row["seconds"] for row in rows])
        idle = slope(stored, [row["seconds"] for row in again])
        page = rows[-1]
        times = ratio(page, rows[0]) if len(rows) > 1 else None
        print(
            f"{name:28}" + "".join(f"{row['seconds'] * 1000:9.1f}" for row in shown)
            + f"  SQL {shown[-1]['statements']:3} ({shown[-1]['frame']:2})  slope {grows:5.2f} {idle:5.2f}  "
            + (f"{times:4.1f} x {page['by hand'] * 1000:7.1f} ms{'  OVER the aim' if times > AIM else ''}" if times else "")
        )  # fmt: skip
        if name in STREAMED:
            continue
        most = BY_HEADINGS.get(name, MOST)
        if max(own) > most:
            failures.append(f"{vendor}: {name} takes {max(own)} statements of its own, {most} at most")
        if max(own) > own[0] + 2:
            failures.append(f"{vendor}: {name} takes more statements with more data: {own}")
        if timed and times and times > HELD:
            failures.append(f"{vendor}: {name} costs {times:.1f} times the SQL by hand")
    for table, (data, indexes) in found["bytes"].items():
        print(f"{table:28} {data} bytes a row, {indexes} of indexes")
    return failures


def draw(databases: list[dict[str, Any]], path: Path) -> None:
    """The growth of the weightiest pages as a picture."""
    charts = []
    for found in databases:
        sizes = [step["records"] for step in found["steps"]]
        series = [
            Series(name, [(size, step["pages"][name]["seconds"] * 1000) for size, step in zip(sizes, found["steps"], strict=True)])
            for name in DRAWN
        ]  # fmt: skip
        charts.append(({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[found["vendor"]], series))
    path.write_text(growth_chart(charts), encoding="utf-8")
    print(f"\nDrawn in {path.relative_to(ROOT)}.")


def main() -> int:
    """Fill, ask, print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="script/bench growth", description=__doc__)
    parser.add_argument("--tenth", action="store_true", help="a tenth of the records in two steps, for the suite")
    parser.add_argument("--upto", type=int, default=SIZES[-1], help="leave out larger steps than this")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database only")
    parser.add_argument("--draw", action="store_true", help="draw docs/images/growth.svg anew")
    parser.add_argument("--keep", type=Path, help="write everything measured to this file, as JSON")
    asked = parser.parse_args()
    sizes = [size // 10 for size in SIZES[:2]] if asked.tenth else [size for size in SIZES if size <= asked.upto]
    names = [name for name in ("sqlite", "postgresql") if asked.only in (None, name)]
    databases: list[dict[str, Any]] = []
    failures: list[str] = []
    # Both at once where only statements are held; one after the other where time is.
    with ThreadPoolExecutor(2 if asked.tenth else 1) as pool:
        for found in pool.map(lambda name: filled(sizes, postgresql=name == "postgresql", once=asked.tenth), names):
            databases.append(found)
            failures += judge(found, timed=not asked.tenth)
            if asked.keep:
                asked.keep.write_text(json.dumps(databases))
    if asked.draw:
        draw(databases, ROOT / "docs" / "images" / "growth.svg")
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
