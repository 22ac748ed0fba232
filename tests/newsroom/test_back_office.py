"""The back office as reporters, editors and the head of the board find it: what each may do, and what is refused how."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.models import TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from nhipcau.core.models import JournalEntry
from nhipcau.newsroom import boards, services
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def reporter(section: Section) -> User:
    """Reporter of HMC."""
    return makers.make_user("reporter", ("hmc", Role.REPORTER), display_name="Phóng viên A")


@pytest.fixture
def editor(section: Section) -> User:
    """Section editor of HMC."""
    return makers.make_user("editor", ("hmc", Role.EDITOR))


@pytest.fixture
def chief(section: Section) -> User:
    """Head of the editorial board of HMC."""
    return makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR))


@pytest.fixture
def stranger(section: Section) -> User:
    """Head of the editorial board of FSC, which leads no section here."""
    return makers.make_user("stranger", ("fsc", Role.CHIEF_EDITOR))


def typed(
    title: str = "Khai mạc", *, picture: Picture | None = None, blocks: Any = None, **more: Any
) -> dict[str, Any]:
    """What the form of an article sends."""
    paragraph = ("text", rich_text("<p>Buổi tọa đàm diễn ra sáng nay.</p>", features=["bold"]))
    said: dict[str, Any] = {
        "title": title,
        "slug": services.slug_of(title),
        "lead": "Hơn một trăm bạn trẻ đã dự.",
        "dateline": "",
        "picture": picture.pk if picture else "",
        "body": streamfield(blocks if blocks is not None else [paragraph]),
        "bylines": inline_formset([]),
        "reported": inline_formset([]),
        "comments": inline_formset([]),
        "correction": "",
        "seo_title": "",
        "search_description": "",
    }
    data: dict[str, Any] = nested_form_data(said | more)
    return data


def add_page(section: Section) -> str:
    return reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])


def edit_page(article: Article) -> str:
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def said(response: Any) -> list[str]:
    return [strip_tags(str(message)).strip() for message in get_messages(response.wsgi_request)]


def test_reporter_writes_hands_in_and_may_not_publish(sign_in: SignIn, section: Section, reporter: User) -> None:
    client = sign_in(reporter)
    form = client.get(add_page(section))
    assert form.status_code == 200
    assert [byline.author.name for byline in form.context["form"].instance.bylines.all()] == ["Phóng viên A"]
    assert b'name="action-publish"' not in form.content
    client.post(add_page(section), typed() | {"action-submit": "yes"})
    article = Article.objects.get()
    assert (article.live, article.owner, article.current_workflow_task.name) == (
        False,
        reporter,
        "biên tập viên: Đối ngoại",
    )
    client.post(edit_page(article), typed("Khác") | {"action-publish": "yes"})
    article.refresh_from_db()
    assert not article.live


@pytest.mark.database
def test_article_goes_from_reporter_over_editor_to_head_and_is_journalled(
    sign_in: SignIn, section: Section, reporter: User, editor: User, chief: User
) -> None:
    sign_in(reporter).post(add_page(section), typed() | {"action-submit": "yes"})
    article = Article.objects.get()

    def act(user: User, name: str, **more: str) -> None:
        state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
        address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, name, state.pk])
        sign_in(user).post(address, more)

    act(editor, "reject", comment="Bổ sung tên người phát biểu.")
    sign_in(reporter).post(edit_page(article), typed("Khai mạc tọa đàm") | {"action-submit": "yes"})
    act(editor, "approve")
    act(chief, "approve")
    article.refresh_from_db()
    assert (article.live, article.title, article.published_at) == (True, "Khai mạc tọa đàm", makers.NOW)
    told = (
        JournalEntry.objects.filter(kind="newsroom.article")
        .order_by("at", "id")
        .values_list("verb", "by_name", "reason")
    )
    assert [entry for entry in told if entry[0] != "newsroom.write_article"] == [
        ("newsroom.submit_article", "Phóng viên A", ""),
        ("newsroom.return_article", "editor", "Bổ sung tên người phát biểu."),
        ("newsroom.submit_article", "Phóng viên A", ""),
        ("newsroom.submit_article", "editor", ""),
        ("newsroom.approve_article", "editor", ""),
        ("newsroom.note_published", "chief", ""),
        ("newsroom.approve_article", "chief", ""),
    ]


def test_role_ends_with_its_last_day(sign_in: SignIn, section: Section, chief: User, clock: Any) -> None:
    client = sign_in(chief)
    assert client.get(add_page(section)).status_code == 200
    Membership.objects.filter(user=chief).update(last_day=date(2026, 11, 23))
    assert client.get(add_page(section)).status_code == 200
    clock.move(days=1)
    assert client.get(add_page(section)).status_code in {302, 403}
    assert list(chief.groups.all()) == []


def test_other_unit_does_not_edit_this_section(sign_in: SignIn, section: Section, stranger: User) -> None:
    article = makers.make_article()
    client = sign_in(stranger)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert client.get(add_page(section)).status_code == 302
    assert client.get(edit_page(article)).status_code == 302


def test_section_without_a_unit_is_open_to_every_newsroom(sign_in: SignIn, chief: User, stranger: User) -> None:
    boards.seat_all(day=date(2026, 11, 23))
    shared = makers.make_section("Chung", "Shared", organisation=None)
    assert [sign_in(user).get(add_page(shared)).status_code for user in (chief, stranger)] == [200, 200]


def test_step_in_the_back_office_costs_two_queries_for_the_roles(chief: User, django_assert_num_queries: Any) -> None:
    boards.seat(chief, day=date(2026, 11, 23))
    with django_assert_num_queries(3):  # roles held, groups known, groups sat in
        assert not boards.seat(chief, day=date(2026, 11, 23))


def test_publish_button_names_the_uncredited_picture_and_keeps_what_was_typed(
    sign_in: SignIn, section: Section, chief: User, uncredited: Picture
) -> None:
    figure = ("figure", {"picture": uncredited.pk, "caption": "", "alt": ""})
    response = sign_in(chief).post(add_page(section), typed(blocks=[figure]) | {"action-publish": "yes"})
    assert response.status_code == 200
    page = response.content.decode()
    assert "Ảnh “Không nguồn” chưa có nguồn ảnh nên chưa đăng được bài viết." in page
    assert f'href="{reverse("wagtailimages:edit", args=[uncredited.pk])}"' in page
    assert 'value="Khai mạc"' in page
    assert not Article.objects.exists()
    sign_in(chief).post(add_page(section), typed(blocks=[figure]))
    assert Article.objects.get().live is False


@pytest.mark.parametrize("way", ["publish", "bulk", "workflow", "schedule"])
def test_no_way_of_publishing_lets_an_uncredited_picture_through(
    sign_in: SignIn, section: Section, reporter: User, chief: User, uncredited: Picture, way: str
) -> None:
    article = makers.make_article(published=None, picture=uncredited)
    client = sign_in(chief)
    if way == "publish":
        client.post(edit_page(article), typed(picture=uncredited) | {"action-publish": "yes"})
    elif way == "bulk":
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        response = client.post(f"{address}?id={article.pk}", {"include_descendants": ""})
        assert said(response) == ["Ảnh “Không nguồn” chưa có nguồn ảnh nên chưa đăng được bài viết. Bổ sung cho ảnh"]
    elif way == "workflow":
        workflow = section.get_workflow()
        workflow.start(article, reporter)
        for _step in range(2):
            state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
            address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk])
            user = User.objects.filter(groups__in=state.task.specific.groups.all()).first() or chief
            response = sign_in(chief if user == chief else user).post(address)
            state.task.specific.groups.add(*chief.groups.all())
    else:
        revision = article.get_latest_revision()
        revision.approved_go_live_at = makers.NOW
        revision.save(update_fields=["approved_go_live_at"])
        assert services.publish_due(at=makers.NOW + timedelta(minutes=1)) == 0
        revision.refresh_from_db()
        assert revision.approved_go_live_at == makers.NOW
    article.refresh_from_db()
    assert (article.live, article.published_at) == (False, None)


def test_english_edition_begins_with_one_press_and_the_table_tells_its_state(
    sign_in: SignIn, section: Section, chief: User, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(chief)
    article = makers.make_article()
    table = reverse("newsroom_editions")
    page = client.get(table).content.decode()
    assert "chưa có" in page
    assert re.findall(r"<h1[^>]*>.*?</svg>\s*(.*?)\s*</h1>", page, re.DOTALL) == ["Hai ngôn ngữ"]
    response = client.post(reverse("newsroom_begin_edition", args=[article.pk]))
    edition = article.get_translations().get()
    assert response["Location"] == edit_page(edition)
    assert [row.state for row in client.get(table).context["rows"]] == ["draft"]


def test_word_that_it_is_published_offers_the_english_edition_also_in_a_new_tab(
    sign_in: SignIn, section: Section, chief: User
) -> None:
    client = sign_in(chief)
    answer = client.post(add_page(section), typed() | {"action-publish": "yes"})
    (offer,) = [str(message) for message in get_messages(answer.wsgi_request) if "w-action" in str(message)]
    (leads,), (begins,) = re.findall(r' href="(\S+)"', offer), re.findall(r'-url-value="(\S+)"', offer)
    assert client.get(leads).status_code == 200
    article = Article.objects.get()
    assert client.post(begins)["Location"] == edit_page(article.get_translations().get().specific)


def test_table_leads_reporters_to_what_is_theirs(sign_in: SignIn, section: Section, reporter: User) -> None:
    theirs, own = makers.make_article("Của người khác"), makers.make_article("Của mình")
    Article.objects.filter(pk=own.pk).update(owner=reporter)
    editions = [makers.make_english(theirs), makers.make_english(own)]
    page = sign_in(reporter).get(reverse("newsroom_editions")).content.decode()
    assert ("Của người khác" in page, "Của mình" in page) == (True, True)
    led = [edit_page(article) for article in (theirs, own, *editions) if f'href="{edit_page(article)}"' in page]
    led += re.findall(r"/bien-tap/ban-dich/\d+/\S+/", page)
    assert led == [edit_page(own)]


@pytest.mark.database
def test_picture_in_use_is_not_deleted(
    sign_in: SignIn, administrator: User, section: Section, picture: Picture
) -> None:
    makers.make_article(body=[("figure", {"picture": picture, "caption": "", "alt": ""})])
    client = sign_in(administrator)
    response = client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    sentence = "Chưa xóa ảnh nào: ảnh đang được dùng trong bài “Khai mạc tọa đàm khởi nghiệp số”. Quý vị vui lòng gỡ ảnh khỏi bài trước."
    assert said(response) == [sentence]
    bulk = reverse("wagtail_bulk_action", args=["newsroom", "picture", "delete"])
    assert said(client.post(f"{bulk}?id={picture.pk}"))[-1:] == [sentence]
    assert Picture.objects.filter(pk=picture.pk).exists()


def test_published_article_is_withdrawn_and_not_deleted(sign_in: SignIn, administrator: User, section: Section) -> None:
    article = makers.make_article()
    response = sign_in(administrator).post(reverse("wagtailadmin_pages:delete", args=[article.pk]))
    assert said(response) == ["Chưa xóa: bạn đọc đã xem bài này. Quý vị vui lòng gỡ bài; nội dung vẫn được lưu."]
    assert Article.objects.filter(pk=article.pk).exists()


def test_slug_clash_is_said_with_a_free_address(sign_in: SignIn, section: Section, chief: User) -> None:
    makers.make_article("Khai mạc")
    response = sign_in(chief).post(add_page(section), typed("Khai mạc") | {"action-publish": "yes"})
    assert "Trang khác ở đây đã có địa chỉ này. “khai-mac-2” chưa dùng." in response.content.decode()
    assert Article.objects.count() == 1


def test_decomposed_vietnamese_is_stored_composed(sign_in: SignIn, section: Section, chief: User) -> None:
    sign_in(chief).post(add_page(section), typed("Ho\u0323p ba\u0301o") | {"action-publish": "yes"})
    assert Article.objects.get().title == "Họp báo"
