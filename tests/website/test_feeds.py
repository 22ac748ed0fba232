"""Feeds, sitemaps and calendars: complete by their formats, in both languages, and never more than readers may see."""

import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from jsonschema import Draft202012Validator

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Topic
from nhipcau.newsroom import services
from nhipcau.newsroom.models import Article
from nhipcau.website import feeds
from tests import makers
from tests.conftest import HandClock
from tests.website.ninjs import SCHEMA

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
FORMS = ("rss", "atom", "json", "ninjs")


def body(address: str) -> bytes:
    """What an address answers, which must be there."""
    response = Client().get(address)
    assert (address, response.status_code) == (address, 200)
    return response.content


def parsed(address: str) -> ET.Element:
    """What an address answers, as XML."""
    return ET.fromstring(body(address))  # noqa: S314 (our own page)


@pytest.fixture
def article(agreement: Any) -> Article:
    """An article with all a feed can tell, and its English edition."""
    topic = Topic.objects.create(slug="startup", name="Khởi nghiệp", name_en="Start-ups")
    made = makers.make_article(
        "Khai mạc “tuần lễ” <khởi nghiệp> & đổi mới",
        topics=[topic],
        authors=[makers.make_author()],
        picture=makers.make_picture(caption="Toàn cảnh", credit="Vân Anh"),
        breaking=True,
        body=[
            (
                "text",
                '<p>Sáng nay, <a linktype="page" id="1">xem bài</a> và <a href="https://example.org/">nơi khác</a>.</p>',
            ),
            ("quote", {"text": "Chúng tôi <cùng> làm", "who": "Bà Lan", "position": "Giám đốc"}),
        ],
    )
    makers.make_english(made)
    return made


def titles(address: str) -> str:
    """Everything an address says, whatever its form."""
    return body(address).decode()


# --- the formats ---------------------------------------------------------------------------------
def test_rss_has_what_the_format_asks_for(article: Article) -> None:
    root = parsed("/tin.rss")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert channel.findtext(name), name
    assert channel.findtext("language") == "vi"
    (item,) = channel.findall("item")
    assert item.findtext("title") == article.title
    assert item.findtext("link") == f"http://localhost:8000{article.url}"
    guid = item.find("guid")
    assert guid is not None
    assert (guid.get("isPermaLink"), (guid.text or "").startswith("tag:localhost,2026:article/")) == ("false", True)
    assert parsedate_to_datetime(item.findtext("pubDate") or "") == article.published_at
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert int(enclosure.get("length") or 0) > 1000
    assert enclosure.get("type") == "image/jpeg"
    html = item.findtext(CONTENT) or ""
    assert "xem bài" in html
    assert "linktype" not in html
    assert '<a href="https://example.org/">' in html
    assert "Chúng tôi &lt;cùng&gt; làm" in html
    assert {element.text for element in item.findall("category")} == {"Đối ngoại", "Khởi nghiệp"}


def test_atom_has_what_the_format_asks_for(article: Article) -> None:
    root = parsed("/en/tin.atom")
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert (element.findtext(f"{ATOM}id") or "").startswith(("tag:", "http"))
        assert element.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://localhost:8000/en/tin.atom"
    assert links["alternate"] == "http://localhost:8000/en/tin/"
    (entry,) = root.findall(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published") or "") == makers.NOW


def test_json_feed_has_what_the_format_asks_for(article: Article) -> None:
    feed = json.loads(body("/tin.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost:8000/tin.json"
    assert feed["home_page_url"] == "http://localhost:8000/tin/"
    (item,) = feed["items"]
    assert isinstance(item["id"], str)
    assert item["title"] == article.title
    assert item["content_html"]
    assert item["authors"] == [{"name": "Vân Anh (mẫu)"}]
    assert item["image"].startswith("http://localhost:8000/")
    assert datetime.fromisoformat(item["date_published"]) == article.published_at
    assert all(isinstance(tag, str) for tag in item["tags"])
    assert Client().get("/tin.json")["Content-Type"].startswith("application/feed+json")


@pytest.mark.parametrize("address", ["/tin.ninjs", "/en/tin.ninjs", "/tin/doi-ngoai.ninjs", "/chu-de/startup.ninjs"])
def test_ninjs_keeps_to_the_schema_of_the_iptc(article: Article, address: str) -> None:
    feed = json.loads(body(address))
    checker = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(feed)] == []
    assert feed["standard"]["version"] == "2.1"
    (item,) = feed["associations"]
    assert item["urgency"] == 1
    assert item["pubstatus"] == "usable"
    assert item["subjects"][0]["literal"] == "startup"
    (picture,) = item["associations"]
    assert picture["by"] == "Vân Anh"
    assert picture["renditions"][0]["width"] == 800


def test_the_check_of_ninjs_refuses_what_the_schema_does_not_know() -> None:
    checker = Draft202012Validator(SCHEMA)
    assert not checker.is_valid({"type": "text"})
    assert not checker.is_valid({"uri": "x:y", "headline": "not in 2.x"})
    assert not checker.is_valid({"uri": "x:y", "associations": [{"uri": "x:z"}]})
    assert not checker.is_valid({"uri": "x:y", "urgency": 0})


# --- what is in them -----------------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMS)
def test_what_readers_may_not_see_is_in_no_feed(agreement: Any, form: str, clock: HandClock) -> None:
    shown = makers.make_article("Bài đã đăng")
    makers.make_article("Bài nháp", published=None)
    makers.make_article("Bài cấm đăng", embargo_until=makers.NOW + timedelta(hours=1))
    withdrawn = makers.make_article("Bài đã rút")
    services.withdraw_article(article=withdrawn, by=None, at=makers.NOW)
    for address in (f"/tin.{form}", f"/tin/doi-ngoai.{form}"):
        said = titles(address)
        assert shown.title in said
        assert not any(title in said for title in ("Bài nháp", "Bài cấm đăng", "Bài đã rút"))
    clock.move(hours=1, seconds=1)
    assert "Bài cấm đăng" in titles(f"/tin.{form}")


def test_an_embargo_counts_as_the_moment_of_publication(agreement: Any, clock: HandClock) -> None:
    until = makers.NOW + timedelta(hours=5)
    makers.make_article("Bài cấm đăng", embargo_until=until)
    clock.set(until + timedelta(minutes=1))
    (item,) = json.loads(body("/tin.json"))["items"]
    assert datetime.fromisoformat(item["date_published"]) == until


def test_sample_articles_are_in_feeds_with_their_mark_and_in_no_sitemap(agreement: Any) -> None:
    makers.make_article("Bài mẫu", is_sample=True)
    makers.make_article("Bài thật")
    for form in FORMS:
        said = titles(f"/tin.{form}")
        assert "[DỮ LIỆU MẪU] Bài mẫu" in said
        assert "[DỮ LIỆU MẪU] Bài thật" not in said
    for address in ("/sitemap.xml", "/sitemap-tin.xml"):
        assert "bai-mau" not in titles(address)
        assert "bai-that" in titles(address)


def test_feeds_of_sections_and_topics_hold_only_theirs(article: Article) -> None:
    other = makers.make_article("Bài khác", section=makers.make_section("Báo chí", "Press"))
    for form in FORMS:
        assert other.title not in titles(f"/tin/doi-ngoai.{form}")
        assert other.title in titles(f"/tin/bao-chi.{form}")
        assert other.title not in titles(f"/chu-de/startup.{form}")
        assert other.title in titles(f"/tin.{form}")
        assert article.title[:8] not in titles(f"/en/tin/foreign-affairs.{form}")
    for address in ("/tin/khong-co.rss", "/chu-de/khong-co.rss", "/tin.xml", "/tin/foreign-affairs.rss"):
        assert Client().get(address).status_code == 404


def test_an_empty_feed_is_still_whole(agreement: Any) -> None:
    makers.make_section()
    assert parsed("/tin.rss").findall("channel/item") == []
    assert parsed("/tin.atom").findtext(f"{ATOM}updated")
    assert json.loads(body("/tin.json"))["items"] == []
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(body("/tin.ninjs")))) == []


def test_a_picture_whose_file_is_gone_keeps_no_article_back(article: Article) -> None:
    body("/tin.rss")  # makes the size that goes out
    assert article.picture is not None
    for one in article.picture.renditions.all():
        default_storage.delete(one.file.name)
    assert "enclosure" not in titles("/tin.rss")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "most"), [("/tin.{}", 8), ("/tin/doi-ngoai.{}", 9), ("/chu-de/startup.{}", 9)])
def test_a_feed_takes_the_same_queries_for_one_and_three(article: Article, address: str, most: int, count: int) -> None:
    topic = Topic.objects.get(slug="startup")
    for number in range(count - 1):
        makers.make_article(f"Bài {number}", topics=[topic], authors=[makers.make_author(f"Tác giả {number}")],
                            picture=makers.make_picture(f"Ảnh {number}", caption="A", credit="B"))  # fmt: skip
    for form in FORMS:
        Client().get(address.format(form))
        with CaptureQueriesContext(connection) as asked:
            Client().get(address.format(form))
        assert len(asked) == most, [query["sql"][:80] for query in asked.captured_queries]


def test_feeds_and_maps_may_be_kept_and_asked_again(article: Article) -> None:
    makers.make_activity(topics=["startup"])
    for address in (*(f"/tin.{form}" for form in FORMS), "/sitemap.xml", "/sitemap-tin.xml", "/robots.txt",
                    "/lich/chu-de/startup.ics"):  # fmt: skip
        response = Client().get(address)
        assert "public" in response["Cache-Control"]
        assert response["Last-Modified"]
        assert not response.cookies
        again = Client().get(address, headers={"If-None-Match": response["ETag"]})
        assert (address, again.status_code) == (address, 304)


# --- sitemaps --------------------------------------------------------------------------------------
def test_the_sitemap_names_each_edition_and_its_twins(article: Article) -> None:
    alone = makers.make_article("Chỉ tiếng Việt")
    root = parsed("/sitemap.xml")
    found = {url.findtext(f"{MAP}loc") or "": url for url in root.findall(f"{MAP}url")}
    base = "http://localhost:8000"
    url = found[f"{base}{article.url}"]
    twins = {link.get("hreflang"): link.get("href") or "" for link in url.findall(LINK)}
    assert set(twins) == {"vi", "en"}
    assert twins["en"].startswith(f"{base}/en/tin/foreign-affairs/")
    assert twins["en"] in found
    assert datetime.fromisoformat(url.findtext(f"{MAP}lastmod") or "") >= makers.NOW
    assert [link.get("hreflang") for link in found[f"{base}{alone.url}"].findall(LINK)] == ["vi"]
    for address in ("/tin/", "/en/tin/", "/tin/doi-ngoai/", "/en/tin/foreign-affairs/", "/chu-de/startup/", "/"):
        assert f"{base}{address}" in found


def test_the_news_sitemap_holds_two_days(agreement: Any) -> None:
    makers.make_article("Bài hôm nay")
    makers.make_article("Bài ba ngày trước", published=makers.NOW - timedelta(days=3))
    root = parsed("/sitemap-tin.xml")
    (url,) = root.findall(f"{MAP}url")
    news = url.find(f"{NEWS}news")
    assert news is not None
    assert news.findtext(f"{NEWS}title") == "Bài hôm nay"
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "Nhịp Cầu"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "vi"
    assert datetime.fromisoformat(news.findtext(f"{NEWS}publication_date") or "") == makers.NOW
    assert "Sitemap: http://localhost:8000/sitemap-tin.xml" in titles("/robots.txt")


# --- calendars -------------------------------------------------------------------------------------
def test_calendars_of_area_topic_and_organisation_hold_only_theirs(agreement: Any) -> None:
    plan = makers.make_plan(agreement)
    indicator = makers.make_indicator(makers.make_objective(plan))
    mine = makers.make_activity(plan, indicators=[indicator], topics=["startup"], title="Của lĩnh vực",
                                partner=None)  # fmt: skip
    other = makers.make_activity(plan, title="Của nơi khác", lead=makers.make_organisation("fsc"), partner=None)
    makers.make_activity(plan, indicators=[indicator], topics=["startup"], title="Không công khai", is_public=False)
    mine.changes.create(
        kind="moved",
        reason="x",
        old_start=mine.starts_at,
        new_start=mine.starts_at,
        by=makers.make_user("officer_hmc", ("hmc", "officer")),
        at=makers.NOW,
    )
    area = indicator.objective.clauses.all()[0].area
    assert area is not None

    def told(address: str) -> list[str]:
        events = Calendar.from_ical(body(address)).walk("VEVENT")
        return sorted(str(event["summary"]) for event in events)

    assert told(f"/lich/linh-vuc/{area.slug}.ics") == [mine.title]
    assert told("/lich/chu-de/startup.ics") == [mine.title]
    assert told(f"/lich/don-vi/{mine.lead.pk}.ics") == [mine.title]
    assert told(f"/lich/don-vi/{other.lead_id}.ics") == [other.title]
    assert told("/en/lich/chu-de/startup.ics") == [mine.title_en]
    calendar = Calendar.from_ical(body("/lich/chu-de/startup.ics"))
    assert str(calendar["x-wr-calname"]).startswith("Nhịp Cầu: ")
    stranger = makers.make_organisation("Sở Du lịch")
    for address in ("/lich/chu-de/khong-co.ics", "/lich/linh-vuc/khong-co.ics", f"/lich/don-vi/{stranger.pk}.ics"):
        assert Client().get(address).status_code == 404
    Activity.objects.filter(pk=mine.pk).update(
        starts_at=makers.NOW - timedelta(days=400), ends_at=makers.NOW - timedelta(days=399)
    )
    assert told("/lich/chu-de/startup.ics") == []
    assert told(f"/lich/don-vi/{mine.lead_id}.ics") == []  # nothing now, and still a calendar to subscribe to


# --- where programs find them ---------------------------------------------------------------------
def test_pages_of_the_news_name_their_feeds(article: Article) -> None:
    kinds = [media for _ending, media, _name in feeds.forms()]
    for page, addresses in (("/tin/", ["/tin.rss"]), ("/tin/doi-ngoai/", ["/tin.atom", "/tin/doi-ngoai.atom"]),
                            (article.url, ["/tin/doi-ngoai.json"]), ("/chu-de/startup/", ["/chu-de/startup.ninjs"])):  # fmt: skip
        said = titles(page)
        for address in addresses:
            assert f'href="{address}"' in said
        for media in kinds:
            assert f'<link rel="alternate" type="{media}"' in said
