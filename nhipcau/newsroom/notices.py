"""What Wagtail tells editors by mail goes through the outbox: in the transaction of what it is about, whatever the server does.

Wagtail opens a connection to the mail server within the request, so an article could not be handed in while that is down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from wagtail.admin import mail as wagtail_mail

from nhipcau.newsroom.moments import moment
from nhipcau.outbox.services import queue_mail


class ThroughOutbox(BaseEmailBackend):
    """Takes each mail into the outbox, for each who gets it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them; how many mails were taken."""
        for mail in email_messages:
            for address in mail.recipients():
                queue_mail(
                    key=f"newsroom.notice:{uuid4().hex}",
                    to=address,
                    subject=str(mail.subject),
                    body=str(mail.body),
                    at=moment(),
                )
        return len(email_messages)


def connection(*_args: Any, **_options: Any) -> ThroughOutbox:
    """In place of a connection to the mail server."""
    return ThroughOutbox()


def lead_through_outbox() -> None:
    """Once, when the site starts; Wagtail has no setting for it."""
    wagtail_mail.get_connection = connection
