"""The desk's own places in its sidebar."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, declare

declare(
    MenuEntry("", _("Today"), "desk:today", 10),
    MenuEntry("", _("Roadmap"), "desk:roadmap", 30),
    MenuEntry(_("Results"), _("Journal"), "desk:journal", 90),
    MenuEntry(_("Administration"), _("State of the system"), "desk:system", 990, verb="administer"),
)
