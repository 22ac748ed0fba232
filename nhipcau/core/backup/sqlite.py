"""SQLite in a backup: the file itself, copied by SQLite's own online backup, triggers and all."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from nhipcau.core.backup.archive import Reader, Writer
from nhipcau.core.backup.errors import BackupRefused

MEMBER = "database/nhipcau.sqlite3"


def _place() -> Path:
    return Path(connection.settings_dict["NAME"])


def dump(writer: Writer, workshop: Path) -> dict[str, Any]:
    """Append the database as of one moment; which migrations and how many rows each table holds.

    All pages are copied in one step: under WAL nobody waits for it, and it sees no later change.
    """
    part = workshop / "nhipcau.sqlite3"
    part.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{_place()}?mode=ro", uri=True, timeout=60)) as source,
        closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        _must_be_sound(copy)
        told: dict[str, Any] = {
            "migrations": copy.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        }
        tables = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        told["tables"] = {
            name: {"rows": copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]}  # noqa: S608 (a name of our own)  # nosec B608
            for (name,) in tables
        }  # fmt: skip
    writer.add_path(MEMBER, part)
    part.unlink()
    return told


def is_empty() -> bool:
    """Whether there is no table yet."""
    place = _place()
    if not place.exists() or place.stat().st_size == 0:
        return True
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as there:
        return bool(there.execute("SELECT count(*) = 0 FROM sqlite_master").fetchone()[0])


def load(reader: Reader, told: dict[str, Any]) -> None:
    """Put the file in its place, in one step."""
    place = _place()
    connection.close()
    for name, stream in reader.members():
        if name == MEMBER:
            part = place.with_name(f"{place.name}.part")
            with part.open("wb") as target:
                shutil.copyfileobj(stream, target)
                target.flush()
                os.fsync(target.fileno())
            with closing(sqlite3.connect(part)) as copy:
                _must_be_sound(copy)
            for left in (f"{place}-wal", f"{place}-shm"):
                Path(left).unlink(missing_ok=True)
            part.replace(place)


def _must_be_sound(copy: sqlite3.Connection) -> None:
    if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise BackupRefused(_("The database is damaged: SQLite's own check of the copy fails."))
