"""The tabs this room adds to an activity."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import ActivityTab, declare

declare(
    ActivityTab(_("Guests"), "attendance:guests", 45),
    ActivityTab(_("Registration"), "attendance:intake", 46),
    ActivityTab(_("Sign-in sheet"), "attendance:sign_in_sheet", 47),
)
