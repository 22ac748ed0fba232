"""The pages about personal data, asked by everybody: whose they are, what they say, what they do not give away."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.attendance import tickets
from nhipcau.attendance.models import Intake, Registration
from nhipcau.parties.models import User
from nhipcau.privacy import services
from nhipcau.privacy.models import Access, Notice, Request
from tests import makers
from tests.conftest import HandClock

SignIn = Callable[[User], Client]
ASK = "/rieng-tu/du-lieu-cua-toi/"


def own(guest: Registration, how: Access.How = Access.How.EMAIL, only: str = "") -> str:
    """The address of a guest's own page."""
    return f"{ASK}{services.token(services.open_access(person=guest.person, how=how, only=only, at=makers.NOW))}/"


def filed(guest: Registration, kind: str = "erase") -> Request:
    """A request by a link sent to the own address."""
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW)
    return services.file_request(person=guest.person, access=access, kind=kind, language="vi", at=makers.NOW, note="x")


# --- asking ------------------------------------------------------------------------------------
@pytest.mark.parametrize("contact", ["0912 345 678", "giao.trinh@example.vn", "0987000111", "nobody@example.vn"])
def test_answer_is_the_same_whoever_asks(guest: Registration, client: Client, contact: str) -> None:
    response = client.post(ASK, {"contact": contact})
    assert (response.status_code, response["Location"]) == (302, f"{ASK}da-nhan/")
    page = client.get(response["Location"])
    assert (page.status_code, page["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert contact not in page.content.decode()


@pytest.mark.parametrize("contact", ["", "abc", "091", "a@b"])
def test_what_is_no_contact_is_asked_again(client: Client, db: None, contact: str) -> None:
    response = client.post(ASK, {"contact": contact})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["contact"]


# --- the own page -------------------------------------------------------------------------------
def test_own_page_and_file_tell_everything(guest: Registration, client: Client) -> None:
    address = own(guest)
    page = client.get(address).content.decode()
    for value in ("Trịnh Quỳnh Giao", "0912 345 678", "giao.trinh@example.vn", "Báo Sài Gòn"):
        assert value in page
    response = client.get(f"{address}du-lieu.json")
    told = json.loads(response.content)
    schema = json.loads(client.get(f"{ASK}cau-truc.json").content)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema, format_checker=jsonschema.FormatChecker())
    assert sorted(told["data"]) == ["links", "mails", "people", "registrations"]
    assert told["data"]["registrations"][0]["phone"] == "0912 345 678"
    assert response["Content-Disposition"] == 'attachment; filename="du-lieu-cua-toi.json"'


def test_code_opens_one_registration_half_hidden(guest: Registration, intake: Intake, client: Client) -> None:
    other = makers.make_registration(
        makers.make_intake(makers.make_activity(intake.activity.plan, title="Họp báo khác")),
        guest.name,
        person=guest.person,
    )
    asked = f"/ma/{tickets.token(guest)}/du-lieu/"
    assert client.get(asked).status_code == 200
    response = client.post(asked)
    page = client.get(response["Location"]).content.decode()
    assert guest.code in page
    assert other.code not in page
    assert "0912 345 678" not in page
    assert "giao.trinh" not in page


@pytest.mark.parametrize("days", [4, 40])
def test_link_ends(guest: Registration, client: Client, clock: HandClock, days: int) -> None:
    address = own(guest)
    clock.move(days=days)
    response = client.get(address)
    assert (response.status_code, response["X-Robots-Tag"]) == (404, "noindex, nofollow")


def test_requests_are_sent_from_the_own_page(guest: Registration, client: Client) -> None:
    address = own(guest)
    assert client.post(address, {"kind": "erase", "erase-note": "Tôi nghỉ hưu."}).status_code == 302
    assert client.post(address, {"kind": "correct", "correct-name": "Trịnh Quỳnh Dao"}).status_code == 302
    assert client.post(address, {"kind": "correct"}).status_code == 422
    assert client.post(address, {"kind": "correct", "correct-phone": "12"}).status_code == 422
    assert client.post(address, {"kind": "something"}).status_code == 422
    found = Request.objects.order_by("pk").values_list("kind", "note", "proposed")
    assert list(found) == [("erase", "Tôi nghỉ hưu.", {}), ("correct", "", {"name": "Trịnh Quỳnh Dao"})]
    first = Request.objects.order_by("pk")[0]
    assert client.post(address, {"kind": "take_back", "request": first.pk}).status_code == 302
    first.refresh_from_db()
    assert first.state == "taken_back"


def test_nobody_takes_back_what_another_asked(guest: Registration, caller: Registration, client: Client) -> None:
    request = filed(guest)
    assert client.post(own(caller), {"kind": "take_back", "request": request.pk}).status_code == 422
    request.refresh_from_db()
    assert request.is_open


# --- the desk -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "list_status", "page_status"),
    [
        ("officer_hmc", 200, 200),
        ("director_hmc", 200, 200),
        ("officer_fsc", 200, 404),
        ("records_hmc", 403, 403),
        ("reception_hmc", 403, 403),
        ("overseer_dic", 403, 403),
        ("outsider", 404, 404),
    ],
)
def test_desk_answers_the_party_concerned(
    guest: Registration, sign_in: SignIn, request: pytest.FixtureRequest, who: str, list_status: int, page_status: int
) -> None:
    asked = filed(guest)
    client = sign_in(request.getfixturevalue(who))
    assert client.get("/ban/yeu-cau/").status_code == list_status
    assert client.get(f"/ban/yeu-cau/{asked.pk}/").status_code == page_status
    posted = client.post(f"/ban/yeu-cau/{asked.pk}/", {"action": "accept"})
    assert posted.status_code == (302 if page_status == 200 else page_status)
    asked.refresh_from_db()
    assert asked.is_open == (page_status != 200)


def test_desk_needs_an_account(guest: Registration, client: Client) -> None:
    for address in ("/ban/yeu-cau/", f"/ban/yeu-cau/{filed(guest).pk}/", "/ban/luu-giu/", "/ban/khach/trung/"):
        assert client.get(address)["Location"].startswith("/tai-khoan/")


def test_refusal_without_a_reason_is_asked_again(guest: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    asked = filed(guest)
    client = sign_in(officer_hmc)
    assert client.post(f"/ban/yeu-cau/{asked.pk}/", {"action": "refuse"}).status_code == 422
    assert client.post(f"/ban/yeu-cau/{asked.pk}/", {"action": "dance"}).status_code == 422
    assert client.put(f"/ban/yeu-cau/{asked.pk}/").status_code == 405


def test_administrator_sees_what_goes_and_no_request(guest: Registration, sign_in: SignIn, administrator: User) -> None:
    client = sign_in(administrator)
    assert client.get("/ban/luu-giu/").status_code == 200
    assert client.get("/ban/yeu-cau/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_whatever_it_shows(intake: Intake, sign_in: SignIn, officer_hmc: User, rows: int) -> None:
    for _row in range(rows):
        filed(makers.make_registration(intake))
    client = sign_in(officer_hmc)
    client.get("/ban/yeu-cau/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/ban/yeu-cau/")
    assert len(page.context["rows"]) == rows
    statements = [query["sql"] for query in asked if "privacy_request" in query["sql"]]
    assert len(statements) == 3  # how many, the page of them, and the number in the menu


@pytest.mark.parametrize("rows", [1, 3])
def test_doubles_ask_the_same_whatever_they_show(intake: Intake, sign_in: SignIn, officer_hmc: User, rows: int) -> None:
    for row in range(rows):
        for _twice in range(2):
            makers.make_registration(intake, f"Lê Văn {'ABC'[row]}", email=f"{row}@example.vn")
    client = sign_in(officer_hmc)
    client.get("/ban/khach/trung/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/ban/khach/trung/")
    assert len(page.context["pairs"]) == rows
    statements = [
        query["sql"] for query in asked if "parties_person" in query["sql"] and "parties_user" not in query["sql"]
    ]
    # shared addresses and names with their records, shared numbers; no more, however many pairs
    assert len(statements) == 5


def test_two_records_are_joined_and_parted_at_the_desk(
    intake: Intake, sign_in: SignIn, officer_hmc: User, officer_fsc: User, overseer_dic: User
) -> None:
    first, second = (makers.make_registration(intake, "Lê Văn An", email="an@example.vn").person for _n in range(2))
    client = sign_in(officer_hmc)
    page = "/ban/khach/trung/"
    assert sign_in(overseer_dic).get(page).status_code == 403
    assert client.post(page, {"action": "join", "kept": first.pk, "other": second.pk}).status_code == 302
    second.refresh_from_db()
    assert second.same_as == first
    assert client.post(page, {"action": "join", "kept": first.pk, "other": second.pk}).status_code == 422
    match = client.get(page).context["decided"][0]
    assert client.post(page, {"action": "undo", "match": match.pk}).status_code == 302
    second.refresh_from_db()
    assert second.same_as is None
    assert client.post(page, {"action": "apart", "kept": first.pk, "other": second.pk}).status_code == 302
    assert client.get(page).context["pairs"] == []
    assert client.post(page, {"action": "join", "kept": "²", "other": second.pk}).status_code == 404


def test_request_stands_on_today_until_it_is_answered(
    guest: Registration, sign_in: SignIn, officer_hmc: User, clock: HandClock
) -> None:
    asked = filed(guest)
    client = sign_in(officer_hmc)

    def lines() -> list[tuple[str, int]]:
        return [(line.url, days) for line, days in client.get("/ban/").context["lines"] if "yeu-cau" in line.url]

    assert lines() == [(f"/ban/yeu-cau/{asked.pk}/", 0)]
    clock.move(days=23)
    assert lines() == [(f"/ban/yeu-cau/{asked.pk}/", 2)]
    client.post(f"/ban/yeu-cau/{asked.pk}/", {"action": "accept"})
    assert lines() == []


# --- children -----------------------------------------------------------------------------------
CHILD: dict[str, Any] = {
    "name": "Nguyễn Gia Hân",
    "unit": "Trường THCS Lê Lợi",
    "for_child": "on",
    "guardian_name": "Nguyễn Văn Hải",
    "guardian_phone": "0903 111 222",
    "consent": "on",
}


def test_child_is_registered_by_a_guardian(intake: Intake, client: Client) -> None:
    page = f"/dang-ky/{intake.activity.slug}/"
    for name in ("Nguyễn Gia Hân", "Nguyễn Gia Huy"):  # two children of one parent
        assert client.post(page, CHILD | {"name": name}).status_code == 302
    consent = Registration.objects.get(name="Nguyễn Gia Hân").consent
    assert (consent.notice.form, consent.guardian_name, consent.guardian_phone, consent.registration.phone) == (
        "child", "Nguyễn Văn Hải", "+84903111222", "",
    )  # fmt: skip


@pytest.mark.parametrize("missing", ["guardian_name", "guardian_phone"])
def test_child_needs_a_guardian(intake: Intake, client: Client, missing: str) -> None:
    response = client.post(f"/dang-ky/{intake.activity.slug}/", {k: v for k, v in CHILD.items() if k != missing})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [missing]


def test_grown_up_is_asked_five_fields_and_keeps_no_guardian(intake: Intake, client: Client) -> None:
    page = f"/dang-ky/{intake.activity.slug}/"
    form = client.get(page).context["form"]
    assert [field.name for field in form.adult_fields] == ["name", "unit", "position", "phone", "email"]
    given = {key: value for key, value in CHILD.items() if key != "for_child"} | {"phone": "0912345678"}
    assert client.post(page, given).status_code == 302
    consent = Registration.objects.get().consent
    assert (consent.notice, consent.guardian_name) == (Notice.objects.get(form="registration"), "")
    assert client.post(page, {k: v for k, v in given.items() if k != "phone"}).status_code == 422


def test_link_for_a_caller_stands_on_the_request(caller: Registration, sign_in: SignIn, officer_hmc: User) -> None:
    services.ask_for_link(phone=caller.phone, language="vi", at=makers.NOW)
    asked, client = Request.objects.get(), sign_in(officer_hmc)
    address = f"/ban/yeu-cau/{asked.pk}/"
    assert client.post(address, {"action": "accept"}).status_code == 422  # nobody has made sure yet
    assert client.post(address, {"action": "checked"}).status_code == 302
    assert client.post(address, {"action": "accept"}).status_code == 302
    link = client.get(address).context["link_words"].split()[-1]
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 200
    assert makers.NOW + timedelta(days=3) == Access.objects.get(how="officer").expires_at


def test_request_stands_on_today_where_nothing_is_planned_yet(
    guest: Registration, sign_in: SignIn, officer_hmc: User
) -> None:
    services.file_request(person=guest.person, access=None, kind="see", language="vi", at=makers.NOW)
    newer = makers.make_agreement()  # without a plan
    client = sign_in(officer_hmc)
    session = client.session
    session["agreement"] = newer.pk
    session.save()
    response = client.get("/ban/")
    assert "desk/today_empty.html" in [template.name for template in response.templates]
    assert f"/ban/yeu-cau/{Request.objects.get().pk}/" in response.content.decode()
