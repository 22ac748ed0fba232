"""The questions asked of reports and public snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.reports.models import Report, Snapshot


class ReportQuerySet(models.QuerySet["Report"]):
    """Sets of reports."""

    def frozen(self) -> ReportQuerySet:
        """Those whose figures both directors have frozen."""
        return self.filter(frozen_at__isnull=False)

    def drafts(self) -> ReportQuerySet:
        """Those whose figures still move."""
        return self.filter(frozen_at__isnull=True)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Sets of public snapshots."""

    def public(self) -> SnapshotQuerySet:
        """Those anybody may read, newest first."""
        return self.filter(released_at__isnull=False, withdrawn_at__isnull=True).order_by("-released_at")

    def prepared(self) -> SnapshotQuerySet:
        """Those still waiting for departments or directors."""
        return self.filter(released_at__isnull=True, withdrawn_at__isnull=True)
