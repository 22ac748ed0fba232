"""The questions asked of plans and what is in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.agreements.models import Agreement
    from nhipcau.plans.models import Direction, Milestone, Plan, Target


class PlanQuerySet(models.QuerySet["Plan"]):
    """Sets of plans."""

    def of(self, agreement: Agreement) -> PlanQuerySet:
        """Those under one agreement, newest first."""
        return self.filter(agreement=agreement)

    def current(self, *, day: date) -> PlanQuerySet:
        """Those whose days include the given one."""
        return self.filter(last_day__gte=day, phases__first_day__lte=day).distinct().order_by("-year")


class TargetQuerySet(models.QuerySet["Target"]):
    """Sets of targets."""

    def current(self) -> TargetQuerySet:
        """Those no revision replaced."""
        return self.filter(superseded_at__isnull=True)


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Sets of milestones."""

    def open(self) -> MilestoneQuerySet:
        """Those not reached yet."""
        return self.filter(done_on__isnull=True)


class DirectionQuerySet(models.QuerySet["Direction"]):
    """Sets of directions from above."""

    def awaiting_answer(self) -> DirectionQuerySet:
        """Instructions and requests nobody has answered."""
        return self.filter(kind__in=["instruction", "request"], answered_on__isnull=True)
