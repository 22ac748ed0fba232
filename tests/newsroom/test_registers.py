"""The registers a keeper finds in the back office: each in the menu, listed, added to and changed there."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection

from nhipcau.agreements.models import Agreement, Topic
from nhipcau.core.models import JournalEntry
from nhipcau.newsroom import services
from nhipcau.newsroom.errors import AlreadyThere, NotReady
from nhipcau.newsroom.models import Author, Download, NewsFront, Picture, Section
from nhipcau.parties.models import Membership, Organisation, Person, User
from tests import makers
from tests.core.test_inspection import PDF

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role


@dataclass(frozen=True)
class Register:
    """A register: its model, where it is listed, how its pages are named, what its form sends, and what is then changed."""

    model: type[Model]
    label: str
    listed: str
    names: str  # of the addresses of its forms, before “add” and “edit”
    sent: dict[str, Any]
    name: str  # the field it is called by
    changed: dict[str, Any] = field(default_factory=dict)
    adds: str = "add"
    edits: str = "edit"

    def __str__(self) -> str:
        return self.model.__name__


def files(name: str, content: bytes) -> Callable[[], dict[str, Any]]:
    return lambda: {
        "file": SimpleUploadedFile(name, content),
        "collection": str(Collection.objects.order_by("path")[0].pk),
    }


REGISTERS = [
    Register(
        Organisation, "Đơn vị", "/bien-tap/snippets/parties/organisation/", "wagtailsnippets_parties_organisation",
        {"name": "Hội Nhà báo", "abbreviation": "HNB", "kind": "other"}, "name", {"name": "Hội Nhà báo Thành phố"},
    ),
    Register(
        Person, "Cá nhân", "/bien-tap/snippets/parties/person/", "wagtailsnippets_parties_person",
        {"name": "Nguyễn Văn Mẫu"}, "name", {"name": "Nguyễn Văn Mẫu A"},
    ),
    Register(
        Section, "Chuyên mục", "/bien-tap/chuyen-muc/", "wagtailadmin_pages",
        {"title": "Báo chí", "intro": "Tin về báo chí.", "organisation": "", "action-publish": "yes"}, "title",
        {"title": "Báo chí Thành phố"},
    ),
    Register(
        Topic, "Chủ đề", "/bien-tap/snippets/agreements/topic/", "wagtailsnippets_agreements_topic",
        {"name": "Khởi nghiệp", "name_en": "Start-ups", "slug": "khoi-nghiep", "order": "1"}, "name",
        {"name": "Khởi nghiệp số"},
    ),
    Register(
        Picture, "Hình ảnh", "/bien-tap/images/", "wagtailimages",
        {"title": "Lễ ký", "caption": "Hai bên ký kết.", "credit": "Vân Anh"}, "title", {"caption": "Hai bên ký bản ghi nhớ."},
    ),
    Register(
        Download, "Tài liệu", "/bien-tap/documents/", "wagtaildocs", {"title": "Thông cáo"}, "title",
        {"title": "Thông cáo báo chí"},
    ),
    Register(
        Redirect, "Chuyển hướng", "/bien-tap/redirects/", "wagtailredirects",
        {"old_path": "/cu", "site": "", "redirect_link": "https://example.vn/"}, "old_path",
        {"redirect_link": "https://example.vn/moi/"},
    ),
]  # fmt: skip


def menu_of(client: Client) -> list[tuple[str, str]]:
    """(label, address) of everything in the menu, however deep."""
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    told = re.search(r"<script[^>]*sidebar-props[^>]*>(.*?)</script>", page, re.DOTALL)
    assert told
    found: list[tuple[str, str]] = []

    def walk(thing: Any) -> None:
        if isinstance(thing, dict):
            found.extend(
                (one["label"], one.get("url") or "")
                for one in thing.get("_args", [])
                if isinstance(one, dict) and "label" in one
            )
            thing = list(thing.values())
        if isinstance(thing, list):
            for one in thing:
                walk(one)

    walk(json.loads(told[1]))
    return found


def form_data(page: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """What the form of a page would send untouched, with `sent` typed over it."""
    form = page.context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False and not bound.field.widget.needs_multipart_form:
            data[bound.html_name] = bound.field.prepare_value(value) if not isinstance(value, str) else value
    for formset in [*getattr(form, "formsets", {}).values(), *page.context.get("permission_panels", [])]:
        data |= {bound.html_name: bound.value() for bound in formset.management_form}
    return {name: value for name, value in (data | sent).items() if value is not None}


@pytest.mark.parametrize("register", REGISTERS, ids=str)
def test_keeper_lists_adds_and_changes(
    sign_in: SignIn, administrator: User, agreement: Agreement, tmp_path: Any, settings: Any, register: Register
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(administrator)
    assert (register.label, register.listed) in menu_of(client)
    assert client.get(register.listed).status_code == 200
    with_file: dict[type[Model], Callable[[], dict[str, Any]]] = {
        Picture: files("le-ky.jpg", makers.a_photograph()),
        Download: files("thong-cao.pdf", PDF),
    }
    more = with_file.get(register.model, dict)()
    front = NewsFront.objects.get(locale__language_code="vi")
    add = reverse(f"{register.names}:add", args=["newsroom", "section", front.pk] if register.model is Section else [])
    before = set(register.model._default_manager.values_list("pk", flat=True))
    page = client.get(add)
    assert page.status_code == 200
    answer = client.post(add, form_data(page, register.sent | more))
    assert answer.status_code == 302, answer.context["form"].errors
    made = register.model._default_manager.exclude(pk__in=before).order_by("pk")[0]  # a section, then its English page
    assert getattr(made, register.name) == register.sent[register.name]
    assert str(getattr(made, register.name)) in client.get(register.listed).content.decode()
    edit = reverse(f"{register.names}:edit", args=[made.pk])
    page = client.get(edit)
    assert page.status_code == 200
    publishing = {"action-publish": "yes"} if register.model is Section else {}
    answer = client.post(edit, form_data(page, register.changed | publishing))
    assert answer.status_code == 302, answer.context["form"].errors
    made.refresh_from_db()
    assert {name: getattr(made, name) for name in register.changed} == register.changed


def test_reporter_finds_only_what_a_reporter_needs(sign_in: SignIn, section: Section) -> None:
    client = sign_in(makers.make_user("reporter", ("hmc", Role.REPORTER)))
    found = dict(menu_of(client))
    assert {"Viết bài", "Bài viết", "Hai ngôn ngữ", "Hình ảnh", "Tài liệu"} <= set(found)
    kept = {register.listed for register in REGISTERS if register.model not in {Picture, Download, Section}}
    assert not kept & set(found.values())
    for register in REGISTERS:
        if register.model not in {Picture, Download, Section}:
            assert client.get(register.listed).status_code == 302, register


# --- the house's own look, and one way to and from the desk ---------------------------------------------
def test_back_office_wears_our_colours_and_leads_back_to_the_desk(
    sign_in: SignIn, section: Section, agreement: Agreement
) -> None:
    client = sign_in(makers.make_user("editor", ("hmc", Role.EDITOR)))
    desk = client.get(reverse("desk:today")).content.decode()
    ways = re.findall(rf'<a [^>]*href="{reverse("wagtailadmin_home")}"[^>]*>(.*?)</a>', desk)
    assert set(ways) == {"<span>Ban Biên tập</span>"}  # the menu, drawn for narrow and for wide
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert menu_of(client).count(("Bàn làm việc", reverse("desk:today"))) == 1
    assert len([label for label, url in menu_of(client) if url.startswith("/ban/")]) == 1
    for told in ("newsroom/back-office.css", "core/logo-mono.svg", "core/favicon.svg"):
        assert told.partition(".")[0] in page
    assert "<title>" in page
    assert "Nhịp Cầu" in page.partition("<title>")[2].partition("</title>")[0]


# --- a section in both languages ----------------------------------------------------------------------
def test_keeper_opens_a_section_in_both_languages(sign_in: SignIn, administrator: User, agreement: Agreement) -> None:
    client = sign_in(administrator)
    front = NewsFront.objects.get(locale__language_code="vi")
    add = reverse("wagtailadmin_pages:add", args=["newsroom", "section", front.pk])
    unit = makers.make_organisation("hmc")
    sent = {"title": "Báo chí", "intro": "Tin về báo chí.", "organisation": str(unit.pk), "action-publish": "yes"}
    answer = client.post(add, form_data(client.get(add), sent))
    section = Section.objects.get(locale__language_code="vi")
    english = Section.objects.get(locale__language_code="en")
    assert (english.translation_key, english.live) == (section.translation_key, False)
    edit = reverse("wagtailadmin_pages:edit", args=[english.pk])
    assert answer["Location"] == edit
    page = client.get(edit)
    assert (
        "Đây là trang tiếng Anh của chuyên mục. Quý vị vui lòng nhập tên tiếng Anh rồi xuất bản."
        in page.content.decode()
    )
    article = makers.make_article(section=section)
    with pytest.raises(NotReady):
        services.make_edition(article=article, language="en", by=None, at=makers.NOW)
    client.post(edit, form_data(page, {"title": "Press", "intro": "About the press.", "action-publish": "yes"}))
    english.refresh_from_db()
    assert (english.live, english.slug, english.url) == (True, "press", "/en/tin/press/")
    assert makers.make_english(article).url.startswith(english.url)
    chief = makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR))
    for one in (section, english):
        assert (
            sign_in(chief).get(reverse("wagtailadmin_pages:add", args=["newsroom", "article", one.pk])).status_code
            == 200
        )


def test_section_without_an_english_page_gets_it_by_a_button(
    sign_in: SignIn, administrator: User, section: Section
) -> None:
    english = section.get_translations().get()
    client, edit = sign_in(administrator), reverse("wagtailadmin_pages:edit", args=[section.pk])
    assert reverse("wagtailadmin_pages:edit", args=[english.pk]) in client.get(edit).content.decode()
    english.delete()
    begin = reverse("newsroom_begin_section", args=[section.pk])
    page = client.get(edit).content.decode()
    assert (begin in page, "Tạo trang tiếng Anh" in page, 'href="None"' in page) == (True, True, False)
    reporter = makers.make_user("reporter", ("hmc", Role.REPORTER))
    assert sign_in(reporter).post(begin).status_code == 302
    assert section.get_translations().count() == 0
    client.post(begin)
    made = section.get_translations().get()
    assert client.post(begin)["Location"] == reverse("wagtailadmin_pages:edit", args=[made.pk])
    assert section.get_translations().count() == 1
    with pytest.raises(AlreadyThere):
        services.open_section_edition(section=section, language="en", by=None, at=makers.NOW)


def test_list_of_articles_and_the_start_of_one_speak_of_sections(sign_in: SignIn, administrator: User) -> None:
    section = makers.make_section()
    makers.make_section("Báo chí", "Press")
    makers.make_article("Khai mạc", section=section)
    client = sign_in(administrator)
    page = client.get(reverse("articles:index")).content.decode()
    (table,) = re.findall(r"<table class=\"listing.*?</table>", page, re.DOTALL)
    assert re.findall(r"<th[^>]*>\s*(Chuyên mục|Cấp trên)\s*</th>", table) == ["Chuyên mục"]
    asked = client.get(reverse("newsroom_write"), follow=True)
    field = asked.context["form"].fields["parent_page"]
    assert (asked.context["page_title"], field.label, field.help_text) == (
        "Chọn chuyên mục",
        "Chuyên mục",
        "Bài mới sẽ nằm trong chuyên mục này.",
    )
    assert [one.title for one in field.queryset] == [section.title, "Báo chí"]
    chosen = client.post(reverse("articles:choose_parent"), {"parent_page": section.pk})
    assert chosen["Location"] == reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])
    english = section.get_translations().get()
    assert client.post(reverse("articles:choose_parent"), {"parent_page": english.pk}).status_code == 200


# --- authors ------------------------------------------------------------------------------------------
def test_register_of_authors_keeps_the_journal(sign_in: SignIn, administrator: User, agreement: Agreement) -> None:
    client, base = sign_in(administrator), "/bien-tap/snippets/newsroom/author"
    assert client.post(f"{base}/add/", {"name": "Lê Mẫu"}).status_code == 302
    author = Author.objects.get()
    assert client.post(f"{base}/edit/{author.pk}/", {"name": "Lê Mẫu A", "slug": author.slug}).status_code == 302
    assert client.post(f"{base}/delete/{author.pk}/").status_code == 302
    told = JournalEntry.objects.filter(kind="newsroom.author").order_by("id")
    assert [(one.verb, one.by_id) for one in told] == [
        (f"newsroom.{act}", administrator.pk)
        for act in ("add_to_register", "change_in_register", "delete_from_register")
    ]
