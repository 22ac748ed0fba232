"""What everybody sees: composed from the rooms below, the same for all, without session or cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from nhipcau.activities.models import Activity, Change
from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.agreements.models import Agreement, Clause, Party
from nhipcau.core import limits, search
from nhipcau.core.middleware import NowRequest
from nhipcau.privacy.models import LegalPeriod, Notice
from nhipcau.reports import checking
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.calendars import calendar_of
from nhipcau.website.forms import CalendarFilter
from nhipcau.website.seats import seats_of
from nhipcau.website.structured import event_json

PER_PAGE = 20
NEXT_ON_HOME = 3


def _agreement() -> Agreement | None:
    """The agreement the site is about: the latest signed; one query."""
    return Agreement.objects.first()


def _is_sample(agreement: Agreement | None) -> bool:
    return bool(agreement and agreement.is_sample)


def _shown() -> ActivityQuerySet:
    """Public activities with what a row of a list shows, each with its own sample mark."""
    moved = Change.objects.filter(activity=OuterRef("pk"), kind=Change.Kind.MOVED)
    rows: ActivityQuerySet = Activity.objects.public().select_related("kind", "intake")
    return rows.annotate(moved=Exists(moved), is_sample=F("plan__agreement__is_sample"))


def _rows(activities: Any, request: NowRequest) -> list[tuple[Activity, Any]]:
    return [(activity, seats_of(activity, at=request.now)) for activity in activities]


@public_page()
def home(request: NowRequest) -> HttpResponse:
    """Next activities, the agreement in short, and what is proven once that was released; five queries."""
    agreement = _agreement()
    clauses = Clause.objects.in_force().filter(agreement=agreement).select_related("area") if agreement else []
    snapshot = Snapshot.objects.public().filter(plan__agreement=agreement).first() if agreement else None
    upcoming = _shown().filter(plan__agreement=agreement).upcoming(at=request.now)
    return render(
        request,
        "website/home.html",
        {
            "is_sample": _is_sample(agreement),
            "agreement": agreement,
            "parties": list(agreement.parties.select_related("organisation")) if agreement else [],
            "areas": told.areas(list(clauses), snapshot),
            "snapshot": snapshot,
            "upcoming": _rows(upcoming[:NEXT_ON_HOME], request),
        },
    )


@public_page()
def calendar(request: NowRequest) -> HttpResponse:
    """Public activities by month: those ahead, or with `khi=qua` those over; narrowed by words and filters."""
    past = request.GET.get("khi") == "qua"
    rows = _shown().past(at=request.now) if past else _shown().filter(ends_at__gte=request.now)
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
            "is_sample": all(row.is_sample for row in listed) if listed else _is_sample(_agreement()),
            "past": past,
            "page_obj": page_obj,
            "rows": _rows(listed, request),
            "filters": filters,
            "q": q,
            "kept": [("khi", "qua")] if past else [],
            "narrowed": bool(q or any(chosen.values())),
            "feed_url": feed,
            "webcal_url": "webcal://" + settings.BASE_URL.partition("://")[2] + feed,
        },
    )


@public_page()
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
            "addresses": _addresses(request),
        },
    )


def _addresses(request: NowRequest) -> list[tuple[str, str]]:
    """This page in each language, for search engines."""
    return [(code, settings.BASE_URL + translate_url(request.path, code)) for code, _name in settings.LANGUAGES]


def _ics(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or "inline"
    return response


def _for_calendars() -> ActivityQuerySet:
    rows: ActivityQuerySet = Activity.objects.public().select_related("kind")
    return rows.annotate(times_changed=Count("changes"), is_sample=F("plan__agreement__is_sample"))


@public_page(300)
def event_ics(request: NowRequest, slug: str) -> HttpResponse:
    """One activity for a calendar; one query."""
    shown = get_object_or_404(_for_calendars(), slug=slug)
    return _ics(calendar_of([shown]), f"{slug}.ics")


@public_page(300)
def calendar_ics(request: NowRequest) -> HttpResponse:
    """Every public activity from half a year ago on, to subscribe to; one query."""
    rows = _for_calendars().filter(ends_at__gte=request.now - timedelta(days=183)).order_by("starts_at", "pk")[:500]
    return _ics(calendar_of(rows, name=_("Nhịp Cầu: activities")), "nhip-cau.ics")


@public_page(300)
def agreement(request: NowRequest) -> HttpResponse:
    """What was signed: who, before whom, and each clause in both languages; five queries."""
    parties = Party.objects.select_related("organisation").prefetch_related("signatories__person")
    shown = Agreement.objects.prefetch_related(Prefetch("parties", parties), "officials__person", "amendments").first()
    if shown is None:
        raise Http404
    clauses = Clause.objects.in_force().filter(agreement=shown).select_related("area")
    return render(
        request,
        "website/agreement.html",
        {
            "is_sample": shown.is_sample,
            "agreement": shown,
            "parties": list(shown.parties.all()),
            "officials": list(shown.officials.all()),
            "amendments": list(shown.amendments.all()),
            "clauses": list(clauses),
        },
    )


@public_page()
def progress(request: NowRequest) -> HttpResponse:
    """What is proven of what was promised, as the directors released it; a sentence while nothing was released."""
    agreement = _agreement()
    released = Snapshot.objects.public().filter(plan__agreement=agreement).select_related("plan")
    snapshot = released.first() if agreement else None
    return render(
        request,
        "website/progress.html",
        {
            "is_sample": _is_sample(agreement),
            "agreement": agreement,
            "snapshot": snapshot,
            "told": told.read(snapshot) if snapshot else None,
        },
    )


@public_page(300)
def check(request: NowRequest) -> HttpResponse:
    """The form for the code printed on a report; sends on to the answer's own address."""
    code = told.tidy_code(request.GET.get("ma", ""))
    if code:
        return redirect("website:check_report", code)
    return render(request, "website/check.html", {"is_sample": _is_sample(_agreement()), "asked": "ma" in request.GET})


@public_page()
def check_report(request: NowRequest, code: str) -> HttpResponse:
    """Whether a printed report is the one whose figures were frozen; 404 for a code nobody issued."""
    limits.refuse(request, "check-codes")
    found = checking.check(told.tidy_code(code))
    if found is None:
        limits.count(request, "check-codes")
    context = {"is_sample": bool(found and found.is_sample), "code": code[:40], "check": found}
    return render(request, "website/check_report.html", context, status=200 if found else 404)


@public_page(300)
def privacy(request: NowRequest) -> HttpResponse:
    """What is kept of guests, why, how long, who sees it, and their rights."""
    agreement = _agreement()
    notices = list(Notice.objects.current(day=request.today))
    periods = list(LegalPeriod.objects.holding(day=request.today))
    parties = agreement.parties.select_related("organisation") if agreement else []
    return render(
        request,
        "website/privacy.html",
        {"is_sample": _is_sample(agreement), "notices": notices, "periods": periods, "parties": list(parties)},
    )


@public_page(300)
def accessibility(request: NowRequest) -> HttpResponse:
    """What everybody can count on when using the site."""
    return render(request, "website/accessibility.html", {"is_sample": _is_sample(_agreement())})


@public_page(3600)
def robots(request: NowRequest) -> HttpResponse:
    """Search engines stay out of the desk and of links that belong to one person."""
    lines = [
        "User-agent: *",
        "Disallow: /ban/",
        "Disallow: /en/ban/",
        "Disallow: /tai-khoan/",
        "Disallow: /en/tai-khoan/",
        "Disallow: /ma/",
        "Disallow: /en/ma/",
        "Disallow: /rieng-tu/du-lieu-cua-toi/",
        "Disallow: /en/rieng-tu/du-lieu-cua-toi/",
        f"Disallow: /{settings.CMS_PATH}",
        f"Disallow: /en/{settings.CMS_PATH}",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page(3600)
def sitemap(request: NowRequest) -> HttpResponse:
    """Every public page in both languages, sample activities aside; one query."""
    names = ("home", "calendar", "agreement", "progress", "check", "privacy", "accessibility")
    with override(settings.LANGUAGE_CODE):
        pages: list[tuple[str, Any]] = [(reverse(f"website:{name}"), None) for name in names]
        real = Activity.objects.public().filter(plan__agreement__is_sample=False).order_by("starts_at", "pk")
        rows = real.values_list("slug", "revised_at")[:5000]
        pages += [(reverse("website:event", args=[slug]), revised) for slug, revised in rows]
    entries = [
        {
            "changed": changed,
            "addresses": [(code, settings.BASE_URL + translate_url(path, code)) for code, _name in settings.LANGUAGES],
        }
        for path, changed in pages
    ]
    return render(request, "website/sitemap.xml", {"entries": entries}, content_type="application/xml; charset=utf-8")
