"""The database's own guard over the ledger: rows stay as written, on SQLite and PostgreSQL alike."""

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ("evidence_evidencedimension", "evidence_verification", "evidence_attachment")
KEPT = (
    "id", "plan_id", "activity_id", "kind_id", "quantity", "day", "person_id", "organisation_id", "grade",
    "needs_verification", "source_ref", "note", "link", "recorded_by_id", "recorded_at", "void",
)  # fmt: skip
MESSAGE = "the ledger is append-only"


def _sqlite_up() -> list[str]:
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in KEPT)
    statements = [
        f"CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence_evidence "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        f"CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence_evidence "
        f"WHEN {changed} OR OLD.superseded_by_id IS NOT NULL OR NEW.superseded_by_id IS NULL "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        # INSERT OR REPLACE deletes what it meets without firing the trigger above.
        f"CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence_evidence "
        f"WHEN EXISTS (SELECT 1 FROM evidence_evidence WHERE id = NEW.id) OR (NEW.superseded_by_id IS NULL AND EXISTS "
        f"(SELECT 1 FROM evidence_evidence WHERE kind_id = NEW.kind_id AND source_ref = NEW.source_ref "
        f"AND superseded_by_id IS NULL)) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ]
    for table in APPEND_ONLY:
        statements.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        statements.extend(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for verb in ("DELETE", "UPDATE")
        )
    return statements


def _postgresql_up() -> list[str]:
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in KEPT)
    statements = [
        "CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence_evidence "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence_evidence FOR EACH ROW "
        f"WHEN ({changed} OR OLD.superseded_by_id IS NOT NULL OR NEW.superseded_by_id IS NULL) "
        "EXECUTE FUNCTION evidence_refuse()",
    ]
    statements.extend(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()"
        for table in ("evidence_evidence", *APPEND_ONLY)
    )
    statements.extend(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()"
        for table in APPEND_ONLY
    )
    return statements


def raise_guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up; the migration calls it."""
    with connection.cursor() as cursor:
        for statement in _sqlite_up() if connection.vendor == "sqlite" else _postgresql_up():
            cursor.execute(statement)


def lower_guard(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers down, for undoing the migration and for emptying a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("evidence_no_delete", "evidence_no_update", "evidence_no_replace"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            for table in APPEND_ONLY:
                for verb in ("delete", "update", "replace"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS evidence_refuse() CASCADE")
