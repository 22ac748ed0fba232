"""What only machines read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.translation import override

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Topic
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.querysets import STEP, ArticleQuerySet
from nhipcau.website import feeds
from nhipcau.website.caching import public_page
from nhipcau.website.structured import absolute

#: So many activities and articles at most; a sitemap may hold fifty thousand addresses.
MOST = 10_000


@public_page(3600, words=())
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
        f"Sitemap: {settings.BASE_URL}/sitemap-tin.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page(3600, words=())
def opensearch(request: NowRequest) -> HttpResponse:
    """How browsers search the site from their own box (OpenSearch 1.1); no query."""
    told = {
        "language": reading(),
        "icon": absolute(static("core/favicon.svg")),
        "search": absolute(reverse("website:search")),
        "suggest": absolute(reverse("website:suggest")),
        "own": absolute(request.path),
    }
    return render(request, "website/opensearch.xml", told, content_type="application/opensearchdescription+xml")


def _both(path: str) -> list[tuple[str, str]]:
    """A page in each language."""
    return [(code, settings.BASE_URL + translate_url(path, code)) for code, _name in settings.LANGUAGES]


def _editions(articles: Iterable[Article]) -> list[dict[str, Any]]:
    """Articles as entries: each with those of its editions that are among them."""
    found: dict[UUID, list[Article]] = {}
    for article in articles:
        found.setdefault(article.translation_key, []).append(article)
    return [
        {
            "changed": max(feeds.updated(edition) for edition in editions),
            "addresses": [(edition.locale.language_code, absolute(edition.url or "/")) for edition in editions],
        }
        for editions in found.values()
    ]


def _real(request: NowRequest) -> ArticleQuerySet:
    """Public articles but those of the sample data, oldest first so that the list grows at its end."""
    public = Article.objects.public(at=request.now).filter(is_sample=False)
    rows: ArticleQuerySet = public.select_related("locale").defer_streamfields().order_by("published_at", "pk")
    return rows


def _sections(request: NowRequest) -> list[dict[str, Any]]:
    """Sections with real articles, and the news front before them where there is any."""
    filled = {path[:-STEP] for path in _real(request).values_list("path", flat=True)[:MOST]}
    entries: dict[UUID, list[tuple[str, str]]] = {}
    fronts: list[tuple[str, str]] = []
    with_pages = Section.objects.live().filter(path__in=filled).select_related("locale").order_by("path")
    for section in with_pages:
        code = section.locale.language_code
        entries.setdefault(section.translation_key, []).append((code, absolute(section.url or "/")))
        with override(code):
            front = (code, settings.BASE_URL + reverse("wagtail_serve", args=[""]))
        if front not in fronts:
            fronts.append(front)
    return [{"addresses": addresses} for addresses in ([fronts] if fronts else []) + list(entries.values())]


@public_page(3600, words=())
def sitemap(request: NowRequest) -> HttpResponse:
    """Every public page in its languages, the sample data aside; seven queries."""
    names = ("home", "calendar", "agreement", "progress", "check", "about", "privacy", "accessibility")
    articles = list(_real(request)[:MOST])
    with override(settings.LANGUAGE_CODE):
        pages: list[tuple[str, Any]] = [(reverse(f"website:{name}"), None) for name in names]
        real = Activity.objects.public().filter(plan__agreement__is_sample=False).order_by("starts_at", "pk")
        rows = real.values_list("slug", "revised_at")[:MOST]
        pages += [(reverse("website:event", args=[slug]), revised) for slug, revised in rows]
        topics = Topic.objects.filter(articles__in=[article.pk for article in articles]).distinct()
        pages += [(reverse("website:topic", args=[topic.slug]), None) for topic in topics]
    entries = [{"changed": changed, "addresses": _both(path)} for path, changed in pages]
    entries += _sections(request) + _editions(articles)
    return render(request, "website/sitemap.xml", {"entries": entries}, content_type="application/xml; charset=utf-8")


@public_page(300, words=())
def news_sitemap(request: NowRequest) -> HttpResponse:
    """The articles of the last two days in the form of Google News, the sample data aside; one query."""
    since = request.now - timedelta(days=2)
    fresh = _real(request).filter(Q(published_at__gte=since) | Q(embargo_until__gte=since))
    entries = [
        {
            "address": absolute(article.url or "/"),
            "language": article.locale.language_code,
            "since": feeds.published(article),
            "title": article.title,
        }
        for article in fresh[:1000]  # as many as a news sitemap may hold
    ]
    return render(
        request,
        "website/news_sitemap.xml",
        {"entries": entries, "name": "Nhịp Cầu"},
        content_type="application/xml; charset=utf-8",
    )
