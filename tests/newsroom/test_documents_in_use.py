"""A document that an article offers, in a block or as a link in its text, is not deleted unnoticed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from nhipcau.newsroom.errors import InUse
from nhipcau.newsroom.models import Article, Download, Section
from nhipcau.parties.models import User
from tests import makers
from tests.core.test_inspection import PDF
from tests.newsroom.test_back_office import said

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("section")]
SENTENCE = (
    "Chưa xóa tài liệu nào: tài liệu đang được dùng trong bài “Khai mạc tọa đàm khởi nghiệp số”. "
    "Quý vị vui lòng gỡ tài liệu khỏi bài trước."
)


@pytest.fixture(autouse=True)
def apart(tmp_path: Any, settings: Any) -> None:
    """Files of a test are kept apart from those of others."""
    settings.MEDIA_ROOT = tmp_path


def kept(title: str = "Thông cáo") -> Download:
    found: Download = Download.objects.create(title=title, file=ContentFile(PDF, "a.pdf"))
    return found


def as_block(document: Download) -> list[tuple[str, Any]]:
    return [("text", "<p>Trước.</p>"), ("document", document)]


def as_link(document: Download) -> list[tuple[str, Any]]:
    return [("text", f'<p>Xem <a id="{document.pk}" linktype="document">thông cáo</a>.</p>')]


def as_link_told_the_other_way(document: Download) -> list[tuple[str, Any]]:
    return [("text", f'<p>Xem <a linktype="document" id="{document.pk}">thông cáo</a>.</p>')]


WAYS = [as_block, as_link, as_link_told_the_other_way]


def written(state: str, body: list[tuple[str, Any]]) -> Article:
    """An article that offers something: published, as a draft, in a draft over a published text, or waiting for its hour."""
    if state == "published":
        return makers.make_article(body=body)
    if state == "draft":
        return makers.make_article(published=None, body=body)
    article = makers.make_article()
    before = article.body
    article.body = body
    revision = article.save_revision()
    if state == "waiting":
        revision.approved_go_live_at = makers.NOW + timedelta(hours=1)
        revision.save(update_fields=["approved_go_live_at"])
        article.body = before
        article.save_revision()
    return article


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", ["published", "draft", "draft over it", "waiting"])
def test_document_of_an_article_is_found_however_it_stands(
    state: str, way: Callable[[Download], list[tuple[str, Any]]]
) -> None:
    document, other = kept(), kept("Khác")
    article = written(state, way(document))
    assert [one.pk for one in Article.objects.keeping([document])] == [article.pk]
    assert [one.pk for one in Article.objects.keeping([other, document])] == [article.pk]
    assert list(Article.objects.keeping([other])) == []
    for refused in (document.delete, Download.objects.all().delete):
        with pytest.raises(InUse) as refusal:
            refused()
        assert str(refusal.value) == SENTENCE
    other.delete()
    assert list(Download.objects.all()) == [document]


def test_link_to_a_page_or_picture_of_the_same_number_is_no_document(section: Section) -> None:
    document, picture = kept(), makers.make_picture()
    Download.objects.filter(pk=document.pk)._raw_delete(using="default")
    document = Download.objects.create(pk=picture.pk, title="Cùng số", file=ContentFile(PDF, "b.pdf"))
    figure = {"picture": picture, "caption": "", "alt": ""}
    link = f'<p><a id="{document.pk}" linktype="page">trang</a> <a href="/x" linktype="document" id="{document.pk}0">y</a></p>'
    makers.make_article(picture=picture, body=[("figure", figure), ("text", link)])
    assert list(Article.objects.keeping([document])) == []
    document.delete()
    assert not Download.objects.exists()


def test_document_in_use_is_not_deleted_by_hand_nor_several_at_once(sign_in: SignIn, administrator: User) -> None:
    document, other = kept(), kept("Khác")
    written("published", as_block(document))
    client = sign_in(administrator)
    assert said(client.post(reverse("wagtaildocs:delete", args=[document.pk]))) == [SENTENCE]
    bulk = reverse("wagtail_bulk_action", args=["newsroom", "download", "delete"])
    assert said(client.post(f"{bulk}?id={document.pk}&id={other.pk}"))[-1:] == [SENTENCE]
    assert Download.objects.count() == 2
    client.post(f"{bulk}?id={other.pk}")
    assert list(Download.objects.all()) == [document]


def test_keeper_is_told_where_a_document_is_offered_before_asked_to_delete_it(
    sign_in: SignIn, administrator: User
) -> None:
    document = kept()
    client, address = sign_in(administrator), reverse("wagtaildocs:delete", args=[document.pk])
    assert client.get(address).status_code == 200
    draft = written("draft", as_link(document))
    response = client.get(address)
    assert response["Location"] == reverse("wagtaildocs:edit", args=[document.pk])
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Chưa thể xóa tài liệu này vì có bài đang dùng. Quý vị vui lòng gỡ tài liệu khỏi các bài sau trước: "
        f'<a href="{reverse("wagtailadmin_pages:edit", args=[draft.pk])}">{draft.title}</a>'
    ]
    draft.body = []
    draft.save()
    draft.save_revision(clean=False)
    assert client.post(address).status_code == 302
    assert not Download.objects.exists()


def test_edition_that_remembers_what_its_source_offered_does_not_offer_it() -> None:
    document = kept()
    article = written("published", as_link(document))
    english = makers.make_english(article)
    for written_before in (article, english):
        one = Article.objects.get(pk=written_before.pk)
        one.body = [("text", "<p>Không còn tệp.</p>")]
        one.save_revision(clean=False).publish()
    english = Article.objects.get(pk=english.pk)
    assert f'id="{document.pk}"' in str(english.source_texts)
    assert list(Article.objects.keeping([document])) == []
    document.delete()
