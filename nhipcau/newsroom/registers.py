"""The newsroom's own lists in the back office: articles, sections, authors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables.pages import ParentPageColumn
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from nhipcau.newsroom.models import Article, Author, Section
from nhipcau.parties.keeping import Register
from nhipcau.parties.registers import RegisterForm, layout


class ArticleList(IndexView):
    """Wagtail's list of pages; what stands above an article is called what it is here, its section."""

    base_columns = tuple(
        ParentPageColumn("parent", label=_("Section")) if column.name == "parent" else column
        for column in IndexView.base_columns
    )


class ChooseSection(ChooseParentView):
    """Which section a new article stands in, asked in the newsroom's words."""

    page_title = _("Choose the section")

    def get_form(self) -> Any:
        """Wagtail's form with the few sections to write in, in place of the whole tree of pages.

        An English edition begins from its article, so only sections of the first language are offered.
        """
        form = super().get_form()
        mine = self.get_valid_parent_pages(self.request.user)
        form.fields["parent_page"] = forms.ModelChoiceField(
            Section.objects.in_language(settings.LANGUAGE_CODE).filter(pk__in=mine.values("pk")),
            label=_("Section"),
            help_text=_("The new article stands in this section."),
            widget=forms.RadioSelect,
        )
        return form


class Articles(PageListingViewSet):
    """Every article of the sections an account works in, in both languages."""

    icon = "doc-full-inverse"
    menu_label = _("Articles")
    menu_order = 10
    add_to_admin_menu = True
    model = Article
    index_view_class = ArticleList
    choose_parent_view_class = ChooseSection


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
