"""What this room puts into the desk."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement
from nhipcau.core.entries import ActivityTab, ClauseLink, IndicatorLink, MenuEntry, PlanLink, SourceLink, declare
from nhipcau.core.keys import key_from
from nhipcau.evidence.models import Awaiting
from nhipcau.parties.models import User


def waiting(request: HttpRequest, agreement: Agreement) -> int:
    """Declarations of others that nobody has vouched for or sent back; one statement."""
    assert isinstance(request.user, User)
    return Awaiting.objects.filter(plan__agreement=agreement, returned=False).exclude(recorded_by=request.user).count()


def _activity(key: str) -> str | None:
    return reverse("activities:activity", args=[pk]) if (pk := key_from(key)) is not None else None


declare(
    MenuEntry(group="", label=_("Commitments to results"), url_name="evidence:trace", order=20),
    MenuEntry(group=_("Results"), label=_("Evidence ledger"), url_name="evidence:ledger", order=60),
    MenuEntry(
        group=_("Results"), label=_("Verification"), url_name="evidence:inbox", order=65, verb="verify", count=waiting
    ),
    ActivityTab(label=_("Evidence"), url_name="evidence:activity_evidence", order=50),
    ClauseLink(label=_("What became of it"), url_name="evidence:clause", order=10),
    IndicatorLink(label=_("Figures and records"), url_name="evidence:indicator", order=10),
    PlanLink(label=_("Add an indicator"), url_name="evidence:indicator_new", order=10, verb="plan"),
    SourceLink(prefix="activities.activity", label=_("the activity"), url=_activity),
    SourceLink(prefix="evidence.declared", label=_("declared by hand"), url=lambda _key: None),
)
