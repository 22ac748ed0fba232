"""Articles moved to another section, sections renamed and reordered: addresses lead on, and nothing that follows is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from nhipcau.activities.models import Activity
from nhipcau.core.models import JournalEntry
from nhipcau.evidence.models import Evidence
from nhipcau.newsroom import moves, proof, services, tasks
from nhipcau.newsroom.models import NewsFront, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.core.keepers import keeping_pages
from tests.newsroom.test_back_office import edit_page, said

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def chief(section: Section) -> User:
    """Head of the editorial board of HMC."""
    return makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR))


@pytest.fixture
def press(section: Section) -> Section:
    """Another section of HMC."""
    return makers.make_section("Báo chí", "Press")


def move(client: Client, page: Page, to: Page) -> Any:
    """Press “Move” on the page where it is asked for once more."""
    return client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, to.pk]))


def english_of(page: Any) -> Any:
    return type(page).objects.get(translation_key=page.translation_key, locale__language_code="en")


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def ledger() -> dict[str, list[str]]:
    """What the ledger says of the one article: its own dimensions, unit and address."""
    row = Evidence.objects.current().select_related("organisation").get(kind_id=proof.KIND)
    found: dict[str, list[str]] = {"organisation": [str(row.organisation)], "link": [row.link], "void": [str(row.void)]}
    for dimension in row.dimensions.filter(dimension__in=("section", "language")).order_by("value"):
        found.setdefault(dimension.dimension, []).append(dimension.value)
    return found


# --- an article goes to another section ------------------------------------------------------------
@pytest.mark.database
def test_article_moves_with_its_edition_and_everything_follows(
    sign_in: SignIn, section: Section, press: Section, chief: User, activity: Activity, client: Client
) -> None:
    article = makers.make_article(section=section, activities=[activity])
    english = makers.make_english(article)
    old, old_english = article.url, english.url
    search = reverse("website:search")
    addresses = [reverse("website:section_feed", args=[slug, "rss"]) for slug in ("doi-ngoai", "bao-chi")]
    move(sign_in(chief), article, press)
    article, english = fresh(article), fresh(english)
    assert (article.get_parent().pk, english.get_parent().pk) == (press.pk, english_of(press).pk)
    assert (article.url, english.url) == (
        old.replace("doi-ngoai", "bao-chi"),
        old_english.replace("foreign-affairs", "press"),
    )
    for address, new in ((old, article.url), (old_english, english.url)):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, new)
        assert answer["Cache-Control"] == "public, max-age=300"
        assert client.get(f"{address}?utm_source=zalo")["Location"] == new
        assert client.get(new).status_code == 200
    assert ledger() == {
        "organisation": [str(section.organisation)],
        "link": [article.full_url],
        "void": ["False"],
        "section": ["bao-chi"],
        "language": ["en", "vi"],
    }
    assert article.url not in client.get(section.url).content.decode()
    assert article.url in client.get(press.url).content.decode()
    assert english.url in client.get(english_of(press).url).content.decode()
    feeds = [client.get(address) for address in addresses]
    assert [article.url in feed.content.decode() for feed in feeds] == [False, True]
    found = client.get(f"{search}?q=khoi nghiep so").content.decode()
    assert (article.url in found, old in found) == (True, False)
    told = JournalEntry.objects.filter(verb="newsroom.note_moved").order_by("pk").values_list("by_name", "object_id")
    assert [(by, key) for by, key in told] == [("chief", str(article.pk)), ("chief", str(english.pk))]


def test_pages_kept_whole_go_when_an_article_moves(
    transactional_ledger: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.make_agreement()
    here, there = makers.make_section(), makers.make_section("Báo chí", "Press")
    article = makers.make_article(section=here)
    with keeping_pages(settings, monkeypatch) as server:
        for address in (article.url, here.url, there.url):
            server.get(address)
            assert (server.get(address).status, server.get(address).statements) == (200, 0)
        old = article.url
        fresh(article).move(there, pos="last-child")
        moved = server.get(old)
        assert (moved.status, moved.headers["Location"]) == (301, fresh(article).url)
        assert [fresh(article).url in server.get(one.url).text for one in (here, there)] == [False, True]


def test_moved_back_no_address_leads_in_a_circle(
    sign_in: SignIn, section: Section, press: Section, chief: User, client: Client
) -> None:
    article, staff = makers.make_article(section=section), sign_in(chief)
    old = article.url
    move(staff, article, press)
    there = fresh(article).url
    move(staff, fresh(article), section)
    assert client.get(old).status_code == 200
    assert client.get(there)["Location"] == old
    assert client.get(there, follow=True).redirect_chain == [(old, 301)]


def test_draft_moves_and_is_published_there_on_its_hour(
    sign_in: SignIn, section: Section, press: Section, chief: User, activity: Activity, clock: Any
) -> None:
    article = makers.make_article(section=section, published=None, activities=[activity])
    revision = article.get_latest_revision()
    revision.approved_go_live_at = makers.NOW + timedelta(hours=1)
    revision.save(update_fields=["approved_go_live_at"])
    move(sign_in(chief), article, press)
    assert not Evidence.objects.filter(kind_id=proof.KIND).exists()
    assert services.publish_due(at=clock.move(hours=2)) == 1
    article = fresh(article)
    assert (article.live, article.url, ledger()["section"]) == (True, f"{press.url}{article.slug}/", ["bao-chi"])


def test_english_edition_does_not_move_by_itself(
    sign_in: SignIn, section: Section, press: Section, chief: User
) -> None:
    english = makers.make_english(makers.make_article(section=section))
    client = sign_in(chief)
    response = client.get(reverse("wagtailadmin_pages:move_confirm", args=[english.pk, english_of(press).pk]))
    sentence = (
        "Bản tiếng Anh luôn nằm cùng chuyên mục với bản tiếng Việt. "
        "Quý vị vui lòng chuyển bài “Khai mạc tọa đàm khởi nghiệp số”; bản tiếng Anh sẽ được chuyển theo."
    )
    assert (response["Location"], said(response)) == (edit_page(english), [sentence])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    response = client.post(f"{bulk}?id={english.pk}", {"chooser": english_of(press).pk})
    assert said(response)[-1:] == [sentence]
    assert fresh(english).get_parent().pk == english_of(section).pk


def test_several_articles_moved_at_once_take_their_editions_along(
    sign_in: SignIn, section: Section, press: Section, chief: User
) -> None:
    articles = [makers.make_article(title, section=section) for title in ("Một", "Hai")]
    editions = [makers.make_english(article, f"{article.title} in English") for article in articles]
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    keys = "&".join(f"id={article.pk}" for article in articles)
    sign_in(chief).post(f"{bulk}?{keys}", {"chooser": press.pk})
    assert {fresh(one).get_parent().pk for one in articles} == {press.pk}
    assert {fresh(one).get_parent().pk for one in editions} == {english_of(press).pk}


def test_where_the_other_section_has_no_english_page_nothing_moves(
    sign_in: SignIn, section: Section, press: Section, chief: User
) -> None:
    article = makers.make_article(section=section)
    makers.make_english(article)
    english_of(press).delete()
    response = move(sign_in(chief), article, press)
    assert said(response) == [
        "Bài này có bản tiếng Anh nhưng chuyên mục “Báo chí” chưa có trang tiếng Anh. Quý vị vui lòng tạo trang đó trước."
    ]
    assert fresh(article).get_parent().pk == section.pk


def test_where_the_english_address_is_taken_nothing_moves(
    sign_in: SignIn, section: Section, press: Section, chief: User
) -> None:
    makers.make_english(makers.make_article("Khác", section=press), "Digital start-ups meet investors")
    article = makers.make_article(section=section)
    makers.make_english(article)
    response = move(sign_in(chief), article, press)
    assert said(response) == [
        "Trong chuyên mục “Báo chí” đã có bài tiếng Anh khác dùng địa chỉ “digital-start-ups-meet-investors”. "
        "Quý vị vui lòng đổi một trong hai địa chỉ trước."
    ]
    assert fresh(article).get_parent().pk == section.pk


def test_what_waits_for_approval_stays_with_those_who_were_asked(
    sign_in: SignIn, section: Section, press: Section, chief: User
) -> None:
    article = makers.make_article(section=section, published=None)
    section.get_workflow().start(article, chief)
    response = move(sign_in(chief), article, press)
    assert said(response) == [
        "Bài “Khai mạc tọa đàm khởi nghiệp số” đang chờ duyệt ở chuyên mục “Đối ngoại”. "
        "Quý vị vui lòng hủy trình duyệt trước, sau đó chuyển bài."
    ]
    assert fresh(article).get_parent().pk == section.pk


def test_nothing_moves_into_another_language_or_another_units_section(
    sign_in: SignIn, section: Section, chief: User, administrator: User
) -> None:
    article = makers.make_article(section=section)
    other = makers.make_section("Hội nghị", "Conferences", organisation=makers.make_organisation("fsc"))
    move(sign_in(chief), article, other)
    for place in (english_of(section), NewsFront.objects.get(locale__language_code="en")):
        move(sign_in(administrator), article, place)
        move(sign_in(administrator), section, place)
    assert fresh(article).get_parent().pk == section.pk
    assert [one.title for one in Section.objects.in_language("vi")] == ["Đối ngoại", "Hội nghị"]


# --- a section is renamed or reordered ---------------------------------------------------------------
@pytest.mark.database
def test_section_with_a_new_address_takes_its_articles_along(
    section: Section, activity: Activity, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    article = makers.make_article(section=section, activities=[activity])
    old, old_section = article.url, section.url
    section = fresh(section)
    section.slug, section.title = "doi-ngoai-thanh-pho", "Đối ngoại Thành phố"
    with django_capture_on_commit_callbacks(execute=True):
        section.save_revision().publish()
    tasks.restate_section.func(section.pk)
    article = fresh(article)
    assert article.url == "/tin/doi-ngoai-thanh-pho/khai-mac-toa-dam-khoi-nghiep-so/"
    assert [client.get(address)["Location"] for address in (old, old_section)] == [article.url, fresh(section).url]
    assert client.get(reverse("wagtail_serve", args=["doi-ngoai-thanh-pho/"])).status_code == 200
    assert (ledger()["section"], ledger()["link"]) == (["doi-ngoai-thanh-pho"], [article.full_url])
    assert Redirect.objects.count() == 2


def test_section_given_to_the_other_unit_is_said_so_in_the_ledger(
    section: Section, activity: Activity, django_capture_on_commit_callbacks: Any
) -> None:
    makers.make_article(section=section, activities=[activity])
    section = fresh(section)
    section.organisation = makers.make_organisation("fsc")
    with django_capture_on_commit_callbacks() as asked:
        section.save_revision().publish()
    assert len(asked) > 0
    assert tasks.restate_section.func(section.pk) == 1
    assert ledger()["organisation"] == [str(section.organisation)]
    assert moves.restate_section(section=section, at=makers.NOW) == 1  # as often as one likes
    assert Evidence.objects.filter(kind_id=proof.KIND).count() == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_sections_stand_in_the_same_order_in_both_languages(
    sign_in: SignIn, section: Section, press: Section, administrator: User, client: Client, language: str
) -> None:
    makers.make_section("Hội nghị", "Conferences")
    article = makers.make_article(section=press)
    english = makers.make_english(article)
    last = Section.objects.in_language(language).last()
    assert last is not None
    sign_in(administrator).post(reverse("wagtailadmin_pages:set_page_position", args=[last.pk]) + "?position=0")
    titles = {code: [one.title for one in Section.objects.in_language(code)] for code in ("vi", "en")}
    assert titles == {"vi": ["Hội nghị", "Đối ngoại", "Báo chí"], "en": ["Conferences", "Foreign affairs", "Press"]}
    assert [client.get(one.url).status_code for one in (article, english)] == [200, 200]
    assert Page.find_problems() == ([], [], [], [], [])
    assert not Redirect.objects.exists()


# --- the register of redirects ------------------------------------------------------------------------
def test_keeper_enters_an_old_address_and_readers_are_led_on(
    sign_in: SignIn, administrator: User, section: Section, client: Client
) -> None:
    article = makers.make_article()
    sign_in(administrator).post(
        reverse("wagtailredirects:add"),
        {
            "old_path": "/tin-cu/khai-mac.html",
            "site": "",
            "is_permanent": "on",
            "redirect_page": article.pk,
            "redirect_link": "",
        },
    )
    answer = client.get("/tin-cu/khai-mac.html")
    assert (answer.status_code, answer["Location"]) == (301, article.url)
    assert client.get("/tin-cu/khac.html").status_code == 404
