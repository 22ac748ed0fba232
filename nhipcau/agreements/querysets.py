"""The questions asked of agreements and clauses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from nhipcau.agreements.models import Agreement, Clause
    from nhipcau.parties.models import User


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Sets of agreements."""

    def readable_by(self, user: User, *, day: date) -> AgreementQuerySet:
        """Those an account may read: as staff of a party, or of a department above a party on that day."""
        if user.is_superuser:
            return self
        holding = Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))
        own = user.memberships.filter(holding).values("organisation")
        from nhipcau.parties.models import Supervision

        below = Supervision.objects.filter(holding, department__in=own).values("unit")
        return self.filter(Q(parties__organisation__in=own) | Q(parties__organisation__in=below)).distinct()


class ClauseQuerySet(models.QuerySet["Clause"]):
    """Sets of clauses."""

    def in_force(self) -> ClauseQuerySet:
        """Those no later version replaced."""
        return self.filter(superseded_by__isnull=True)
