"""The back office's registers of organisations, people, supervision and staff roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nhipcau.core import vietnamese
from nhipcau.core.bilingual import english_texts, note_english
from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.core.models import Bilingual
from nhipcau.parties.keeping import Register
from nhipcau.parties.models import Membership, Organisation, Person, Supervision
from nhipcau.parties.services import name_key, sort_key


class RegisterForm(VietnameseFormMixin, WagtailAdminModelForm):
    """A form of the back office that stores text as the desk's own forms do and keeps watch over the English."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = english_texts(self.instance) if isinstance(self.instance, Bilingual) else {}

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own signature)
        """Note which English answers which Vietnamese, then save."""
        if isinstance(self.instance, Bilingual):
            note_english(self.instance, self.before)
        return super().save(commit=commit)


class PersonForm(RegisterForm):
    """A person, with the number in its international form and a key that sorts by given name."""

    def clean_phone(self) -> str:
        """The mobile number as it is stored everywhere."""
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        phone = vietnamese.parse_phone(typed)
        if phone is None:
            raise forms.ValidationError(
                _("This is not a telephone number. A mobile number has 10 digits, for example 0912 345 678.")
            )
        return phone.e164

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own signature)
        """Write the keys the lists are sorted by and doubles are found by."""
        self.instance.name_sort = sort_key(self.instance.name)
        self.instance.name_key = name_key(self.instance.name)
        return super().save(commit=commit)


class DaysForm(RegisterForm):
    """A role that holds from one day to another."""

    def clean(self) -> dict[str, Any]:
        """The last day may not come before the first."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first day."))
        return dict(said)


def layout(*panels: Any, form: type[WagtailAdminModelForm] = RegisterForm) -> ObjectList:
    """The panels of a register's form on one page."""
    return ObjectList(list(panels), base_form_class=form)


def ticked(model: type[Model], name: str) -> Any:
    """A column that says yes or no by a sign and, to those who hear the page, by a word."""
    field: Any = model._meta.get_field(name)
    return BooleanColumn(name, label=capfirst(field.verbose_name), sort_key=name)


class Organisations(Register):
    """Organisations."""

    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    list_display = ("name", "abbreviation", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "name_en", "abbreviation")
    edit_handler = layout(
        MultiFieldPanel([FieldPanel("name"), FieldPanel("name_en")], heading=_("Name")),
        FieldRowPanel([FieldPanel("abbreviation"), FieldPanel("symbol"), FieldPanel("kind")]),
        FieldPanel("place"),
        FieldPanel("address"),
    )


class People(Register):
    """People."""

    model = Person
    icon = "user"
    menu_label = _("People")
    list_display = ("name", "phone", "email")
    search_fields = ("name", "phone", "email")
    edit_handler = layout(
        FieldRowPanel([FieldPanel("name"), FieldPanel("sex")]),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email"), FieldPanel("nationality")]),
        form=PersonForm,
    )


class Supervisions(Register):
    """Which department supervises which unit, by date."""

    model = Supervision
    icon = "view"
    menu_label = _("Supervision")
    list_display = ("department", "unit", "first_day", "last_day", ticked(Supervision, "unverified"))
    list_filter = ("unit",)
    edit_handler = layout(
        FieldPanel("department"),
        FieldPanel("unit"),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        FieldPanel("unverified"),
        form=DaysForm,
    )


class Memberships(Register):
    """Which account holds which role where, by date."""

    model = Membership
    icon = "lock"
    menu_label = _("Roles of accounts")
    list_display = ("user", "organisation", "role", "first_day", "last_day")
    list_filter = ("organisation", "role")
    edit_handler = layout(
        FieldPanel("user"),
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("role")]),
        FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
        form=DaysForm,
    )


class PartiesGroup(SnippetViewSetGroup):
    """The part of the back office's menu about who there is."""

    items = (Organisations, People, Supervisions, Memberships)
    menu_label = _("People and organisations")
    menu_icon = "group"
    menu_order = 200
