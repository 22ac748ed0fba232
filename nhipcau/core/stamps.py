"""Whether anything the public sees has changed, told between processes by one small table.

Whatever writes to a table that a public page may show puts a new stamp beside it, in the same transaction: a service, the
back office, a command, a worker. No trigger and no signal is needed, for every statement of Django's passes `watch`;
settings.NEVER_SHOWN names the tables that no public page reads, all others count. On PostgreSQL each connection has a row of
its own, so that nobody waits for anybody; what tells is the sum of all rows.

Time changes pages, too, without a row being written: an activity is over, an embargo ends, a day begins.
settings.SHOWN_MOMENTS names the columns; a mark says until when it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import Error
from django.utils.dateparse import parse_datetime

from nhipcau.core import middleware, replica

TABLE = "core_publicstamp"
#: So long a process takes for granted what it read; with the time to read it, a change is seen within a second.
TRUSTED_SECONDS = 0.5
_WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What had been changed at a moment, and the next moment that changes pages by itself."""

    stamp: str
    until: datetime


# --- writing ---------------------------------------------------------------------------------
def shown(table: str) -> bool:
    """Whether a public page may show something of a table."""
    return table != TABLE and not table.startswith(settings.NEVER_SHOWN)


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 (Django's own signature)
    """Put a new stamp once in each transaction that writes what may be shown."""
    done = execute(sql, params, many, context)
    if settings.PUBLIC_STAMPS and isinstance(sql, str):
        written = _WRITES.match(sql)
        if written and shown(written.group(1)):
            _stamp(context["connection"])
    return done


def watched(connection: BaseDatabaseWrapper, **_rest: Any) -> None:
    """Have every statement of a new connection looked at.

    Below all others: those that come and go take away the last one, and a connection may be opened in between.
    """
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)


_standing: set[tuple[str, str]] = set()  # databases whose migrations have come as far as our table


def _stands(connection: BaseDatabaseWrapper) -> bool:
    key = (connection.alias, str(connection.settings_dict["NAME"]))
    if key not in _standing:
        if TABLE not in connection.introspection.table_names():
            return False
        _standing.add(key)
    return True


def _stamp(connection: BaseDatabaseWrapper) -> None:
    inside = connection.in_atomic_block
    # Our note among those for the commit goes when a savepoint is rolled back, and the stamp with it.
    if (inside and any(entry[1] is _written for entry in connection.run_on_commit)) or not _stands(connection):
        return
    writer = "pg_backend_pid()" if connection.vendor == "postgresql" else "0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (writer, number, at) VALUES ({writer}, 1, %s) ON CONFLICT (writer)"  # noqa: S608 (constants)  # nosec B608
            f" DO UPDATE SET number = {TABLE}.number + 1, at = excluded.at",
            [connection.ops.adapt_datetimefield_value(middleware.clock())],
        )
    if inside:
        connection.on_commit(_written, robust=True)
    else:
        _written()


def _written() -> None:
    """This process sees its own changes at once."""
    _known.checked = 0.0


def forget_idle(*, at: datetime) -> int:
    """Delete the rows of connections closed long ago; how many."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE at < %s AND writer <> 0", [at - timedelta(days=2)])  # noqa: S608 (constants)  # nosec B608
        return int(cursor.rowcount)


# --- reading ---------------------------------------------------------------------------------
class _Known:
    """What this process read last."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.mark: Mark | None = None
        self.checked = 0.0


_known = _Known()


def current() -> Mark | None:
    """How things stand, at most half a second old; None while the database cannot say. No query in between."""
    mark = _known.mark
    if mark and monotonic() - _known.checked < TRUSTED_SECONDS and middleware.clock() < mark.until:
        return mark
    # Pages may be read from the copy that lags; what holds for them is what the copy knows. Asked before the lock: nobody
    # waits until somebody else has found out that the copy is away.
    alias = replica.ALIAS if replica.is_reachable() else "default"
    with _known.lock:
        began = monotonic()
        if began - _known.checked < TRUSTED_SECONDS and (not _known.mark or middleware.clock() < _known.mark.until):
            return _known.mark
        try:
            _known.mark = _read(_known.mark, alias)
        except Error:
            _known.mark, began = None, monotonic()  # who waited meanwhile does not ask again
        with suppress(Error):
            close_old_connections()
        _known.checked = began
        return _known.mark


def forget() -> None:
    """Read anew whatever was read before."""
    _known.mark, _known.checked = None, 0.0


def _read(before: Mark | None, alias: str) -> Mark:
    connection = connections[alias]
    at = middleware.clock()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), sum(number) FROM {TABLE}")  # noqa: S608 (constants)  # nosec B608
        rows, numbers = cursor.fetchone()
        # Whose word it is belongs to it: a page drawn while the copy was away says nothing about what the copy holds.
        stamp = f"{alias}.{rows}.{numbers or 0}"
        if before and before.stamp == stamp and at < before.until:
            return before
        # A mark whose time is over is another mark, so that what was kept under it goes.
        return Mark(stamp, _next_moment(cursor, connection, at=at))


def _next_moment(cursor: Any, connection: BaseDatabaseWrapper, *, at: datetime) -> datetime:
    """The next moment in any of the columns that change pages by themselves; midnight at the latest. One query."""
    columns = [name.split(".") for name in settings.SHOWN_MOMENTS]
    cursor.execute(
        " UNION ALL ".join(f"SELECT min({column}) FROM {table} WHERE {column} > %s" for table, column in columns),  # noqa: S608 (from settings)  # nosec B608
        [connection.ops.adapt_datetimefield_value(at)] * len(columns),
    )
    local = at.astimezone(middleware.LOCAL)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), middleware.LOCAL)
    moments = [_aware(value) for (value,) in cursor.fetchall() if value is not None]
    return min([midnight, *moments])


def _aware(value: Any) -> datetime:
    found = parse_datetime(value) if isinstance(value, str) else value
    assert found is not None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
