# ruff: noqa: S608 (every part of the statements is written in this module)
"""What waits for verification, kept by the database beside the ledger in the statement that changes it.

Triggers and not services: whoever writes the ledger, in whatever way, the list follows. `wrong` says whether it did,
`fill` writes it anew from the ledger.
"""

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

COLUMNS = "evidence_id, plan_id, recorded_by_id, recorded_at, returned"
_NEW = "NEW.id, NEW.plan_id, NEW.recorded_by_id, NEW.recorded_at, false"
_WAITS = "NEW.needs_verification AND NOT NEW.void AND NEW.superseded_by_id IS NULL"
_COME = f"INSERT INTO evidence_awaiting ({COLUMNS}) VALUES ({_NEW});"  # our own names alone  # nosec B608
_REPLACED = "DELETE FROM evidence_awaiting WHERE evidence_id = NEW.id;"
_LOOKED = (
    "DELETE FROM evidence_awaiting WHERE NEW.outcome = 'verified' AND evidence_id = NEW.evidence_id; "
    "UPDATE evidence_awaiting SET returned = true WHERE NEW.outcome = 'returned' AND evidence_id = NEW.evidence_id;"
)
#: Name, when, on which table, on what condition, what then.
TRIGGERS = (
    ("awaiting_come", "INSERT", "evidence_evidence", _WAITS, _COME),
    (
        "awaiting_replaced",
        "UPDATE OF superseded_by_id",
        "evidence_evidence",
        "NEW.superseded_by_id IS NOT NULL",
        _REPLACED,
    ),
    ("awaiting_looked", "INSERT", "evidence_verification", "true", _LOOKED),
)
#: The list as the ledger tells it.
AS_TOLD = (
    "SELECT e.id, e.plan_id, e.recorded_by_id, e.recorded_at, EXISTS (SELECT 1 FROM evidence_verification v "
    "WHERE v.evidence_id = e.id AND v.outcome = 'returned') FROM evidence_evidence e "
    "WHERE e.needs_verification AND NOT e.void AND e.superseded_by_id IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM evidence_verification v WHERE v.evidence_id = e.id AND v.outcome = 'verified')"
)


def raise_triggers(database: BaseDatabaseWrapper) -> None:
    """Put them up and fill the list; the migration calls it."""
    with database.cursor() as cursor:
        for name, event, table, condition, then in TRIGGERS:
            head = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition})"
            if database.vendor == "sqlite":
                cursor.execute(f"{head} BEGIN {then} END")
            else:
                cursor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {then} RETURN NULL; END $$"
                )
                cursor.execute(f"{head} EXECUTE FUNCTION {name}()")
        cursor.execute(f"INSERT INTO evidence_awaiting ({COLUMNS}) {AS_TOLD}")


def lower_triggers(database: BaseDatabaseWrapper) -> None:
    """Take them down, for undoing the migration."""
    with database.cursor() as cursor:
        for name, _event, table, _condition, _then in TRIGGERS:
            if database.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        cursor.execute("DELETE FROM evidence_awaiting")


def wrong() -> int:
    """In how many rows the list and the ledger differ; none, unless somebody went round the triggers."""
    kept = f"SELECT {COLUMNS} FROM evidence_awaiting"  # as above  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT COUNT(*) FROM ({kept} EXCEPT {AS_TOLD}) AS more)"  # as above  # nosec B608
            f" + (SELECT COUNT(*) FROM ({AS_TOLD} EXCEPT {kept}) AS fewer)"
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def fill() -> None:
    """Write the list anew from the ledger; for after a repair by hand."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_awaiting")
        cursor.execute(f"INSERT INTO evidence_awaiting ({COLUMNS}) {AS_TOLD}")
