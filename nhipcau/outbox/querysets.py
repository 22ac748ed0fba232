"""The questions asked of the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.agreements.models import Agreement
    from nhipcau.outbox.models import Message


# Where the address of somebody stood whose data was erased.
ERASED_ADDRESS = "erased@invalid"


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of mails."""

    def due(self, *, at: datetime) -> MessageQuerySet:
        """Those to be tried now."""
        return self.filter(state="queued", due_at__lte=at).order_by("due_at", "pk")

    def lost(self, *, at: datetime) -> MessageQuerySet:
        """Those whose sender died while sending: nobody knows whether they went out."""
        return self.filter(state="sending", leased_until__lt=at)

    def sent_by(self, worker: str) -> MessageQuerySet:
        """Those a worker is sending: one at most, and none once it does something else."""
        return self.filter(state="sending", sender=worker)

    def of(self, agreement: Agreement | None) -> MessageQuerySet:
        """Those written under an agreement, or under none."""
        return self.filter(agreement=agreement) if agreement else self.filter(agreement__isnull=True)

    def undecided(self) -> MessageQuerySet:
        """Those a person has to look at: they failed, or nobody knows. An erased one goes to nobody any more."""
        return self.filter(state__in=["failed", "uncertain"]).exclude(to=ERASED_ADDRESS)

    def without_contents(self) -> MessageQuerySet:
        """The rows of a list: neither text nor attachment is fetched."""
        return self.defer("body", "attachment")
