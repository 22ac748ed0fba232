"""The newsroom's own lists in the back office: articles, sections, authors."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.viewsets.pages import PageListingViewSet

from nhipcau.newsroom.models import Article, Author, Section
from nhipcau.parties.keeping import Register
from nhipcau.parties.registers import RegisterForm, layout


class Articles(PageListingViewSet):
    """Every article of the sections an account works in, in both languages."""

    icon = "doc-full-inverse"
    menu_label = _("Articles")
    menu_order = 10
    add_to_admin_menu = True
    model = Article


class Sections(PageListingViewSet):
    """Every section."""

    icon = "folder-open-inverse"
    menu_label = _("Sections")
    menu_order = 30
    add_to_admin_menu = True
    model = Section


class AuthorForm(RegisterForm):
    """An author; the address is made of the name where none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        """Make the address."""
        from nhipcau.newsroom.services import slug_of

        said = super().clean() or self.cleaned_data
        if not said.get("slug") and said.get("name"):
            said["slug"] = slug_of(said["name"])
        return dict(said)


class Authors(Register):
    """Authors."""

    model = Author
    icon = "user"
    menu_label = _("Authors")
    menu_order = 40
    add_to_admin_menu = True
    list_display = ("name", "organisation", "user")
    search_fields = ("name",)
    edit_handler = layout(
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("organisation"), FieldPanel("person"), FieldPanel("user")]),
        MultiFieldPanel([FieldPanel("about"), FieldPanel("about_en")], heading=_("About the author")),
        form=AuthorForm,
    )
