"""Whether a file of SQLite may be written where it lies, and what follows when it could not be while somebody opened it.

A file that may only be read is opened all the same, and the connection stays read-only for its life. Worse: all connections
of one process share what they know of the log beside the file, so that a single one opened at such a time keeps the others
from writing until it is closed, long after the place may be written again.
"""

import os
import sqlite3
from pathlib import Path

PATIENCE = 2.0  # seconds in which others of this process have let go what they opened
PAUSE = 0.02


def writable(path: Path) -> bool:
    """Whether the file, or one yet to be made, and what lies beside it may be written at this moment."""
    return os.access(path.parent, os.W_OK) and (os.access(path, os.W_OK) or not path.exists())


def refused_by_others(error: BaseException | None, path: Path) -> bool:
    """Whether SQLite told somebody who may write here that he may not: others of this process opened it when nobody might."""
    refused = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    return refused and writable(path)
