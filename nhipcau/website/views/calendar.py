"""The calendar of activities, as a page and as feeds to subscribe to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.core import limits, search
from nhipcau.core.middleware import NowRequest
from nhipcau.website.caching import public_page
from nhipcau.website.calendars import calendar_of
from nhipcau.website.forms import CalendarFilter
from nhipcau.website.views._shared import current_agreement, is_sample, shown_activities, with_seats

PER_PAGE = 20


@public_page()
def calendar(request: NowRequest) -> HttpResponse:
    """Public activities by month: those ahead, or with `khi=qua` those over; narrowed by words and filters."""
    past = request.GET.get("khi") == "qua"
    rows = shown_activities().past(at=request.now) if past else shown_activities().filter(ends_at__gte=request.now)
    filters = CalendarFilter(request.GET)
    filters.is_valid()
    chosen = filters.cleaned_data
    if topic := chosen.get("topic"):
        rows = rows.filter(topics=topic)
    if audience := chosen.get("audience"):
        rows = rows.filter(audiences=audience)
    if area := chosen.get("area"):
        working = Activity.indicators.through.objects.filter(indicator__objective__clauses__area=area)
        rows = rows.filter(pk__in=working.values("activity_id"))
    q = request.GET.get("q", "")[:200]
    if q:
        limits.count(request, "search")
    narrowed = search.narrow(rows, q, kind="activities.activity")
    page = Paginator(narrowed.order_by("-starts_at", "-pk") if past else narrowed.order_by("starts_at", "pk"), PER_PAGE)
    page_obj = page.get_page(request.GET.get("page"))
    listed: list[Any] = list(page_obj.object_list)
    feed = reverse("website:calendar_ics")
    return render(
        request,
        "website/calendar.html",
        {
            "is_sample": all(row.is_sample for row in listed) if listed else is_sample(current_agreement()),
            "past": past,
            "page_obj": page_obj,
            "rows": with_seats(listed, request),
            "filters": filters,
            "q": q,
            "kept": [("khi", "qua")] if past else [],
            "narrowed": bool(q or any(chosen.values())),
            "feed_url": feed,
            "webcal_url": "webcal://" + settings.BASE_URL.partition("://")[2] + feed,
        },
    )


@public_page(300, words=())
def calendar_ics(request: NowRequest) -> HttpResponse:
    """Every public activity from half a year ago on, to subscribe to; one query."""
    rows = _for_calendars().filter(ends_at__gte=request.now - timedelta(days=183)).order_by("starts_at", "pk")[:500]
    return _ics(calendar_of(rows, name=_("Nhịp Cầu: activities")), "nhip-cau.ics")


def _ics(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or "inline"
    return response


def _for_calendars() -> ActivityQuerySet:
    rows: ActivityQuerySet = Activity.objects.public().select_related("kind")
    return rows.annotate(times_changed=Count("changes"), is_sample=F("plan__agreement__is_sample"))


@public_page(300, words=())
def event_ics(request: NowRequest, slug: str) -> HttpResponse:
    """One activity for a calendar; one query."""
    shown = get_object_or_404(_for_calendars(), slug=slug)
    return _ics(calendar_of([shown]), f"{slug}.ics")
