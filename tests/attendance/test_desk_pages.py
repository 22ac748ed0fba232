"""The guest list, one guest, the settings, the door and the sheet, asked by the whole cast."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Audience
from nhipcau.attendance import tickets
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.core import entries
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import return_evidence
from nhipcau.parties.models import Person, User
from tests import makers
from tests.conftest import HandClock

SignIn = Callable[[User], Client]
DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def guest(intake: Intake) -> Registration:
    """A guest with a seat."""
    return makers.make_registration(intake)


@pytest.fixture
def desk(clock: HandClock, sign_in: SignIn, reception_hmc: User) -> Client:
    """The reception desk on the day."""
    clock.set(DAY)
    return sign_in(reception_hmc)


def pages(guest: Registration) -> dict[str, str]:
    """Every desk page of the room."""
    pk = guest.intake.activity_id
    return {
        "guests": f"/ban/hoat-dong/{pk}/khach/",
        "csv": f"/ban/hoat-dong/{pk}/khach.csv",
        "xlsx": f"/ban/hoat-dong/{pk}/khach.xlsx",
        "new": f"/ban/hoat-dong/{pk}/khach/moi/",
        "guest": f"/ban/khach/{guest.pk}/",
        "intake": f"/ban/hoat-dong/{pk}/dang-ky/",
        "sheet": f"/ban/hoat-dong/{pk}/danh-sach-ky/",
        "reception": f"/ban/hoat-dong/{pk}/don-tiep/",
    }


SEE = {"guests", "csv", "xlsx", "guest", "intake", "sheet", "reception"}
COUNT = {"intake"}
EVERY = {"guests", "csv", "xlsx", "new", "guest", "intake", "sheet", "reception"}


@pytest.mark.parametrize(
    ("who", "open_pages"),
    [
        ("officer_hmc", EVERY),
        ("director_hmc", EVERY),
        ("officer_fsc", SEE),
        ("director_fsc", SEE),
        ("reception_hmc", SEE),
        ("records_hmc", COUNT),
        ("overseer_dofa", COUNT),
        ("overseer_dic", COUNT),
        ("administrator", COUNT),
    ],
)
def test_pages_open_to_whom_they_should(
    who: str, open_pages: set[str], guest: Registration, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    answers = {name: client.get(url).status_code for name, url in pages(guest).items()}
    assert answers == {name: 200 if name in open_pages else 403 for name in EVERY}


@pytest.mark.parametrize("who", ["records_hmc", "overseer_dofa", "administrator"])
def test_who_may_not_see_guests_sees_how_many_and_no_tab(
    who: str, guest: Registration, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    page = sign_in(request.getfixturevalue(who)).get(pages(guest)["intake"])
    assert page.context["counters"] == {"confirmed": 1, "waiting": 0, "cancelled": 0, "arrived": 0}
    html = page.content.decode()
    assert [tab for tab in ("guests", "sheet") if f'href="{pages(guest)[tab]}"' in html] == []
    assert guest.name not in html


def test_only_who_may_change_holds_the_guests_key(
    guest: Registration, sign_in: SignIn, officer_hmc: User, officer_fsc: User, reception_hmc: User
) -> None:
    shown = {
        who.username: "/ma/" in sign_in(who).get(pages(guest)["guest"]).content.decode()
        for who in (officer_hmc, officer_fsc, reception_hmc)
    }
    assert shown == {"officer_hmc": True, "officer_fsc": False, "reception_hmc": False}


def test_exports_keep_their_name_under_a_vietnamese_code(
    guest: Registration, sign_in: SignIn, officer_hmc: User
) -> None:
    Activity.objects.update(code="ĐP-01")
    response = sign_in(officer_hmc).get(pages(guest)["csv"])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''khach-%C4%90P-01.csv"


def test_sign_in_sheet_says_what_came_of_a_list(
    guest: Registration, sign_in: SignIn, officer_hmc: User, officer_fsc: User, clock: HandClock
) -> None:
    clock.set(DAY)
    client, url = sign_in(officer_hmc), f"/en{pages(guest)['sheet']}"
    client.post(url, {"scan": SimpleUploadedFile("ky.pdf", PDF), "signatures": "86"})
    assert "awaiting verification" in client.get(url).content.decode()
    return_evidence(evidence=Evidence.objects.get(), reason="Thiếu chữ ký", due=DAY.date(), by=officer_fsc, at=DAY)
    html = client.get(url).content.decode()
    assert ("sent back on 10 Dec 2026" in html, "verified on" in html) == (True, False)


def test_pages_do_not_exist_for_outsiders(guest: Registration, sign_in: SignIn, outsider: User) -> None:
    client = sign_in(outsider)
    assert {client.get(url).status_code for url in pages(guest).values()} == {404}


def test_pages_ask_strangers_to_sign_in(guest: Registration, client: Client) -> None:
    for url in pages(guest).values():
        response = client.get(url)
        assert response.status_code == 302
        assert url in response["Location"]


@pytest.mark.parametrize("who", ["officer_fsc", "reception_hmc", "records_hmc", "overseer_dofa", "administrator"])
def test_changing_guests_is_for_the_lead_unit(
    who: str, guest: Registration, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client, at = sign_in(request.getfixturevalue(who)), pages(guest)
    sent = {
        "new": {"name": "Trần Gia Bảo", "channel": "zalo"},
        "guest": {"action": "cancel"},
        "intake": {"capacity": "9"},
        "sheet": {},
    }
    assert {client.post(at[name], data).status_code for name, data in sent.items()} == {403}
    guest.refresh_from_db()
    assert (guest.state, Registration.objects.count()) == ("confirmed", 1)


def test_reception_is_closed_to_departments_and_records(
    guest: Registration, sign_in: SignIn, overseer_dofa: User, records_hmc: User
) -> None:
    for who in (overseer_dofa, records_hmc):
        client, at = sign_in(who), pages(guest)["reception"]
        assert client.post(at, {"guest": guest.pk, "action": "admit"}).status_code == 403
        assert client.post(f"{at}gui/", "[]", content_type="application/json").status_code == 403
    assert CheckIn.objects.count() == 0


def test_pages_refuse_other_methods(guest: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    assert {client.delete(url).status_code for url in pages(guest).values()} == {405}
    assert {client.post(pages(guest)[name]).status_code for name in ("guests", "csv", "xlsx")} == {405}


# --- the list ---------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_guests_asks_a_fixed_number_of_queries(
    rows: int, intake: Intake, sign_in: SignIn, officer_hmc: User, django_assert_num_queries: Any
) -> None:
    Intake.objects.update(capacity=9)
    intake.refresh_from_db()
    for number in range(rows):
        makers.make_registration(intake, f"Khách {number}")
    client = sign_in(officer_hmc)
    url = f"/ban/hoat-dong/{intake.activity_id}/khach/"
    client.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    ours = [q["sql"] for q in asked if "attendance_" in q["sql"]]
    # settings of the intake, counters, how many there are, the page of guests
    assert len(ours) == 4, "\n".join(ours)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=thanh+van", ["Nguyễn Thị Thanh Vân"]),
        ("q=0222", ["Trần Gia Bảo"]),
        ("q=so+du+lich", ["Trần Gia Bảo"]),
        ("q=khong+co", []),
        ("q=%22)%27*", ["Trần Gia Bảo", "Nguyễn Thị Thanh Vân"]),
        ("show=waiting", ["Lê Minh An"]),
        ("show=cancelled", []),
        ("show=honour", ["Trần Gia Bảo"]),
        ("show=arrived", []),
        ("show=absent", ["Trần Gia Bảo", "Nguyễn Thị Thanh Vân"]),
        ("", ["Lê Minh An", "Trần Gia Bảo", "Nguyễn Thị Thanh Vân"]),
        ("show=%3Cscript%3E&page=-3", ["Lê Minh An", "Trần Gia Bảo", "Nguyễn Thị Thanh Vân"]),
    ],
)
def test_guests_are_found_and_filtered_in_given_name_order(
    query: str, names: list[str], intake: Intake, sign_in: SignIn, officer_hmc: User, now: datetime
) -> None:
    from nhipcau.attendance import services

    enter: dict[str, Any] = {"intake": intake, "consent": None, "by": officer_hmc, "at": now, "channel": "phone"}
    services.register(name="Nguyễn Thị Thanh Vân", phone="0912345678", **enter)
    services.register(name="Trần Gia Bảo", phone="0903110222", unit="Sở Du lịch", of_honour=True, **enter)
    services.register(name="Lê Minh An", phone="", join_waiting=True, **enter)
    response = sign_in(officer_hmc).get(f"/ban/hoat-dong/{intake.activity_id}/khach/?{query}")
    found = [guest.name for guest in response.context["page_obj"]]
    assert found == (names if query != "q=%22)%27*" else found)
    assert response.status_code == 200


def test_guests_without_settings_says_what_to_do(activity: Activity, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    assert client.get(f"/ban/hoat-dong/{activity.pk}/khach/").status_code == 200
    assert (
        client.get(f"/ban/hoat-dong/{activity.pk}/khach/moi/")["Location"] == f"/ban/hoat-dong/{activity.pk}/dang-ky/"
    )


def test_guests_csv_holds_what_the_list_shows(guest: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    Registration.objects.update(unit="=cmd()", phone="+84912345678")
    response = sign_in(officer_hmc).get(f"/en{pages(guest)['csv']}")
    lines = response.getvalue().decode().splitlines()
    assert lines == [
        "\ufeffNo.,Full name,Organisation,Position,Mobile number,E-mail,Audience,Admission code,State,Channel,Seat,"
        "Guest of honour,Arrived at,Documents",
        f"1,Nguyễn Thị Thanh Vân,'=cmd(),Phóng viên,0912 345 678,{guest.email},,{guest.code},confirmed,"
        "registered online,,,,",
    ]


def test_guests_xlsx_is_a_workbook(guest: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    response = sign_in(officer_hmc).get(pages(guest)["xlsx"])
    assert response.getvalue()[:4] == b"PK\x03\x04"


# --- entering and changing --------------------------------------------------------------------
def test_guest_new_is_name_number_and_channel(intake: Intake, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    response = client.post(
        f"/ban/hoat-dong/{intake.activity_id}/khach/moi/",
        {"name": "Trần Gia Bảo", "phone": "0903111222", "channel": "zalo"},
    )
    entered = Registration.objects.get()
    assert (response["Location"], entered.channel, entered.registered_by) == (
        f"/ban/khach/{entered.pk}/", "zalo", officer_hmc,
    )  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"phone": "1"}, {"channel": "self"}, {"name": "x" * 3000}, {"sex": "?"}]
)
def test_guest_new_refuses_and_keeps(
    change: dict[str, str], intake: Intake, sign_in: SignIn, officer_hmc: User
) -> None:
    given = {"name": "Trần Gia Bảo", "phone": "0903111222", "channel": "zalo"} | change
    response = sign_in(officer_hmc).post(f"/ban/hoat-dong/{intake.activity_id}/khach/moi/", given)
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(change))
    assert Registration.objects.count() == 0


def test_guest_new_full_offers_the_waiting_list(intake: Intake, sign_in: SignIn, officer_hmc: User) -> None:
    makers.make_registration(intake), makers.make_registration(intake, "Lê Minh An")
    url, client = f"/ban/hoat-dong/{intake.activity_id}/khach/moi/", sign_in(officer_hmc)
    given = {"name": "Trần Gia Bảo", "phone": "0903111222", "channel": "zalo"}
    assert client.post(url, given).status_code == 422
    assert client.post(url, given | {"join_waiting": "on"}).status_code == 302
    assert Registration.objects.waiting().count() == 1


def test_guest_actions_do_what_they_say(
    guest: Registration, intake: Intake, sign_in: SignIn, officer_hmc: User
) -> None:
    client, url = sign_in(officer_hmc), f"/ban/khach/{guest.pk}/"
    details = {
        "action": "details", "name": "Nguyễn Thị Thanh Vân", "phone": "0912345678", "sex": "female", "unit": "Báo B",
        "seat": "B7", "of_honour": "on", "email": "",
    }  # fmt: skip
    assert client.post(url, details)["Location"] == url
    guest.refresh_from_db()
    assert (guest.unit, guest.seat, guest.of_honour, guest.person.sex) == ("Báo B", "B7", True, "female")
    assert client.post(url, details | {"email": "x"}).status_code == 422
    assert client.post(url, {"action": "resend"}).status_code == 302
    assert client.post(url, {"action": "substitute", "instead-name": ""}).status_code == 422
    assert client.post(url, {"action": "substitute", "instead-name": "Trần Gia Bảo"}).status_code == 422
    passed = client.post(url, {"action": "substitute", "instead-name": "Trần Gia Bảo", "instead-channel": "zalo"})
    new = Registration.objects.get(name="Trần Gia Bảo")
    assert (passed["Location"], new.channel) == (f"/ban/khach/{new.pk}/", "zalo")
    assert client.post(url, {"action": "cancel"}).status_code == 302
    assert client.post(f"/ban/khach/{new.pk}/", {"action": "cancel"}).status_code == 302
    intake.refresh_from_db()
    assert intake.taken == 0
    assert client.post(url, {"action": "nonsense"}).status_code == 422
    assert client.get("/ban/khach/999999/").status_code == 404


def test_guest_name_and_number_are_put_right(
    guest: Registration, intake: Intake, sign_in: SignIn, officer_hmc: User
) -> None:
    client, url = sign_in(officer_hmc), f"/ban/khach/{guest.pk}/"
    other = makers.make_registration(intake, "Trần Gia Bảo")
    right = {"action": "details", "name": "Nguyễn Thị Thanh Vấn", "phone": "0903 111 222", "nationality": "ZZ"}
    assert client.post(url, right | {"phone": other.phone}).status_code == 422
    guest.refresh_from_db()
    assert guest.name == "Nguyễn Thị Thanh Vân"
    assert client.post(url, right).status_code == 302
    guest.refresh_from_db()
    guest.person.refresh_from_db()
    assert (guest.name, guest.phone) == ("Nguyễn Thị Thanh Vấn", "+84903111222")
    assert (guest.person.name, guest.person.phone, guest.person.nationality) == (guest.name, guest.phone, "ZZ")
    page = client.get(f"/ban/hoat-dong/{intake.activity_id}/khach/?q=1222")
    assert [row.name for row in page.context["page_obj"]] == ["Nguyễn Thị Thanh Vấn"]


def test_guest_put_right_leaves_a_person_known_from_elsewhere(
    guest: Registration, sign_in: SignIn, officer_hmc: User
) -> None:
    signer = Person.objects.get(name="Lê Minh An")
    Registration.objects.update(person=signer)
    sign_in(officer_hmc).post(f"/ban/khach/{guest.pk}/", {"action": "details", "name": "Lê Minh Ân"})
    guest.refresh_from_db()
    signer.refresh_from_db()
    assert (guest.person.name, signer.name, guest.person == signer) == ("Lê Minh Ân", "Lê Minh An", False)


def test_guest_is_erased_on_request_after_a_tick(
    guest: Registration, intake: Intake, sign_in: SignIn, officer_hmc: User
) -> None:
    client, url = sign_in(officer_hmc), f"/ban/khach/{guest.pk}/"
    assert client.post(url, {"action": "erase"}).status_code == 422
    assert client.post(url, {"action": "erase", "sure": "on"})["Location"] == url
    guest.refresh_from_db()
    assert (guest.name, guest.phone, guest.state) == ("—", "", "cancelled")
    assert client.get(url).status_code == 200
    assert client.post(url, {"action": "details", "name": "Nguyễn Thị Thanh Vân"}).status_code == 422


def test_desk_forms_ask_for_the_audience_only_where_there_is_a_choice(
    desk: Client, guest: Registration, intake: Intake, activity: Activity, sign_in: SignIn, officer_hmc: User
) -> None:
    officer = sign_in(officer_hmc)
    new, door, one = (pages(guest)[name] for name in ("new", "reception", "guest"))
    assert "audience" not in officer.get(new).context["form"].fields
    assert "audience" not in desk.get(door).context["walk_in"].fields
    enterprise = Audience.objects.create(slug="enterprise", name="Doanh nghiệp")
    activity.audiences.add(enterprise)
    Intake.objects.update(capacity=9)
    said = {"audience": str(enterprise.pk), "nationality": "ZZ"}
    officer.post(new, {"name": "Trần Gia Bảo", "phone": "0903111222", "channel": "zalo"} | said)
    officer.post(one, {"action": "details", "name": guest.name} | said)
    desk.post(door, {"action": "walk_in", "walk-name": "Lê Minh An", "walk-audience": enterprise.pk})
    desk.post(door, {"action": "instead", "guest": guest.pk, "instead-name": "Phạm Thu Hà"})
    assert sorted(Registration.objects.values_list("name", "audience__slug", "person__nationality")) == [
        ("Lê Minh An", "enterprise", ""), ("Nguyễn Thị Thanh Vân", "enterprise", "ZZ"),
        ("Phạm Thu Hà", "enterprise", ""), ("Trần Gia Bảo", "enterprise", "ZZ"),
    ]  # fmt: skip
    bad = desk.post(door, {"action": "walk_in", "walk-name": "Lê Minh An", "walk-audience": "x"})
    assert bad.status_code == 422


def test_guest_page_offers_no_change_of_the_seat_after_the_end(
    guest: Registration, sign_in: SignIn, officer_hmc: User, clock: HandClock
) -> None:
    client, url = sign_in(officer_hmc), pages(guest)["guest"]
    offered = []
    for moment in (DAY, guest.intake.activity.ends_at + timedelta(minutes=1)):
        clock.set(moment)
        html = client.get(url).content.decode()
        offered.append(['value="cancel"' in html, 'value="substitute"' in html, 'value="erase"' in html])
    assert offered == [[True, True, True], [False, False, True]]
    assert client.post(url, {"action": "cancel"}).status_code == 302
    guest.refresh_from_db()
    assert guest.state == "confirmed"


def test_guest_promotes_from_the_waiting_list(intake: Intake, sign_in: SignIn, officer_hmc: User) -> None:
    waiting = makers.make_registration(intake, state="waiting")
    sign_in(officer_hmc).post(f"/ban/khach/{waiting.pk}/", {"action": "promote"})
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_intake_is_opened_and_changed(activity: Activity, sign_in: SignIn, officer_hmc: User) -> None:
    client, url = sign_in(officer_hmc), f"/ban/hoat-dong/{activity.pk}/dang-ky/"
    given = {"capacity": "120", "opens_at": "2026-11-20T08:00", "closes_at": "2026-12-10T12:00", "note": "Cổng sau"}
    assert client.post(url, given)["Location"] == url
    intake = Intake.objects.get()
    assert (intake.capacity, intake.closes_at, intake.note) == (
        120,
        datetime(2026, 12, 10, 12, 0, tzinfo=LOCAL),
        "Cổng sau",
    )
    for change in ({"capacity": "0"}, {"capacity": "ba"}, {"opens_at": ""}, {"closes_at": "2026-11-01T08:00"}):
        assert client.post(url, given | change).status_code == 422
    makers.make_registration(intake)
    makers.make_registration(intake)
    assert client.post(url, given | {"capacity": "1"}).status_code == 422
    assert client.post(url, given | {"capacity": "2"}).status_code == 302


# --- the door ---------------------------------------------------------------------------------
def test_reception_lets_in_by_code_once(desk: Client, guest: Registration) -> None:
    url = pages(guest)["reception"]
    first = desk.post(url, {"action": "admit", "code": guest.code})
    assert first["Location"] == f"{url}?khach={guest.pk}"
    assert desk.get(first["Location"]).context["arrival"] == CheckIn.objects.get()
    again = desk.post(url, {"action": "admit", "code": guest.code})
    assert again["Location"] == f"{url}?khach={guest.pk}&lan-nua=1"
    page = desk.get(again["Location"])
    assert (page.context["again"], "13g45" in page.content.decode()) == (True, True)
    assert Evidence.objects.counted().count() == 1


@pytest.mark.parametrize("typed", ["k7m4qx", " K7M-4QX ", "k7m 4qx", "K7M4QX"])
def test_reception_reads_a_code_however_it_is_typed(desk: Client, guest: Registration, typed: str) -> None:
    Registration.objects.update(code="K7M-4QX")
    assert desk.post(pages(guest)["reception"], {"code": typed}).status_code == 302


@pytest.mark.parametrize("sent", [{"code": "XXX-XXX"}, {"code": "x" * 5000}, {"guest": "9" * 40}, {"guest": "-1"}, {}])
def test_reception_answers_an_unknown_code_with_a_sentence(
    desk: Client, guest: Registration, sent: dict[str, str]
) -> None:
    response = desk.post(pages(guest)["reception"], sent)
    assert (response.status_code, bool(response.context["refusal"])) == (422, True)


def test_reception_names_the_activity_a_code_belongs_to(desk: Client, guest: Registration, intake: Intake) -> None:
    other = makers.make_registration(makers.make_intake(makers.make_activity(title="Họp báo tháng 12")), "Lê Minh An")
    response = desk.post(pages(guest)["reception"], {"code": other.code})
    assert "Họp báo tháng 12" in response.context["refusal"]
    assert CheckIn.objects.count() == 0


def test_reception_finds_undoes_and_notes_documents(desk: Client, guest: Registration) -> None:
    url = pages(guest)["reception"]
    assert desk.get(f"{url}?q=thanh+van").context["found"] == [guest]
    assert desk.get(f"{url}?q=sai+gon").context["found"] == [guest]
    assert desk.get(f"{url}?q=xyz").context["found"] == []
    desk.post(url, {"action": "admit", "guest": guest.pk})
    desk.post(url, {"action": "documents", "guest": guest.pk, "took": "on"})
    assert CheckIn.objects.get().took_documents is True
    desk.post(url, {"action": "undo", "guest": guest.pk})
    assert CheckIn.objects.standing().count() == 0
    assert desk.post(url, {"action": "undo", "guest": guest.pk}).status_code == 302
    assert desk.post(url, {"action": "nonsense"}).status_code == 302


def test_reception_takes_walk_ins_and_substitutes(desk: Client, guest: Registration, intake: Intake) -> None:
    url = pages(guest)["reception"]
    assert desk.post(url, {"action": "point", "point": "Cửa A"}).status_code == 302
    assert desk.post(url, {"action": "walk_in", "walk-name": "Trần Gia Bảo", "walk-unit": "Báo A"}).status_code == 302
    assert desk.post(url, {"action": "walk_in", "walk-name": ""}).status_code == 422
    full = desk.post(url, {"action": "walk_in", "walk-name": "Lê Minh An"})
    assert (full.status_code, full.context["walk_in"]["name"].value()) == (422, "Lê Minh An")
    assert desk.post(url, {"action": "instead", "guest": guest.pk, "instead-name": ""}).status_code == 422
    assert desk.post(url, {"action": "instead", "guest": guest.pk, "instead-name": "Phạm Thu Hà"}).status_code == 302
    assert sorted(CheckIn.objects.values_list("registration__name", "point")) == [
        ("Phạm Thu Hà", "Cửa A"), ("Trần Gia Bảo", "Cửa A"),
    ]  # fmt: skip
    assert desk.get(url).context["counters"] == {"confirmed": 2, "waiting": 0, "cancelled": 1, "arrived": 2}


def test_reception_shows_a_guest_of_honour_quietly(desk: Client, guest: Registration) -> None:
    Registration.objects.update(of_honour=True)
    assert "✦" in desk.get(f"{pages(guest)['reception']}?khach={guest.pk}").content.decode()


def test_reception_without_settings_answers(desk: Client, activity: Activity) -> None:
    url = f"/ban/hoat-dong/{activity.pk}/don-tiep/"
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"action": "walk_in", "walk-name": "Lê Minh An"}).status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_reception_asks_a_fixed_number_of_queries(rows: int, intake: Intake, desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    Intake.objects.update(capacity=9)
    intake.refresh_from_db()
    for number in range(rows):
        makers.make_registration(intake, f"Khách {number}")
    url = f"/ban/hoat-dong/{intake.activity_id}/don-tiep/?q=khach"
    desk.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert len(desk.get(url).context["found"]) == rows
    ours = [q["sql"] for q in asked if "attendance_" in q["sql"]]
    # the guests found, settings of the intake, counters, last to arrive
    assert len(ours) == 4, "\n".join(ours)


def test_sync_counts_each_scan_once_at_its_own_time(desk: Client, guest: Registration, clock: HandClock) -> None:
    clock.move(hours=1)
    url = f"{pages(guest)['reception']}gui/"
    scans = [
        {"id": "1", "code": guest.code, "at": DAY.isoformat(), "device": "Cửa B"},
        {"id": "2", "code": "XXX-XXX", "at": DAY.isoformat(), "device": "Cửa B"},
    ]
    first = desk.post(url, json.dumps(scans), content_type="application/json").json()
    again = desk.post(url, json.dumps(scans), content_type="application/json").json()
    assert [(a["id"], a["state"]) for a in first["answers"]] == [("1", "first"), ("2", "refused")]
    assert [(a["id"], a["state"]) for a in again["answers"]] == [("1", "again"), ("2", "refused")]
    assert (first["arrived"], first["expected"]) == (1, 1)
    arrival = CheckIn.objects.get()
    assert (arrival.at, arrival.point) == (DAY, "Cửa B")


@pytest.mark.parametrize("at", ["", "nonsense", "2026-13-45T99:99", "2027-01-01T00:00:00Z", 7, None])
def test_sync_takes_no_time_from_the_future(desk: Client, guest: Registration, at: Any) -> None:
    url = f"{pages(guest)['reception']}gui/"
    desk.post(url, json.dumps([{"id": "1", "code": guest.code, "at": at}]), content_type="application/json")
    assert CheckIn.objects.get().at == DAY


@pytest.mark.parametrize("body", ["", "{", "{}", "[1]", '"x"', json.dumps([{}] * 51)])
def test_sync_refuses_what_is_no_list(desk: Client, guest: Registration, body: str) -> None:
    response = desk.post(f"{pages(guest)['reception']}gui/", body, content_type="application/json")
    assert response.status_code == 422


# --- the sheet --------------------------------------------------------------------------------
def test_sign_in_sheet_lists_by_given_name(
    guest: Registration, intake: Intake, sign_in: SignIn, officer_hmc: User
) -> None:
    makers.make_registration(intake, "Trần Gia Bảo")
    response = sign_in(officer_hmc).get(pages(guest)["sheet"])
    assert [row.name for row in response.context["guests"]] == ["Trần Gia Bảo", "Nguyễn Thị Thanh Vân"]


def test_sign_in_sheet_keeps_the_scan(
    guest: Registration, sign_in: SignIn, officer_hmc: User, clock: HandClock
) -> None:
    clock.set(DAY)
    client, url = sign_in(officer_hmc), pages(guest)["sheet"]
    sent = {"scan": SimpleUploadedFile("ky.pdf", PDF), "signatures": "86"}
    assert client.post(url, sent)["Location"] == url
    assert Evidence.objects.get().quantity == 86
    assert client.get(url).context["lists"] == [Evidence.objects.get()]


@pytest.mark.parametrize(
    ("name", "content", "signatures"),
    [
        ("ky.pdf", b"", "3"),
        ("ky.pdf", b"<html>", "3"),
        ("ky.exe", b"MZ", "3"),
        ("ky.pdf", PDF, "0"),
        ("ky.pdf", PDF, "x"),
    ],
)
def test_sign_in_sheet_refuses_a_wrong_file(
    name: str, content: bytes, signatures: str, guest: Registration, sign_in: SignIn, officer_hmc: User
) -> None:
    sent = {"scan": SimpleUploadedFile(name, content), "signatures": signatures}
    assert sign_in(officer_hmc).post(pages(guest)["sheet"], sent).status_code == 422
    assert Evidence.objects.count() == 0


def test_sign_in_sheet_without_a_file_is_refused(guest: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    assert sign_in(officer_hmc).post(pages(guest)["sheet"], {"signatures": "3"}).status_code == 422


def test_source_of_an_arrival_is_a_link_only_for_those_who_may_see_guests() -> None:
    assert entries.source_link("attendance.registration:41", may=lambda verb: verb == "guests") == (
        "đăng ký của khách",
        "/ban/khach/41/",
    )
    assert entries.source_link("attendance.registration:41", may=lambda verb: verb == "read") == (
        "đăng ký của khách",
        None,
    )


# --- children entered by staff ------------------------------------------------------------------
GUARDIAN = {"for_child": "on", "guardian_name": "Nguyễn Văn Hải", "guardian_phone": "0903 111 222"}


def test_staff_enter_a_child_with_the_guardian_who_agreed(intake: Intake, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    url = f"/ban/hoat-dong/{intake.activity_id}/khach/moi/"
    child = {"name": "Nguyễn Gia Hân", "channel": "phone"} | GUARDIAN
    for missing in ("guardian_name", "guardian_phone"):
        bad = client.post(url, {key: value for key, value in child.items() if key != missing})
        assert (bad.status_code, list(bad.context["form"].errors)) == (422, [missing])
    page = client.post(url, child, follow=True)
    consent = Registration.objects.get().consent
    assert (consent.notice.form, consent.basis, consent.guardian_name, consent.guardian_phone) == (
        "child", "told", "Nguyễn Văn Hải", "+84903111222",
    )  # fmt: skip
    shown = page.content.decode()
    assert "Nguyễn Văn Hải" in shown
    assert "0903 111 222" in shown
    # Without the tick a grown-up guest was entered, and no guardian is kept.
    client.post(url, child | {"name": "Trần Gia Bảo", "phone": "0912 345 678", "for_child": ""})
    consent = Registration.objects.get(name="Trần Gia Bảo").consent
    assert (consent.notice.form, consent.basis, consent.guardian_name) == ("on_behalf", "duty", "")


def test_door_takes_children_with_a_guardian(desk: Client, guest: Registration, intake: Intake) -> None:
    url = pages(guest)["reception"]
    for action, prefix, name in (("walk_in", "walk", "Nguyễn Gia Hân"), ("instead", "instead", "Nguyễn Gia Huy")):
        sent = {"action": action, "guest": guest.pk, f"{prefix}-name": name}
        told = {f"{prefix}-{key}": value for key, value in GUARDIAN.items()}
        bad = desk.post(url, sent | {f"{prefix}-for_child": "on"})
        assert bad.status_code == 422
        assert bad.context["open"]  # what was typed stands open, with what is missing
        assert desk.post(url, sent | told).status_code == 302
        consent = Registration.objects.get(name=name).consent
        assert (consent.notice.form, consent.basis, consent.guardian_phone) == ("child", "told", "+84903111222")
    assert CheckIn.objects.count() == 2


def test_child_comes_in_a_guests_place(guest: Registration, sign_in: SignIn, officer_hmc: User, client: Client) -> None:
    sent = {"action": "substitute", "instead-name": "Nguyễn Gia Hân", "instead-channel": "zalo"}
    told = {f"instead-{key}": value for key, value in GUARDIAN.items()}
    assert sign_in(officer_hmc).post(f"/ban/khach/{guest.pk}/", sent | told).status_code == 302
    child = Registration.objects.get(name="Nguyễn Gia Hân")
    assert (child.consent.notice.form, child.consent.guardian_name) == ("child", "Nguyễn Văn Hải")
    # And by the family itself: another child of theirs comes, who has no number of its own.
    page = reverse("attendance:substitute", args=[tickets.token(child)])
    by_family = {"name": "Nguyễn Gia Huy", "consent": "on"} | GUARDIAN
    assert client.post(page, {"name": "Nguyễn Gia Huy", "consent": "on"}).status_code == 422
    assert client.post(page, by_family).status_code == 302
    other = Registration.objects.get(name="Nguyễn Gia Huy")
    assert (other.consent.notice.form, other.consent.basis, other.consent.guardian_phone) == (
        "child", "agreed", "+84903111222",
    )  # fmt: skip
