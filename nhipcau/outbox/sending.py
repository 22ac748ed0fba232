"""Sending what is due, so that nothing is lost and nothing goes out twice when a process dies half way."""

import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import Error, connection, transaction

from nhipcau.outbox.models import Delivery, Message
from nhipcau.outbox.querysets import EMPTY, MessageQuerySet

# For a sender that is no worker; a worker's mail is named lost as soon as the worker is (core/workers.py).
LEASE = timedelta(minutes=15)
# Seconds to wait for a database that is away when the mail server has answered: what is known shall be written down.
PATIENCE = (0.5, 1, 2, 4, 8, 15, 30)
# Over three days in all: a mail server that is away from Friday evening to Monday morning loses nothing.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *(240,) * 18)]
State = Message.State


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended. `server_down` ends the batch: the next mail would fare no better."""

    state: Message.State
    detail: str = ""
    server_down: bool = False


def send_due(*, at: datetime, limit: int = 50, sender: str = "") -> int:
    """Try every mail that is due at `at`, at most `limit`; how many attempts were made.

    Each attempt is leased in one transaction, made outside any transaction and settled in another one. `sender` is
    the worker that sends: what it left half done before is named lost.
    """
    settle_lost(Message.objects.lost(at=at), at=at)
    if sender:
        settle_lost(Message.objects.sent_by(sender), at=at)
    for attempts in range(limit):
        message = _lease_next(at, sender)
        if message is None:
            return attempts
        outcome = _attempt(message)
        _write_down(message, outcome, at)
        if outcome.server_down:
            return attempts + 1
    return limit


def settle_lost(lost: MessageQuerySet, *, at: datetime) -> None:
    """Name the mails whose sender died while sending; only a person may send them again."""
    for message in lost.only("pk", "tries"):
        _settle(message, Outcome(State.UNCERTAIN, "the sending process ended before the server answered"), at)


@transaction.atomic
def _lease_next(at: datetime, sender: str) -> Message | None:
    message = Message.objects.due(at=at).select_for_update(skip_locked=True).first()
    if message is None:
        return None
    message.state, message.tries, message.leased_until = State.SENDING, message.tries + 1, at + LEASE
    message.sender = sender
    message.save(update_fields=["state", "tries", "leased_until", "sender"])
    return message


def _write_down(message: Message, outcome: Outcome, at: datetime) -> None:
    """Settle an attempt; a database away for a minute does not make a known answer uncertain.

    May be repeated: an attempt is settled once.
    """
    for pause in PATIENCE:
        try:
            return _settle(message, outcome, at)
        except Error:
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
    return _settle(message, outcome, at)


@transaction.atomic
def _settle(message: Message, outcome: Outcome, at: datetime) -> None:
    state = outcome.state
    if state == State.QUEUED and message.tries > len(BACK_OFF):
        state = State.FAILED
    leased = Message.objects.filter(pk=message.pk, state=State.SENDING, tries=message.tries)
    if state == State.QUEUED:
        changed = leased.update(state=state, leased_until=None, due_at=at + BACK_OFF[message.tries - 1])
    else:
        # A link for one person alone stays no longer than a resend may need it: not in the table once it went out.
        spent = {"body": EMPTY, "attachment": None} if state in {State.SENT, State.KEPT} and message.sealed else {}
        changed = leased.update(state=state, leased_until=None, settled_at=at, **spent)
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
    text_begun = _watch_text(connection)
    try:
        mail.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _failure(error, nothing_went=kept or not text_begun())
    finally:
        _quietly(connection.close)
    return Outcome(State.KEPT if kept else State.SENT)


def _watch_text(connection: BaseEmailBackend) -> Callable[[], bool]:
    """Whether the text has begun to go over to a mail server; before that nothing can have gone out."""
    smtp = getattr(connection, "connection", None)
    if smtp is None:
        return lambda: True
    hand_over, begun = smtp.data, []

    def data(text: bytes) -> Any:
        begun.append(True)
        return hand_over(text)

    smtp.data = data
    return lambda: bool(begun)


def _failure(error: Exception, *, nothing_went: bool) -> Outcome:
    """What an error while handing over means: refused, unwritable, a full disk, or nobody knows."""
    if isinstance(error, smtplib.SMTPSenderRefused):  # of us, whatever the mail: a matter of the server's settings
        return Outcome(State.QUEUED, _said(error.smtp_code, error.smtp_error), server_down=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refused(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code, error.smtp_error)
    if isinstance(error, ValueError):  # a heading or an address that cannot be written
        return Outcome(State.FAILED, str(error))
    # The batch ends here: a server that leaves one mail unanswered would leave the next ones so too.
    state = State.QUEUED if nothing_went else State.UNCERTAIN
    return Outcome(state, f"{type(error).__name__}: {error}", server_down=True)


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
    state = State.QUEUED if 400 <= code < 500 else State.FAILED
    return Outcome(state, _said(code, said), server_down=code == 421)


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {words}"


def _quietly(close: Callable[[], None]) -> None:
    """Close without letting a broken connection hide the answer that already came."""
    try:
        close()
    except (OSError, smtplib.SMTPException):
        return
