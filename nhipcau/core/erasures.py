"""What was erased for good, noted beside the database: a backup put back does not bring it back.

One line a record in a file that no backup holds (NHIPCAU_ERASURES): the moment, the key, the kind; nothing of the person.
Rooms say with `holdings.Erased` what they empty and how it is emptied again; docs/decisions/0011 tells why it is so.
"""

import fcntl
import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import models, transaction

from nhipcau.core import middleware
from nhipcau.core.holdings import erased

log = logging.getLogger(__name__)
# The key stands before the kind: a line cut short names nobody else.
LINE = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT[\d:.]+\+00:00) (?P<key>\d+) (?P<kind>[a-z]+\.[a-z]+)\n")
BATCH = 500
#: A line is written after its transaction, a backup names the moment before its copy; only clocks may differ.
APART = timedelta(minutes=1)
#: A process may die, a disk be full between a transaction and its line: the night looks so far back.
LOOK_BACK = timedelta(days=30)
Found = dict[str, set[int]]


def note(model: type[models.Model], keys: Iterable[int]) -> None:
    """Write down, once the transaction is through, that these rows have been emptied."""
    told = sorted(keys)
    if told:
        transaction.on_commit(partial(_note, model._meta.label_lower, told))


def _note(kind: str, keys: Collection[int]) -> None:
    try:
        _append(_line(middleware.clock(), key, kind) for key in keys)
    except OSError:
        # The data are gone, which is what counts for who asked; the night writes down what is missing here.
        log.exception("An erasure could not be written down.", extra={"told": {"kind": kind, "rows": len(keys)}})


def _line(moment: datetime, key: int, kind: str) -> str:
    return f"{moment.astimezone(UTC).isoformat()} {key} {kind}\n"


def _append(lines: Iterable[str]) -> None:
    """Put whole lines at the end, on the disk for good; one process at a time."""
    path: Path = settings.ERASURES
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        # What a full disk cut short is ended first, so that the next line is one.
        torn = size and os.pread(file.fileno(), 1, size - 1) != b"\n"
        left = memoryview((b"\n" if torn else b"") + "".join(lines).encode())
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())


def _lines(path: Path) -> Iterator[re.Match[str]]:
    """Every whole line.

    Raises OSError.
    """
    with path.open(encoding="ascii", errors="replace") as file:
        yield from filter(None, map(LINE.fullmatch, file))


def since(paths: Iterable[Path], moment: datetime) -> Found:
    """What the files say was erased after a backup made at a moment, by kind.

    Raises OSError.
    """
    found: Found = {}
    for path in paths:
        for line in _lines(path):
            if datetime.fromisoformat(line["at"]) >= moment - APART:
                found.setdefault(line["kind"], set()).add(int(line["key"]))
    return found


def repeat(found: Found, *, at: datetime) -> int:
    """Empty again what is not empty, all of it or nothing; how many records. Done twice it does nothing more."""
    done = 0
    with transaction.atomic():
        for one in erased():
            keys = sorted(found.get(one.kind, ()))
            done += sum(one.again(keys[first : first + BATCH], at) for first in range(0, len(keys), BATCH))
    return done


def take_over(paths: Iterable[Path]) -> None:
    """Keep what other files say in the own one too: an older backup may be put back one day."""
    own: Path = settings.ERASURES
    known = {line[0] for line in _lines(own)} if own.exists() else set()
    for path in paths:
        new = [line[0] for line in _lines(path) if line[0] not in known]
        known.update(new)
        if new:
            _append(new)


def catch_up(*, at: datetime) -> int:
    """Write down what was emptied of late and is not in the file; how many. One query a kind.

    Raises OSError.
    """
    known = since([settings.ERASURES], at - LOOK_BACK) if settings.ERASURES.exists() else {}
    written = 0
    for one in erased():
        if one.moment:
            rows = one.model._base_manager.filter(**{f"{one.moment}__gte": at - LOOK_BACK})
            missing = set(rows.values_list("pk", flat=True)) - known.get(one.kind, set())
            if missing:
                _append(_line(at, key, one.kind) for key in sorted(missing))
                written += len(missing)
    return written
