"""The database's own guard over the ledger: rows stay as written, but for the one column that names a successor."""

from nhipcau.core import guards

APPEND_ONLY = ("evidence_evidencedimension", "evidence_verification", "evidence_attachment")
KEPT = (
    "id", "plan_id", "activity_id", "kind_id", "quantity", "day", "person_id", "organisation_id", "grade",
    "needs_verification", "source_ref", "note", "link", "recorded_by_id", "recorded_at", "void",
)  # fmt: skip
MESSAGE = "the ledger is append-only"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
_CHANGED = {
    word: " OR ".join(f"OLD.{column} {word} NEW.{column}" for column in KEPT) for word in ("IS NOT", "IS DISTINCT FROM")
}

LEDGER = guards.keep(
    guards.Guard(
        name="evidence_refuse",
        message=MESSAGE,
        tables=APPEND_ONLY,
        emptied=("evidence_evidence",),
        triggers=("evidence_no_delete", "evidence_no_update", "evidence_no_replace"),
        sqlite=(
            f"CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence_evidence {_REFUSE}",
            f"CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence_evidence "
            f"WHEN {_CHANGED['IS NOT']} OR OLD.superseded_by_id IS NOT NULL OR NEW.superseded_by_id IS NULL {_REFUSE}",
            # INSERT OR REPLACE deletes what it meets without firing the trigger above.
            f"CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence_evidence "  # our own names alone  # nosec B608
            f"WHEN EXISTS (SELECT 1 FROM evidence_evidence WHERE id = NEW.id) OR (NEW.superseded_by_id IS NULL AND "
            f"EXISTS (SELECT 1 FROM evidence_evidence WHERE kind_id = NEW.kind_id AND source_ref = NEW.source_ref "
            f"AND superseded_by_id IS NULL)) {_REFUSE}",
        ),
        postgresql=(
            "CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence_evidence "
            "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            "CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence_evidence FOR EACH ROW "
            f"WHEN ({_CHANGED['IS DISTINCT FROM']} OR OLD.superseded_by_id IS NOT NULL "
            "OR NEW.superseded_by_id IS NULL) EXECUTE FUNCTION evidence_refuse()",
        ),
    )
)
raise_guard, lower_guard = LEDGER.raise_on, LEDGER.lower_on
