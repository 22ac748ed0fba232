"""The page of one activity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, F, JSONField, OuterRef, Subquery, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity, Change, Speaker
from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.querysets import put_sections
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.seats import seats_of
from nhipcau.website.structured import COURSE, course_json, event_json
from nhipcau.website.trail import trail

ARTICLES = 4


@public_page(words=())
def event(request: NowRequest, slug: str) -> HttpResponse:
    """One activity with the news about it; six queries, whatever it holds, eight where there is news."""
    shown: Any = get_object_or_404(_with_what_became_of_it(at=request.now), slug=slug)
    topics, audiences = list(shown.topics.all()), list(shown.audiences.all())
    speakers, sessions = list(shown.speakers.all()), list(shown.sessions.all())
    sample = bool(shown.is_sample)
    over = shown.ends_at < request.now
    cancelled = shown.state == Activity.State.CANCELLED
    attended = told.attended(shown.released, shown) if over and not cancelled else None
    announced_for = shown.announced_for if cancelled or not over else None
    told_by = Article.objects.public(at=request.now).in_language(reading()).about_activity(shown)
    articles = list(told_by.distinct().latest_first().for_cards()[:ARTICLES])
    put_sections(articles)
    around = trail((_("Activities"), reverse("website:calendar")))
    card = reverse("website:event_card", args=[shown.slug])
    return render(
        request,
        "website/event.html",
        {
            "is_sample": sample,
            "activity": shown,
            "topics": topics,
            "audiences": audiences,
            "speakers": speakers,
            "sessions": sessions,
            "seats": seats_of(shown, at=request.now),
            "over": over,
            "attended": attended,
            "announced_for": announced_for,
            "articles": articles,
            "card": card,
            "calendars": [(shown.text("title"), reverse("website:event_ics", args=[shown.slug]))],
            "structured": []
            if sample
            else _structured(shown, speakers, moved=announced_for is not None, card=card, around=around),
            **around,
        },
    )


def _with_what_became_of_it(*, at: datetime) -> ActivityQuerySet:
    """Public activities with the time first announced where they were moved, and what was released once they are over.

    Single columns of other tables instead of a query each.
    """
    moves = Change.objects.filter(activity=OuterRef("pk"), kind=Change.Kind.MOVED).order_by("at", "pk")
    released = Snapshot.objects.public().filter(plan=OuterRef("plan")).values("payload")[:1]
    rows: ActivityQuerySet = Activity.objects.public().select_related("kind", "lead", "partner", "intake")
    return rows.annotate(
        is_sample=F("plan__agreement__is_sample"),
        announced_for=Subquery(moves.values("old_start")[:1]),
        released=Case(When(ends_at__lt=at, then=Subquery(released)), output_field=JSONField()),
    )


def _structured(
    shown: Activity, speakers: list[Speaker], *, moved: bool, card: str, around: dict[str, Any]
) -> list[SafeString]:
    """What search engines are told: the event, the course where it is one, and where the page stands."""
    told_of = [event_json(shown, speakers, moved=moved, image=card)]
    if shown.kind.slug == COURSE:
        told_of.append(course_json(shown))
    return [*told_of, around["crumbs_json"]]
