"""A connection stays open as long as the file it holds is the one at its place and may be written.

Opening one reads the whole schema anew, a fifth of a page's time. But who holds a file open goes on writing it, and says so to
nobody, after somebody has moved it away, put another in its place or closed the place to writing; and who opened it while the
place was closed goes on being refused.
"""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from nhipcau.core.sqlite import place

IN_MEMORY = (":memory:", "file:")


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but a file that is no longer what it was is let go like a connection that grew too old."""

    opened: os.stat_result | None = None
    opened_to_write = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, and remember which one it was and whether it could be written then."""
        name = str(conn_params["database"])
        if name.startswith(IN_MEMORY):
            self.opened, self.opened_to_write = None, True
            return super().get_new_connection(conn_params)
        before = place.writable(Path(name))
        made = super().get_new_connection(conn_params)
        self.opened, self.opened_to_write = Path(name).stat(), before and place.writable(Path(name))
        return made

    def close_if_unusable_or_obsolete(self) -> None:
        """Asked by Django between requests, by the worker between tasks; some microseconds where nothing happened."""
        if self.connection is not None and not self.in_atomic_block and not self._holds_what_is_there():
            self.close()
        super().close_if_unusable_or_obsolete()

    def is_usable(self) -> bool:
        """Asked after an error; opening the file again is the safest answer to what may have been wrong with it."""
        return self.opened is None

    def _start_transaction_under_autocommit(self) -> None:
        """Begin; nothing is done yet, so a file that may be written and yet refused is opened once more."""
        until = time.monotonic() + place.PATIENCE
        while True:
            try:
                super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs do not know it
            except OperationalError as error:
                if self.opened is None or time.monotonic() > until:
                    raise
                if not place.refused_by_others(error.__cause__, Path(self.settings_dict["NAME"])):
                    raise
            else:
                return
            self.close()
            gc.collect()  # what errors still hold of a connection keeps its files open after it was closed
            time.sleep(place.PAUSE)
            self.connect()

    def _holds_what_is_there(self) -> bool:
        if self.opened is None:
            return True
        name = Path(self.settings_dict["NAME"])
        try:
            same = os.path.samestat(self.opened, name.stat())
        except OSError:
            return False
        return same and self.opened_to_write and place.writable(name)
