"""The journal at the desk: told in sentences, narrowed, followed across the rooms, kept from whom it is not for."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from nhipcau.activities.models import Activity
from nhipcau.activities.services import move_activity
from nhipcau.attendance.models import Intake
from nhipcau.attendance.services import cancel_registration, check_in, register
from nhipcau.core.models import JournalEntry
from nhipcau.desk import chronicle
from nhipcau.evidence.services import verify_evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from nhipcau.plans.services import revise_target
from tests import makers
from tests.evidence.test_services import declare

SignIn = Callable[[User], Client]
GUEST: dict[str, Any] = {
    "name": "Huỳnh Thị Kín Đáo",
    "phone": "0912 345 678",
    "email": "kin.dao@example.vn",
    "unit": "Công ty Riêng Tư",
}


@pytest.fixture
def activity(plan: Plan) -> Activity:
    """An activity that works for the first clause."""
    indicator = makers.make_indicator(makers.make_objective(plan))
    return makers.make_activity(plan, indicators=[indicator], title="Tọa đàm Đường sắt đô thị", title_en="Urban rail")


@pytest.fixture
def moved(activity: Activity, officer_hmc: User, now: Any) -> Activity:
    """The same, moved by a day."""
    later = {"starts_at": activity.starts_at + timedelta(days=1), "ends_at": activity.ends_at + timedelta(days=1)}
    return move_activity(activity=activity, **later, reason="Diễn giả bận họp", by=officer_hmc, at=now)


def sentences(response: Any) -> list[str]:
    return [line.sentence for line in response.context["lines"]]


def test_an_act_is_told_in_the_readers_language(moved: Activity, officer_fsc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_fsc)
    response = client.get(reverse("desk:journal"))
    (line,) = response.context["lines"]
    assert line.sentence == (
        "officer_hmc dời hoạt động “HD-01 Tọa đàm Đường sắt đô thị” "
        "từ 14:00 · Thứ Năm, 10/12/2026 sang 14:00 · Thứ Sáu, 11/12/2026"
    )
    assert line.reason == "Diễn giả bận họp"
    assert line.url == f"/ban/hoat-dong/{moved.pk}/"
    assert [(one.label, one.before, one.after) for one in line.shown] == [
        ("Bắt đầu", "14:00 · Thứ Năm, 10/12/2026", "14:00 · Thứ Sáu, 11/12/2026"),
        ("Kết thúc", "17:00 · Thứ Năm, 10/12/2026", "17:00 · Thứ Sáu, 11/12/2026"),
    ]
    with translation.override("en"):
        page = reverse("desk:journal")
    assert sentences(client.get(page)) == [
        "officer_hmc moved the activity “HD-01 Urban rail” from 14:00 · Thursday, 10 December 2026 "
        "to 14:00 · Friday, 11 December 2026"
    ]


def test_the_journal_narrows(moved: Activity, officer_hmc: User, sign_in: SignIn) -> None:
    client, page = sign_in(officer_hmc), reverse("desk:journal")
    asked: dict[str, dict[str, Any]] = {
        "all": {},
        "words": {"q": "duong sat"},
        "reason": {"q": "dien gia ban"},
        "who": {"who": officer_hmc.pk},
        "kind": {"kind": "activities.activity"},
        "days": {"first": "23/11/2026", "last": "23/11/2026"},
        "nonsense": {"who": "x", "kind": "y", "first": "32/13"},
        "nobody": {"who": "0"},
        "other kind": {"kind": "plans.plan"},
        "other days": {"last": "22/11/2026"},
        "other words": {"q": "khongcogi"},
    }
    found = {name: len(sentences(client.get(page, query))) for name, query in asked.items()}
    assert found == dict.fromkeys(list(asked)[:7], 1) | dict.fromkeys(list(asked)[7:], 0)


def test_the_story_of_a_clause_goes_across_the_rooms(
    activity: Activity, officer_hmc: User, officer_fsc: User, records_hmc: User, now: Any, sign_in: SignIn
) -> None:
    plan = activity.plan
    indicator = activity.indicators.get()
    phase = plan.phases.order_by("first_day").last()
    assert phase is not None
    revise_target(indicator=indicator, phase=phase, value=5, by=officer_hmc, at=now, reason="Thêm một buổi")
    intake = makers.make_intake(activity)
    register(intake=intake, consent=makers.make_consent_wording(), at=now, **GUEST)
    claim = declare(plan, officer_hmc, now, activity=activity)
    verify_evidence(evidence=claim, by=officer_fsc, at=now + timedelta(minutes=1))
    clause = plan.agreement.clauses.get(order=1)
    page = reverse("desk:story", args=["agreements.clause", clause.pk])
    told = sentences(sign_in(officer_hmc).get(page))
    assert set(JournalEntry.objects.values_list("verb", flat=True)) == {
        "plans.revise_target", "attendance.register", "evidence.declare_evidence", "evidence.verify_evidence",
    }  # fmt: skip
    assert len(told) == 4
    assert told[0].startswith("officer_fsc xác nhận minh chứng")
    unseen = sentences(sign_in(records_hmc).get(page))
    assert len(unseen) == 3


def test_arrivals_are_summed_up_from_the_ledger(
    plan: Plan, officer_hmc: User, reception_hmc: User, now: Any, sign_in: SignIn
) -> None:
    activity = makers.make_activity(plan, starts_at=now)
    intake = makers.make_intake(activity)
    for _number in range(3):
        check_in(registration=makers.make_registration(intake), by=reception_hmc, at=now)
    response = sign_in(officer_hmc).get(reverse("desk:story", args=["activities.activity", activity.pk]))
    (line,) = response.context["lines"]
    assert (line.sentence.partition(":")[0], line.sentence[-4:], line.who) == (
        f"Sổ minh chứng ghi nhận cho {activity.code}",
        " – 3",
        "reception_hmc",
    )


def test_nothing_personal_is_kept(activity: Activity, officer_hmc: User, now: Any) -> None:
    intake: Intake = makers.make_intake(activity)
    guest = register(intake=intake, consent=makers.make_consent_wording(), at=now, **GUEST)
    cancel_registration(registration=guest, by=officer_hmc, at=now)
    kept = json.dumps(list(JournalEntry.objects.values()), default=str, ensure_ascii=False)
    assert [
        word for word in ("Kín Đáo", "kin dao", "345 678", "345678", "example.vn", "Riêng Tư") if word in kept
    ] == []
    assert guest.code in kept


@pytest.mark.parametrize("n", [1, 3])
def test_lists_take_the_same_statements_for_one_and_three(
    activity: Activity, officer_hmc: User, now: Any, sign_in: SignIn, n: int
) -> None:
    for day in range(1, n + 1):
        later = {"starts_at": activity.starts_at + timedelta(days=1), "ends_at": activity.ends_at + timedelta(days=1)}
        move_activity(activity=activity, **later, reason="Đổi lịch", by=officer_hmc, at=now + timedelta(days=day))
    client = sign_in(officer_hmc)
    counted = {}
    for name, page in {
        "journal": reverse("desk:journal"),
        "story": reverse("desk:story", args=["activities.activity", activity.pk]),
    }.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counted[name] = len(
            [one for one in queries if "core_journalentry" in one["sql"] or "evidence_evidence" in one["sql"]]
        )
    # count · entries · those within them   |   count · entries · ledger
    assert counted == {"journal": 3, "story": 3}


def test_files_carry_what_is_narrowed(moved: Activity, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    content = client.get(reverse("desk:journal_sheet"), {"q": "duong sat"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][1] == "officer_hmc"
    text = client.get(reverse("desk:journal_csv"), {"q": "khongcogi"}).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 1


def test_rows_of_the_file_are_as_high_as_what_they_wrap(
    activity: Activity, officer_hmc: User, now: Any, sign_in: SignIn
) -> None:
    later = {"starts_at": activity.starts_at + timedelta(days=1), "ends_at": activity.ends_at + timedelta(days=1)}
    move_activity(activity=activity, **later, reason="Đổi lịch " * 30, by=officer_hmc, at=now)
    sheet = openpyxl.load_workbook(
        io.BytesIO(sign_in(officer_hmc).get(reverse("desk:journal_sheet"), {"q": "doi lich"}).content)
    ).active
    assert sheet is not None
    assert (sheet["H4"].value, sheet.row_dimensions[4].height) == (("Đổi lịch " * 30).strip(), 9 * 15)


def test_files_and_page_say_what_was_left_out(
    activity: Activity, officer_hmc: User, now: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 5):
        later = {"starts_at": activity.starts_at + timedelta(days=1), "ends_at": activity.ends_at + timedelta(days=1)}
        move_activity(activity=activity, **later, reason="Đổi lịch", by=officer_hmc, at=now + timedelta(days=day))
    client = sign_in(officer_hmc)
    files = {
        "journal": (reverse("desk:journal_csv"), reverse("desk:journal_sheet")),
        "story": tuple(
            reverse(f"desk:story_{form}", args=["activities.activity", activity.pk]) for form in ("csv", "sheet")
        ),
    }
    whole = {name: _rows(client, table) for name, (table, _sheet) in files.items()}
    words = "Tệp chỉ gồm các việc gần nhất"
    assert words not in str(whole)
    story = reverse("desk:story", args=["activities.activity", activity.pk])
    said = {reverse("desk:journal"): "danh sách và tệp xuất ra chỉ gồm", story: "diễn biến này và tệp xuất ra chỉ gồm"}
    assert not [page for page, words in said.items() if words in client.get(page).content.decode()]
    for name, (table, sheet) in files.items():
        acts = len(whole[name]) - 1  # the heading
        monkeypatch.setattr(chronicle, "MOST_ROWS", acts - 1)
        monkeypatch.setattr(chronicle.JournalPaginator, "most", acts - 1)
        rows = _rows(client, table)
        assert [len(row) > 1 for row in rows] == [True] * acts + [False]
        assert (
            rows[-1][0]
            == f"{words}: còn 1 việc cũ hơn không có trong tệp này. Vui lòng thu hẹp danh sách để lấy phần còn lại."
        )
        found = openpyxl.load_workbook(io.BytesIO(client.get(sheet).content)).active
        assert found is not None
        assert words in str(found["A2"].value)
        assert words in str(found.cell(found.max_row, 1).value)
        page = client.get(reverse("desk:journal") if name == "journal" else story)
        assert (
            f"Có trên {acts - 1} việc; {said[page.request['PATH_INFO']]} {acts - 1} việc gần nhất"
            in page.content.decode()
        )
        assert page.context["page_obj"].paginator.count == acts - 1
        monkeypatch.undo()


def _rows(client: Client, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))


def test_a_part_of_another_page_shows_the_last_few(moved: Activity, officer_hmc: User, sign_in: SignIn) -> None:
    page = reverse("desk:story", args=["activities.activity", moved.pk])
    response = sign_in(officer_hmc).get(page, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert len(sentences(response)) == 1


def test_who_may_read(
    moved: Activity, outsider: User, overseer_dofa: User, administrator: User, sign_in: SignIn
) -> None:
    page = reverse("desk:story", args=["activities.activity", moved.pk])
    unit = reverse("desk:story", args=["parties.organisation", moved.lead_id])
    asked = {user.username: sign_in(user) for user in (outsider, overseer_dofa, administrator)}
    assert {name: (client.get(page).status_code, client.get(unit).status_code) for name, client in asked.items()} == {
        "outsider": (404, 404),
        "overseer_dofa": (200, 404),
        "administrator": (200, 200),
    }


def test_guests_of_one_day_are_one_line_to_open(
    activity: Activity, officer_hmc: User, now: Any, sign_in: SignIn
) -> None:
    intake, wording = makers.make_intake(activity), makers.make_consent_wording()
    for number in range(3):
        register(intake=intake, consent=wording, at=now, name=f"Khách {number}", phone=f"091234567{number}")
    (line,) = sign_in(officer_hmc).get(reverse("desk:journal")).context["lines"]
    assert (line.sentence, len(line.inner)) == ("3 khách tự đăng ký trực tuyến", 3)
