"""Feeds and calendars are named by the pages they belong to, and each of them is what it says it is."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from django.utils.translation import override
from icalendar import Calendar
from jsonschema import Draft202012Validator

from nhipcau.agreements.models import Agreement, Topic
from nhipcau.newsroom.models import Article
from nhipcau.website import feeds
from tests import makers
from tests.conftest import HandClock
from tests.website.ninjs import SCHEMA

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


class _Links(HTMLParser):
    """The `link` elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a link says."""
        if tag == "link":
            self.found.append({name: value or "" for name, value in attrs})


def links(page: str) -> list[dict[str, str]]:
    """What a page names beside itself, editions in other languages left aside."""
    answer = Client().get(page)
    assert (page, answer.status_code) == (page, 200)
    reader = _Links()
    reader.feed(answer.content.decode())
    return [link for link in reader.found if link.get("rel") == "alternate" and "hreflang" not in link]


# --- what each form asks for ---------------------------------------------------------------------
def whole(address: str) -> None:
    """An absolute address of ours."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("http", "localhost:8000"), address


def check_rss(content: bytes) -> None:
    """RSS 2.0: https://www.rssboard.org/rss-specification."""
    root = ET.fromstring(content)  # noqa: S314 (our own page)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root.findall("channel")
    assert channel.findtext("title")
    assert channel.findtext("description")
    whole(channel.findtext("link") or "")
    parsedate_to_datetime(channel.findtext("lastBuildDate") or "")
    (own,) = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    whole(own.get("href") or "")
    keys = []
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        whole(item.findtext("link") or "")
        parsedate_to_datetime(item.findtext("pubDate") or "")
        keys.append(item.findtext("guid"))
        for enclosure in item.findall("enclosure"):
            assert {"url", "length", "type"} <= set(enclosure.keys())
    assert len(keys) == len(set(keys)) > 0


def check_atom(content: bytes) -> None:
    """Atom, RFC 4287, 4.1.1 and 4.1.2."""
    root = ET.fromstring(content)  # noqa: S314 (our own page)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
    # Who wrote it is said of every entry, or of the feed.
    assert root.find(f"{ATOM}author") is not None or all(e.find(f"{ATOM}author") is not None for e in entries)
    for link in root.iter(f"{ATOM}link"):
        whole(link.get("href") or "")
    assert {"self", "alternate"} <= {link.get("rel") for link in root.findall(f"{ATOM}link")}


def check_json(content: bytes) -> None:
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/."""
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for name in ("home_page_url", "feed_url"):
        whole(feed[name])
    assert feed["items"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_html" in item or "content_text" in item
        assert datetime.fromisoformat(item["date_published"]).tzinfo


def check_ninjs(content: bytes) -> None:
    """The schema of the IPTC."""
    checker = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    found = json.loads(content)
    assert [error.message for error in checker.iter_errors(found)] == []
    assert found["associations"]


def check_calendar(content: bytes) -> None:
    """RFC 5545, 3.6 and 3.6.1: what a calendar and an event must hold; lines of at most 75 octets."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    assert calendar["prodid"]
    assert calendar["version"] == "2.0"
    events = calendar.walk("VEVENT")
    assert events
    for event in events:
        assert event["uid"]
        assert event.decoded("dtstamp").tzinfo
        assert event.decoded("dtstart") <= event.decoded("dtend")
        assert not event.errors


CHECKS: dict[str, Callable[[bytes], None]] = {
    "application/rss+xml": check_rss,
    "application/atom+xml": check_atom,
    "application/feed+json": check_json,
    "application/json": check_ninjs,
    "text/calendar": check_calendar,
}


def way(address: str) -> tuple[str, str, bool]:
    """Which view answers an address, in which form, and whether in English."""
    english = address.startswith("/en/")
    with override("en" if english else "vi"):
        match = resolve(address)
    return match.view_name, match.kwargs.get("form", ""), english


# --- the walk ------------------------------------------------------------------------------------
@pytest.fixture
def pages(agreement: Agreement) -> list[str]:
    """A page of every kind that has a feed, in both languages."""
    plan = makers.make_plan(agreement)
    indicator = makers.make_indicator(makers.make_objective(plan))
    activity = makers.make_activity(plan, indicators=[indicator], topics=["startup"])
    article = makers.make_article(topics=[Topic.objects.get(slug="startup")], picture=makers.make_picture(),
                                  authors=[makers.make_author()])  # fmt: skip
    english: Article = makers.make_english(article)
    area = indicator.objective.clauses.all()[0].area
    assert area is not None
    both = ["", "lich/", "lich/?topic=startup", f"lich/2026/12/?area={area.slug}", f"hoat-dong/{activity.slug}/",
            "chu-de/startup/", "ban-ghi-nho/", "tin/"]  # fmt: skip
    return [
        *(f"{prefix}{page}" for prefix in ("/", "/en/") for page in both),
        "/tin/doi-ngoai/", "/en/tin/foreign-affairs/", article.url, english.url,
    ]  # fmt: skip


def test_every_feed_and_calendar_is_named_by_a_page_and_is_what_it_says(pages: list[str]) -> None:
    named: dict[str, str] = {}
    for page in pages:
        found = links(page)
        assert len({(link["type"], link["href"]) for link in found}) == len(found), f"{page} names one twice"
        assert all(link["title"] for link in found)
        named |= {link["href"]: link["type"] for link in found}
    for address, media in named.items():
        answer = Client().get(address)
        assert (address, answer.status_code) == (address, 200)
        assert answer["Content-Type"] == f"{media}; charset=utf-8"
        CHECKS[media](answer.content)
    reached = {way(address) for address in named}
    expected = {
        (f"website:{name}", form, english)
        for english in (False, True)
        for name, forms in (
            *((name, [ending for ending, *_ in feeds.forms()]) for name in ("news_feed", "section_feed", "topic_feed")),
            *((f"{name}_ics", [""]) for name in ("calendar", "event", "area", "topic", "organisation")),
        )
        for form in forms
    }
    assert reached == expected


def test_a_visitor_meets_the_calendars_as_links_too(pages: list[str]) -> None:
    unit = Agreement.objects.get().parties.all()[0].organisation
    for page, address in (
        ("/lich/", f"/lich/don-vi/{unit.pk}.ics"),
        ("/ban-ghi-nho/", f"/lich/don-vi/{unit.pk}.ics"),
        ("/lich/?topic=startup", "/lich/chu-de/startup.ics"),
    ):
        said = Client().get(page).content.decode()
        assert f'<a href="{address}">' in said
    assert f'<a href="webcal://localhost:8000/lich/don-vi/{unit.pk}.ics">' in Client().get("/lich/").content.decode()


def test_robots_name_the_sitemaps_and_each_is_one(pages: list[str]) -> None:
    said = Client().get("/robots.txt").content.decode()
    maps = re.findall(r"^Sitemap: http://localhost:8000(\S+)$", said, re.MULTILINE)
    assert maps == ["/sitemap.xml", "/sitemap-tin.xml"]
    for address in maps:
        answer = Client().get(address)
        assert answer["Content-Type"] == "application/xml; charset=utf-8"
        root = ET.fromstring(answer.content)  # noqa: S314 (our own page)
        assert root.tag == f"{MAP}urlset"
        urls: list[Any] = root.findall(f"{MAP}url")
        assert urls
        for url in urls:
            whole(url.findtext(f"{MAP}loc") or "")
            assert Client().get(urlsplit(url.findtext(f"{MAP}loc") or "").path).status_code == 200
            if address == "/sitemap-tin.xml":
                for name in ("publication/{0}name", "publication/{0}language", "publication_date", "title"):
                    assert url.findtext(f"{NEWS}news/{NEWS}{name.format(NEWS)}")


def test_whoever_has_a_page_or_feed_already_is_told_so(pages: list[str], clock: HandClock) -> None:
    addresses = {link["href"] for page in pages for link in links(page)}
    for address in sorted({*addresses, *pages, "/sitemap.xml", "/sitemap-tin.xml", "/robots.txt"}):
        first = Client().get(address)
        assert first["ETag"], address
        for condition in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            again = Client().get(address, headers=condition)
            assert (address, again.status_code, again.content) == (address, 304, b"")
        other = Client().get(address, headers={"If-None-Match": '"other"'})
        assert (address, other.status_code) == (address, 200)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_browsers_find_the_search_and_its_suggestions(pages: list[str], prefix: str) -> None:
    reader = _Links()
    reader.feed(Client().get(f"{prefix}/lich/").content.decode())
    (link,) = [one for one in reader.found if one["rel"] == "search"]
    assert (link["type"], link["href"]) == ("application/opensearchdescription+xml", f"{prefix}/opensearch.xml")
    answer = Client().get(link["href"])
    assert answer["Content-Type"] == link["type"]
    said = ET.fromstring(answer.content)  # noqa: S314 (our own page)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert said.tag == f"{space}OpenSearchDescription"
    assert len(said.findtext(f"{space}ShortName") or "") <= 16
    assert 0 < len(said.findtext(f"{space}Description") or "") <= 1024
    assert said.findtext(f"{space}Language") == prefix.strip("/") or "vi"
    places = {url.get("type"): url.get("template") or "" for url in said.findall(f"{space}Url")}
    assert all("{searchTerms}" in place for kind, place in places.items() if kind != link["type"])
    found = {kind: Client().get(urlsplit(place.replace("{searchTerms}", "toa+dam"))._replace(scheme="", netloc="").geturl())
             for kind, place in places.items()}  # fmt: skip
    assert {kind: answer.status_code for kind, answer in found.items()} == dict.fromkeys(places, 200)
    assert found["text/html"].context["q"] == "toa dam"
    typed, titles, kinds, addresses = json.loads(found["application/x-suggestions+json"].content)
    assert typed == "toa dam"
    assert len(titles) == len(kinds) == len(addresses) > 0
    for address in addresses:
        whole(address)
        assert Client().get(urlsplit(address).path).status_code == 200
