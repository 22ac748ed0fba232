"""Triggers by which the database itself keeps rows as they were written, on SQLite and PostgreSQL alike.

A room that has such tables makes a `Guard`, raises it in a migration and keeps it here, so that a test database can be
emptied (`lower_all`) and guarded again (`raise_all`). A later migration that gives such a table another column lowers the
guard first and raises it afterwards: SQLite makes the table anew and forgets its triggers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Guard:
    """What is put up over some tables: rows of `tables` are only ever added.

    `name` is the function on PostgreSQL, `message` what the database says when it refuses. A guard with rules of its
    own (one column that may change, once) brings them as statements, and the names of their triggers on SQLite.
    """

    name: str
    message: str
    tables: tuple[str, ...]
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()
    triggers: tuple[str, ...] = field(default=())
    emptied: tuple[str, ...] = field(default=())  # tables beside `tables` that may not be truncated either

    def up(self, vendor: str) -> list[str]:
        """The statements that put it up."""
        return self._sqlite_up() if vendor == "sqlite" else self._postgresql_up()

    def down(self, vendor: str) -> list[str]:
        """The statements that take it down."""
        if vendor != "sqlite":
            return [f"DROP FUNCTION IF EXISTS {self.name}() CASCADE"]
        names = [*self.triggers, *(f"{t}_no_{verb}" for t in self.tables for verb in ("delete", "update", "replace"))]
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]

    def _sqlite_up(self) -> list[str]:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        statements = list(self.sqlite)
        for table in self.tables:
            # INSERT OR REPLACE deletes what it meets without firing a trigger on deletion.
            statements.append(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # our own names alone  # nosec B608
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
            )
            statements += [
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
                for verb in ("DELETE", "UPDATE")
            ]
        return statements

    def _postgresql_up(self) -> list[str]:
        refuse = f"EXECUTE FUNCTION {self.name}()"
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            *self.postgresql,
            *(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
                for table in (*self.emptied, *self.tables)
            ),
            *(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}"
                for table in self.tables
            ),
        ]

    def raise_on(self, connection: BaseDatabaseWrapper) -> None:
        """Put the triggers up; a migration calls it."""
        _run(connection, self.up(connection.vendor))

    def lower_on(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers down, for undoing the migration and for emptying a test database."""
        _run(connection, self.down(connection.vendor))


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


_kept: dict[str, Guard] = {}


def _all() -> list[Guard]:
    autodiscover_modules("guards")
    return list(_kept.values())


def keep(guard: Guard) -> Guard:
    """Note a guard, so that `raise_all` and `lower_all` know it."""
    _kept[guard.name] = guard
    return guard


def raise_all(connection: BaseDatabaseWrapper) -> None:
    """Put every guard up."""
    for guard in _all():
        guard.raise_on(connection)


def lower_all(connection: BaseDatabaseWrapper) -> None:
    """Take every guard down."""
    for guard in _all():
        guard.lower_on(connection)


JOURNAL = keep(Guard(name="journal_refuse", message="the journal is append-only", tables=("core_journalentry",)))
