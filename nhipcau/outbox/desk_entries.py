"""The outbox in the desk's sidebar, with what a person has to decide."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement
from nhipcau.core.entries import MenuEntry, declare
from nhipcau.outbox.models import Message


def undecided(request: HttpRequest, agreement: Agreement) -> int:
    """Mails of the agreement that failed or may not have gone out; one query."""
    return Message.objects.of(agreement).undecided().count()


declare(MenuEntry(_("Registers"), _("Outbox"), "outbox:outbox", 90, verb="mail", count=undecided))
