"""A connection stays open as long as the file it holds is the one at its place and may be written.

Opening one reads the whole schema anew, a fifth of a page's time. But who holds a file open goes on writing it, and says so to
nobody, after somebody has moved it away, put another in its place or closed the place to writing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

IN_MEMORY = (":memory:", "file:")


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but a file that is no longer what it was is let go like a connection that grew too old."""

    opened: os.stat_result | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, and remember which one it was."""
        made = super().get_new_connection(conn_params)
        name = str(conn_params["database"])
        self.opened = None if name.startswith(IN_MEMORY) else Path(name).stat()
        return made

    def close_if_unusable_or_obsolete(self) -> None:
        """Asked by Django between requests, by the worker between tasks; some microseconds where nothing happened."""
        if self.connection is not None and not self.in_atomic_block and not self._holds_what_is_there():
            self.close()
        super().close_if_unusable_or_obsolete()

    def _holds_what_is_there(self) -> bool:
        if self.opened is None:
            return True
        name = Path(self.settings_dict["NAME"])
        try:
            same = os.path.samestat(self.opened, name.stat())
        except OSError:
            return False
        return same and os.access(name, os.W_OK) and os.access(name.parent, os.W_OK)
