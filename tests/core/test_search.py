"""One search for all rooms: with and without marks, the same answers on SQLite and PostgreSQL."""

import pytest

from nhipcau.activities.models import Activity
from nhipcau.core import search
from nhipcau.core.models import SearchEntry
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
