"""Vietnamese text, names, dates, numbers, telephones, addresses and deadlines: by a table of facts and by property.

Every vector of vietnamese_vectors.yaml is asked once, under its own id. One is wrong and is put right in CORRECTED.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.dates import format_date
from hypothesis import example, given
from hypothesis import strategies as st

from nhipcau.core import days
from nhipcau.core import vietnamese as vi
from nhipcau.core.vietnamese import text

VECTORS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "vietnamese_vectors.yaml").read_text(encoding="utf-8")
)
DATES = {
    "long": vi.long_date,
    "short": vi.short_date,
    "weekday": vi.weekday_long,
    "quarter": vi.quarter,
    "babel_full_vi": lambda d: format_date(d, "full", locale="vi"),
}
# H06 calls 1900 1234 shared cost and names phonenumbers as its witness, but the metadata of that library (9.0.43)
# has no shared-cost range for Vietnam: 1900 with 4 to 6 more digits is its premium-rate range.
CORRECTED: dict[str, dict[str, str]] = {"H06": {"kind": "premium"}}

NUMBERS: dict[str, Callable[[Any], str]] = {
    "": vi.format_number,
    "percent": vi.percent,
    "vnd_document": vi.vnd_document,
    "vnd_screen": vi.vnd_screen,
    "document_number": lambda n: vi.document_number(int(n)),
}


def vectors(group: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("v", VECTORS[group], ids=[v["id"] for v in VECTORS[group]])


def test_vectors_are_all_there() -> None:
    assert sum(len(group) for group in VECTORS.values()) == 118


@vectors("normalize")
def test_normalise_gives_the_stored_form(v: dict[str, Any]) -> None:
    assert vi.normalise(v["input"]) == v["expect"]


@vectors("legacy_encoding")
def test_decode_legacy_gives_the_text(v: dict[str, Any]) -> None:
    encoding = {"mojibake_utf8_as_cp1252": "mojibake"}.get(v["encoding"], v["encoding"])
    raw = (
        bytes.fromhex(v["input_bytes_hex"])
        if "input_bytes_hex" in v
        else v["input_latin1" if "input_latin1" in v else "input"]
    )
    assert vi.decode_legacy(raw, encoding) == v["expect"]


@vectors("fold_search")
def test_fold_gives_the_search_key(v: dict[str, Any]) -> None:
    assert vi.fold(v["input"]) == v["expect"]


@vectors("search_match")
def test_matches_tells_both_levels(v: dict[str, Any]) -> None:
    assert vi.matches(v["query"], v["text"]) == vi.Match(folded=v["folded"], exact=v["exact"])


@vectors("tone_canonical")
def test_canonical_places_the_tone(v: dict[str, Any]) -> None:
    assert vi.canonical(v["input"]) == v["expect"]


@vectors("collate")
def test_collation_orders_as_cldr_vi(v: dict[str, Any]) -> None:
    shuffled = v["sorted"][::-1]
    assert sorted(shuffled, key=vi.collation_text) == v["sorted"]
    assert sorted(shuffled, key=vi.collation_key) == v["sorted"]


@vectors("sort_people")
def test_people_stand_by_given_name(v: dict[str, Any]) -> None:
    shuffled = v["sorted"][::-1]
    assert sorted(shuffled, key=vi.person_sort_text) == v["sorted"]


@vectors("name_parts")
def test_split_name_gives_the_parts(v: dict[str, Any]) -> None:
    assert vi.split_name(v["input"]) == vi.NameParts(v["family"], v["middle"], v["given"])


@vectors("address_form")
def test_address_form_never_guesses(v: dict[str, Any]) -> None:
    if "short_form" in v:
        assert vi.short_form(v["name"], sex="male") == v["short_form"]
        assert v["short_form"] != v["forbidden_short_form"]
    else:
        expected = vi.AddressForm(v["sentence_start"], v["inside"])
        assert vi.address_form(v["name"], sex=v["sex"], title=v["title"]) == expected


@vectors("signature_name")
def test_signature_name_is_bare(v: dict[str, Any]) -> None:
    assert vi.signature_name(v["input"]) == v["expect"]


@vectors("date_parse")
def test_dates_are_read_day_first(v: dict[str, Any]) -> None:
    parse = vi.parse_moment if "T" in v["expect"] else vi.parse_date
    if v["expect"] == "error":
        with pytest.raises(ValueError, match="day is out of range"):
            parse(v["input"])
    else:
        assert parse(v["input"]).isoformat() == v["expect"]


@vectors("date_format")
def test_dates_are_written_as_offices_do(v: dict[str, Any]) -> None:
    day = date.fromisoformat(v["input"])
    written = vi.letterhead(day, v["place"]) if v["style"] == "letterhead" else DATES[v["style"]](day)
    assert written == v["expect"]


@vectors("number_format")
def test_numbers_are_written(v: dict[str, Any]) -> None:
    assert NUMBERS[v.get("style", "")](v["input"]) == v["expect"]


@vectors("number_parse")
def test_numbers_are_read(v: dict[str, Any]) -> None:
    assert str(vi.parse_number(v["input"])) == v["expect"]


@vectors("number_words")
def test_numbers_are_spelled(v: dict[str, Any]) -> None:
    assert vi.in_words(int(v["input"])) == v["expect"]


@vectors("phone")
def test_phones_are_read(v: dict[str, Any]) -> None:
    phone = vi.parse_phone(v["input"])
    assert (phone is not None) == v["valid"]
    expected = {k: v[k] for k in ("e164", "national", "international", "kind") if k in v} | CORRECTED.get(v["id"], {})
    assert {k: getattr(phone, k) for k in expected} == expected


@vectors("address")
def test_addresses_are_taken_apart(v: dict[str, Any]) -> None:
    found = vi.parse_address(v["input"], as_of=date.fromisoformat(v["as_of"]))
    if v.get("expect") == "accepted_with_warning":
        assert found == vi.Address(v["input"], None, None, "Quận 3", "Thành phố Hồ Chí Minh", ("district_abolished",))
    else:
        assert found == vi.Address(v["input"], **v["parts"])


def filed(v: dict[str, Any]) -> dict[str, Any]:
    """Answer a deadline vector with the period that its rule prescribes."""
    match v["id"]:
        case "X01" | "X02" | "X03":
            start = datetime.fromisoformat(v["event_start"])
            notice = days.latest_filing(start, 24, "hour")
            refusal = days.latest_filing(start, 12, "hour").latest
            return {
                "latest_submit": notice.latest.isoformat(),
                "advised_submit": notice.advised.isoformat(),
                "refusal_deadline": refusal.isoformat(),
            }
        case "X04":
            return {"latest_submit": str(days.latest_filing(date.fromisoformat(v["event_start"]), 30, "day").day)}
        case "X05":
            return {"latest_report": str(days.due_after(date.fromisoformat(v["event_end"]), 15, "day").day)}
        case _:
            return {"latest_submit": str(days.latest_filing(date.fromisoformat(v["arrival"]), 10, "workday").day)}


@vectors("deadline")
def test_deadlines_are_counted(v: dict[str, Any]) -> None:
    asked = v.keys() & {"latest_submit", "advised_submit", "refusal_deadline", "latest_report"}
    answer = filed(v)
    assert {k: answer[k] for k in asked} == {k: v[k] for k in asked}


# --- beyond the vectors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "encoding", "expected"),
    [
        (b"\xa7\xe8i ngo\xb9i", "tcvn3", "Đối ngoại"),
        ("HOÄI NGHÒ ÑOÁI NGOAÏI", "vni", "HỘI NGHỊ ĐỐI NGOẠI"),
        ("Söï kieän, ngöôøi", "vni", "Sự kiện, người"),
        ("Ä\u0090á»\u2018i", "mojibake", "Đối"),
    ],
)
def test_decode_legacy_reads_capitals_and_horns(raw: str | bytes, encoding: Any, expected: str) -> None:
    assert vi.decode_legacy(raw, encoding) == expected


def test_decode_legacy_refuses_what_was_never_utf8() -> None:
    with pytest.raises(ValueError, match="one-byte encoding"):
        vi.decode_legacy("Hội nghị", "mojibake")
    with pytest.raises(ValueError, match="utf-8"):
        vi.decode_legacy("h\u00f4 h\u00f4", "mojibake")


def test_normalise_leaves_icelandic_names_alone() -> None:
    assert vi.normalise("Guðrún Ðsk") == "Guðrún Ðsk"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [("hòan", "hoàn"), ("qúy", "quý"), ("húynh", "huýnh"), ("Hùynh", "Huỳnh"), ("loét", "loét"), ("thuở", "thuở")],
)
def test_canonical_mends_slips_of_the_typist(typed: str, canonical: str) -> None:
    assert vi.canonical(typed) == canonical


@pytest.mark.parametrize(
    ("first", "then"),
    [("Anh", "anh2"), ("anh", "Anh"), ("øz", "z"), ("10", "a"), ("Đ", "e"), ("resume", "résumé"), ("a-b", "ab")],
)
def test_collation_orders_pairs(first: str, then: str) -> None:
    assert vi.collation_text(first) < vi.collation_text(then)


def test_collation_weights_fit_in_two_digits() -> None:
    assert len(set(text._ORDER)) == len(text._ORDER) < 99


def test_collation_text_is_digits_only() -> None:
    assert vi.collation_text("Đỗ Ánh 2 «Ωß漢»").isdecimal()
    assert vi.collation_text("Đỗ Ánh 2 «Ωß漢»").isascii()


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("PGS.TS. Nguyễn Thị Minh Châu", "Nguyễn Thị Minh Châu"),
        ("Ông ThS Lê Văn Hòa", "Lê Văn Hòa"),
        ("Lê Văn Hòa, PhD", "Lê Văn Hòa"),
        ("Mã Thị Lan", "Mã Thị Lan"),
        ("Bá Văn An", "Bá Văn An"),
        ("Tiến sĩ Trần Anh", "Trần Anh"),
        ("Bà", "Bà"),
    ],
)
def test_signature_name_keeps_names_that_look_like_titles(typed: str, bare: str) -> None:
    assert vi.signature_name(typed) == bare


@pytest.mark.parametrize(
    ("name", "sex", "short"),
    [
        ("An Thị Liên Phương", "female", "bà Liên Phương"),
        ("Nguyễn Thị Lan", "female", "bà Lan"),
        ("Từ Lương", "male", "ông Lương"),
        ("Trần Phước Anh", "", "Phước Anh"),
    ],
)
def test_short_form_drops_silent_middle_words(name: str, sex: str, short: str) -> None:
    assert vi.short_form(name, sex=sex) == short


def test_address_form_without_sex_or_title_offers_both() -> None:
    assert vi.address_form("Trần Phước Anh") == vi.AddressForm("Ông/Bà Trần Phước Anh", "ông/bà Trần Phước Anh")


@pytest.mark.parametrize(
    "typed",
    [
        "Thứ Năm, 20/01/2022",
        "Chủ nhật, ngày 20 tháng 01 năm 2022",
        "2022-01-20",
        "20 / 1 / 2022",
        "20 tháng 1, năm 2022",
    ],
)
def test_parse_date_reads_what_people_write(typed: str) -> None:
    assert vi.parse_date(typed) == date(2022, 1, 20)


@pytest.mark.parametrize("typed", ["", "20/1", "20/1/22", "20/1-2022", "mai", "15:38 11/11/2021"])
def test_parse_date_refuses_the_rest(typed: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        vi.parse_date(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "20/01/2022 13:45",
        "13g45, Thứ Năm, 20/01/2022",
        "lúc 13 giờ 45 phút ngày 20 tháng 01 năm 2022",
        "2022-01-20T13:45",
    ],
)
def test_parse_moment_reads_what_people_write(typed: str) -> None:
    assert vi.parse_moment(typed).isoformat() == "2022-01-20T13:45:00+07:00"


@pytest.mark.parametrize("typed", ["25:00 20/01/2022", "20/01/2022", "8h75 20/01/2022"])
def test_parse_moment_refuses_impossible_hours(typed: str) -> None:
    with pytest.raises(ValueError, match=r"hour|minute"):
        vi.parse_moment(typed)


def test_dates_have_english_counterparts() -> None:
    day = date(2022, 1, 20)
    assert vi.weekday_short(day) == "Thứ Năm, 20/01/2022"
    assert vi.weekday_short(day, language="en") == "Thursday, 20 January 2022"
    assert vi.short_date(day, language="en") == "20 Jan 2022"
    assert vi.quarter(day, language="en") == "Q1 2022"
    assert vi.weekday_short(date(2022, 1, 23)) == "Chủ nhật, 23/01/2022"


def test_parse_date_refuses_a_year_that_is_a_slip() -> None:
    with pytest.raises(ValueError, match="year is out of range"):
        vi.parse_date("20/01/0202")


def test_clock_is_local() -> None:
    moment = datetime.fromisoformat("2022-01-19T18:45:00+00:00")
    assert (vi.clock(moment), vi.clock_spoken(moment), vi.short_date(moment)) == ("01:45", "01g45", "20/01/2022")


def test_numbers_have_english_counterparts() -> None:
    assert vi.format_number(Decimal("1234.5"), language="en") == "1,234.5"
    assert vi.vnd_document(1250000, language="en") == "VND 1,250,000"
    assert vi.vnd_screen(1250000, language="en") == "₫1,250,000"
    assert vi.percent("0.8567", language="en") == "85.7%"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, None, "0"),
        (1000, None, "1.000"),
        ("2.5", 0, "3"),
        ("0.0004", None, "0"),
        ("-0.0004", None, "0"),
        (-1234, None, "-1.234"),
        (10, 1, "10,0"),
    ],
)
def test_format_number_rounds_half_up(value: vi.Number, decimals: int | None, expected: str) -> None:
    assert vi.format_number(value, decimals) == expected


@pytest.mark.parametrize("typed", ["", "1.5", "1,2,3", "12.34.567", "triệu", "năm"])
def test_parse_number_refuses_what_is_unclear(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        vi.parse_number(typed)


def test_parse_vnd_gives_whole_dong() -> None:
    assert vi.parse_vnd("1,2 tỷ đồng") == 1_200_000_000
    assert vi.parse_vnd("1.250.000₫") == 1_250_000
    with pytest.raises(ValueError, match="too large"):
        vi.parse_vnd("999.999.999 tỷ")
    for typed in ("12%", "12,5 đồng"):
        with pytest.raises(ValueError, match="not whole đồng"):
            vi.parse_vnd(typed)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (24, "hai mươi bốn"),
        (101, "một trăm lẻ một"),
        (1_005, "một nghìn không trăm lẻ năm"),
        (1_000_000_005, "một tỷ không trăm lẻ năm"),
        (2_678_000_000, "hai tỷ sáu trăm bảy mươi tám triệu"),
        (3_000_000_000_000, "ba nghìn tỷ"),
        (-55, "âm năm mươi lăm"),
    ],
)
def test_in_words_spells_every_group(n: int, words: str) -> None:
    assert vi.in_words(n) == words


def test_in_words_speaks_northern_too() -> None:
    assert vi.in_words(105, zero_word="linh") == "một trăm linh năm"
    assert vi.vnd_in_words(1250000) == "Một triệu hai trăm năm mươi nghìn đồng"


def test_normal_mobile_is_the_key_of_a_participant() -> None:
    assert {vi.normal_mobile(s) for s in ("0912 345 678", "+84912345678", "84.912.345.678")} == {"+84912345678"}
    assert [vi.normal_mobile(s) for s in ("028 3822 4224", "0912 345", "gọi sau", "")] == [None, None, None, None]


def test_address_knows_a_city_under_a_city() -> None:
    written = "Số 1, đường số 2, phường An Khánh, thành phố Thủ Đức, Thành phố Hồ Chí Minh"
    assert vi.parse_address(written, as_of=date(2022, 1, 1)) == vi.Address(
        written, "Số 1, đường số 2", "phường An Khánh", "thành phố Thủ Đức", "Thành phố Hồ Chí Minh"
    )


# --- days ---------------------------------------------------------------------------------------------------


def test_holidays_of_2022_close_the_offices() -> None:
    closed = [
        day
        for n in range(365)
        if (day := date.fromordinal(date(2022, 1, 1).toordinal() + n)).weekday() < 5 and not days.is_working_day(day)
    ]
    assert [f"{day:%d/%m}" for day in closed] == [
        "03/01", "31/01", "01/02", "02/02", "03/02", "04/02", "11/04", "02/05", "03/05", "01/09", "02/09",
    ]  # fmt: skip


def test_culture_day_is_a_holiday_from_2026() -> None:
    assert [days.is_holiday(date(year, 11, 24)) for year in (2025, 2026, 2027)] == [False, True, True]
    assert days.holiday_name(date(2026, 11, 24)) == "Ngày Văn hóa Việt Nam"
    assert days.holiday_name(date(2026, 11, 25)) is None


def test_exchanged_saturday_is_worked() -> None:
    assert days.is_working_day(date(2026, 8, 22))
    assert not days.is_working_day(date(2026, 8, 31))


def test_working_days_skip_tet() -> None:
    assert days.next_working_day(date(2022, 1, 28)) == date(2022, 2, 7)
    assert days.previous_working_day(date(2022, 2, 7)) == date(2022, 1, 28)
    assert days.add_working_days(date(2022, 1, 29), 0) == date(2022, 1, 29)


def test_days_before_end_early_when_closed() -> None:
    found = days.latest_filing(date(2022, 6, 14), 30, "day")  # 15/5/2022 is a Sunday
    assert found == days.Deadline(
        latest=datetime(2022, 5, 13, 16, 30, tzinfo=vi.ZONE),
        advised=datetime(2022, 5, 13, 16, 30, tzinfo=vi.ZONE),
        closed=True,
    )


def test_days_after_end_late_when_closed() -> None:
    found = days.due_after(date(2022, 6, 17), 15, "day")  # 02/7/2022 is a Saturday
    assert found == days.Deadline(
        latest=datetime(2022, 7, 4, 16, 30, tzinfo=vi.ZONE),
        advised=datetime(2022, 7, 1, 16, 30, tzinfo=vi.ZONE),
        closed=True,
    )


@pytest.mark.parametrize(
    ("moment", "open_moment"),
    [
        ("2022-03-09T09:00:00+07:00", "2022-03-09T09:00:00+07:00"),
        ("2022-03-09T20:00:00+07:00", "2022-03-09T16:30:00+07:00"),
        ("2022-03-09T06:00:00+07:00", "2022-03-08T16:30:00+07:00"),
        ("2022-03-12T10:00:00+07:00", "2022-03-11T16:30:00+07:00"),
        ("2022-03-09T02:00:00+00:00", "2022-03-09T09:00:00+07:00"),
    ],
)
def test_last_open_moment_is_an_office_hour(moment: str, open_moment: str) -> None:
    assert days.last_open_moment(datetime.fromisoformat(moment)).isoformat() == open_moment


def test_hours_need_an_aware_moment() -> None:
    for anchor in (date(2022, 3, 9), datetime(2022, 3, 9, 9, 0)):  # noqa: DTZ001  (the wrong value under test)
        with pytest.raises(ValueError, match="hours are counted"):
            days.latest_filing(anchor, 24, "hour")
    assert (
        days.due_after(datetime(2022, 3, 9, 9, 0, tzinfo=vi.ZONE), 72, "hour").latest.isoformat()
        == "2022-03-12T09:00:00+07:00"
    )


# --- properties ---------------------------------------------------------------------------------------------

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèêềghiìklmnoòôồơờpqrstuùưừvxyỳ ĐÂẶỔỰÝ-,0123456789ðÐ"
VIETNAMESE = st.text(alphabet=LETTERS, max_size=30)
YEARS = st.dates(min_value=date(2020, 1, 1), max_value=date(2029, 12, 31))


@given(st.text())
def test_normalise_is_idempotent(s: str) -> None:
    assert vi.normalise(vi.normalise(s)) == vi.normalise(s)


@given(st.text())
def test_fold_is_idempotent(s: str) -> None:
    assert vi.fold(vi.fold(s)) == vi.fold(s)


@given(st.one_of(st.text(), VIETNAMESE))
def test_decomposed_input_gives_the_same_keys(s: str) -> None:
    apart = unicodedata.normalize("NFD", s)
    assert (vi.normalise(apart), vi.fold(apart), vi.canon_key(apart), vi.collation_text(apart)) == (
        vi.normalise(s),
        vi.fold(s),
        vi.canon_key(s),
        vi.collation_text(s),
    )


@given(VIETNAMESE)
@example("qùÝ")
def test_canonical_is_idempotent_and_keeps_the_letters(s: str) -> None:
    assert vi.canonical(vi.canonical(s)) == vi.canonical(s)
    assert vi.fold(vi.canonical(s)) == vi.fold(s)


ALL_SORTED = [word for group in ("collate", "sort_people") for v in VECTORS[group] for word in v["sorted"]]


@given(st.sampled_from(ALL_SORTED), st.sampled_from(ALL_SORTED))
def test_sort_text_orders_as_its_key_and_tells_words_apart(a: str, b: str) -> None:
    by_text = (vi.collation_text(a) > vi.collation_text(b)) - (vi.collation_text(a) < vi.collation_text(b))
    by_key = (vi.collation_key(a) > vi.collation_key(b)) - (vi.collation_key(a) < vi.collation_key(b))
    assert by_text == by_key
    assert (by_text == 0) == (a == b)


@given(st.text(max_size=20))
def test_sort_text_is_digits_for_any_input(s: str) -> None:
    assert vi.collation_text(s).isascii()
    assert vi.collation_text(s).isdecimal()


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_written_numbers_read_back(n: int) -> None:
    assert vi.parse_number(vi.vnd_document(n)) == n


@given(YEARS)
def test_written_dates_read_back(d: date) -> None:
    for written in (vi.short_date(d), vi.long_date(d), vi.weekday_short(d), vi.weekday_long(d), d.isoformat()):
        assert vi.parse_date(written) == d


@given(YEARS, st.integers(min_value=1, max_value=60))
def test_working_days_counted_there_and_back(d: date, n: int) -> None:
    start = days.on_or_after(d)
    assert days.add_working_days(days.add_working_days(start, n), -n) == start


@given(YEARS, st.integers(min_value=0, max_value=90), st.sampled_from(["day", "workday"]))
def test_filing_is_never_late_and_always_open(d: date, n: int, unit: Any) -> None:
    found = days.latest_filing(d, n, unit)
    assert (d - found.day).days >= n
    assert days.is_office_open(found.advised)
