"""The pictures others show beside a link to us."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from nhipcau.activities import words
from nhipcau.activities.models import Activity
from nhipcau.core import vietnamese
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.querysets import put_sections
from nhipcau.website.caching import public_page
from nhipcau.website.cards import card
from nhipcau.website.views._shared import current_agreement, is_sample

A_WHILE = 3600


def _png(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="image/png")


@public_page(A_WHILE, words=())
def site_card(request: NowRequest) -> HttpResponse:
    """The one of the site; one query."""
    title = _("The City's press and its foreign affairs, working as one")
    line = _("From commitment to result")
    return _png(card(title=title, kicker="", line=line, sample=is_sample(current_agreement())))


@public_page(A_WHILE, words=())
def event_card(request: NowRequest, slug: str) -> HttpResponse:
    """The one of a public activity; one query."""
    rows = Activity.objects.public().select_related("kind").annotate(is_sample=F("plan__agreement__is_sample"))
    shown = get_object_or_404(rows, slug=slug)
    line = words.when(shown.starts_at, shown.ends_at)
    sample = bool(shown.is_sample)  # type: ignore[attr-defined]  # annotated above
    return _png(card(title=shown.text("title"), kicker=shown.kind.text("name"), line=line, sample=sample))


@public_page(A_WHILE, words=())
def article_card(request: NowRequest, pk: int) -> HttpResponse:
    """The one of a public article in its own language; two queries."""
    rows = Article.objects.public(at=request.now).in_language(reading()).defer_streamfields()
    shown = get_object_or_404(rows, pk=pk)
    put_sections([shown])
    told = vietnamese.weekday_short(shown.published_at, reading()) if shown.published_at else ""
    return _png(card(title=shown.title, kicker=shown.section.title, line=told, sample=shown.is_sample))
