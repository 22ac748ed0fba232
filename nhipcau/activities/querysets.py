"""The questions asked of activities."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.activities.models import Activity


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Sets of activities."""

    def public(self) -> ActivityQuerySet:
        """Those anybody may see: shown to the public and in a plan that is in force or closed."""
        return self.filter(is_public=True, plan__state__in=["adopted", "closed"])

    def upcoming(self, *, at: datetime) -> ActivityQuerySet:
        """Those not over yet, soonest first."""
        return self.filter(ends_at__gte=at).exclude(state="cancelled").order_by("starts_at", "pk")

    def past(self, *, at: datetime) -> ActivityQuerySet:
        """Those that are over, latest first."""
        return self.filter(ends_at__lt=at).order_by("-starts_at", "-pk")

    def awaiting_close(self, *, at: datetime) -> ActivityQuerySet:
        """Those over or held whose file is still open."""
        return self.filter(ends_at__lt=at, state__in=["planned", "held"])
