"""The back office's registers of agreements and of the words activities are sorted by."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.snippets.views.snippets import InspectView, SnippetViewSetGroup

from nhipcau.agreements.models import (
    Agreement,
    Amendment,
    Area,
    AttendingOfficial,
    Audience,
    Clause,
    Party,
    Pillar,
    Signatory,
    Topic,
)
from nhipcau.agreements.services import make_findable
from nhipcau.core import uploads
from nhipcau.parties.keeping import Register
from nhipcau.parties.registers import RegisterForm, layout, ticked


class SignedFileForm(RegisterForm):
    """A form with a signed paper: its bytes must be those of a PDF or a picture."""

    def clean_signed_file(self) -> Any:
        """The file under a name that says what it is."""
        sent = self.cleaned_data.get("signed_file")
        if not sent or not hasattr(sent, "content_type"):
            return sent
        try:
            found = uploads.read(sent, accept=(uploads.PDF, uploads.PNG, uploads.JPEG))
        except uploads.BadUpload as refused:
            raise forms.ValidationError(str(refused)) from refused
        return ContentFile(found.content, name=found.name)


class AgreementForm(SignedFileForm):
    """An agreement, with its days in order."""

    def clean(self) -> dict[str, Any]:
        """The agreement cannot end before it was signed."""
        said = super().clean() or self.cleaned_data
        signed, until = said.get("signed_on"), said.get("valid_until")
        if signed and until and until < signed:
            self.add_error("valid_until", _("The agreement cannot end before it was signed."))
        return dict(said)


class ClauseForm(RegisterForm):
    """A clause as signed, to be found by its words."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own signature)
        """Save, then let the search boxes find it."""
        clause = super().save(commit=commit)
        if commit:
            make_findable(clause)
        return clause


class AddOnly(ModelPermissionPolicy):
    """What was signed is added and read; it is neither edited nor deleted, an annex replaces it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether an account may do this with rows of the model at all."""
        return action not in {"change", "delete"} and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """The same for one row."""
        return self.user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether one of the actions is open to the account."""
        return any(self.user_has_permission(user, action) for action in actions)


class Agreements(Register):
    """Agreements."""

    model = Agreement
    icon = "doc-full"
    menu_label = _("Agreements")
    list_display = ("title", "signed_on", ticked(Agreement, "is_sample"))
    search_fields = ("title", "title_en", "number")
    edit_handler = layout(
        MultiFieldPanel([FieldPanel("title"), FieldPanel("title_en")], heading=_("Title of the agreement")),
        MultiFieldPanel([FieldPanel("purpose"), FieldPanel("purpose_en")], heading=_("Purpose")),
        FieldRowPanel([FieldPanel("number"), FieldPanel("signed_on"), FieldPanel("valid_until")]),
        FieldPanel("signed_file"),
        MultiFieldPanel([FieldPanel("source_note"), FieldPanel("source_note_en")], heading=_("Note on the source")),
        FieldPanel("is_sample"),
        form=AgreementForm,
    )


class Parties(Register):
    """The parties of each agreement, in the order of the signed text."""

    model = Party
    icon = "group"
    menu_label = _("Signatory units")
    list_display = ("organisation", "agreement", "order")
    list_filter = ("agreement",)
    edit_handler = layout(FieldPanel("agreement"), FieldPanel("organisation"), FieldPanel("order"))


class Signatories(Register):
    """Who signed for which party, with the position of that day."""

    model = Signatory
    icon = "edit"
    menu_label = _("Signatories")
    list_display = ("person", "position", "party")
    edit_handler = layout(
        FieldPanel("party"),
        FieldPanel("person"),
        MultiFieldPanel([FieldPanel("position"), FieldPanel("position_en")], heading=_("Position")),
        FieldPanel("for_director"),
    )


class Officials(Register):
    """Officials in attendance at the signing, in protocol order."""

    model = AttendingOfficial
    icon = "user"
    menu_label = _("Officials in attendance")
    list_display = ("person", "position", "order")
    edit_handler = layout(
        FieldPanel("agreement"),
        FieldPanel("person"),
        MultiFieldPanel([FieldPanel("position"), FieldPanel("position_en")], heading=_("Position")),
        FieldPanel("order"),
    )


class ClauseView(InspectView):
    """A clause to be read."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """A dash where there is nothing."""
        said = super().get_field_display_value(field_name, field)
        return "–" if said is None else said


class Clauses(Register):
    """Clauses: added as signed, afterwards only read."""

    model = Clause
    icon = "list-ul"
    menu_label = _("Clauses")
    list_display = ("name", "agreement", "area", "order", "version")
    list_filter = ("agreement", "area")
    search_fields = ("name", "name_en", "wording", "wording_en")
    inspect_view_enabled = True
    inspect_view_class = ClauseView
    inspect_view_fields: ClassVar[list[str]] = [
        "agreement", "area", "order", "version", "name", "name_en", "wording", "wording_en", "superseded_by",
    ]  # fmt: skip
    permission_policy = AddOnly(Clause)
    edit_handler = layout(
        FieldRowPanel([FieldPanel("agreement"), FieldPanel("area"), FieldPanel("order")]),
        MultiFieldPanel([FieldPanel("name"), FieldPanel("name_en")], heading=_("Short name")),
        MultiFieldPanel([FieldPanel("wording"), FieldPanel("wording_en")], heading=_("Text")),
        form=ClauseForm,
    )


class Amendments(Register):
    """Signed annexes."""

    model = Amendment
    icon = "doc-full-inverse"
    menu_label = _("Annexes")
    list_display = ("agreement", "signed_on", "summary")
    edit_handler = layout(
        FieldPanel("agreement"),
        FieldPanel("signed_on"),
        FieldPanel("summary"),
        FieldPanel("signed_file"),
        form=SignedFileForm,
    )


class AgreementsGroup(SnippetViewSetGroup):
    """The part of the back office's menu about what was signed."""

    items = (Agreements, Parties, Signatories, Officials, Clauses, Amendments)
    menu_label = _("Agreement")
    menu_icon = "doc-full"
    menu_order = 210


class TermViewSet(Register):
    """A closed list of words, ordered by hand."""

    list_display = ("name", "slug", "order")
    search_fields = ("name", "name_en")
    ordering = ("order", "slug")
    edit_handler = layout(
        MultiFieldPanel([FieldPanel("name"), FieldPanel("name_en")], heading=_("Name")),
        FieldRowPanel([FieldPanel("slug"), FieldPanel("order")]),
    )


class Areas(TermViewSet):
    """Areas of cooperation."""

    model = Area
    icon = "folder-open-inverse"
    menu_label = _("Areas of cooperation")


class Topics(TermViewSet):
    """Topics."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")


class Audiences(TermViewSet):
    """Audiences."""

    model = Audience
    icon = "group"
    menu_label = _("Audiences")


class Pillars(TermViewSet):
    """Pillars of diplomacy."""

    model = Pillar
    icon = "globe"
    menu_label = _("Diplomacy pillars")


class WordsGroup(SnippetViewSetGroup):
    """The part of the back office's menu about the words activities are sorted by."""

    items = (Areas, Topics, Audiences, Pillars)
    menu_label = _("Lists of words")
    menu_icon = "tag"
    menu_order = 220
