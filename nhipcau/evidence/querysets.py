"""The questions asked of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from nhipcau.evidence.models import Evidence


def _verifications(outcome: str) -> Exists:
    from nhipcau.evidence.models import Verification

    return Exists(Verification.objects.filter(evidence=OuterRef("pk"), outcome=outcome))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Sets of evidence."""

    def current(self) -> EvidenceQuerySet:
        """Rows nothing replaced, whether or not they count; an undo is a current row that is void."""
        return self.filter(superseded_by__isnull=True, void=False)

    def counted(self) -> EvidenceQuerySet:
        """Rows that count in a figure: current, and vouched for where that is needed."""
        return self.current().filter(Q(needs_verification=False) | _verifications("verified"))

    def awaiting_verification(self) -> EvidenceQuerySet:
        """Rows declared by hand that nobody has vouched for."""
        return self.current().filter(~_verifications("verified"), needs_verification=True)

    def sent_back(self) -> EvidenceQuerySet:
        """Rows sent back and neither completed nor vouched for since."""
        return self.awaiting_verification().filter(_verifications("returned"))
