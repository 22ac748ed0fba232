"""How the journal tells what happens to mails: by what caused them, never by whom they are for."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Thing, declare, tell
from nhipcau.outbox.models import Message

declare(
    Thing(
        Message,
        whole="agreement",
        called=lambda mail: mail.key,
        page=lambda entry: reverse("outbox:message", args=[entry.object_id]),
        opens="mail",
        silent=(
            "key",
            "agreement",
            "attachment_type",
            "sealed",
            "tries",
            "created_at",
            "due_at",
            "leased_until",
            "settled_at",
        ),
    )
)

tell(
    {
        "outbox.resend": _("%(who)s sent the mail “%(thing)s” once more"),
    }
)
