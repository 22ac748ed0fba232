"""News as readers meet them: the page of an article, what stands around it, lists, topics, authors, cards, what machines are told."""

import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from PIL import Image

from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.agreements.models import Topic
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Plan
from nhipcau.website import cards
from tests import makers

pytestmark = pytest.mark.django_db
HOST = "http://localhost:8000"


@pytest.fixture
def section(hmc: Organisation) -> Section:
    return makers.make_section(organisation=hmc)


@pytest.fixture
def activity(plan: Plan) -> Activity:
    return makers.make_activity(plan)


@pytest.fixture
def topic(db: None) -> Topic:
    return Topic.objects.create(slug="startup", name="Khởi nghiệp", name_en="Start-ups")


@pytest.fixture
def picture(db: None) -> Picture:
    return makers.make_picture()


@pytest.fixture
def article(section: Section, activity: Activity, topic: Topic, picture: Picture) -> Article:
    """An article with every kind of block that asks the database."""
    figure = {"picture": picture, "caption": "", "alt": ""}
    return makers.make_article(
        picture=picture,
        activities=[activity],
        topics=[topic],
        authors=[makers.make_author()],
        body=[("text", "<p>Một.</p>"), ("figure", figure), ("gallery", [figure, figure]), ("activity", activity)],
    )


def page(address: str) -> str:
    """A page with spaces folded."""
    response = Client().get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def told(address: str) -> dict[str, dict[str, Any]]:
    """What a page tells machines, by type."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(address))
    return {data["@type"]: data for data in map(json.loads, scripts)}


def queries(address: str) -> int:
    """How many statements a page takes once Wagtail knows its site."""
    Client().get(address)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


# --- the article ------------------------------------------------------------------------------
def test_article_page_asks_eleven_queries_for_any_number(
    article: Article, section: Section, activity: Activity, topic: Topic, picture: Picture
) -> None:
    # article with picture; topics; what is around; pictures of figures; of galleries; activities of blocks; renditions;
    # authors; activities reported on; other editions; sections
    assert queries(article.url) == 11
    for number in range(3):
        makers.make_article(f"Bài {number}", activities=[activity], topics=[topic], picture=picture)
        assert queries(article.url) == 11


def test_article_page_links_what_belongs_to_it(article: Article, activity: Activity) -> None:
    shown = page(article.url)
    author = article.bylines.get().author
    for part in (
        f'href="/tac-gia/{author.slug}/"',
        'href="/chu-de/startup/"',
        f'<h3><a href="/hoat-dong/{activity.slug}/">',
        f'<b><a href="/hoat-dong/{activity.slug}/">',
        "<b>Ảnh: Ban Biên tập</b>",
        'href="/tin/doi-ngoai/"',
        "Thứ Hai, 23/11/2026, 09:00",
        "mailto:?subject=Khai%20m%E1%BA%A1c",
        "<svg",
    ):
        assert part in shown


@pytest.mark.database
def test_around_an_article_stand_the_nearest_and_then_its_section_none_twice(
    article: Article, section: Section, activity: Activity, topic: Topic, clock: Any
) -> None:
    other = makers.make_section("Báo chí", "Press")
    at = makers.NOW - timedelta(days=2)
    both = makers.make_article("Cả hai", section=other, activities=[activity], topics=[topic], published=at)
    shared = makers.make_article("Cùng hoạt động", section=section, activities=[activity], published=at)
    alike = makers.make_article("Cùng chủ đề", section=section, topics=[topic], published=makers.NOW)
    plain = makers.make_article("Cùng chuyên mục", section=section, published=at)
    makers.make_article("Chuyên mục khác", section=other)
    makers.make_article("Bản nháp", section=section, topics=[topic], published=None)
    makers.make_article("Cấm đăng", section=section, topics=[topic], embargo_until=makers.NOW + timedelta(hours=1))
    makers.make_english(both)
    context = Client().get(article.url).context
    assert [row.title for row in context["related"]] == [both.title, shared.title, alike.title]
    assert [row.title for row in context["beside"]] == [plain.title]


def test_related_holds_four_and_the_rest_of_the_section_follows(
    article: Article, section: Section, topic: Topic
) -> None:
    for number in range(6):
        makers.make_article(
            f"Bài {number}", section=section, topics=[topic], published=makers.NOW - timedelta(hours=number + 1)
        )
    context = Client().get(article.url).context
    assert [row.title for row in context["related"]] == ["Bài 0", "Bài 1", "Bài 2", "Bài 3"]
    assert [row.title for row in context["beside"]] == ["Bài 4", "Bài 5"]


# --- heads ------------------------------------------------------------------------------------
def links(address: str) -> dict[str, str]:
    """Canonical and alternate addresses of a page."""
    shown = page(address)
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', shown))
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', shown)
    assert len(canonical) == 1
    return {"canonical": html.unescape(canonical[0]), **found}


def test_article_names_only_the_editions_that_exist(article: Article) -> None:
    own = HOST + article.url
    assert links(article.url) == {"canonical": own}
    english = makers.make_english(article)
    both = {"vi": own, "en": HOST + english.url, "x-default": own}
    assert links(article.url) == {"canonical": own, **both}
    assert links(english.url) == {"canonical": HOST + english.url, **both}


@pytest.mark.parametrize(
    "address", ["/", "/lich/", "/ban-ghi-nho/", "/ket-qua/", "/rieng-tu/", "/lich/2026/12/", "/tin/"]
)
def test_every_page_names_itself_and_its_other_language(activity: Activity, address: str) -> None:
    own, english = HOST + address, HOST + "/en" + address
    assert links(address) == {"canonical": own, "vi": own, "en": english, "x-default": own}
    assert links("/en" + address)["canonical"] == english


def test_filters_make_no_page_of_their_own_but_pages_of_a_list_do(activity: Activity) -> None:
    assert links("/lich/?topic=startup&q=a")["canonical"] == HOST + "/lich/"
    assert links("/lich/?khi=qua&page=2")["canonical"] == HOST + "/lich/?khi=qua&page=2"
    assert links("/lich/?page=%22%3E")["canonical"] == HOST + "/lich/"


def test_page_carries_the_card_others_show(article: Article) -> None:
    shown = page(article.url)
    for name, value in (
        ("og:title", article.title),
        ("og:description", article.lead),
        ("og:type", "article"),
        ("og:url", HOST + article.url),
        ("og:image", f"{HOST}/anh-chia-se/{article.pk}.png"),
        ("og:locale", "vi_VN"),
    ):
        assert f'<meta property="{name}" content="{value}">' in shown


# --- cards ------------------------------------------------------------------------------------
def test_cards_are_pictures_of_the_size_networks_ask_for(article: Article, activity: Activity) -> None:
    english = makers.make_english(article)
    for address in (
        "/anh-chia-se.png", "/en/anh-chia-se.png", f"/anh-chia-se/{article.pk}.png", f"/en/anh-chia-se/{english.pk}.png",
        f"/hoat-dong/{activity.slug}.png", f"/en/hoat-dong/{activity.slug}.png",
    ):  # fmt: skip
        response = Client().get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        with Image.open(io.BytesIO(response.content)) as drawn:
            assert drawn.size == (1200, 630)
        assert Client().get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_card_of_what_nobody_may_read_is_not_found(section: Section, plan: Plan) -> None:
    draft = makers.make_article(published=None)
    hidden = makers.make_activity(plan, is_public=False)
    assert Client().get(f"/anh-chia-se/{draft.pk}.png").status_code == 404
    assert Client().get(f"/hoat-dong/{hidden.slug}.png").status_code == 404


def test_card_draws_composed_vietnamese_and_leaves_out_what_it_cannot_draw() -> None:
    assert cards.drawable("Phở\u0309 ở Việt Nam 🎉 \u05e9") == "Phở\u0309 ở Việt Nam".replace("\u0309", "")
    composed = cards.card(title="Nghị quyết", kicker="", line="", sample=False)
    taken_apart = cards.card(title="Nghi\u0323 quye\u0302\u0301t", kicker="", line="", sample=False)
    assert composed == taken_apart


@pytest.mark.parametrize("title", ["", "a" * 400, "Đẩy mạnh " * 60])
def test_card_holds_any_headline(title: str) -> None:
    with Image.open(io.BytesIO(cards.card(title=title, kicker="K", line="L", sample=True))) as drawn:
        assert drawn.size == (1200, 630)


# --- what machines are told (required and recommended by Google's documentation) -----------------
def test_article_is_described_as_news(article: Article, picture: Picture) -> None:
    data = told(article.url)
    news = data["NewsArticle"]
    author = article.bylines.get().author
    assert {name: news[name] for name in ("headline", "datePublished", "mainEntityOfPage", "inLanguage", "author")} == {
        "headline": article.title,
        "datePublished": "2026-11-23T09:00:00+07:00",
        "mainEntityOfPage": HOST + article.url,
        "inLanguage": "vi",
        "author": [{"@type": "Person", "name": author.name, "url": f"{HOST}/tac-gia/{author.slug}/"}],
    }
    assert news["publisher"]["name"] == "Trung tâm Báo chí Thành phố Hồ Chí Minh"
    assert [image["@type"] for image in news["image"]] == ["ImageObject"]
    image = news["image"][0]
    assert image["url"].startswith(HOST + "/files/images/")
    assert (image["creditText"], image["caption"]) == (picture.credit, picture.caption)
    assert image["width"] > 0 < image["height"]
    assert data["BreadcrumbList"]["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Trang chủ", "item": HOST + "/"},
        {"@type": "ListItem", "position": 2, "name": "Tin tức", "item": HOST + "/tin/"},
        {"@type": "ListItem", "position": 3, "name": "Đối ngoại", "item": HOST + "/tin/doi-ngoai/"},
    ]


def test_training_is_described_as_a_course_too(plan: Plan) -> None:
    course = makers.make_activity(plan, kind="training_course")
    assert ActivityKind.objects.filter(slug="training_course").exists()
    data = told(f"/hoat-dong/{course.slug}/")
    assert set(data) == {"Event", "Course", "BreadcrumbList"}
    shown = data["Course"]
    assert all(shown[name] for name in ("name", "description", "provider", "offers", "hasCourseInstance"))
    instance = shown["hasCourseInstance"][0]
    assert (instance["courseMode"], instance["courseWorkload"]) == ("Onsite", "PT3H")


def test_sample_is_told_to_nobody(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(is_sample=True)
    assert told(article.url) == {}
    assert '<meta name="robots" content="noindex">' in page(article.url)


# --- home, lists, topics, authors ---------------------------------------------------------------
def test_home_leads_with_breaking_news_then_pictures_then_time(section: Section, picture: Picture) -> None:
    at = makers.NOW - timedelta(hours=5)
    breaking = makers.make_article("Nóng", breaking=True, published=at)
    pictured = makers.make_article("Có ảnh", picture=picture, published=at + timedelta(hours=1))
    latest = makers.make_article("Mới nhất")
    context = Client().get("/").context
    assert (context["lead"], context["stories"], context["lines"]) == (breaking, [pictured], [latest])
    assert queries("/") <= 12
    assert Client().get("/en/").context["lead"] is None


def test_lists_of_news_turn_pages_under_one_count(section: Section, picture: Picture) -> None:
    for number in range(21):
        makers.make_article(f"Bài {number}", picture=picture, published=makers.NOW - timedelta(minutes=number))
    assert (queries("/tin/"), queries("/tin/doi-ngoai/")) == (7, 5)
    first, second = (Client().get(f"/tin/doi-ngoai/?page={n}").context["page_obj"] for n in (1, 2))
    assert ([row.title for row in second], first[0].title) == (["Bài 20"], "Bài 0")


def test_topic_gathers_articles_and_activities(article: Article, activity: Activity, topic: Topic) -> None:
    activity.topics.add(topic)
    response = Client().get("/chu-de/startup/")
    assert [row.title for row in response.context["page_obj"]] == [article.title]
    assert [row for row, _seats in response.context["upcoming"]] == [activity]
    assert queries("/chu-de/startup/") == 7  # topic, count, articles, renditions, sections, ahead, past
    assert "Start-ups" in page("/en/chu-de/startup/")
    assert Client().get("/chu-de/khong-co/").status_code == 404


def test_author_is_found_once_something_is_public(section: Section, hmc: Organisation) -> None:
    author = makers.make_author(organisation=hmc, about="Phóng viên đối ngoại.")
    assert Client().get(f"/tac-gia/{author.slug}/").status_code == 404
    makers.make_article("Một", authors=[author], published=None)
    assert Client().get(f"/tac-gia/{author.slug}/").status_code == 404
    makers.make_article("Hai", authors=[author])
    shown = page(f"/tac-gia/{author.slug}/")
    assert "Phóng viên đối ngoại." in shown
    assert [row.title for row in Client().get(f"/tac-gia/{author.slug}/").context["page_obj"]] == ["Hai"]


# --- the month ----------------------------------------------------------------------------------
def test_month_shows_each_activity_on_its_days_and_campaigns_over_it(plan: Plan, activity: Activity) -> None:
    days = makers.make_activity(plan, starts_at=activity.starts_at, ends_at=activity.ends_at + timedelta(days=1))
    campaign = makers.make_activity(plan, starts_at=activity.starts_at, ends_at=activity.ends_at + timedelta(days=30))
    makers.make_activity(plan, is_public=False)
    context = Client().get("/lich/2026/12/").context
    taken = {day.day.day: day.activities for week in context["weeks"] for day in week if day.activities}
    assert (taken, context["long"]) == ({10: [activity, days], 11: [days]}, [campaign])
    assert [link[1] for link in (context["before"], context["after"])] == ["/lich/2026/11/", "/lich/2027/1/"]
    assert queries("/lich/2026/12/") == 5  # activities, three filters, the units with calendars
    for wrong in ("/lich/2026/13/", "/lich/2026/0/", "/lich/1999/1/", "/lich/99999/1/"):
        assert Client().get(wrong).status_code == 404


def test_search_engines_turn_round_at_a_month_that_holds_nothing(activity: Activity) -> None:
    addresses = ("/lich/2026/12/", "/lich/2027/3/")
    turned = ['content="noindex, nofollow"' in page(address) for address in addresses]
    assert turned == [False, True]


def test_month_and_list_are_narrowed_alike(plan: Plan, activity: Activity, topic: Topic) -> None:
    activity.topics.add(topic)
    vietnamese = makers.make_activity(plan, language="vi", title_en="")
    interpreted = makers.make_activity(plan, language="vi-en", title_en="")
    english = makers.make_activity(plan, language="en")
    assert Client().get("/lich/2026/12/?topic=startup").context["found"] == [activity]
    for language, expected in (
        ("en", [interpreted, english]),
        ("vi", [activity, vietnamese, interpreted]),
        ("fr", [activity, vietnamese, interpreted, english]),  # not offered
    ):
        assert Client().get(f"/lich/2026/12/?language={language}").context["found"] == expected
        assert [row for row, _seats in Client().get(f"/lich/?language={language}").context["rows"]] == expected
    assert "/lich/2026/11/?topic=startup" in page("/lich/2026/12/?topic=startup")
    assert vietnamese in Client().get("/lich/2026/12/").context["found"]


def test_the_language_an_activity_is_held_in_is_told_to_people_and_machines(plan: Plan) -> None:
    held = makers.make_activity(plan, kind="training_course", language="en-vi")
    address = f"/hoat-dong/{held.slug}/"
    assert "<dt>Ngôn ngữ</dt><dd>Tiếng Anh, có phiên dịch tiếng Việt</dd>" in page(address)
    assert "<dt>Language</dt><dd>English, interpreted into Vietnamese</dd>" in page(f"/en{address}")
    kinds = told(address)
    assert kinds["Event"]["inLanguage"] == ["en", "vi"]
    assert kinds["Course"]["hasCourseInstance"][0]["inLanguage"] == ["en", "vi"]
    (event,) = Calendar.from_ical(Client().get(f"/hoat-dong/{held.slug}.ics").content).walk("VEVENT")
    assert str(event["description"]) == f"{held.summary}\n\nNgôn ngữ: Tiếng Anh, có phiên dịch tiếng Việt"
    # A row says it where it is not the language of the page.
    spoken = makers.make_activity(plan, language="vi", title="Chỉ tiếng Việt")
    assert (held.languages, spoken.languages) == (["en", "vi"], ["vi"])
    assert page("/lich/").count("Tiếng Anh, có phiên dịch") == 1
    assert [text for text in page("/en/lich/").split(" · ") if text.startswith("Vietnamese<")]


@pytest.mark.parametrize("count", [1, 3])
def test_an_event_with_news_takes_eight_queries(section: Section, activity: Activity, count: int) -> None:
    for number in range(count):
        makers.make_article(f"Bài {number}", picture=makers.make_picture(f"Ảnh {number}"), activities=[activity])
    address = f"/hoat-dong/{activity.slug}/"
    page(address)  # makes the sizes of the pictures
    # as without news, and of the news their renditions and sections
    assert queries(address) == 8
