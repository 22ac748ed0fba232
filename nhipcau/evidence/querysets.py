"""The questions asked of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

if TYPE_CHECKING:
    from nhipcau.evidence.models import Awaiting, Evidence
    from nhipcau.parties.models import User


def _verifications(outcome: str) -> Exists:
    from nhipcau.evidence.models import Verification

    return Exists(Verification.objects.filter(evidence=OuterRef("pk"), outcome=outcome))


def verified() -> Exists:
    """Whether the row was vouched for."""
    return _verifications("verified")


def verified_one_by_one() -> IsNull:
    """The same, looked up for each row by itself: for few rows, where PostgreSQL would first read all that was vouched for."""
    from nhipcau.evidence.models import Verification

    found = Verification.objects.filter(evidence=OuterRef("pk"), outcome="verified").values("outcome")[:1]
    return IsNull(Subquery(found), False)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Sets of evidence."""

    def standing(self) -> EvidenceQuerySet:
        """Rows nothing replaced: what counts, what waits, and undone ones; one for each source."""
        return self.filter(superseded_by__isnull=True)

    def current(self) -> EvidenceQuerySet:
        """Rows nothing replaced and nobody undid, whether or not they are vouched for yet."""
        return self.standing().filter(void=False)

    def counted(self) -> EvidenceQuerySet:
        """Rows that count in a figure: current, and vouched for where that is needed."""
        return self.current().filter(Q(needs_verification=False) | _verifications("verified"))

    def awaiting_verification(self) -> EvidenceQuerySet:
        """Rows declared by hand that nobody has vouched for."""
        return self.filter(awaiting__isnull=False)

    def sent_back(self) -> EvidenceQuerySet:
        """Rows sent back and neither completed nor vouched for since."""
        return self.filter(awaiting__returned=True)

    def for_lists(self) -> EvidenceQuerySet:
        """With what a line of a list shows, and whether it is vouched for or sent back; no further query."""
        return self.select_related("kind", "activity", "recorded_by").annotate(
            is_verified=_verifications("verified"), is_returned=_verifications("returned")
        )


class AwaitingQuerySet(models.QuerySet["Awaiting"]):
    """Sets of what waits for another person; asked without the ledger beside it."""

    def open_for(self, user: User) -> AwaitingQuerySet:
        """What this account may vouch for, longest waiting first: records of others, not sent back."""
        return self.filter(returned=False).exclude(recorded_by=user).order_by("recorded_at", "pk")
