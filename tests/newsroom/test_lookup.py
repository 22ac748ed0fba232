"""Whoever writes finds pages, pictures and documents by the beginnings of words, with or without marks, in every list that offers it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.newsroom import lookup
from nhipcau.newsroom.models import Article, Download, Section
from nhipcau.parties.models import Membership, Organisation, User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.database
SignIn = Callable[[User], Client]
OTHER = "Hội chợ sách mùa xuân"


@pytest.fixture
def section(hmc: Organisation, plan: Plan) -> Section:
    return makers.make_section(organisation=hmc)


@pytest.fixture
def chief(section: Section, sign_in: SignIn) -> Client:
    """The head of the editorial board, signed in; two things of each kind are there."""
    makers.make_article("Khai mạc tọa đàm khởi nghiệp số")
    makers.make_article(OTHER)
    makers.make_picture("Khai mạc tọa đàm", caption="Đại biểu trong hội trường")
    makers.make_picture(OTHER, caption="", caption_en="", credit="", description="")
    for title in ("Tài liệu tọa đàm khai mạc", OTHER):
        Download.objects.create(title=title, file="documents/t.pdf")
    return sign_in(makers.make_user("chief", ("hmc", Membership.Role.CHIEF_EDITOR)))


def _explorer(section: Section) -> str:
    return reverse("wagtailadmin_explore", args=[section.pk])


@pytest.mark.parametrize("typed", ["tọa đàm", "toa dam", "TỌA  Đàm,", "dam kh"])
@pytest.mark.parametrize(
    "name",
    [
        "explorer", "wagtailadmin_pages:search", "articles:index", "newsroom_editions", "wagtailimages:index",
        "wagtaildocs:index", "wagtailimages_chooser:choose_results", "wagtaildocs_chooser:choose_results",
        "wagtailadmin_choose_page_search",
    ],
)  # fmt: skip
def test_every_list_finds_it(chief: Client, section: Section, name: str, typed: str) -> None:
    address = _explorer(section) if name == "explorer" else reverse(name)
    answer = chief.get(address, {"q": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "ọa đàm" in page.replace(f'value="{typed}"', "")
    assert OTHER not in page


def test_picture_is_found_by_caption_and_credit(chief: Client) -> None:
    for typed in ("dai bieu", "ban bien"):
        page = chief.get(reverse("wagtailimages:index"), {"q": typed}).content.decode()
        assert ("Khai mạc tọa đàm" in page, OTHER in page) == (True, False)


def test_marks_alone_and_the_middle_of_a_word_find_nothing(chief: Client) -> None:
    for typed in ("—", "oa dam", "khoi nghiep xa"):
        page = chief.get(reverse("articles:index"), {"q": typed}).content.decode()
        assert ("tọa đàm" in page, OTHER in page) == (False, False)


def test_of_too_many_the_first_of_the_list_are_kept(
    chief: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(lookup, "MOST", 1)
    makers.make_article("Tọa đàm thứ hai")
    third = makers.make_article("Tọa đàm thứ tư")
    with django_assert_num_queries(1):
        assert lookup.matching(Article.objects.order_by("-title"), "toa dam", ("title",)) == [third.pk]


def test_texts_are_compared_once_for_number_and_page(chief: Client, django_assert_num_queries: Any) -> None:
    found = lookup.SearchBackend({}).autocomplete("toa dam", Article.objects.all())
    with django_assert_num_queries(3):  # the comparison · the number · the page
        assert (found.count(), len(found[:10])) == (1, 1)


def test_draft_title_is_found_in_the_table_of_languages(chief: Client) -> None:
    article = Article.objects.get(title__startswith="Khai")
    Article.objects.filter(pk=article.pk).update(draft_title="Bế mạc diễn đàn")
    assert "Bế mạc" in chief.get(reverse("newsroom_editions"), {"q": "be mac dien"}).content.decode()
