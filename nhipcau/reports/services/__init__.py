"""What this room does: draft, explain, freeze and issue reports; prepare and release what the public may see."""

from nhipcau.reports.services.reports import (
    NARRATIVE,
    Sections,
    draft_digest,
    draft_report,
    explain,
    freeze_report,
    record_issue,
    revise_narrative,
)
from nhipcau.reports.services.snapshots import (
    mark_seen,
    prepare_snapshot,
    release_snapshot,
    withdraw_snapshot,
)

__all__ = [
    "NARRATIVE",
    "Sections",
    "draft_digest",
    "draft_report",
    "explain",
    "freeze_report",
    "mark_seen",
    "prepare_snapshot",
    "record_issue",
    "release_snapshot",
    "revise_narrative",
    "withdraw_snapshot",
]
