"""A cache that all processes of one machine share without a service: one small SQLite file beside the data.

Django's own backends lose counts when several processes count at once: `incr` of the file-based and the database one reads
and then writes. Here `add`, `incr` and `set` are one statement each. The file is not the main database's: counting an
attempt never waits behind a registration, and nothing in it needs a backup.
"""

from __future__ import annotations

import os
import pickle  # reads back only what our own code wrote  # nosec B403
import random
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from nhipcau.core.sqlite import place

_TABLE = """CREATE TABLE IF NOT EXISTS entry (
    key TEXT PRIMARY KEY, value, expires REAL NOT NULL) WITHOUT ROWID"""
_FOR_EVER = 1e12
_WAIT = 5  # seconds for another process to finish its one statement
_TIDY_EVERY = 500  # writes


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to the file, made ready by whoever comes first.

    Who changes the way a file is written while another looks at it is told "locked" at once, whatever the patience asked
    for; processes that start together all change it.
    """
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_TABLE)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    until = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 (no secret)  # nosec B311
        else:
            return


class SharedCache(BaseCache):
    """`LOCATION` is the file; `MAX_ENTRIES` what it may hold before those that run out soonest go.

    Whole numbers are kept as such, so that the database counts; everything else is pickled, as Django's own file-based
    cache does, into a file only the service may read.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = Path(location)
        self._kept: tuple[int, sqlite3.Connection] | None = None
        self._opened_to_write = True

    def _ask(self, statement: str, given: list[Any]) -> tuple[list[Any], int]:
        """The rows of one statement and how many it touched; said again where the file was opened while it could not be written."""
        until = time.monotonic() + place.PATIENCE
        while True:
            try:
                done = self._connection().execute(statement, given)
                return done.fetchall(), done.rowcount
            except sqlite3.OperationalError as error:
                if not place.refused_by_others(error, self._path) or time.monotonic() > until:
                    raise
                self._let_go()
            finally:
                if not self._opened_to_write:
                    self._let_go()
            time.sleep(place.PAUSE)

    def _connection(self) -> sqlite3.Connection:
        """One connection for each thread (Django makes this object anew for each) and process."""
        if self._kept is None or self._kept[0] != os.getpid():
            self._opened_to_write = place.writable(self._path)
            if not self._path.exists():
                self._path.touch(mode=0o600)
            self._kept = (os.getpid(), _opened(self._path))
            self._opened_to_write &= place.writable(self._path)
        return self._kept[1]

    def _let_go(self) -> None:
        if self._kept is not None and self._kept[0] == os.getpid():
            self._kept[1].close()
        self._kept, self._opened_to_write = None, True

    def _key(self, key: str, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _expires(self, timeout: Any) -> float:
        moment = self.get_backend_timeout(timeout)
        return _FOR_EVER if moment is None else float(moment)

    def _tidy(self) -> None:
        if random.randrange(_TIDY_EVERY):  # noqa: S311 (which write tidies up is no secret)  # nosec B311
            return
        self._ask("DELETE FROM entry WHERE expires <= ?", [time.time()])
        [(held,)], _touched = self._ask("SELECT count(*) FROM entry", [])
        if held > self._max_entries:
            self._ask(
                "DELETE FROM entry WHERE key IN (SELECT key FROM entry ORDER BY expires LIMIT ?)",
                [held - self._max_entries + self._max_entries // 4],
            )

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it unless something is kept there; whether it was."""
        self._tidy()
        _rows, touched = self._ask(
            "INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET value = excluded.value, expires = excluded.expires WHERE entry.expires <= ?",
            [self._key(key, version), _packed(value), self._expires(timeout), time.time()],
        )
        return touched == 1

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept, else the default."""
        found, _touched = self._ask(
            "SELECT value FROM entry WHERE key = ? AND expires > ?", [self._key(key, version), time.time()]
        )
        return _unpacked(found[0][0]) if found else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep it."""
        self._tidy()
        self._ask(
            "INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET value = excluded.value, expires = excluded.expires",
            [self._key(key, version), _packed(value), self._expires(timeout)],
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it for longer; whether it was there."""
        _rows, touched = self._ask(
            "UPDATE entry SET expires = ? WHERE key = ? AND expires > ?",
            [self._expires(timeout), self._key(key, version), time.time()],
        )
        return touched == 1

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count in one statement; the new number.

        Raises ValueError when no number is kept there.
        """
        found, _touched = self._ask(
            "UPDATE entry SET value = value + ? WHERE key = ? AND expires > ? AND typeof(value) = 'integer'"
            " RETURNING value",
            [delta, self._key(key, version), time.time()],
        )
        if not found:
            raise ValueError(f"Key {key!r} not found")
        return int(found[0][0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it; whether it was there."""
        _rows, touched = self._ask(
            "DELETE FROM entry WHERE key = ? AND expires > ?", [self._key(key, version), time.time()]
        )
        return touched == 1

    def clear(self) -> None:
        """Forget everything."""
        self._ask("DELETE FROM entry", [])


def _packed(value: Any) -> int | bytes:
    """Numbers as numbers, as far as SQLite holds them; `True` is none."""
    return value if type(value) is int and -(2**63) <= value < 2**63 else pickle.dumps(value)


def _unpacked(kept: int | bytes) -> Any:
    return kept if isinstance(kept, int) else pickle.loads(kept)  # noqa: S301 (as above)  # nosec B301
