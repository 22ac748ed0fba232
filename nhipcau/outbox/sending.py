"""Sending what is due, so that nothing is lost and nothing goes out twice when a process dies half way."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from nhipcau.outbox.models import Delivery, Message

# Longer than a whole batch can take: 50 mails of at most 15 seconds (EMAIL_TIMEOUT) each.
LEASE = timedelta(minutes=15)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 240)]
State = Message.State


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended. `server_down` ends the batch: the next mail would fare no better."""

    state: Message.State
    detail: str = ""
    server_down: bool = False


def send_due(*, at: datetime, limit: int = 50) -> int:
    """Try every mail that is due at `at`, at most `limit`; how many attempts were made.

    Each attempt is leased in one transaction, made outside any transaction and settled in another one.
    """
    _settle_lost(at)
    for attempts in range(limit):
        message = _lease_next(at)
        if message is None:
            return attempts
        outcome = _attempt(message)
        _settle(message, outcome, at)
        if outcome.server_down:
            return attempts + 1
    return limit


def _settle_lost(at: datetime) -> None:
    """Name the mails whose sender died while sending; only a person may send them again."""
    for message in Message.objects.lost(at=at).only("pk", "tries"):
        _settle(message, Outcome(State.UNCERTAIN, "the sending process ended before the server answered"), at)


@transaction.atomic
def _lease_next(at: datetime) -> Message | None:
    message = Message.objects.due(at=at).select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.state, message.tries, message.leased_until = State.SENDING, message.tries + 1, at + LEASE
    message.save(update_fields=["state", "tries", "leased_until"])
    return message


@transaction.atomic
def _settle(message: Message, outcome: Outcome, at: datetime) -> None:
    state = outcome.state
    if state == State.QUEUED and message.tries > len(BACK_OFF):
        state = State.FAILED
    leased = Message.objects.filter(pk=message.pk, state=State.SENDING, tries=message.tries)
    if state == State.QUEUED:
        changed = leased.update(state=state, leased_until=None, due_at=at + BACK_OFF[message.tries - 1])
    else:
        changed = leased.update(state=state, leased_until=None, settled_at=at)
    if changed:
        Delivery.objects.create(message=message, at=at, outcome=state, detail=outcome.detail[:300])


def _attempt(message: Message) -> Outcome:
    """Hand one mail over. What the server refused is known; what it never answered is uncertain."""
    kept = not settings.EMAIL_HOST
    connection = get_connection()
    try:
        mail = _compose(message, connection)
        connection.open()
    except (OSError, smtplib.SMTPException) as error:  # nothing was said yet, so nothing can have gone out
        return Outcome(State.QUEUED, f"{type(error).__name__}: {error}", server_down=True)
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _failure(error, kept=kept)
    finally:
        _quietly(connection.close)
    return Outcome(State.KEPT if kept else State.SENT)


def _failure(error: Exception, *, kept: bool) -> Outcome:
    """What an error while handing over means: refused, unwritable, a full disk, or nobody knows."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refused(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, error.smtp_error)
    if isinstance(error, ValueError):  # a heading or an address that cannot be written
        return Outcome(State.FAILED, str(error))
    state = State.QUEUED if kept else State.UNCERTAIN
    return Outcome(state, f"{type(error).__name__}: {error}", server_down=kept)


def _compose(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    # The same mail sent again carries the same Message-ID, so that the reader's mailbox can show it once.
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        message.subject,
        message.body,
        to=[message.to],
        connection=connection,
        headers={
            "Message-ID": f"<nhipcau.{message.pk}.{int(message.created_at.timestamp())}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.attachment is not None and message.attachment_name:
        mail.attach(message.attachment_name, bytes(message.attachment), message.attachment_type or None)
    return mail


def _refused(code: int, said: bytes | str) -> Outcome:
    """A refusal of the server: 4xx asks to try later, anything else is final (RFC 5321, section 4.2.1)."""
    return Outcome(State.QUEUED if 400 <= code < 500 else State.FAILED, _said(code, said))


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {words}"


def _quietly(close: Callable[[], None]) -> None:
    """Close without letting a broken connection hide the answer that already came."""
    try:
        close()
    except (OSError, smtplib.SMTPException):
        return
