"""The home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from nhipcau.agreements.models import Clause
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.querysets import put_sections
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.views._shared import current_agreement, is_sample, shown_activities, with_seats

NEXT_ON_HOME = 3
NEWS_ON_HOME = 10
STORIES = 3


@public_page(words=())
def home(request: NowRequest) -> HttpResponse:
    """Today's news, next activities, and what is proven once that was released; eight queries."""
    agreement = current_agreement()
    clauses = Clause.objects.in_force().filter(agreement=agreement).select_related("area") if agreement else []
    snapshot = Snapshot.objects.public().filter(plan__agreement=agreement).first() if agreement else None
    upcoming = shown_activities().filter(plan__agreement=agreement).upcoming(at=request.now)
    news = list(Article.objects.public(at=request.now).in_language(reading()).latest_first().for_cards()[:NEWS_ON_HOME])
    put_sections(news)
    lead = _lead(news)
    rest = [article for article in news if article is not lead]
    stories = [article for article in rest if article.picture_id][:STORIES]
    return render(
        request,
        "website/home.html",
        {
            "is_sample": is_sample(agreement),
            "agreement": agreement,
            "parties": list(agreement.parties.select_related("organisation")) if agreement else [],
            "areas": told.areas(list(clauses), snapshot),
            "snapshot": snapshot,
            "upcoming": with_seats(upcoming[:NEXT_ON_HOME], request),
            "lead": lead,
            "stories": stories,
            "lines": [article for article in rest if article not in stories],
        },
    )


def _lead(news: list[Article]) -> Article | None:
    """What leads the page: breaking news first, else the latest with a picture, else the latest."""
    breaking = [article for article in news if article.breaking]
    pictured = [article for article in news if article.picture_id]
    return next(iter([*breaking[:1], *pictured[:1], *news[:1]]), None)
