"""What only machines read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.translation import override

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import NowRequest
from nhipcau.website.caching import public_page


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
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page(3600, words=())
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
