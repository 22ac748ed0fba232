"""A process of service that opens its files while they can only be read; prints what happened afterwards.

    python -m tests.core.late_opener FOLDER

Run by test_sqlite.py as somebody whom modes bind.
"""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from threading import Timer

from django.conf import settings
from django.db import OperationalError, connections, transaction

from nhipcau.core.shared_cache import SharedCache
from tests.closed_place import read_only

FOLDER = Path(sys.argv[1])
MAIN, CACHE = FOLDER / "main.sqlite3", FOLDER / "cache.sqlite3"
# Another process has the files open all the time: without one they could not be opened at all.
NEIGHBOUR = """
import sqlite3, sys
held = [sqlite3.connect(path, isolation_level=None) for path in sys.argv[1:]]
for one in held:
    one.execute("PRAGMA journal_mode=WAL")
held[0].execute("CREATE TABLE kept (n)")
held[1].execute("CREATE TABLE entry (key TEXT PRIMARY KEY, value, expires REAL NOT NULL) WITHOUT ROWID")
print(flush=True)
sys.stdin.read()
"""


def _insert(alias: str) -> str:
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("INSERT INTO kept VALUES (1)")
    except OperationalError as error:
        return str(getattr(error.__cause__, "sqlite_errorname", ""))
    return "written"


def _put(cache: SharedCache) -> str:
    try:
        cache.set("k", 1)
    except sqlite3.OperationalError as error:
        return error.sqlite_errorname
    return f"kept {cache.get('k')}"


def main() -> dict[str, object]:
    """Open in a closed place, look again in an open one."""
    told: dict[str, object] = {}
    late, early = connections["late"], connections["default"]
    late_cache = SharedCache(str(CACHE), {})
    with read_only(FOLDER):
        told["while closed"] = [_insert("late"), _put(late_cache)]
        late.ensure_connection()
    # As in service: the request of another thread ends, and its connection is looked at, only after the place is open again.
    late.inc_thread_sharing()
    Timer(0.3, late.close_if_unusable_or_obsolete).start()
    told["others at once"] = [_insert("default"), _put(SharedCache(str(CACHE), {}))]
    told["the late one is let go"] = late.connection is None
    told["the late ones again"] = [_insert("late"), _put(late_cache)]
    held = early.connection
    early.close_if_unusable_or_obsolete()
    told["the early one is kept"] = early.connection is held is not None
    return told


if __name__ == "__main__":
    own = {
        "ENGINE": "nhipcau.core.sqlite", "NAME": str(MAIN), "CONN_MAX_AGE": 600,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE", "timeout": 5},
    }  # fmt: skip
    settings.configure(DATABASES={"default": own, "late": own})
    with subprocess.Popen(
        [sys.executable, "-c", NEIGHBOUR, str(MAIN), str(CACHE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as neighbour:
        assert neighbour.stdout is not None
        neighbour.stdout.readline()
        print(json.dumps(main()))  # noqa: T201 (what the test reads)
        assert neighbour.stdin is not None
        neighbour.stdin.close()
