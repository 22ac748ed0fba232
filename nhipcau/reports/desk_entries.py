"""The places of this room in the desk's sidebar."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, declare

declare(
    MenuEntry(_("Results"), _("Phase reports"), "reports:reports", 70),
    MenuEntry(_("Results"), _("Public progress"), "reports:snapshot", 78),
)
