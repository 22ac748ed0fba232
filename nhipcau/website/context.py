"""What every public page shows around its content; no query, no session."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _


def public(request: HttpRequest) -> dict[str, Any]:
    """Navigation and footer links as (label, url, is current); callables, worked out only on public pages."""

    @cache  # asked for four times on a page
    def nav() -> list[tuple[str, str, bool]]:
        pages = [
            (_("News"), reverse("wagtail_serve", args=[""])),
            (_("Activities"), reverse("website:calendar")),
            (_("Commitments and results"), reverse("website:progress")),
            (_("The agreement"), reverse("website:agreement")),
        ]
        return [(label, url, request.path.startswith(url)) for label, url in pages]

    @cache
    def links() -> list[tuple[str, str]]:
        return [
            (_("About this site"), reverse("website:about")),
            (_("Check a report"), reverse("website:check")),
            (_("Privacy"), reverse("website:privacy")),
            (_("Corrections and press contact"), reverse("newsroom:contact", args=["dinh-chinh"])),
            (_("Accessibility"), reverse("website:accessibility")),
            (_("For staff"), resolve_url(settings.LOGIN_REDIRECT_URL)),
        ]

    def find() -> str:
        """Where the box in the head looks; empty on the page that has its own."""
        url = reverse("website:search")
        return "" if request.path == url else url

    return {"public_nav": nav, "site_links": links, "public_search": find}
