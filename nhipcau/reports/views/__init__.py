"""The pages of this room: reports, their files, and the public snapshots."""

from nhipcau.reports.views.files import package, report_docx, report_xlsx, signed_file
from nhipcau.reports.views.reports import explain, figure, freeze, issue, narrative, report, report_new, reports
from nhipcau.reports.views.snapshots import (
    snapshot,
    snapshot_prepare,
    snapshot_release,
    snapshot_seen,
    snapshot_withdraw,
)

__all__ = [
    "explain",
    "figure",
    "freeze",
    "issue",
    "narrative",
    "package",
    "report",
    "report_docx",
    "report_new",
    "report_xlsx",
    "reports",
    "signed_file",
    "snapshot",
    "snapshot_prepare",
    "snapshot_release",
    "snapshot_seen",
    "snapshot_withdraw",
]
