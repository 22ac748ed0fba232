"""A connection to SQLite is kept between requests, and let go when its file is no longer what it was."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from nhipcau.core.sqlite.base import DatabaseWrapper
from tests.closed_place import bound_by_modes

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """A connection of service, to a file of its own."""
    own = connections.configure_settings({"default": {
        "ENGINE": "nhipcau.core.sqlite", "NAME": str(tmp_path / "own.sqlite3"), "CONN_MAX_AGE": 600,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
    }})["default"]  # fmt: skip
    made = DatabaseWrapper(own, "own")
    made.inc_thread_sharing()
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n)")
    yield made
    made.close()


def _insert(connection: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (1)")


def test_connection_is_kept_while_nothing_happens(connection: DatabaseWrapper) -> None:
    held = connection.connection
    _insert(connection)
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is held is not None


@pytest.mark.parametrize("gone", ["moved", "replaced", "deleted"])
def test_file_that_is_no_longer_there_is_let_go(connection: DatabaseWrapper, gone: str) -> None:
    path = Path(connection.settings_dict["NAME"])
    if gone == "deleted":
        path.unlink()
    else:
        path.rename(path.with_name("elsewhere.sqlite3"))
    if gone == "replaced":
        path.write_bytes(b"")
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_place_closed_to_writing_is_let_go(
    connection: DatabaseWrapper, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(connection.settings_dict["NAME"])
    refused = path if closed == "file" else path.parent
    monkeypatch.setattr(
        os, "access", lambda asked, _mode: Path(asked) != refused
    )  # root may write whatever a mode says
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None


def test_nothing_is_let_go_in_the_middle_of_a_transaction(connection: DatabaseWrapper) -> None:
    held = connection.connection
    connection.in_atomic_block = True
    Path(connection.settings_dict["NAME"]).rename(Path(connection.settings_dict["NAME"] + "-elsewhere"))
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is held
    connection.in_atomic_block = False


def test_after_an_error_the_file_is_opened_anew(connection: DatabaseWrapper) -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT n FROM nowhere")
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None
    _insert(connection)


def test_files_opened_while_they_could_only_be_read_are_written_as_soon_as_they_can_be(tmp_path: Path) -> None:
    done = subprocess.run(
        [*bound_by_modes(), sys.executable, "-m", "tests.core.late_opener", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "while closed": ["SQLITE_READONLY", "SQLITE_READONLY"],
        "others at once": ["written", "kept 1"],
        "the late one is let go": True,
        "the late ones again": ["written", "kept 1"],
        "the early one is kept": True,
    }


def test_service_on_sqlite_keeps_its_connections() -> None:
    if connections["default"].vendor == "sqlite":
        assert isinstance(connections["default"], DatabaseWrapper)
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] > 0
