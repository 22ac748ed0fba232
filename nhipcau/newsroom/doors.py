"""Wagtail shows some links to everybody who may see a page and refuses whoever may not change it; here they are not shown to those.

What is changed is the question each link asks before it is drawn: it becomes the one its address asks when it is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.http import HttpRequest
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.admin.wagtail_hooks import PageListingViewDraftButton
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.models import PagePermissionTester

_drawn: ContextVar[HttpRequest | None] = ContextVar("drawn", default=None)
_uses: Final = PageStatusSidePanel.get_usage_context
_chosen: Final = BaseChooser.get_value_data_from_instance
_is_draft: Final = PageListingViewDraftButton.is_shown


@contextmanager
def drawn_for(request: HttpRequest) -> Iterator[None]:
    """While it lasts, what is drawn is drawn for whom the request is of: the fields of a form do not know that."""
    token = _drawn.set(request)
    try:
        yield
    finally:
        _drawn.reset(token)


def show_what_opens() -> None:
    """Have Wagtail ask so. May run as often as one likes."""
    PagePermissionTester.can_view_revisions = _may_look_back
    PageListingViewDraftButton.is_shown = _may_read_draft
    PageStatusSidePanel.get_usage_context = _uses_for_editors
    BaseChooser.get_value_data_from_instance = _chosen_by


def _may_look_back(perms: PagePermissionTester) -> bool:
    return bool(not perms.page_is_root and (perms.can_publish() or perms.can_edit()))


def _may_read_draft(button: PageListingViewDraftButton, user: Any) -> bool:
    return bool(_is_draft(button, user) and _may_look_back(button.page.permissions_for_user(user)))


def _uses_for_editors(panel: PageStatusSidePanel) -> dict[str, Any]:
    """How often a page is referred to, with the way to where only for who may edit it."""
    said: dict[str, Any] = _uses(panel)
    if panel.usage_url and not panel.object.permissions_for_user(panel.request.user).can_edit():
        said["usage_url"] = ""
    return said


def _chosen_by(chooser: BaseChooser, instance: Any) -> dict[str, Any]:
    """What was chosen, with the way to it only for who may edit it."""
    said: dict[str, Any] = _chosen(chooser, instance)
    request = _drawn.get()
    return said | {"edit_url": AdminURLFinder(request and request.user).get_edit_url(instance) or ""}
