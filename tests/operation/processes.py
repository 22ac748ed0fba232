"""Real processes of the product, each with an environment of its own."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def environment(data: Path, **more: str) -> dict[str, str]:
    """Nothing of the suite's own settings, and a data folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NHIPCAU", "DJANGO", "PYTEST", "PROMETHEUS"))
        and name not in {"DATABASE_URL", "EMAIL_URL", "PORT"}
    }
    static = os.environ.get("NHIPCAU_STATIC", str(data / "static"))
    return kept | {"NHIPCAU_DATA": str(data), "NHIPCAU_STATIC": static} | more


def manage(*words: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`manage.py …`, to its end."""
    return subprocess.run(
        [*MANAGE, *words], env=environment(data, **more), check=False, capture_output=True, text=True, timeout=900
    )


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Elsewhere:
    """An empty database of the kind the test runs on, and a data folder beside it."""

    def __init__(self, folder: Path, name: str = "elsewhere") -> None:
        self.data = folder / name
        self.data.mkdir()
        self.vendor = connection.vendor
        self.name = f"{connection.settings_dict['NAME']}_{name}" if self.vendor == "postgresql" else ""

    def __enter__(self) -> Self:
        if self.name:
            self._maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)', f'CREATE DATABASE "{self.name}"')
        return self

    def __exit__(self, *_error: object) -> None:
        if self.name:
            self._maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _server(self) -> dict[str, Any]:
        told = connection.settings_dict
        return {"host": told["HOST"], "port": told["PORT"], "user": told["USER"]}

    def _maintain(self, *statements: str) -> None:
        with psycopg.connect(**self._server(), dbname="postgres", autocommit=True) as server:
            for statement in statements:
                server.execute(statement.encode())

    @property
    def environment(self) -> dict[str, str]:
        """What names the database to a process."""
        if not self.name:
            return {}
        told = self._server()
        return {"DATABASE_URL": f"postgresql://{told['user']}@{told['host']}:{told['port']}/{self.name}"}

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`manage.py …` there."""
        return manage(*words, data=self.data, **(self.environment | more))

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, for comparing."""
        if self.name:
            with psycopg.connect(**self._server(), dbname=self.name) as there:
                return rows_of(there, "postgresql")
        with closing(sqlite3.connect(self.data / "nhipcau.sqlite3")) as there:
            return rows_of(there, "sqlite")


def rows_of(there: Any, vendor: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table behind a driver's connection, each table in the order of its rows' text."""
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
    }[vendor]
    cursor = there.cursor()
    names = [name for (name,) in cursor.execute(tables).fetchall()]
    return {
        name: sorted((tuple(map(_plain, row)) for row in cursor.execute(f'SELECT * FROM "{name}"').fetchall()), key=repr)  # noqa: S608
        for name in names
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
