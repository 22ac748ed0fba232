"""Feeds of the news: all, of a section, of a topic; calendars of an area, a topic, an organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Area, Topic
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.querysets import ArticleQuerySet
from nhipcau.parties.models import Organisation
from nhipcau.website import feeds
from nhipcau.website.caching import public_page
from nhipcau.website.calendars import calendar_of
from nhipcau.website.structured import absolute
from nhipcau.website.views._shared import current_agreement

A_WHILE = 300
#: So far back a calendar to subscribe to goes, and so many activities it holds.
BACK = timedelta(days=183)
MOST = 500


def _public(request: NowRequest) -> ArticleQuerySet:
    rows: ArticleQuerySet = Article.objects.public(at=request.now).in_language(reading())
    return rows


def _publisher() -> str:
    """The parties of the agreement; two queries."""
    agreement = current_agreement()
    parties = agreement.parties.select_related("organisation") if agreement else []
    return " – ".join(party.organisation.text("name") for party in parties) or "Nhịp Cầu"


def _answer(
    request: NowRequest, form: str, articles: ArticleQuerySet, *, title: str, about: str, page: str
) -> HttpResponse:
    found = feeds.items(articles)
    channel = feeds.Channel(
        title=title,
        about=about,
        language=reading(),
        page=absolute(page),
        address=absolute(request.path),
        icon=absolute(static("core/favicon.svg")),
        publisher=_publisher(),
        hub=settings.WEBSUB_HUB,
        items=found,
    )
    media, _name, write = feeds.FORMS[form]
    response = HttpResponse(write(channel), content_type=f"{media}; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"  # the articles are to be found, not their list
    if settings.WEBSUB_HUB:
        response["Link"] = f'<{settings.WEBSUB_HUB}>; rel="hub", <{channel.address}>; rel="self"'
    response["Access-Control-Allow-Origin"] = "*"  # readers in a browser may fetch what everybody may read
    return response


@public_page(A_WHILE, words=())
def news(request: NowRequest, form: str) -> HttpResponse:
    """All news in a language; eight queries."""
    page = reverse("wagtail_serve", args=[""])
    about = _("News of the cooperation, from commitment to result.")
    return _answer(request, form, _public(request), title=_("Nhịp Cầu: news"), about=about, page=page)


@public_page(A_WHILE, words=())
def section(request: NowRequest, slug: str, form: str) -> HttpResponse:
    """The news of a section; nine queries."""
    shown = get_object_or_404(Section.objects.in_language(reading()), slug=slug)
    page = reverse("wagtail_serve", args=[f"{slug}/"])
    title = f"Nhịp Cầu: {shown.title}"
    return _answer(
        request, form, _public(request).in_section(shown), title=title, about=shown.intro or title, page=page
    )


@public_page(A_WHILE, words=())
def topic(request: NowRequest, slug: str, form: str) -> HttpResponse:
    """The news of a topic; nine queries."""
    shown = get_object_or_404(Topic, slug=slug)
    title = f"Nhịp Cầu: {shown.text('name')}"
    page = request.path.removesuffix(f".{form}") + "/"
    return _answer(request, form, _public(request).about_topic(shown), title=title, about=title, page=page)


# --- calendars -----------------------------------------------------------------------------------
def _calendar(request: NowRequest, wanted: Q, *, name: str, filename: str) -> HttpResponse:
    rows = Activity.objects.public().filter(wanted, ends_at__gte=request.now - BACK).select_related("kind")
    rows = rows.annotate(times_changed=Count("changes", distinct=True), is_sample=F("plan__agreement__is_sample"))
    content = calendar_of(rows.order_by("starts_at", "pk")[:MOST], name=f"Nhịp Cầu: {name}")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or "inline"
    return response


def _among(rows: Any) -> Q:
    return Q(pk__in=rows.values("activity_id"))


@public_page(A_WHILE, words=())
def area_ics(request: NowRequest, slug: str) -> HttpResponse:
    """The activities of an area of cooperation, by the clauses their indicators answer; two queries."""
    shown = get_object_or_404(Area, slug=slug)
    working = Activity.indicators.through.objects.filter(indicator__objective__clauses__area=shown)
    return _calendar(request, _among(working), name=shown.text("name"), filename=f"nhip-cau-{slug}.ics")


@public_page(A_WHILE, words=())
def topic_ics(request: NowRequest, slug: str) -> HttpResponse:
    """The activities of a topic; two queries."""
    shown = get_object_or_404(Topic, slug=slug)
    about = Activity.topics.through.objects.filter(topic=shown)
    return _calendar(request, _among(about), name=shown.text("name"), filename=f"nhip-cau-{slug}.ics")


@public_page(A_WHILE, words=())
def organisation_ics(request: NowRequest, pk: int) -> HttpResponse:
    """The activities an organisation leads or takes part in; two queries.

    Found are those that signed the agreement, who alone lead and take part: their calendar may still be empty.
    """
    shown = get_object_or_404(Organisation.objects.filter(party_to__isnull=False).distinct(), pk=pk)
    mine = Q(lead=shown) | Q(partner=shown)
    return _calendar(request, mine, name=shown.text("name"), filename=f"nhip-cau-{pk}.ics")
