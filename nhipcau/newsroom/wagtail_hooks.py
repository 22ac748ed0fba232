"""What the back office looks like for a newsroom: its menu, its colours, its buttons, and what it keeps from being deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom import moves
from nhipcau.newsroom.choosers import activity_chooser, author_chooser
from nhipcau.newsroom.doors import show_what_opens
from nhipcau.newsroom.errors import NotReady
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.registers import Articles, Authors, Sections
from nhipcau.newsroom.starting import start_from_a_file
from nhipcau.newsroom.views import editions, removal, writing
from nhipcau.newsroom.wagtail_words import follow_the_reader
from nhipcau.parties.models import User

register_snippet(Authors)
follow_the_reader()
start_from_a_file()
show_what_opens()
#: Menus that lead nowhere for an editor: reports of Wagtail about itself, and its own handbook.
NOT_SHOWN = {"reports", "help"}


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet]:
    """Lists and choosers of this room."""
    return [
        Articles("articles", url_prefix="bai-viet"),
        Sections("sections", url_prefix="chuyen-muc"),
        activity_chooser,
        author_chooser,
    ]


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Pages of this room inside the back office."""
    return [
        path("viet-bai/", editions.write, name="newsroom_write"),
        path("viet-bai/<int:section>/ve/<int:activity>/", writing.begin_in, name="newsroom_write_about"),
        path("ban-dich/", editions.table, name="newsroom_editions"),
        path("ban-dich/<int:pk>/tieng-anh/", editions.begin, name="newsroom_begin_edition"),
        path("ban-dich/chuyen-muc/<int:pk>/", editions.begin_section, name="newsroom_begin_section"),
        path("ban-dich/<int:pk>/doi-chieu/", editions.compare, name="newsroom_compare_edition"),
    ]


@hooks.register("register_admin_urls", order=-1)
def ahead_of_wagtail() -> list[Any]:
    """Addresses of Wagtail's that are answered here."""
    return [
        path("images/<int:image_id>/delete/", removal.delete_picture),
        path("documents/delete/<int:document_id>/", removal.delete_document),
    ]


@hooks.register("register_admin_menu_item")
def desk_entry() -> MenuItem:
    """The way back to the desk."""
    return MenuItem(gettext_lazy("Desk"), resolve_url(settings.LOGIN_REDIRECT_URL), icon_name="home", order=1)


class WriteEntry(MenuItem):
    """Straight to a new article, for whoever writes in a section."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Not to keepers of registers only."""
        return user_has_any_page_permission(request.user)


@hooks.register("register_admin_menu_item")
def write_entry() -> MenuItem:
    """One press from the menu to an empty article."""
    return WriteEntry(gettext_lazy("Write an article"), reverse("newsroom_write"), icon_name="edit", order=5)


@hooks.register("register_admin_menu_item")
def editions_entry() -> MenuItem:
    """The table of both languages."""
    return MenuItem(gettext_lazy("Two languages"), reverse("newsroom_editions"), icon_name="globe", order=20)


@hooks.register("construct_main_menu")
def prune_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave away what leads nowhere."""
    items[:] = [item for item in items if item.name not in NOT_SHOWN]


@hooks.register("insert_global_admin_css")
def colours() -> SafeString:
    """Our colours over Wagtail's own look."""
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/back-office.css"))


@hooks.register("insert_global_admin_js")
def start_script() -> SafeString:
    """Starts date fields, choosers and lists of rows (starting.py)."""
    return format_html('<script src="{}"></script>', static("newsroom/start.js"))


@hooks.register("insert_editor_js")
def clean_pasting() -> SafeString:
    """What is pasted from office programs loses its looks."""
    return format_html('<script src="{}"></script>', static("newsroom/paste.js"))


@hooks.register("insert_editor_js")
def one_after_another() -> SafeString:
    """What is pressed waits for what is being kept."""
    return format_html('<script src="{}"></script>', static("newsroom/autosave.js"))


@hooks.register("construct_page_action_menu")
def publish_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Who may publish finds that first; who may not, handing in; a step of the workflow before both."""
    first = next((item for item in items if item.name in {"approve", "action-publish", "action-submit"}), None)
    ahead = next((item for item in items if item.name == "approve"), None) or next(
        (item for item in items if item.name == "action-publish"), first
    )
    if ahead is not None:
        items.remove(ahead)
        items.insert(0, ahead)


@hooks.register("register_page_header_buttons")
def edition_buttons(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From an article or section to its English, which is begun with one press; from an edition to the comparison."""
    first = page.locale.language_code == settings.LANGUAGE_CODE
    if isinstance(page.specific_deferred, Section):
        if first:
            yield _to_english(page, _("English page"), _("Begin the English page"), "newsroom_begin_section")
    elif isinstance(page.specific_deferred, Article):
        if first:
            yield _to_english(page, _("English edition"), _("Begin the English edition"), "newsroom_begin_edition")
        else:
            url = reverse("newsroom_compare_edition", args=[page.pk])
            yield Button(_("Compare with the Vietnamese"), url, icon_name="history", priority=5)


class Press(Button):
    """A button that does something and leads nowhere by itself: Wagtail's own are links, to “None” without an address."""

    template_name = "newsroom/_press.html"


def _to_english(page: Page, there: str, begin: str, address: str) -> Button:
    english = page.get_translations().first()
    if english is not None:
        url = reverse("wagtailadmin_pages:edit", args=[english.pk])
        return Button(there, url, icon_name="globe", priority=5)
    post = {
        "data-controller": "w-action",
        "data-action": "w-action#post",
        "data-w-action-url-value": reverse(address, args=[page.pk]),
    }
    return Press(begin, icon_name="globe", priority=5, attrs=post)


@hooks.register("after_create_page")
def both_languages(request: NowRequest, page: Page) -> HttpResponse | None:
    """A new section leads on to its English page: articles have an English edition only where there is one."""
    if not isinstance(page, Section) or page.locale.language_code != settings.LANGUAGE_CODE:
        return None
    return editions.begin_page_of(page, request)


@hooks.register("after_publish_page")
def offer_english(request: HttpRequest, page: Page) -> None:
    """Beside the word that a Vietnamese article is published: its English edition, one press away."""
    if not isinstance(page, Article) or page.locale.language_code != settings.LANGUAGE_CODE:
        return
    if page.get_translations().exists():
        return
    messages.info(
        request,
        format_html(
            '{} <a href="{}" data-controller="w-action" data-action="w-action#post:prevent" data-w-action-url-value="{}">{}</a>',
            _("Readers abroad wait for this one too."),
            reverse("newsroom_editions"),  # in a new tab: the table where the same button stands
            reverse("newsroom_begin_edition", args=[page.pk]),
            _("Begin the English edition"),
        ),
    )


@hooks.register("before_move_page")
def say_what_hinders(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Before anybody is asked whether to move an article: what must be done first."""
    section, article = destination.specific, page.specific
    if not isinstance(article, Article) or not isinstance(section, Section):
        return None
    try:
        moves.check_move(article=article, before=article.section, after=section)
    except NotReady as refused:
        messages.error(request, str(refused))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


# --- what is in use stays -----------------------------------------------------------------------
@hooks.register("before_delete_page")
def keep_fronts(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The front of the news stays, and a section goes only once it is empty."""
    specific = page.specific
    if isinstance(specific, Article) or (isinstance(specific, Section) and not specific.get_children().exists()):
        return None
    messages.error(request, _("Nothing was deleted: articles stand here. Please move or delete them first."))
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_delete_page")
def keep_journalled(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What readers have seen is withdrawn, not deleted: its address and history stay."""
    specific = page.specific
    if isinstance(specific, Article) and specific.published_at is not None and not specific.is_sample:
        messages.error(
            request, _("Nothing was deleted: readers have seen this article. Please unpublish it; its text is kept.")
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None
