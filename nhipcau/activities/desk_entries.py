"""What this room puts into the desk."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import ActivityTab, MenuEntry, declare

declare(
    MenuEntry(group="", label=_("Activities"), url_name="activities:activities", order=40),
    ActivityTab(label=_("Facts"), url_name="activities:activity", order=10),
)
