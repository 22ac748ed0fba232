"""What this room puts into the desk."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement
from nhipcau.core.entries import MenuEntry, declare
from nhipcau.plans.models import Direction


def unanswered(_request: HttpRequest, agreement: Agreement) -> int:
    """Instructions and requests that still wait for an answer; one statement."""
    return Direction.objects.awaiting_answer().filter(agreement=agreement).count()


declare(
    MenuEntry(group=_("Registers"), label=_("Plan"), url_name="plans:plan", order=82),
    MenuEntry(
        group=_("Results"), label=_("Directions from above"), url_name="plans:directions", order=75, count=unanswered
    ),
)
