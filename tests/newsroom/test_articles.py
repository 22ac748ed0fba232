"""Articles on the site: who reads them when, in which language, and what keeps one from being published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from nhipcau.activities.models import Activity
from nhipcau.newsroom import services
from nhipcau.newsroom.errors import NotReady
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.newsroom.querysets import put_sections
from tests import makers

pytestmark = pytest.mark.django_db


def test_section_opens_in_both_languages(section: Section) -> None:
    english = section.get_translations().get()
    assert (section.url, english.url) == ("/tin/doi-ngoai/", "/en/tin/foreign-affairs/")
    assert [section.live, english.live] == [True, True]


def test_draft_is_not_served_and_an_article_is(client: Client, section: Section) -> None:
    article = makers.make_article(published=None)
    assert client.get("/tin/doi-ngoai/khai-mac-toa-dam-khoi-nghiep-so/").status_code == 404
    services.publish_article(article=article, by=None, at=makers.NOW)
    shown = client.get("/tin/doi-ngoai/khai-mac-toa-dam-khoi-nghiep-so/")
    assert shown.status_code == 200
    assert "(HMC) - Hơn một trăm bạn trẻ dự buổi tọa đàm." in strip_tags(shown.content.decode())
    assert "sessionid" not in shown.cookies


def test_embargoed_article_is_read_by_nobody_before(client: Client, clock: Any, section: Section) -> None:
    until = makers.NOW + timedelta(hours=3)
    article = makers.make_article(embargo_until=until)
    assert list(Article.objects.public(at=makers.NOW)) == []
    assert client.get(article.url).status_code == 404
    clock.set(until)
    assert client.get(article.url).status_code == 200
    assert list(Article.objects.public(at=until)) == [article]


def test_article_with_an_uncredited_picture_is_refused_and_the_picture_named(
    section: Section, uncredited: Picture
) -> None:
    article = makers.make_article(published=None, picture=uncredited, body=[("figure", {"picture": uncredited})])
    with pytest.raises(NotReady) as refused:
        services.publish_article(article=article, by=None, at=makers.NOW)
    sentence = "Ảnh “Không nguồn” chưa có nguồn ảnh nên chưa đăng được bài viết. Bổ sung cho ảnh"
    assert str(refused.value) == f"{sentence} {sentence}"
    article.refresh_from_db()
    assert (article.live, article.published_at) == (False, None)


def test_same_headline_gets_an_address_of_its_own(section: Section) -> None:
    first, second = makers.make_article(), makers.make_article()
    assert second.url == first.url.removesuffix("/") + "-2/"


def test_publication_time_stays_when_an_article_is_published_again(section: Section, now: datetime) -> None:
    article = makers.make_article()
    later = now + timedelta(days=1)
    article.title = "Tiêu đề khác"
    article.save_revision()
    again = services.publish_article(article=article, by=None, at=later)
    assert (again.title, again.published_at) == ("Tiêu đề khác", now)


def test_lists_narrow_by_section_topic_activity_author_and_language(section: Section, activity: Activity) -> None:
    author = makers.make_author()
    other = makers.make_section("Báo chí", "Press")
    topic = makers._term(makers.Topic, "startup", "Khởi nghiệp")
    one = makers.make_article("Một", section=section, authors=[author], activities=[activity], topics=[topic])
    two = makers.make_article("Hai", section=other)
    public = Article.objects.public(at=makers.NOW).latest_first()
    assert [list(rows) for rows in (
        public, public.in_section(section), public.about_topic(topic), public.about_activity(activity),
        public.by(author), public.in_language("vi"), public.in_language("en"),
    )] == [[two, one], [one], [one], [one], [one], [two, one], []]  # fmt: skip


def test_cards_take_three_queries_for_any_number(
    section: Section, picture: Picture, django_assert_num_queries: Any
) -> None:
    for number in (1, 2, 3):
        makers.make_article(f"Bài {number}", picture=picture)
        with django_assert_num_queries(3):  # articles with pictures, their renditions, sections
            articles = list(Article.objects.public(at=makers.NOW).latest_first().for_cards())
            put_sections(articles)
            assert [(a.section.title, len(a.picture.renditions.all())) for a in articles] == [("Đối ngoại", 0)] * number


def test_language_link_is_there_only_while_the_other_edition_is_public(client: Client, section: Section) -> None:
    article = makers.make_article()
    assert b'hreflang="en"' not in client.get(article.url).content
    english = makers.make_english(article, published=None)
    assert b'hreflang="en"' not in client.get(article.url).content
    services.publish_article(article=english, by=None, at=makers.NOW)
    assert b'href="/en/tin/foreign-affairs/digital-start-ups-meet-investors/"' in client.get(article.url).content
    back = client.get("/en/tin/foreign-affairs/digital-start-ups-meet-investors/")
    assert f'href="{article.url}"'.encode() in back.content
