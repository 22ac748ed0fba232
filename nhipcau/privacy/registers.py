"""The back office's registers of notices and legal periods: a notice in use is not edited, a new version follows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nhipcau.parties.keeping import Register
from nhipcau.parties.registers import DaysForm, RegisterForm, layout, ticked
from nhipcau.privacy.models import LegalPeriod, Notice


class NoticeForm(RegisterForm):
    """A notice; what people were told stays as it was told."""

    def clean(self) -> dict[str, Any]:
        """A stored version may only lose its mark as a sample."""
        said = super().clean() or self.cleaned_data
        if self.instance.pk and set(self.changed_data) - {"is_sample", "order"}:
            self.add_error(
                None, _("What people were told is not changed. Please add a new version of this form's notice.")
            )
        return dict(said)


class Notices(Register):
    """What each form collects and why."""

    model = Notice
    icon = "form"
    menu_label = _("Notices of forms")
    copy_view_enabled = True  # the next version begins as the last one stands
    list_display = ("title", "form", "version", "ground", "keep_months", "first_day", ticked(Notice, "is_sample"))
    list_filter = ("form",)
    search_fields = ("title", "purpose")
    edit_handler = layout(
        FieldRowPanel([FieldPanel("form"), FieldPanel("version"), FieldPanel("order"), FieldPanel("first_day")]),
        MultiFieldPanel([FieldPanel("title"), FieldPanel("title_en")], heading=_("Name of the form")),
        MultiFieldPanel([FieldPanel("collects"), FieldPanel("collects_en")], heading=_("What is collected")),
        MultiFieldPanel([FieldPanel("purpose"), FieldPanel("purpose_en")], heading=_("Purpose")),
        FieldRowPanel([FieldPanel("ground"), FieldPanel("keep_months"), FieldPanel("keep_from")]),
        MultiFieldPanel([FieldPanel("seen_by"), FieldPanel("seen_by_en")], heading=_("Who sees it")),
        MultiFieldPanel([FieldPanel("wording"), FieldPanel("wording_en")], heading=_("Wording shown on the form")),
        FieldPanel("is_sample"),
        form=NoticeForm,
    )


class LegalPeriods(Register):
    """Within how many days the law wants an answer."""

    model = LegalPeriod
    icon = "date"
    menu_label = _("Legal periods")
    list_display = ("kind", "n", "unit", "cite", "first_day", "last_day", ticked(LegalPeriod, "unverified"))
    list_filter = ("kind",)
    edit_handler = layout(
        FieldRowPanel([FieldPanel("kind"), FieldPanel("n"), FieldPanel("unit")]),
        FieldPanel("cite"),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("unverified"),
        form=DaysForm,
    )


class PrivacyGroup(SnippetViewSetGroup):
    """The part of the back office's menu about personal data."""

    items = (Notices, LegalPeriods)
    menu_label = _("Personal data")
    menu_icon = "lock"
    menu_order = 300
