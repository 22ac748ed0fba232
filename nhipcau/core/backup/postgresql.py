"""PostgreSQL in a backup: every table as of one moment by COPY, over the driver; no client program is needed.

Tables, constraints and triggers are not copied: restoring makes them by the same migrations, then fills the rows in.
See docs/decisions/0011.
"""

from pathlib import Path
from typing import Any, cast

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from nhipcau.core.backup.archive import BLOCK, Reader, Writer

FOLDER, END = "database/", ".copy"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s "
    "AND is_generated = 'NEVER' ORDER BY ordinal_position"
)
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY sequencename"
Key = tuple[str, str]


def _driver() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def dump(writer: Writer, workshop: Path) -> dict[str, Any]:
    """Append every table as of one moment; which migrations, columns, rows and counters there are."""
    told: dict[str, Any] = {"tables": {}, "sequences": {}}
    with transaction.atomic(), _driver().cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        told["migrations"] = cursor.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        for (table,) in cursor.execute(TABLES).fetchall():
            columns = [name for (name,) in cursor.execute(COLUMNS, [table]).fetchall()]
            part = workshop / "table"
            part.touch(mode=0o600)
            with part.open("wb") as target, cursor.copy(_copy("COPY {} ({}) TO STDOUT", table, columns)) as rows:
                for block in rows:
                    target.write(block)
            told["tables"][table] = {"columns": columns, "rows": cursor.rowcount}
            writer.add_path(f"{FOLDER}{table}{END}", part)
            part.unlink()
        # Counters stand outside of transactions: read last, they are never behind the rows.
        for (name,) in cursor.execute(SEQUENCES).fetchall():
            asked = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
            told["sequences"][name] = cursor.execute(asked).fetchone()
    return told


def is_empty() -> bool:
    """Whether there is no table yet."""
    return not connection.introspection.table_names()


def load(reader: Reader, told: dict[str, Any]) -> None:
    """Make the tables by the migrations the backup had gone through, then fill every row in, in one transaction."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last_of_each_app(executor.loader, list(map(_key, told["migrations"]))))
    with transaction.atomic(), _driver().cursor() as cursor:
        # The rows come as they stood: what guards or derives by triggers did its work before the copy was made.
        for table in told["tables"]:
            cursor.execute(_copy("ALTER TABLE {} DISABLE TRIGGER USER", table))
        for table in told["tables"]:
            cursor.execute(_copy("DELETE FROM {}", table))
        for name, stream in reader.members():
            if name.startswith(FOLDER):
                table = name.removeprefix(FOLDER).removesuffix(END)
                statement = _copy("COPY {} ({}) FROM STDIN", table, told["tables"][table]["columns"])
                with cursor.copy(statement) as rows:
                    while block := stream.read(BLOCK):
                        rows.write(block)
        for name, (last, called) in told["sequences"].items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', last, called])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in told["tables"]:
            cursor.execute(_copy("ALTER TABLE {} ENABLE TRIGGER USER", table))


def _key(pair: list[str]) -> Key:
    app, name = pair
    return app, name


def _last_of_each_app(loader: MigrationLoader, applied: list[Key]) -> list[Key]:
    """Those of the applied migrations that no other one of their app builds on."""
    inside = set(applied)
    graph = loader.graph
    return [
        key
        for key in applied
        if key in graph.nodes
        and not any(child.key[0] == key[0] and child.key in inside for child in graph.node_map[key].children)
    ]


def _copy(words: str, table: str, columns: list[str] | None = None) -> sql.Composed:
    names = [sql.SQL(", ").join(map(sql.Identifier, columns))] if columns is not None else []
    return sql.SQL(words).format(sql.Identifier(table), *names)
