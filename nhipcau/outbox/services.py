"""Queueing mail, sending it again by hand; sending itself is in `sending`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Agreement
from nhipcau.core import search
from nhipcau.outbox import tasks
from nhipcau.outbox.errors import NotResendable
from nhipcau.outbox.models import Delivery, Message
from nhipcau.outbox.sending import send_due
from nhipcau.parties.models import User

__all__ = ["queue_mail", "resend", "send_due"]

RESENDABLE = (Message.State.FAILED, Message.State.UNCERTAIN)


@transaction.atomic
def queue_mail(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    attachment_name: str = "",
    attachment_type: str = "",
    attachment: bytes | None = None,
    agreement: Agreement | None = None,
) -> Message:
    """Put a mail into the outbox of the running transaction; the same `key` gives the row there already is.

    The subject is brought onto one line and cut to 250 characters. Staff of `agreement` may read the mail; without
    one only administrators may. Two queries when new, and one on commit.
    """
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "agreement": agreement,
            "to": to,
            "subject": " ".join(subject.split())[:250],
            "body": body,
            "attachment_name": attachment_name,
            "attachment_type": attachment_type,
            "attachment": attachment,
            "created_at": at,
            "due_at": at,
        },
    )
    if new:
        search.put("outbox.message", message.pk, message.to, message.subject)
        transaction.on_commit(tasks.send_pending.enqueue, robust=True)
    return message


@transaction.atomic
def resend(*, message: Message, by: User, at: datetime) -> Message:
    """Queue a mail that failed or is uncertain once more, with all its tries.

    Raises NotResendable for any other state.
    """
    changed = Message.objects.filter(pk=message.pk, state__in=RESENDABLE).update(
        state=Message.State.QUEUED, tries=0, due_at=at, settled_at=None
    )
    if not changed:
        raise NotResendable(_("This mail was sent or is still waiting to be sent; it is not sent a second time."))
    Delivery.objects.create(message=message, at=at, outcome=Message.State.QUEUED, detail=by.username)
    message.refresh_from_db()
    transaction.on_commit(tasks.send_pending.enqueue, robust=True)
    return message
