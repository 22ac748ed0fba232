"""What was written under a topic, and by whom."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from nhipcau.agreements.models import Topic
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article, Author
from nhipcau.website.caching import public_page
from nhipcau.website.faces import listed, news_crumb
from nhipcau.website.trail import trail
from nhipcau.website.views._shared import current_agreement, is_sample, shown_activities, with_seats

ACTIVITIES = 6


@public_page(words=["page"])
def topic(request: NowRequest, slug: str) -> HttpResponse:
    """Articles and activities of a topic; eight queries."""
    shown = get_object_or_404(Topic, slug=slug)
    page = listed(Article.objects.public(at=request.now).in_language(reading()).about_topic(shown), request)
    activities = shown_activities().filter(topics=shown)
    upcoming = list(activities.upcoming(at=request.now)[:ACTIVITIES])
    past = list(activities.past(at=request.now)[:ACTIVITIES])
    rows = [*page.object_list, *upcoming, *past]
    return render(
        request,
        "website/topic.html",
        {
            "is_sample": all(row.is_sample for row in rows) if rows else is_sample(current_agreement()),
            "topic": shown,
            "page_obj": page,
            "upcoming": with_seats(upcoming, request),
            "past": with_seats(past, request),
            **trail(news_crumb()),
        },
    )


@public_page(words=["page"])
def author(request: NowRequest, slug: str) -> HttpResponse:
    """What somebody signed, who stands behind the name as far as the name is public; five queries.

    Nobody is found who has signed nothing readers may see.
    """
    shown = get_object_or_404(Author.objects.published(at=request.now).select_related("organisation"), slug=slug)
    page = listed(Article.objects.public(at=request.now).in_language(reading()).by(shown), request)
    return render(
        request,
        "website/author.html",
        {
            "is_sample": bool(page.object_list) and all(row.is_sample for row in page.object_list),
            "author": shown,
            "page_obj": page,
            **trail(news_crumb()),
        },
    )
