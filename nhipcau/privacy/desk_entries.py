"""Requests about personal data in the desk's sidebar, with how many wait."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.access import standing_of
from nhipcau.agreements.models import Agreement
from nhipcau.core.entries import MenuEntry, declare
from nhipcau.privacy.models import Request
from nhipcau.privacy.rules import answers_for


def waiting(request: HttpRequest, agreement: Agreement) -> int:
    """Requests not answered yet that this account answers; one query."""
    parties = answers_for(standing_of(request, agreement))
    return Request.objects.of(parties).filter(state=Request.State.OPEN).count() if parties else 0


declare(MenuEntry(_("Registers"), _("Data requests"), "privacy:requests", 95, verb="lead", count=waiting))
