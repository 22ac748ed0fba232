"""Accounts in the desk's sidebar, for those who look after some."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, declare

declare(MenuEntry(group=_("Registers"), label=_("Accounts"), url_name="accounts:accounts", order=95, verb="accounts"))
