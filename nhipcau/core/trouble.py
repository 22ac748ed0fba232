"""Bad days: what an error of database, disk or cache means for the person who met it, told in one place for all pages.

An error that nobody caught comes to `views.server_error`; where it is one of these, the page says what happened, keeps
what was typed and answers 503 with the seconds after which to try again. Nothing is retried here: only the person, or a
service that may run twice, does that.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Trouble(Enum):
    """What is wrong: the sentence, seconds to wait, and whether it is certain that nothing of the step was recorded."""

    BUSY = (_("Very much is being done at once, and the database did not answer in time."), 5, True)
    AWAY = (_("The database does not answer."), 20, True)
    LOST = (_("The connection to the database broke off half way."), 5, False)
    FULL = (_("The disk is full or out of order, and nothing more can be kept on it."), 120, True)
    READ_ONLY = (_("At the moment the system can only be read; nothing can be written."), 120, True)

    def __init__(self, sentence: str | Promise, seconds: int, undone: bool) -> None:  # noqa: FBT001 (an enum's values have no names)
        self.sentence, self.seconds, self.undone = sentence, seconds, undone


# The lower byte of SQLite's result code.
_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.FULL,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
}
# SQLSTATE, or its class; see "PostgreSQL Error Codes" in its manual.
_POSTGRESQL = {
    "25006": Trouble.READ_ONLY,
    "53100": Trouble.FULL,
    "58": Trouble.FULL,
    "53": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "57014": Trouble.BUSY,
    "40": Trouble.BUSY,
    "57P03": Trouble.AWAY,
    "57": Trouble.LOST,
    "08": Trouble.LOST,
}
_FILES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EIO: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
}


def of(error: BaseException | None) -> Trouble | None:
    """What an error or its cause stands for; None for faults of ours and of the asker's."""
    for one in _causes(error):
        if isinstance(one, sqlite3.Error):
            return _of_sqlite(one)
        if type(one).__module__.startswith("psycopg"):
            return _of_postgresql(one)
        if isinstance(one, OSError) and one.errno in _FILES:
            return _FILES[one.errno]
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _of_sqlite(error: sqlite3.Error) -> Trouble | None:
    met = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    # Beside a database nobody has open its log is made anew; where that cannot be, it does not open at all.
    if met is Trouble.AWAY and not os.access(settings.DATA, os.W_OK):
        return Trouble.READ_ONLY
    return met


def _of_postgresql(error: BaseException) -> Trouble | None:
    state = getattr(error, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if getattr(error, "pgconn", None) is not None:  # it never came to a connection
        return Trouble.AWAY
    names = {kind.__name__ for kind in type(error).__mro__}
    return Trouble.LOST if names & {"OperationalError", "InterfaceError"} else None
