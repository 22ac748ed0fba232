"""Queueing mail, sending it again by hand; sending itself is in `sending`."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Agreement
from nhipcau.core import journal, search
from nhipcau.outbox import files, findable, tasks
from nhipcau.outbox.errors import NotResendable
from nhipcau.outbox.models import Delivery, Message
from nhipcau.outbox.querysets import EMPTY, ERASED_ADDRESS, MessageQuerySet, reference
from nhipcau.outbox.sending import send_due
from nhipcau.parties.models import User

__all__ = ["ERASED_ADDRESS", "empty_mails", "queue_mail", "resend", "send_due"]

RESENDABLE = (Message.State.FAILED, Message.State.UNCERTAIN)


@journal.exempt("the outbox keeps every mail with its cause and its deliveries", writes=("outbox_",))
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
    about: Model | None = None,
    sealed: bool = False,
) -> Message:
    """Put a mail into the outbox of the running transaction; the same `key` gives the row there already is.

    The subject is brought onto one line and cut to 250 characters. Staff of `agreement` may read the mail; without
    one only administrators may; nobody reads a `sealed` one, which carries a link for the recipient alone and is emptied
    once it went out. `about` is the record it is shown and emptied with. Two queries when new, and one on commit.
    """
    message, new = Message.objects.get_or_create(
        key=key,
        defaults={
            "agreement": agreement,
            "about": reference(about) if about else "",
            "to": to,
            "subject": " ".join(subject.split())[:250],
            "body": body,
            "attachment_name": attachment_name,
            "attachment_type": attachment_type,
            "attachment": attachment,
            "sealed": sealed,
            "created_at": at,
            "due_at": at,
        },
    )
    if new:
        search.put_text(findable.MESSAGE, message.pk, findable.message_text(message))
        transaction.on_commit(tasks.send_pending.enqueue, robust=True)
    return message


@journal.verb(of="message")
def resend(*, message: Message, by: User, at: datetime) -> Message:
    """Queue a mail that failed or is uncertain once more, with all its tries.

    Raises NotResendable for any other state, and for a mail whose address was erased.
    """
    here = Message.objects.filter(pk=message.pk)
    if here.filter(to=ERASED_ADDRESS).exists():
        raise NotResendable(_("The address of this mail was erased; there is nobody left to send it to."))
    changed = (
        here.filter(state__in=RESENDABLE)
        .exclude(to=ERASED_ADDRESS)
        .update(state=Message.State.QUEUED, tries=0, due_at=at, settled_at=None)
    )
    if not changed:
        raise NotResendable(_("This mail was sent or is still waiting to be sent; it is not sent a second time."))
    Delivery.objects.create(message=message, at=at, outcome=Message.State.QUEUED, detail=by.username)
    message.refresh_from_db()
    transaction.on_commit(tasks.send_pending.enqueue, robust=True)
    return message


@transaction.atomic
def empty_mails(mails: MessageQuerySet, *, waiting: bool = True) -> int:
    """Take address, subject and text out of mails, and delete the files of those kept in the folder; how many.

    That a mail went out, and when, stays. One still waiting is not sent any more, unless `waiting` says to leave it.
    """
    wanted = mails.exclude(to=ERASED_ADDRESS)
    if not waiting:
        wanted = wanted.exclude(state__in=[Message.State.QUEUED, Message.State.SENDING])
    keys = list(wanted.values_list("pk", flat=True))
    search.remove(findable.MESSAGE, *keys)
    going = Message.objects.filter(pk__in=keys)
    going.filter(state=Message.State.QUEUED).update(state=Message.State.FAILED)
    going.update(to=ERASED_ADDRESS, subject=EMPTY, body=EMPTY, attachment=None)
    # What a mail server answered may repeat the address.
    Delivery.objects.filter(message__in=keys).update(detail="")
    if keys:
        transaction.on_commit(lambda: files.delete_files(set(keys)))
    return len(keys)


def sweep_files() -> int:
    """Delete files of mails emptied before: a process may have died between the two; how many."""
    return files.delete_files(set(Message.objects.filter(to=ERASED_ADDRESS).values_list("pk", flat=True)))
