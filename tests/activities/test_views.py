"""The desk's pages about activities, asked by the cast."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.activities import services
from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

SignIn = Callable[[User], Client]
LIST = "/ban/hoat-dong/"
STEPS = ("sua", "dien-gia", "kich-ban", "xac-nhan-to-chuc", "hoan-tat", "doi-lich", "huy", "mo-lai")


def _address(activity: Activity, step: str = "") -> str:
    return f"{LIST}{activity.pk}/{step + '/' if step else ''}"


def _facts(activity: Activity, **more: Any) -> dict[str, Any]:
    """What the edit form of an activity sends."""
    values: dict[str, Any] = {
        "kind": activity.kind_id,
        "code": activity.code,
        "title": activity.title,
        "title_en": activity.title_en,
        "mode": "onsite",
        "language": activity.language,
        "lead": activity.lead_id,
        "partner": activity.partner_id,
        "expected": "50",
        "estimate": "20.000.000",
        "is_public": "on",
    }
    return values | more


@pytest.fixture
def activity(plan: Plan) -> Activity:
    """A talk led by HMC on 10/12/2026."""
    return makers.make_activity(plan)


# --- who may ----------------------------------------------------------------------------------
@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, User]:
    """Everybody of the cast by name."""
    names = (
        "officer_hmc", "officer_fsc", "director_hmc", "records_hmc", "reception_hmc", "overseer_dofa", "overseer_dic",
        "administrator", "outsider",
    )  # fmt: skip
    return {name: request.getfixturevalue(name) for name in names}


def test_everybody_inside_reads_and_others_learn_nothing(
    sign_in: SignIn, activity: Activity, cast: dict[str, User]
) -> None:
    outsider = cast.pop("outsider")
    inside = list(cast.values())
    for address in (LIST, _address(activity), f"{LIST}hoat-dong.xlsx"):
        assert {user.username: sign_in(user).get(address).status_code for user in inside} == {
            user.username: 200 for user in inside
        }
        assert sign_in(outsider).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_only_staff_of_the_lead_unit_change_an_activity(
    sign_in: SignIn, activity: Activity, cast: dict[str, User]
) -> None:
    expected = {
        "officer_hmc": 200, "director_hmc": 200, "officer_fsc": 403, "records_hmc": 403, "reception_hmc": 403,
        "overseer_dic": 403, "administrator": 403, "outsider": 404,
    }  # fmt: skip
    for step in STEPS:
        for name, status in expected.items():
            user = cast[name]
            client = sign_in(user)
            assert (step, user.username, client.get(_address(activity, step)).status_code) == (
                step, user.username, status,
            )  # fmt: skip
            if status != 200:
                assert client.post(_address(activity, step), {"reason": "x"}).status_code == status
        assert Client().get(_address(activity, step)).status_code == 302
        assert sign_in(cast["officer_hmc"]).put(_address(activity, step)).status_code == 405
    activity.refresh_from_db()
    assert activity.state == "planned"


def test_officers_of_both_parties_may_add_an_activity(
    sign_in: SignIn, plan: Plan, officer_hmc: User, officer_fsc: User, reception_hmc: User, overseer_dofa: User
) -> None:
    found = {
        user.username: sign_in(user).get(f"{LIST}moi/").status_code
        for user in (officer_hmc, officer_fsc, reception_hmc, overseer_dofa)
    }
    assert found == {"officer_hmc": 200, "officer_fsc": 200, "reception_hmc": 403, "overseer_dofa": 403}


def test_pages_only_read_refuse_posting(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    assert [client.post(address).status_code for address in (LIST, _address(activity), f"{LIST}hoat-dong.xlsx")] == [
        405, 405, 405,
    ]  # fmt: skip
    assert client.get(f"{LIST}999999/").status_code == 404


# --- the list ---------------------------------------------------------------------------------
def _titles(client: Client, query: str) -> list[str]:
    return [a.title for a in client.get(LIST + query).context["page_obj"]]


def test_list_is_found_without_marks_and_filtered(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    autumn = datetime(2026, 9, 15, 9, 0, tzinfo=LOCAL)
    makers.make_activity(plan, title="Họp báo đầu mùa", kind="press_conference", starts_at=autumn)
    makers.make_activity(plan, title="Gặp gỡ doanh nghiệp", lead=makers.make_organisation("fsc"), partner=None)
    makers.make_activity(plan, title="Chuyện nghề", state="cancelled")
    client = sign_in(officer_hmc)
    fsc, phase = makers.make_organisation("fsc").pk, plan.phases.get(order=3).pk
    assert _titles(client, "") == ["Họp báo đầu mùa", "Gặp gỡ doanh nghiệp", "Chuyện nghề"]
    assert _titles(client, "?q=hop bao") == ["Họp báo đầu mùa"]
    assert _titles(client, "?q=khong co gi") == []
    assert _titles(client, f"?lead={fsc}") == ["Gặp gỡ doanh nghiệp"]
    assert _titles(client, f"?phase={phase}") == ["Họp báo đầu mùa"]
    assert _titles(client, "?kind=press_conference") == ["Họp báo đầu mùa"]
    assert _titles(client, "?state=unconfirmed") == ["Họp báo đầu mùa"]
    assert _titles(client, "?state=ahead") == ["Gặp gỡ doanh nghiệp"]
    assert _titles(client, "?state=cancelled") == ["Chuyện nghề"]
    assert len(_titles(client, "?state=nonsense&lead=x&phase=-1&kind=%00&page=abc")) == 3


def test_list_counts_the_steps(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    for state, days in [
        ("planned", 3),
        ("planned", -3),
        ("held", -5),
        ("closed", -9),
        ("closed", -10),
        ("cancelled", 1),
    ]:
        makers.make_activity(plan, state=state, starts_at=makers.NOW + timedelta(days=days))
    context = sign_in(officer_hmc).get(LIST).context
    assert {step: count for step, _label, count in context["steps"]} == {
        "ahead": 1, "unconfirmed": 1, "held": 1, "closed": 2, "cancelled": 1,
    }  # fmt: skip
    assert context["total"] == 6


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_list_asks_the_same_queries_for_one_and_three_rows(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    client.get(LIST)
    counts = []
    for number in (1, 2):
        for _row in range(number):
            makers.make_activity(plan)
        counts.append((_queries(client, LIST), _queries(client, f"{LIST}hoat-dong.xlsx")))
    # The page also draws the sidebar, whose counts belong to other rooms; the sheet stands for itself.
    assert counts[0][0] == counts[1][0]
    # session, account, agreement, plan, phases, parties and supervisions, memberships, rows
    assert (counts[0][1], counts[1][1]) == (8, 8)


def test_export_has_true_dates_and_no_formulas(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    makers.make_activity(plan, code="TS-01", title="=1+1")
    response = sign_in(officer_hmc).get(f"{LIST}hoat-dong.xlsx?q=1")
    assert response["Content-Disposition"] == 'attachment; filename="hoat-dong-2026.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    row = [cell.value for cell in sheet[4]]
    assert row[:2] == ["TS-01", "=1+1"]
    assert sheet["B4"].data_type == "s"
    assert [f"{moment:%d/%m/%Y %H:%M}" for moment in row[4:6]] == ["10/12/2026 14:00", "10/12/2026 17:00"]
    assert row[10:13] == [50, 20_000_000, None]


# --- one activity -----------------------------------------------------------------------------
def test_activity_page_asks_the_same_queries_however_much_it_holds(
    sign_in: SignIn, plan: Plan, activity: Activity, officer_hmc: User
) -> None:
    client = sign_in(officer_hmc)
    client.get(_address(activity))
    counts = []
    objective = makers.make_objective(plan)
    for number in (1, 2):
        for _row in range(number):
            activity.indicators.add(makers.make_indicator(objective))
            activity.speakers.create(name="Lê Minh An")
            activity.sessions.create(starts_at=activity.starts_at, title="Khai mạc")
            activity.changes.create(
                kind="moved", reason="Bận", old_start=makers.NOW, new_start=makers.NOW, by=officer_hmc, at=makers.NOW
            )
        counts.append(_queries(client, _address(activity)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("state", "starts_at", "offered"),
    [
        ("planned", datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL), {"sua", "doi-lich", "huy"}),
        ("planned", datetime(2026, 11, 20, 14, 0, tzinfo=LOCAL), {"sua", "doi-lich", "huy", "xac-nhan-to-chuc"}),
        ("held", datetime(2026, 11, 20, 14, 0, tzinfo=LOCAL), {"sua", "hoan-tat", "mo-lai"}),
        ("closed", datetime(2026, 11, 20, 14, 0, tzinfo=LOCAL), {"sua", "mo-lai"}),
        ("cancelled", datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL), {"sua", "mo-lai"}),
    ],
)
def test_activity_page_offers_the_steps_that_can_be_taken(
    sign_in: SignIn,
    plan: Plan,
    officer_hmc: User,
    officer_fsc: User,
    state: str,
    starts_at: datetime,
    offered: set[str],
) -> None:
    activity = makers.make_activity(plan, state=state, starts_at=starts_at)
    steps = set(STEPS) - {"dien-gia", "kich-ban"}

    def links(user: User) -> set[str]:
        page = sign_in(user).get(_address(activity)).content.decode()
        return {step for step in steps if _address(activity, step) + '"' in page}

    assert links(officer_hmc) == offered
    assert links(officer_fsc) == set()


# --- writing ----------------------------------------------------------------------------------
def test_new_activity_is_scheduled(sign_in: SignIn, plan: Plan, officer_fsc: User) -> None:
    fsc, hmc = makers.make_organisation("fsc"), makers.make_organisation("hmc")
    indicator = makers.make_indicator(makers.make_objective(plan))
    sent = {
        "kind": ActivityKind.objects.get(slug="exchange").pk,
        "code": "GL-01",
        "title": "  Gặp gỡ   đoàn báo chí ",
        "mode": "hybrid",
        "language": "vi-en",
        "starts_at": "2026-12-20T09:00",
        "ends_at": "2026-12-20T11:30",
        "lead": fsc.pk,
        "partner": hmc.pk,
        "indicators": [indicator.pk],
        "expected": "1.200",
        "estimate": "350 triệu",
    }
    client = sign_in(officer_fsc)
    response = client.post(f"{LIST}moi/", sent)
    made = Activity.objects.get()
    assert (response.status_code, response["Location"]) == (302, _address(made))
    assert (made.title, made.mode, made.expected, made.estimate, made.lead, made.is_public, made.language) == (
        "Gặp gỡ đoàn báo chí", "hybrid", 1200, 350_000_000, fsc, False, "vi-en",
    )  # fmt: skip
    assert made.starts_at == datetime(2026, 12, 20, 9, 0, tzinfo=LOCAL)
    assert list(made.indicators.all()) == [indicator]


def test_new_activity_keeps_what_was_typed_when_refused(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    hmc, fsc = makers.make_organisation("hmc"), makers.make_organisation("fsc")
    client = sign_in(officer_hmc)
    sent: dict[str, Any] = {
        "kind": ActivityKind.objects.get(slug="exchange").pk, "code": "GL-01", "title": "Gặp gỡ", "mode": "onsite",
        "language": "vi", "starts_at": "2027-12-20T09:00", "ends_at": "2027-12-20T11:30", "lead": hmc.pk,
    }  # fmt: skip
    outside = client.post(f"{LIST}moi/", sent)
    assert outside.status_code == 422
    assert "Gặp gỡ" in outside.content.decode()
    assert len(outside.context["form"].non_field_errors()) == 1
    for wrong in (
        {}, sent | {"ends_at": "2026-01-01T00:00"}, sent | {"lead": fsc.pk}, sent | {"title": "\x00"},
        sent | {"title": "x" * 251}, sent | {"estimate": "-1"}, sent | {"expected": "nhiều"}, sent | {"mode": "?"}, sent | {"language": "fr"},
        sent | {"starts_at": "hôm nay"}, sent | {"indicators": ["x"]}, sent | {"topics": ["999999"]},
    ):  # fmt: skip
        assert client.post(f"{LIST}moi/", wrong).status_code == 422
    assert Activity.objects.count() == 0


def test_edit_saves_and_refuses_a_taken_code(
    sign_in: SignIn, plan: Plan, activity: Activity, officer_hmc: User
) -> None:
    other = makers.make_activity(plan, code="TD-09")
    client = sign_in(officer_hmc)
    refused = client.post(_address(activity, "sua"), _facts(activity, code="TD-09", title="Tên mới"))
    assert refused.status_code == 422
    assert "Tên mới" in refused.content.decode()
    assert client.post(_address(activity, "sua"), _facts(activity, title="Tên mới")).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.code, activity.stale_english()) == ("Tên mới", "HD-01", ["title"])
    page = client.get(_address(activity, "sua"))
    assert page.context["stale"] == ["title"]
    assert "english_checked" in page.context["form"].fields
    assert "starts_at" not in page.context["form"].fields
    other.refresh_from_db()
    assert other.title == "Tọa đàm khởi nghiệp số"


def test_speakers_are_saved_in_the_order_typed(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    sent = {
        "speakers-TOTAL_FORMS": "3", "speakers-INITIAL_FORMS": "0",
        "speakers-0-name": "Lê Minh An", "speakers-0-order": "2", "speakers-0-position_en": "Founder",
        "speakers-1-name": "Trần Gia Bảo", "speakers-1-order": "1",
        "speakers-2-name": "",
    }  # fmt: skip
    assert client.post(_address(activity, "dien-gia"), sent).status_code == 302
    assert list(activity.speakers.values_list("name", "order")) == [("Trần Gia Bảo", 1), ("Lê Minh An", 2)]
    wrong = client.post(_address(activity, "dien-gia"), sent | {"speakers-2-position": "Điều phối"})
    assert wrong.status_code == 422
    assert client.post(_address(activity, "dien-gia"), {"speakers-TOTAL_FORMS": "x"}).status_code == 422
    assert activity.speakers.count() == 2


def test_run_sheet_is_saved_by_hour(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    sent = {
        "sessions-TOTAL_FORMS": "3", "sessions-INITIAL_FORMS": "0",
        "sessions-0-day": "2026-12-10", "sessions-0-time": "15:00", "sessions-0-title": "Hỏi và đáp",
        "sessions-1-day": "2026-12-10", "sessions-1-time": "14:00", "sessions-1-title": "Khai mạc",
        "sessions-1-in_charge": "Chị Lan", "sessions-2-day": "2026-12-10",
    }  # fmt: skip
    assert client.post(_address(activity, "kich-ban"), sent).status_code == 302
    lines = [(s.starts_at.astimezone(LOCAL).hour, s.title, s.in_charge) for s in activity.sessions.all()]
    assert lines == [(14, "Khai mạc", "Chị Lan"), (15, "Hỏi và đáp", "")]
    for wrong in (
        {"sessions-2-time": "16:00"}, {"sessions-0-time": ""}, {"sessions-0-day": "2026-12-11"},
        {"sessions-0-time": "25:00"}, {"sessions-TOTAL_FORMS": "1001"},
    ):  # fmt: skip
        assert client.post(_address(activity, "kich-ban"), sent | wrong).status_code == 422
    assert activity.sessions.count() == 2


def test_steps_are_taken_by_their_pages(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    activity = makers.make_activity(plan, starts_at=datetime(2026, 11, 20, 14, 0, tzinfo=LOCAL))
    client = sign_in(officer_hmc)

    def take(step: str, **sent: str) -> tuple[int, str]:
        status = client.post(_address(activity, step), sent).status_code
        activity.refresh_from_db()
        return status, activity.state

    assert take("hoan-tat", result="Tốt") == (422, "planned")
    assert take("huy") == (422, "planned")
    assert take("doi-lich", starts_at="2026-11-21T14:00", ends_at="2026-11-21T13:00", reason="Bận") == (422, "planned")
    assert take("doi-lich", starts_at="2026-11-21T14:00", ends_at="2026-11-21T16:00", reason="Bận") == (302, "planned")
    assert activity.starts_at == datetime(2026, 11, 21, 14, 0, tzinfo=LOCAL)
    assert take("xac-nhan-to-chuc") == (302, "held")
    assert take("xac-nhan-to-chuc") == (422, "held")
    assert take("hoan-tat", result="") == (422, "held")
    assert take("hoan-tat", result="86 người dự", lesson="", spent="41.250.000") == (302, "closed")
    assert activity.spent == 41_250_000
    assert take("mo-lai", reason="Bổ sung") == (302, "held")
    assert take("mo-lai", reason="Nhầm") == (302, "planned")
    assert take("huy", reason="Không còn phù hợp") == (302, "cancelled")
    assert take("huy", reason="Lần nữa") == (422, "cancelled")


def test_an_activity_yet_to_come_cannot_be_confirmed(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    response = sign_in(officer_hmc).post(_address(activity, "xac-nhan-to-chuc"))
    assert response.status_code == 422
    assert len(response.context["form"].non_field_errors()) == 1


def test_a_reason_too_long_is_refused_in_place(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    response = sign_in(officer_hmc).post(_address(activity, "huy"), {"reason": "x" * 301})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason"]


def test_pages_of_a_closed_plan_offer_nothing(sign_in: SignIn, plan: Plan, officer_hmc: User) -> None:
    activity = makers.make_activity(plan)
    plan.state = Plan.State.CLOSED
    plan.save()
    client = sign_in(officer_hmc)
    assert client.get(_address(activity)).context["may"] is False
    assert client.get(LIST).context["may_plan"] is False
    assert client.post(_address(activity, "sua"), _facts(activity)).status_code == 422


def test_english_pages_of_the_desk_work(sign_in: SignIn, activity: Activity, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    services.put_speakers(activity=activity, speakers=[services.SpeakerDraft("An")], by=officer_hmc, at=makers.NOW)
    for step in ("", *STEPS):
        assert client.get("/en" + _address(activity, step)).status_code == 200
