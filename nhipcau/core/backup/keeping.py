"""Which backups are kept: the last of each of so many days, weeks and months."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nhipcau.core.middleware import LOCAL

NAME = re.compile(r"nhipcau-(\d{8}-\d{6})\.tar\.gz")
STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Rule:
    """How many days, weeks and months back one backup each is kept."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def archive_name(at: datetime) -> str:
    """The name of a backup made at a moment, by the clock of Ho Chi Minh City."""
    return f"nhipcau-{at.astimezone(LOCAL).strftime(STAMP)}.tar.gz"


def made_at(path: Path) -> datetime | None:
    """When a backup was made, by its name; None for anything else."""
    match = NAME.fullmatch(path.name)
    return datetime.strptime(match[1], STAMP).replace(tzinfo=LOCAL) if match else None


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, newest first; whatever else lies there is left alone."""
    found = [path for path in folder.iterdir() if made_at(path)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name, reverse=True)


def superfluous(paths: Iterable[Path], rule: Rule) -> list[Path]:
    """Those of the backups, newest first, that the rule does not keep; never the newest one."""
    ordered = [(path, moment) for path in paths if (moment := made_at(path))]
    kept = {path for path, _moment in ordered[:1]}
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (rule.days, lambda moment: moment.date()),
        (rule.weeks, lambda moment: moment.isocalendar()[:2]),
        (rule.months, lambda moment: (moment.year, moment.month)),
    ]
    for count, period in periods:
        last: dict[object, Path] = {}
        for path, moment in ordered:
            last.setdefault(period(moment), path)
        kept.update(list(last.values())[:count])
    return [path for path, _moment in ordered if path not in kept]


def discard(folder: Path, rule: Rule) -> list[Path]:
    """Delete what the rule does not keep; which."""
    gone = superfluous(backups(folder), rule)
    for path in gone:
        path.unlink()
    return gone
