"""The tabs this room adds to an activity, and where its records in the ledger can be looked at."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import ActivityTab, MenuEntry, SourceLink, declare

declare(
    MenuEntry(_("Registers"), _("Same person twice"), "attendance:doubles", 96, verb="lead"),
    ActivityTab(_("Guests"), "attendance:guests", 45, verb="guests"),
    ActivityTab(_("Registration"), "attendance:intake", 46),
    ActivityTab(_("Sign-in sheet"), "attendance:sign_in_sheet", 47, verb="guests"),
    SourceLink(
        prefix="attendance.registration",
        label=_("the guest's registration"),
        url=lambda key: reverse("attendance:guest", args=[int(key)]),
        verb="guests",
    ),
)
