"""The page of one activity."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity, Change, Speaker
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
    """One activity with the news about it; seven queries, whatever it holds, nine where there is news."""
    rows = Activity.objects.public().select_related("kind", "lead", "partner", "intake")
    rows = rows.annotate(is_sample=F("plan__agreement__is_sample"))  # one column instead of two whole rows
    shown = get_object_or_404(rows, slug=slug)
    topics, audiences = list(shown.topics.all()), list(shown.audiences.all())
    speakers, sessions = list(shown.speakers.all()), list(shown.sessions.all())
    sample = bool(shown.is_sample)  # type: ignore[attr-defined]  # annotated above
    over = shown.ends_at < request.now
    attended, moved = None, None
    if over and shown.state != Activity.State.CANCELLED:
        attended = told.attended(Snapshot.objects.public().filter(plan=shown.plan_id).first(), shown)
    else:
        moved = shown.changes.filter(kind=Change.Kind.MOVED).last()  # the first move: the time first announced
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
            "moved": moved,
            "articles": articles,
            "card": card,
            "calendars": [(shown.text("title"), reverse("website:event_ics", args=[shown.slug]))],
            "structured": []
            if sample
            else _structured(shown, speakers, moved=moved is not None, card=card, around=around),
            **around,
        },
    )


def _structured(
    shown: Activity, speakers: list[Speaker], *, moved: bool, card: str, around: dict[str, Any]
) -> list[SafeString]:
    """What search engines are told: the event, the course where it is one, and where the page stands."""
    told_of = [event_json(shown, speakers, moved=moved, image=card)]
    if shown.kind.slug == COURSE:
        told_of.append(course_json(shown))
    return [*told_of, around["crumbs_json"]]
