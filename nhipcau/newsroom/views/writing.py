"""From an activity to an article about it: one press at its desk page, and the form stands filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.create import CreateView

from nhipcau.activities.models import Activity
from nhipcau.activities.rules import access_activity
from nhipcau.agreements.access import Verb
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.beginnings import begin_about, sections_for
from nhipcau.parties.models import User

if TYPE_CHECKING:
    from nhipcau.newsroom.models import Article


@require_safe
def write_about(request: NowRequest, pk: int) -> HttpResponse:
    """Lead on to a new article about an activity, in the section of who writes; others are named beside."""
    activity, standing = access_activity(request, pk)
    if not standing.can(Verb.WRITE):
        raise PermissionDenied
    assert isinstance(request.user, User)
    sections = sections_for(request.user, activity, day=request.today)
    if not sections:
        messages.error(
            request, _("Your unit leads no section of the news yet. Please ask an administrator to open one.")
        )
        return redirect("activities:activity", pk)
    first, *others = sections
    if others:
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((reverse("newsroom_write_about", args=[other.pk, pk]), other.title) for other in others),
        )
        said = _("The article will stand in the section “%(section)s”. Begin it elsewhere:") % {"section": first.title}
        messages.info(request, format_html("{} {}", said, links))
    return redirect("newsroom_write_about", first.pk, pk)


class WriteAbout(CreateView):
    """The form of a new article that reports on an activity already; it is sent where every new article is."""

    page: Article
    about: Activity | None = None

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, filled in."""
        if self.about is not None:
            begin_about(self.page, self.about)
        answer: HttpResponse = super().get(request)
        return answer


@require_admin_access
@require_safe
def begin_in(request: HttpRequest, section: int, activity: int) -> HttpResponse:
    """A new article in a section about an activity. Raises Http404, PermissionDenied."""
    about = get_object_or_404(Activity, pk=activity)
    shown: Any = WriteAbout.as_view(about=about)(request, "newsroom", "article", section)
    return shown
