"""One search for all rooms: with and without marks, the same answers on SQLite and PostgreSQL."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from nhipcau.activities.models import Activity
from nhipcau.attendance.models import Consent
from nhipcau.core import search
from nhipcau.core.models import SearchEntry, SearchGram
from nhipcau.core.search import Text
from nhipcau.outbox.services import queue_mail
from tests import makers

pytestmark = [pytest.mark.database, pytest.mark.django_db]
KIND = "tests.thing"
TEXTS = {
    1: "Họp báo công bố kế hoạch năm 2026",
    2: "Hợp tác báo chí quốc tế",
    3: "Tọa đàm “Khởi nghiệp: từ ý tưởng đến vốn”",
    4: "Nguyễn Thị Đào, Báo Sài Gòn",
    5: "Đắk Lắk – Ngãi Giao",
}


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    """Five things to find."""
    search.put_many(KIND, [(pk, (text,)) for pk, text in TEXTS.items()])


def found(query: str) -> list[int]:
    """The keys found, in their order."""
    return list(search.find(query, kinds=[KIND]).values_list("object_id", flat=True))


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("hop bao", [1, 2]),
        ("họp báo", [1, 2]),
        ("HỌP  BÁO", [1, 2]),
        ("bao hop", [1, 2]),
        ("toạ đàm", [3]),
        ("khoi ngh", [3]),
        ("dao", [4]),
        ("đào sài", [4]),
        ("dak lak", [5]),
        ("2026", [1]),
        ("ho\u0323p ba\u0301o", [1, 2]),
        ("khởi nghiep: vốn!", [3]),
        ("không có gì", []),
    ],
)
def test_find_by_words(query: str, keys: list[int]) -> None:
    assert found(query) == keys


@pytest.mark.parametrize("query", ["", "   ", "“”", "'\"*():&|!<->", '" OR 1=1 --', "a" * 3000, "<script>"])
def test_find_takes_whatever_is_typed(query: str) -> None:
    assert found(query) == []


def test_put_again_replaces_and_remove_forgets() -> None:
    search.put(KIND, 1, "Lễ ký kết")
    assert (found("hop bao cong bo"), found("le ky ket")) == ([], [1])
    search.remove(KIND, 1)
    assert found("le ky ket") == []
    assert SearchEntry.objects.filter(kind=KIND).count() == 4


def test_narrow_keeps_all_without_a_query_and_none_without_words() -> None:
    makers.make_plan()
    activity = makers.make_activity(title="Tọa đàm kinh tế số")
    makers.make_activity(title="Họp báo")
    rows = Activity.objects.order_by("pk")
    assert search.narrow(rows, "  ", kind="activities.activity").count() == 2
    assert list(search.narrow(rows, "kinh te", kind="activities.activity")) == [activity]
    assert list(search.narrow(rows, "“”", kind="activities.activity")) == []


def test_words_of_another_kind_are_not_found() -> None:
    assert search.find("hop bao", kinds=["activities.activity"]).count() == 0


# --- titles, marks, slips ---------------------------------------------------------------------------
def titled(*titles: str, body: str = "") -> None:
    """Things 11, 12 … with titles, each a day older than the one before."""
    search.put_texts(
        KIND,
        [
            (pk, Text(title=(title,), body=(body,), moment=makers.NOW - timedelta(days=pk)))
            for pk, title in enumerate(titles, start=11)
        ],
    )


def test_titles_come_before_texts_and_typed_marks_before_none() -> None:
    titled("Hộp bảo quản", "Cuộc họp báo", "Báo cáo họp")
    assert found("họp báo") == [12, 13, 11, 1, 2]
    assert found("hop bao") == [11, 12, 13, 1, 2]  # all hold it in their titles; as a phrase first, then the latest


def test_equals_are_told_apart_by_time() -> None:
    titled("Họp báo", "Họp báo")
    search.move(KIND, [12], moment=makers.NOW)
    assert found("họp báo")[:2] == [12, 11]


@pytest.mark.parametrize("query", ["hpo bao", "hop boa", "hopbao", "hopj baos", "họpp báo", "hop bsao"])
def test_titles_are_found_in_spite_of_slips(query: str) -> None:
    titled("Họp báo công bố kế hoạch", "Tọa đàm kinh tế số")
    near = search.near(query, within=SearchEntry.objects.filter(kind=KIND))
    assert ([entry.object_id for entry in near.entries], near.meant) == ([11], "họp báo")


@pytest.mark.parametrize("query", ["zzz qqq", "", "!!", "xo"])
def test_nothing_is_near_to_what_is_far(query: str) -> None:
    titled("Họp báo công bố kế hoạch")
    assert search.near(query, within=SearchEntry.objects.all()) == search.Near(())


def test_trigrams_follow_the_title() -> None:
    titled("Họp báo")
    titled("Lễ ký")
    assert set(SearchGram.objects.values_list("gram", flat=True)) == {" le", "le ", " ky", "ky "}
    search.remove(KIND, 11)
    assert not SearchGram.objects.exists()


# --- the table written anew ----------------------------------------------------------------------------
def test_reindex_writes_what_is_there_and_forgets_what_is_not() -> None:
    makers.make_plan()
    activity = makers.make_activity(title="Tọa đàm kinh tế số")
    SearchEntry.objects.all().delete()
    search.put("activities.activity", activity.pk + 1, "Không còn nữa")
    call_command("reindex_search", "activities.activity", stdout=StringIO())
    assert list(SearchEntry.objects.values_list("object_id", "title_folded")) == [
        (activity.pk, search.folded(activity.title, activity.title_en))
    ]
    with pytest.raises(CommandError, match="nichts"):
        call_command("reindex_search", "nichts")


def test_the_whole_table_written_anew_is_the_same_table() -> None:
    activity = makers.make_activity(makers.make_plan(), title="Tọa đàm kinh tế số")
    guest = makers.make_registration(makers.make_intake(activity), name="Nguyễn Văn Khách")
    Consent.objects.filter(registration=guest).update(guardian_name="Mẹ", guardian_phone="+84912345678")
    makers.make_article("Bài về kinh tế số")
    queue_mail(key="1", to="k@example.vn", subject="Kinh tế số", body="", at=makers.NOW, agreement=None)
    told = StringIO()
    call_command("reindex_search", stdout=told)
    before = list(SearchEntry.objects.order_by("kind", "object_id").values())
    assert {"attendance.registration: 1", "newsroom.article: 1", "outbox.message: 1"} < set(told.getvalue().split("\n"))
    call_command("reindex_search", stdout=StringIO())
    assert list(SearchEntry.objects.order_by("kind", "object_id").values()) == before
    assert list(search.find("0912345678", kinds=["attendance.registration"]).values_list("object_id", flat=True)) == [
        guest.pk
    ]


def test_every_kind_that_is_put_can_be_written_anew() -> None:
    assert list(search.sources()) == [
        "activities.activity", "activities.speaker", "agreements.clause", "agreements.official", "agreements.signatory",
        "attendance.registration", "evidence.evidence", "newsroom.article", "newsroom.document", "outbox.message",
        "plans.direction", "reports.report",
    ]  # fmt: skip
