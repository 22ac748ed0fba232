"""The calendar of activities, as a page and as feeds to subscribe to."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.agreements.models import Agreement
from nhipcau.core import limits, search
from nhipcau.core.middleware import LOCAL, NowRequest
from nhipcau.parties.models import Organisation
from nhipcau.website.caching import public_page
from nhipcau.website.calendars import calendar_of
from nhipcau.website.forms import CalendarFilter
from nhipcau.website.trail import trail
from nhipcau.website.views._shared import (
    calendars_of_units,
    current_agreement,
    is_sample,
    shown_activities,
    with_seats,
)

PER_PAGE = 20
#: So many years back and ahead a month can be looked at, and so many activities it shows.
FAR = 10
MOST = 300
#: What takes more days than that stands over the month instead of in every square.
LONG = 7
#: The words of the query that narrow the calendar.
FILTERS = ("topic", "audience", "area", "language")


@public_page(words=("khi", "q", "page", *FILTERS), anew=("q",))
def calendar(request: NowRequest) -> HttpResponse:
    """Public activities by month: those ahead, or with `khi=qua` those over; narrowed by words and filters."""
    past = request.GET.get("khi") == "qua"
    rows = shown_activities().past(at=request.now) if past else shown_activities().filter(ends_at__gte=request.now)
    filters = CalendarFilter(request.GET)
    rows = _chosen(rows, filters)
    q = request.GET.get("q", "")[:200]
    if q:
        limits.count(request, "search")
    narrowed = search.narrow(rows, q, kind="activities.activity")
    page = Paginator(narrowed.order_by("-starts_at", "-pk") if past else narrowed.order_by("starts_at", "pk"), PER_PAGE)
    page_obj = page.get_page(request.GET.get("page"))
    listed: list[Any] = list(page_obj.object_list)
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
            "narrowed": bool(q or any(filters.cleaned_data.values())),
            "month_url": reverse("website:month", args=[request.today.year, request.today.month]) + _asked(filters),
            **_subscriptions(filters),
        },
    )


def _chosen(rows: ActivityQuerySet, filters: CalendarFilter) -> ActivityQuerySet:
    """The rows a visitor narrowed the calendar to; what is not offered is ignored."""
    filters.is_valid()
    chosen = filters.cleaned_data
    if topic := chosen.get("topic"):
        rows = rows.filter(topics=topic)
    if audience := chosen.get("audience"):
        rows = rows.filter(audiences=audience)
    if area := chosen.get("area"):
        working = Activity.indicators.through.objects.filter(indicator__objective__clauses__area=area)
        rows = rows.filter(pk__in=working.values("activity_id"))
    if language := chosen.get("language"):
        rows = rows.followed_in(language)
    return rows


def _asked(filters: CalendarFilter) -> str:
    """The filters in use as a query, "" without any."""
    asked = {name: filters.data[name] for name, value in filters.cleaned_data.items() if value}
    return f"?{urlencode(asked)}" if asked else ""


@dataclass(frozen=True)
class Subscription:
    """A calendar to subscribe to."""

    name: str
    url: str

    @property
    def webcal(self) -> str:
        """The address telephones subscribe by."""
        return "webcal://" + str(settings.BASE_URL.partition("://")[2]) + self.url


def _subscriptions(filters: CalendarFilter) -> dict[str, Any]:
    """What to subscribe to: the topic and area chosen, the whole calendar, each unit that signed; one query."""
    chosen = [
        Subscription(value.text("name"), reverse(f"website:{name}_ics", args=[value.slug]))
        for name in ("topic", "area")
        if (value := filters.cleaned_data.get(name))
    ]
    whole = Subscription(_("All activities"), reverse("website:calendar_ics"))
    latest = Subquery(Agreement.objects.values("pk")[:1])
    units = Organisation.objects.filter(party_to__agreement=latest).order_by("party_to__order")
    found = [*chosen, whole, *(Subscription(name, url) for name, url in calendars_of_units(units))]
    return {"subscriptions": found, "calendars": [(one.name, one.url) for one in found if one is not whole]}


@public_page(words=FILTERS)
def month(request: NowRequest, year: int, month: int) -> HttpResponse:
    """The public activities of one month, each on every day it covers, campaigns over it; narrowed by the filters; five queries.

    Months further than ten years from today are not found.
    """
    if not 1 <= month <= 12 or abs(year - request.today.year) > FAR:
        raise Http404
    first, after = date(year, month, 1), _month_after(date(year, month, 1))
    opens, closes = (datetime.combine(day, time(), LOCAL) for day in (first, after))
    filters = CalendarFilter(request.GET)
    rows = _chosen(shown_activities().filter(starts_at__lt=closes, ends_at__gte=opens), filters)
    found: list[Any] = list(rows.order_by("starts_at", "pk")[:MOST])
    by_day: dict[date, list[Activity]] = {}
    for activity in found:
        for day in activity.days if len(activity.days) <= LONG else ():
            by_day.setdefault(day, []).append(activity)
    weeks = [
        [
            Day(day, day.month == month, day == request.today, by_day.get(day, []) if day.month == month else [])
            for day in week
        ]
        for week in Calendar().monthdatescalendar(year, month)
    ]
    asked = _asked(filters)
    return render(
        request,
        "website/month.html",
        {
            "is_sample": all(row.is_sample for row in found) if found else is_sample(current_agreement()),
            "first": first,
            "weeks": weeks,
            "found": found,
            # Months lead to months for twenty years; search engines turn round at the first that holds nothing.
            "leads_nowhere": not found,
            "long": [activity for activity in found if len(activity.days) > LONG],
            "filters": filters,
            "narrowed": bool(asked),
            "before": _month_link(first - timedelta(days=1), asked, request),
            "after": _month_link(after, asked, request),
            "list_url": reverse("website:calendar") + asked,
            **_subscriptions(filters),
            **trail((_("Activities"), reverse("website:calendar"))),
        },
    )


@dataclass(frozen=True)
class Day:
    """A square of the month: its day, whether it belongs to the month, whether it is today, what takes place."""

    day: date
    inside: bool
    today: bool
    activities: list[Activity]


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _month_link(day: date, asked: str, request: NowRequest) -> tuple[date, str] | None:
    if abs(day.year - request.today.year) > FAR:
        return None
    return day, reverse("website:month", args=[day.year, day.month]) + asked


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
