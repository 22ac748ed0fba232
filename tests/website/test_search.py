"""The public search: what it finds, what it must never show, what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction

from nhipcau.activities import services as activities
from nhipcau.activities.models import Activity
from nhipcau.activities.services import SpeakerDraft
from nhipcau.agreements import findable
from nhipcau.agreements.models import Agreement, AttendingOfficial, Signatory, Topic
from nhipcau.agreements.tasks import keep_names_findable
from nhipcau.core import search
from nhipcau.core.models import SearchEntry
from nhipcau.newsroom import services as newsroom
from nhipcau.newsroom.models import Article, Download, Offered, Section
from nhipcau.parties.models import Organisation, Person, User
from nhipcau.plans.models import Plan
from tests import makers
from tests.conftest import HandClock

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(query: str, prefix: str = "", **narrowed: str) -> list[str]:
    """Titles, in their order."""
    answer = Client().get(f"{prefix}/tim-kiem/", {"q": query, **narrowed})
    assert answer.status_code == 200
    return [hit.title.text for hit in answer.context["hits"]]


def document(title: str = "Danh mục tài liệu khởi nghiệp", **more: Any) -> Download:
    """A paper somebody may download."""
    made: Download = Download.objects.create(title=title, file=ContentFile(b"%PDF-1.4", name="danh-muc.pdf"), **more)
    return made


@pytest.fixture
def section(hmc: Organisation) -> Section:
    """Where articles stand."""
    return makers.make_section(organisation=hmc)


def offering(paper: Download) -> Article:
    """A published article with a paper to download."""
    return makers.make_article("Tài liệu cho người trẻ", body=[("text", "<p>Mời tải về.</p>"), ("document", paper)])


# --- what is found ----------------------------------------------------------------------------
def test_news_activities_people_and_documents_are_found(plan: Plan, section: Section, officer_hmc: User) -> None:
    activity = makers.make_activity(plan, title="Tọa đàm kinh tế số")
    activities.put_speakers(
        activity=activity, speakers=[SpeakerDraft("Lê Minh An", "Chuyên gia kinh tế số")], by=officer_hmc, at=makers.NOW
    )
    makers.make_article("Kinh tế số: chuyện của hôm nay")
    offering(document("Kinh tế số trong một trang"))
    answer = Client().get("/tim-kiem/", {"q": "kinh te so"})
    assert {(str(hit.kind), hit.title.text) for hit in answer.context["hits"]} == {
        ("Bài viết", "Kinh tế số: chuyện của hôm nay"),
        ("Hoạt động", "Tọa đàm kinh tế số"),
        ("Diễn giả", "Lê Minh An"),
        ("Tài liệu", "Kinh tế số trong một trang"),
    }
    for hit in answer.context["hits"]:
        if str(hit.kind) != "Tài liệu":  # a file, handed out by the newsroom's own tests
            assert Client().get(hit.url).status_code == 200
    assert [(str(tab["label"]), tab["number"]) for tab in answer.context["tabs"][1:]] == [
        ("Tin tức", 1), ("Hoạt động", 1), ("Cá nhân", 1), ("Tài liệu", 1),
    ]  # fmt: skip


def test_signatories_officials_and_clauses_lead_to_the_agreement(agreement: Agreement) -> None:
    official = AttendingOfficial.objects.create(
        agreement=agreement, person=makers.make_person("Đặng Thị Chứng"), position="Giám đốc Sở", order=1
    )
    for kind in (findable.SIGNATORY, findable.OFFICIAL, findable.CLAUSE):
        search.reindex(kind)
    signatory = Signatory.objects.filter(party__agreement=agreement).select_related("person")[0]
    clause = agreement.clauses.all()[0]
    page = Client().get("/ban-ghi-nho/").content.decode()
    for query, place in (
        (signatory.person.name, "parties"),
        (official.person.name, "officials"),
        (clause.name, "clauses"),
    ):
        hit = Client().get("/tim-kiem/", {"q": query}).context["hits"][0]
        assert (hit.title.text, hit.url) == (query, f"/ban-ghi-nho/#{place}")
        assert f'id="{place}"' in page
    Person.objects.filter(pk=official.person_id).update(erased_at=makers.NOW)
    assert found("dang thi chung") == []
    keep_names_findable.func()
    assert not SearchEntry.objects.filter(kind=findable.OFFICIAL, object_id=official.pk).exists()


def test_the_readers_language_comes_first(section: Section) -> None:
    article = makers.make_article("FSC và Trung tâm Báo chí")
    makers.make_english(article, "FSC and the Press Centre")
    assert found("fsc") == ["FSC và Trung tâm Báo chí", "FSC and the Press Centre"]
    assert found("fsc", "/en") == ["FSC and the Press Centre", "FSC và Trung tâm Báo chí"]
    assert found("fsc", language="en") == ["FSC and the Press Centre"]
    page = Client().get("/tim-kiem/", {"q": "fsc"}).content.decode()
    assert '<h3 lang="en"><a href="/en/' in page


def test_what_was_asked_for_is_marked_and_nothing_is_executed(section: Section) -> None:
    makers.make_article("Họp báo <b>quý</b> & năm")
    page = Client().get("/tim-kiem/", {"q": "hop bao"}).content.decode()
    assert "<mark>Họp báo</mark> &lt;b&gt;quý&lt;/b&gt; &amp; năm" in page
    page = Client().get("/tim-kiem/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_words_of_the_body_are_found_and_quoted(section: Section) -> None:
    makers.make_article(
        "Chuyện hôm nay", body=[("text", "<p>" + "Mở đầu. " * 60 + "Ở đây nói đến chuỗi cung ứng.</p>")]
    )
    (hit,) = Client().get("/tim-kiem/", {"q": "chuoi cung ung"}).context["hits"]
    assert "nói đến <mark>chuỗi cung ứng</mark>" in hit.text_html


def test_words_of_neighbouring_lines_do_not_run_together(section: Section) -> None:
    makers.make_article(
        "Chuyện hôm nay", body=[("text", "<h2>Mở đầu</h2><p>Buổi họp</p><ul><li>Một</li><li>Hai</li></ul>")]
    )
    (hit,) = Client().get("/tim-kiem/", {"q": "buoi hop"}).context["hits"]
    assert "Mở đầu Buổi họp Một Hai" in " ".join(hit.text.text.split())


def test_filters_narrow(plan: Plan, section: Section) -> None:
    topic = Topic.objects.create(slug="so", name="Kinh tế số", name_en="Digital economy")
    makers.make_article("Báo chí một", topics=[topic])
    makers.make_article("Báo chí hai", section=makers.make_section("Báo chí", "Press"))
    makers.make_activity(plan, title="Báo chí ba")
    assert sorted(found("bao chi")) == ["Báo chí ba", "Báo chí hai", "Báo chí một"]
    assert found("bao chi", kind="activities") == ["Báo chí ba"]
    assert found("bao chi", topic="so") == ["Báo chí một"]
    assert found("bao chi", section="bao-chi") == ["Báo chí hai"]
    assert found("bao chi", year="2026", kind="news") == ["Báo chí hai", "Báo chí một"]
    assert found("bao chi", year="2025") == []
    assert len(found("bao chi", topic="khong-co", year="%00", section="-1", kind="x", page="99")) == 3


def test_nothing_found_says_what_to_do(plan: Plan) -> None:
    makers.make_activity(plan, title="Họp báo")
    narrowed = Client().get("/tim-kiem/", {"q": "hop bao", "year": "2025"}).content.decode()
    assert 'href="?q=hop+bao"' in narrowed
    other = Client().get("/tim-kiem/", {"q": "hop bao", "kind": "news"})
    assert (other.context["hits"], other.context["elsewhere"]) == ([], 1)
    assert "Không tìm thấy kết quả nào" in Client().get("/tim-kiem/", {"q": "zzzz"}).content.decode()
    assert Client().get("/tim-kiem/", {"q": "\0"}).status_code == 200
    assert Client().get("/tim-kiem/").context["hits"] == []


def test_slips_lead_to_titles_and_to_what_was_meant(plan: Plan) -> None:
    makers.make_activity(plan, title="Họp báo công bố kết quả")
    page = Client().get("/tim-kiem/", {"q": "hpo bao"})
    assert (page.context["meant"], [hit.title.text for hit in page.context["hits"]]) == (
        "họp báo", ["Họp báo công bố kết quả"],
    )  # fmt: skip
    assert 'href="?q=h%E1%BB%8Dp%20b%C3%A1o"' in page.content.decode()


def test_pages_turn(plan: Plan) -> None:
    for _row in range(11):
        makers.make_activity(plan, title="Họp báo")
    assert (len(found("hop bao")), len(found("hop bao", page="2"))) == (10, 1)


# --- what must not be found -----------------------------------------------------------------------
def test_drafts_embargoed_and_withdrawn_articles_are_not_found(section: Section, clock: HandClock) -> None:
    makers.make_article("Bí mật nháp", published=None)
    until = makers.NOW + timedelta(hours=2)
    kept = makers.make_article("Bí mật chờ giờ", published=None)
    kept.embargo_until = until
    kept.save_revision(clean=False)
    newsroom.publish_article(article=kept, by=None, at=makers.NOW)
    gone = makers.make_article("Bí mật đã gỡ")
    newsroom.withdraw_article(article=gone, by=None, at=makers.NOW)
    for query in ("bi mat", "bí mật chờ giờ", "bi mta"):
        assert found(query) == []
        assert Client().get("/tim-kiem/goi-y/", {"q": query}).json()["hits"] == []
    clock.set(until)
    assert found("bi mat") == ["Bí mật chờ giờ"]


def test_a_new_headline_is_found_once_it_is_published(section: Section) -> None:
    article = makers.make_article("Tên đầu tiên")
    latest = Article.objects.get(pk=article.pk)
    latest.title = "Nhan đề mới"
    latest.save_revision(clean=False)
    assert (found("ten dau tien"), found("nhan de moi")) == (["Tên đầu tiên"], [])
    newsroom.publish_article(article=latest, by=None, at=makers.NOW)
    assert (found("ten dau tien"), found("nhan de moi")) == ([], ["Nhan đề mới"])
    Article.objects.get(pk=article.pk).delete()
    assert found("nhan de moi") == []
    assert not SearchEntry.objects.filter(kind__startswith="newsroom.").exists()


def test_hidden_activities_and_their_speakers_are_not_found(plan: Plan, officer_hmc: User) -> None:
    hidden = makers.make_activity(plan, title="Họp kín", is_public=False)
    draft = makers.make_activity(
        makers.make_plan(plan.agreement, year=2025, state=Plan.State.DRAFT), title="Họp kín nháp",
        starts_at=makers.NOW - timedelta(days=365),
    )  # fmt: skip
    activities.put_speakers(activity=hidden, speakers=[SpeakerDraft("Người Ẩn")], by=officer_hmc, at=makers.NOW)
    assert draft.title == "Họp kín nháp"
    assert (found("hop kin"), found("nguoi an"), found("hpo kin")) == ([], [], [])
    Activity.objects.filter(pk=hidden.pk).update(is_public=True)
    assert (found("hop kin"), found("nguoi an")) == (["Họp kín"], ["Người Ẩn"])
    activities.put_speakers(activity=hidden, speakers=[], by=officer_hmc, at=makers.NOW)
    assert found("nguoi an") == []
    assert not SearchEntry.objects.filter(kind="activities.speaker").exists()


def test_guests_mail_directions_and_records_are_not_found(plan: Plan) -> None:
    guest = makers.make_registration(makers.make_intake(makers.make_activity(plan)), name="Nguyễn Văn Khách")
    assert SearchEntry.objects.filter(kind="attendance.registration", object_id=guest.pk).exists()
    assert found("nguyen van khach") == []


def test_documents_go_with_their_article_and_stay_out_of_private_collections(section: Section) -> None:
    paper = document()
    article = offering(paper)
    assert found("danh muc", kind="documents") == ["Danh mục tài liệu khởi nghiệp"]
    private = Collection.get_first_root_node().add_child(name="Nội bộ")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    Download.objects.filter(pk=paper.pk).update(collection=private.add_child(name="Trong nội bộ"))
    assert found("danh muc", kind="documents") == []
    Download.objects.filter(pk=paper.pk).update(collection=Collection.get_first_root_node())
    newsroom.withdraw_article(article=article, by=None, at=makers.NOW)
    assert found("danh muc") == []
    assert not Offered.objects.exists()
    newsroom.publish_article(article=article, by=None, at=makers.NOW)
    assert found("danh muc", kind="documents") == ["Danh mục tài liệu khởi nghiệp"]
    latest = Article.objects.get(pk=article.pk)
    latest.body = [("text", "<p>Không còn.</p>")]
    latest.save_revision(clean=False)
    newsroom.publish_article(article=latest, by=None, at=makers.NOW)
    assert found("danh muc") == []


# --- while typing, and what it costs --------------------------------------------------------------
def test_suggestions_are_titles_with_what_was_asked_for_apart(plan: Plan) -> None:
    activity = makers.make_activity(plan, title="Họp báo quý")
    answer = Client().get("/en/tim-kiem/goi-y/", {"q": "hop"}).json()
    assert answer == {
        "all": "/en/tim-kiem/?q=hop",
        "hits": [
            {
                "kind": "Activity · 2026",
                "language": "" if activity.title_en else "vi",
                "title": answer["hits"][0]["title"],
                "url": f"/en/hoat-dong/{activity.slug}/",
            }
        ],
    }
    assert Client().get("/tim-kiem/goi-y/", {"q": "hpo bao"}).json()["hits"][0]["title"] == [
        ["Họp báo", True],
        [" quý", False],
    ]
    assert Client().get("/tim-kiem/goi-y/", {"q": "h"}).json()["hits"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_asks_the_same_for_one_and_three_rows(
    rows: int, plan: Plan, section: Section, officer_hmc: User
) -> None:
    for _row in range(rows):
        activity = makers.make_activity(plan, title="Lê Minh An kể chuyện")
        drafts = [SpeakerDraft("Lê Minh An")]
        activities.put_speakers(activity=activity, speakers=drafts, by=officer_hmc, at=makers.NOW)
        makers.make_article("Lê Minh An và tin")
        offering(document("Lê Minh An toàn tập"))
    found("le minh an")  # the addresses of the site's pages are known afterwards
    with CaptureQueriesContext(connection) as asked:
        assert len(found("le minh an")) == min(4 * rows, 10)
    # agreement, sections, topics, counts, entries; articles, activities, speakers, documents
    assert len(asked) == 9
    with CaptureQueriesContext(connection) as asked:
        assert len(found("le mihn an")) == min(4 * rows, 10)
    # the nearest in place of the entries
    assert len(asked) == 9


KINDS = {"Bài viết", "Hoạt động", "Diễn giả", "Ký bản ghi nhớ", "Dự lễ ký", "Nội dung hợp tác đã ký", "Tài liệu"}


@pytest.fixture
def every_kind(plan: Plan, section: Section, officer_hmc: User) -> Topic:
    """One of each of the seven kinds with the same words in its title, two of those that may have a topic, ten in all; the topic."""
    topic = Topic.objects.create(slug="startup", name="Khởi nghiệp", name_en="Start-ups")
    for number in range(2):
        activity = makers.make_activity(plan, title="Lê Minh An kể chuyện", topics=["startup"][number:])
        drafts = [SpeakerDraft("Lê Minh An")][number:]
        activities.put_speakers(activity=activity, speakers=drafts, by=officer_hmc, at=makers.NOW)
        body = [("text", "<p>Mời tải về.</p>"), ("document", document(f"Lê Minh An toàn tập {number}"))]
        makers.make_article(f"Lê Minh An và tin {number}", topics=[topic][number:], body=body)
    agreement = plan.agreement
    AttendingOfficial.objects.create(
        agreement=agreement, person=makers.make_person("Lê Minh An"), position="Giám đốc Sở", order=1
    )
    signatory = Signatory.objects.filter(party__agreement=agreement)[0]
    Person.objects.filter(pk=signatory.person_id).update(name="Lê Minh An")
    clause = agreement.clauses.all()[0]
    agreement.clauses.filter(pk=clause.pk).update(name="Lê Minh An giữ lời")
    for kind in (findable.SIGNATORY, findable.OFFICIAL, findable.CLAUSE):
        search.reindex(kind)
    return topic


# agreement, sections, topics, counts, entries; then one for each kind among those shown.
@pytest.mark.parametrize(
    ("narrowed", "kinds", "most"),
    [
        ({}, 7, 12),
        ({"year": "2026"}, None, 12),
        ({"language": "vi"}, 7, 12),
        ({"language": "en"}, None, 12),
        ({"section": "doi-ngoai"}, 2, 7),
        ({"topic": "startup"}, 4, 9),
        ({"kind": "news"}, 1, 6),
        ({"kind": "activities"}, 1, 6),
        ({"kind": "people"}, 3, 8),
        ({"kind": "documents"}, 2, 7),
        ({"topic": "startup", "year": "2026", "language": "vi", "section": "doi-ngoai"}, 2, 7),
        ({"page": "2"}, 7, 12),  # there is but one
        ({"topic": "khong-co", "section": "x", "year": "y", "kind": "z"}, 7, 12),  # not offered
    ],
)
def test_a_page_of_all_seven_kinds_takes_twelve_queries_at_most(
    every_kind: Topic, narrowed: dict[str, str], kinds: int | None, most: int
) -> None:
    Client().get("/tim-kiem/", {"q": "le minh an"})  # the addresses of the site's pages are known afterwards
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/tim-kiem/", {"q": "le minh an", **narrowed})
    shown = {str(hit.kind) for hit in answer.context["hits"]}
    assert shown <= KINDS
    if kinds is not None:
        assert (len(shown), len(asked)) == (kinds, most)
    assert len(asked) == 5 + len(shown) <= most


@pytest.mark.parametrize("query", ["le minh an", "le mihn an"])
def test_suggestions_of_several_kinds_take_ten_queries_at_most(every_kind: Topic, query: str) -> None:
    Client().get("/tim-kiem/goi-y/", {"q": query})
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get("/tim-kiem/goi-y/", {"q": query})
    shown = {hit["kind"].partition(" · ")[0] for hit in answer.json()["hits"]}
    assert len(shown) >= 3
    # The agreement, the entries, where none was right the nearest, and one for each kind shown; six are shown at most.
    assert len(asked) == 2 + (query == "le mihn an") + len(shown) <= 10


@pytest.mark.parametrize(("address", "limit"), [("/tim-kiem/", "search"), ("/tim-kiem/goi-y/", "suggestions")])
def test_searching_is_limited(address: str, limit: str, plan: Plan, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, limit: "2/m"}
    assert [Client().get(address, {"q": f"hop {n}"}).status_code for n in range(3)] == [200, 200, 429]


def box(page: str) -> bool:
    """Whether the head of a page has the search box."""
    return 'class="find" role="search" action=' in Client().get(page).content.decode()


def test_every_public_page_but_the_search_has_the_box(plan: Plan) -> None:
    assert {page: box(page) for page in ("/", "/lich/", "/en/", "/tim-kiem/")} == {
        "/": True, "/lich/": True, "/en/": True, "/tim-kiem/": False,
    }  # fmt: skip
    assert 'action="/en/tim-kiem/"' in Client().get("/en/").content.decode()


def test_results_are_kept_from_search_engines(plan: Plan) -> None:
    assert '<meta name="robots" content="noindex, follow">' in Client().get("/tim-kiem/?q=a").content.decode()
    assert "noindex" not in Client().get("/tim-kiem/").content.decode()
