"""The places of this room in the desk's sidebar, and where its records in the ledger can be looked at."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, SourceLink, declare
from nhipcau.reports.models import Issue


def _issued(key: str) -> str | None:
    """The report whose issue this is; one query."""
    issue = Issue.objects.filter(pk=int(key)).first()
    return reverse("reports:report", args=[issue.report_id]) if issue else None


declare(
    MenuEntry(_("Results"), _("Phase reports"), "reports:reports", 70),
    MenuEntry(_("Results"), _("Public progress"), "reports:snapshot", 78),
    SourceLink(prefix="reports.issue", label=_("the report issued"), url=_issued),
)
