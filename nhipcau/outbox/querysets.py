"""The questions asked of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.agreements.models import Agreement
    from nhipcau.outbox.models import Message


# Where the address of somebody stood whose data was erased.
ERASED_ADDRESS = "erased@invalid"
# Where words stood that were taken out.
EMPTY = "—"


def reference(record: models.Model | type[models.Model], key: int | None = None) -> str:
    """How a mail names the record it is about, as `attendance.registration:5`."""
    return f"{record._meta.label_lower}:{record.pk if key is None else key}"


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

    def about(self, model: type[models.Model], keys: Iterable[int]) -> MessageQuerySet:
        """Those about some records, by an index."""
        return self.filter(about__in=[reference(model, key) for key in keys])

    def about_nothing(self, *, settled_before: datetime) -> MessageQuerySet:
        """Those about no record, settled before a moment and not emptied yet: nothing else takes them along."""
        return self.filter(about="", settled_at__lt=settled_before).exclude(to=ERASED_ADDRESS)

    def undecided(self) -> MessageQuerySet:
        """Those a person has to look at: they failed, or nobody knows. An erased one goes to nobody any more."""
        return self.filter(state__in=["failed", "uncertain"]).exclude(to=ERASED_ADDRESS)

    def without_contents(self) -> MessageQuerySet:
        """The rows of a list: neither text nor attachment is fetched."""
        return self.defer("body", "attachment")
