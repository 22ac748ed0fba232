"""What this room lets go by itself: mails about no record, to those who work here; every other goes with what it is about."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.core.holdings import Expiry, Keeping, declare, going, months_ago
from nhipcau.outbox.models import Message
from nhipcau.outbox.querysets import MessageQuerySet
from nhipcau.outbox.services import empty_mails

#: A year: whoever finds that an account was entered or changed asks within it who was told, when and where; guests' mails stay as long.
KEEP_MONTHS = 12


def _expired(at: datetime) -> MessageQuerySet:
    return Message.objects.about_nothing(settled_before=months_ago(at, KEEP_MONTHS))


def _due(at: datetime) -> list[Expiry]:
    rule = gettext("%(months)d months after it was sent or given up") % {"months": KEEP_MONTHS}
    return going(_expired(at), since="settled_at", rule=rule)


def _purge(at: datetime, limit: int) -> int:
    """Empty a batch, the oldest rows first."""
    batch = list(_expired(at).order_by("pk").values_list("pk", flat=True)[:limit])
    return empty_mails(Message.objects.filter(pk__in=batch), waiting=False) if batch else 0


declare(Keeping("mail", _("Mails to staff"), 50, due=_due, purge=_purge))
