"""Pages of the news: found by their address with one query; what is not found so is Wagtail's affair."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.views import serve as wagtail_serve

from nhipcau.core.language import reading
from nhipcau.newsroom.models import Article, NewsFront, Section

#: How many steps below the root of all pages the front, a section and an article stand.
_FRONT, _SECTION, _ARTICLE = 2, 3, 4


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The page at an address: front, section or article; drafts, moved pages and the unknown go Wagtail's way.

    Wagtail walks down the tree with two queries a step and asks for the restrictions of each, of which there are none
    here (`private_page_options`).
    """
    page = _found(path.strip("/"))
    if page is None:
        answer: HttpResponse = wagtail_serve(request, path)
        return answer
    request.is_preview = False  # type: ignore[attr-defined]  # as Wagtail says it
    shown: HttpResponse = page.serve(request)
    return shown


def _found(path: str) -> Any:
    steps = path.split("/") if path else []
    if len(steps) >= _ARTICLE:
        return None
    kind: Any = (NewsFront, Section, Article)[len(steps)]
    rows = kind.objects.filter(live=True, locale__language_code=reading(), depth=_FRONT + len(steps))
    if steps:
        # The address within the tree begins with the front's own name, which no reader sees.
        rows = rows.filter(slug=steps[-1], url_path__endswith="/" + "/".join(steps) + "/")
    joined = {Section: ("locale", "organisation"), Article: ("locale", "picture")}.get(kind, ("locale",))
    return rows.select_related(*joined).order_by("path").first()
