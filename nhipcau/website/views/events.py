"""The page of one activity."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from nhipcau.activities.models import Activity, Change
from nhipcau.core.middleware import NowRequest
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.seats import seats_of
from nhipcau.website.structured import event_json
from nhipcau.website.views._shared import addresses_of


@public_page(words=())
def event(request: NowRequest, slug: str) -> HttpResponse:
    """One activity; six queries, whatever it holds."""
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
            "structured": "" if sample else event_json(shown, speakers, moved=moved is not None),
            "addresses": addresses_of(request),
        },
    )
