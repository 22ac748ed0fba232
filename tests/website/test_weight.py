"""What a first visit costs a cheap phone: at most 60 kB over the wire beside pictures and fonts, nothing from elsewhere."""

import gzip
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from nhipcau.activities.models import Activity
from nhipcau.newsroom.models import Article
from tests import makers

MOST = 60_000
FONTS = 40_000
_ASKED = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"[^>]*>')
_FONT = re.compile(r"/static/[^\"' )]+\.woff2")


@pytest.fixture
def pages(agreement: Any) -> list[str]:
    """Home, an article with a picture, an event with registration, the registration itself, and lists."""
    plan = makers.make_plan(agreement)
    activity: Activity = makers.make_activity(plan, indicators=[makers.make_indicator(makers.make_objective(plan))])
    makers.make_intake(activity)
    makers.make_consent_wording()
    for number in range(8):
        makers.make_article(f"Bài {number}", picture=makers.make_picture(f"Ảnh {number}"), activities=[activity])
    article = Article.objects.latest("pk")
    slug = activity.slug
    return ["/", article.url, f"/hoat-dong/{slug}/", f"/dang-ky/{slug}/", "/lich/", "/tin/", "/ban-ghi-nho/"]


def _packed(address: str) -> int:
    path = finders.find(address.removeprefix("/static/"))
    assert isinstance(path, str), address
    with open(path, "rb") as file:  # noqa: PTH123 (a name from Django)
        return len(gzip.compress(file.read(), 6))


def test_a_first_visit_is_light(pages: list[str]) -> None:
    for address in pages:
        html = Client().get(address).content
        text = html.decode()
        files = {found for found in _ASKED.findall(text) if not found.endswith(".woff2")}
        assert files, address
        weight = len(gzip.compress(html, 6)) + sum(_packed(file) for file in files)
        assert weight <= MOST, (address, weight, sorted(files))
        fonts = set(_FONT.findall(text))
        assert sum(len(_bytes(font)) for font in fonts) <= FONTS
        hosts = {
            urlsplit(url).netloc for url in re.findall(r'<(?:script|img|source|iframe)\b[^>]*?src="([^"]+)"', text)
        }
        assert hosts <= {""}, address


def _bytes(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    assert isinstance(path, str), address
    with open(path, "rb") as file:  # noqa: PTH123 (a name from Django)
        return file.read()
