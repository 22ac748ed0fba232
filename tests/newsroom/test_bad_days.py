"""What readers and editors never notice: odd letters, long paragraphs, two editors at once, English that fell behind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from nhipcau.newsroom import services
from nhipcau.newsroom.editions import difference, lines_of, stale_in
from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.newsroom.test_back_office import edit_page, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiefs(section: Section) -> list[User]:
    """Two who may both publish."""
    return [makers.make_user(name, ("hmc", Membership.Role.CHIEF_EDITOR)) for name in ("one", "two")]


@pytest.mark.parametrize(
    "text",
    ["từ " * 5000, "مرحبا بكم في المدينة", "Chào 👋🏽 👩‍👩‍👧 🇻🇳", "x" * 20000],
    ids=["5000 words", "right to left", "emoji", "one long word"],
)
def test_any_text_is_kept_and_shown_as_it_was_written(client: Client, section: Section, text: str) -> None:
    article = makers.make_article(body=[("text", f"<p>{text.strip()}</p>")])
    assert text.strip() in client.get(article.url).content.decode()


def test_script_sent_past_the_editor_is_not_kept(
    sign_in: Callable[[User], Client], section: Section, chiefs: list[User]
) -> None:
    entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    block = {
        "key": "a", "text": "<script>alert(1)</script> liên kết", "type": "unstyled", "depth": 0,
        "inlineStyleRanges": [], "entityRanges": [{"offset": 26, "length": 8, "key": 0}],
    }  # fmt: skip
    sent = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])
    sign_in(chiefs[0]).post(address, typed(blocks=[("text", sent)]) | {"action-publish": "yes"})
    page = Client().get(Article.objects.get().url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "javascript:" not in page


def test_two_editors_at_once_lose_nothing(
    sign_in: Callable[[User], Client], section: Section, chiefs: list[User]
) -> None:
    article = makers.make_article(published=None)
    loaded = article.get_latest_revision()
    seen = {"loaded_revision_id": str(loaded.pk), "loaded_revision_created_at": loaded.created_at.isoformat()}
    one, two = (sign_in(chief) for chief in chiefs)
    one.post(edit_page(article), typed("Của người thứ nhất") | seen)
    told = two.post(edit_page(article), typed("Của người thứ hai") | seen, headers={"accept": "application/json"})
    assert (told.status_code, told.json()["error_code"]) == (
        400,
        "invalid_revision",
    )  # told before anything is overwritten
    two.post(edit_page(article), typed("Của người thứ hai") | seen)  # and saves on purpose
    titles = [revision.content["title"] for revision in Revision.objects.for_instance(article).order_by("pk")]
    assert titles[-2:] == ["Của người thứ nhất", "Của người thứ hai"]


def change(article: Article, text: str) -> None:
    """The Vietnamese paragraph is written anew and published."""
    article = Article.objects.get(pk=article.pk)
    article.body = [{**block, "value": f"<p>{text}</p>"} for block in article.body.raw_data]
    article.save_revision()
    services.publish_article(article=article, by=None, at=makers.NOW)


def test_changed_paragraph_is_stale_until_it_is_answered(section: Section) -> None:
    article = makers.make_article()
    english = makers.make_english(article)
    source = Article.objects.get(pk=article.pk)
    assert stale_in(english, source) == []
    change(article, "Buổi tọa đàm diễn ra chiều nay.")
    source = Article.objects.get(pk=article.pk)
    (line,) = [line for line in lines_of(english, source) if line.stale]
    assert line.difference == [("", "Buổi tọa đàm diễn ra"), ("-", "sáng"), ("+", "chiều"), ("", "nay.")]
    key = source.body.raw_data[0]["id"]
    services.revise_edition(edition=english, body={key: "<p>This afternoon.</p>"}, by=None, at=makers.NOW)
    assert stale_in(Article.objects.get(pk=english.pk).get_latest_revision_as_object(), source) == []


@pytest.mark.database
def test_new_paragraph_is_taken_over_at_its_place_and_old_english_confirmed(section: Section) -> None:
    article = makers.make_article(body=[("text", "<p>Một.</p>"), ("text", "<p>Hai.</p>")])
    english = makers.make_english(article)
    article = Article.objects.get(pk=article.pk)
    article.body.insert(1, ("text", "<p>Giữa.</p>"))
    article.save_revision()
    services.publish_article(article=article, by=None, at=makers.NOW)
    source = Article.objects.get(pk=article.pk)
    assert [one.kind for one in stale_in(english, source)] == ["new"]
    services.take_over_blocks(edition=english, by=None, at=makers.NOW)
    latest = Article.objects.get(pk=english.pk).get_latest_revision_as_object()
    assert [block["value"] for block in latest.body.raw_data] == [
        "<p>In English.</p>",
        "<p>Giữa.</p>",
        "<p>In English.</p>",
    ]
    assert [one.kind for one in stale_in(latest, source)] == ["changed"]
    services.confirm_edition(edition=english, by=None, at=makers.NOW)
    latest = Article.objects.get(pk=english.pk).get_latest_revision_as_object()
    assert stale_in(latest, source) == []


def test_table_and_comparison_tell_what_is_stale(
    sign_in: Callable[[User], Client], section: Section, chiefs: list[User], django_assert_num_queries: Any
) -> None:
    client, table = sign_in(chiefs[0]), reverse("newsroom_editions")
    article = makers.make_article()
    english = makers.make_english(article)
    change(article, "Khác.")
    (row,) = client.get(table).context["rows"]
    assert (row.state, row.stale, row.public) == ("stale", 1, True)
    page = client.get(reverse("newsroom_compare_edition", args=[english.pk])).content.decode()
    assert "<del>Buổi tọa đàm diễn ra sáng nay.</del>" in page
    edit = client.get(edit_page(english)).content.decode()
    assert 'data-stale="body:' in edit
    client.post(reverse("newsroom_compare_edition", args=[english.pk]))
    (row,) = client.get(table).context["rows"]
    assert row.state == "current"


def test_table_takes_the_same_queries_for_one_and_three(
    sign_in: Callable[[User], Client], section: Section, chiefs: list[User], django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, table, counts = sign_in(chiefs[0]), reverse("newsroom_editions"), []
    makers.make_english(makers.make_article("Một"), "One")
    client.get(table)
    for title in ("Hai", "Ba"):
        with CaptureQueriesContext(connection) as asked:
            client.get(table)
        counts.append(len(asked))
        makers.make_english(makers.make_article(title), f"{title} in English")
    with CaptureQueriesContext(connection) as asked:
        client.get(table)
    assert {*counts, len(asked)} == {counts[0]}


def test_difference_is_told_word_by_word() -> None:
    assert difference("<p>Một hai ba</p>", "<p>Một <b>bốn</b> ba</p>") == [
        ("", "Một"),
        ("-", "hai"),
        ("+", "bốn"),
        ("", "ba"),
    ]
