"""What this room puts into the desk."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, declare

declare(MenuEntry(group=_("Registers"), label=_("Agreement"), url_name="agreements:agreement", order=80))
