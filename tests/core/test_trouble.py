"""What errors of database and disk mean for the person who met them."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from nhipcau.core import trouble
from nhipcau.core.trouble import Trouble


def _sqlite(statement: str, *, path: str = ":memory:", before: str = "") -> sqlite3.Error:
    def run() -> None:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.executescript(before)
            connection.execute(statement)

    with pytest.raises(sqlite3.Error) as met:
        run()
    return met.value


def test_sqlite_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN EXCLUSIVE")
    assert trouble.of(_sqlite("INSERT INTO t VALUES (1)", path=str(path))) is Trouble.BUSY
    holder.close()
    full = "CREATE TABLE t (a); PRAGMA max_page_count = 3"
    assert trouble.of(_sqlite("INSERT INTO t VALUES (zeroblob(100000))", before=full)) is Trouble.FULL
    assert trouble.of(_sqlite("CREATE TABLE t (a)", before="PRAGMA query_only = 1")) is Trouble.READ_ONLY
    assert trouble.of(_sqlite("SELECT 1", path=str(tmp_path / "no" / "where"))) is Trouble.AWAY
    # What cannot be opened where nothing can be written is a place that can only be read.
    monkeypatch.setattr("nhipcau.core.trouble.os.access", lambda _path, _mode: False)
    assert trouble.of(_sqlite("SELECT 1", path=str(tmp_path / "no" / "where"))) is Trouble.READ_ONLY
    assert trouble.of(_sqlite("SELECT * FROM nothing")) is None


def test_cause_of_an_error_is_looked_at() -> None:
    error = OperationalError("database is locked")
    error.__cause__ = _sqlite("CREATE TABLE t (a)", before="PRAGMA query_only = 1")
    assert trouble.of(error) is Trouble.READ_ONLY


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.FULL),
        (OSError(errno.EROFS, "Read-only file system"), Trouble.READ_ONLY),
        (PermissionError(errno.EACCES, "Permission denied"), Trouble.READ_ONLY),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (IntegrityError("twice"), None),
        (ValueError("a fault of ours"), None),
        (None, None),
    ],
)
def test_other_errors(error: Exception | None, meant: Trouble | None) -> None:
    assert trouble.of(error) is meant
