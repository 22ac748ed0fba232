"""What guests see, also when the form is filled in badly, late, twice, or by a machine."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.activities.models import Activity, ActivityKind, Change
from nhipcau.agreements.models import Audience
from nhipcau.attendance import tickets
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from tests import makers
from tests.conftest import HandClock

GIVEN = {
    "name": "Nguyễn Thị Thanh Vân",
    "unit": "Báo Sài Gòn",
    "position": "Phóng viên",
    "phone": "0912 345 678",
    "email": "van@example.vn",
    "consent": "on",
}


@pytest.fixture
def page(intake: Intake) -> str:
    """The address of the form."""
    return f"/dang-ky/{intake.activity.slug}/"


@pytest.fixture
def guest(intake: Intake) -> Registration:
    """A guest with a seat."""
    return makers.make_registration(intake)


def link(guest: Registration, rest: str = "") -> str:
    """The guest's own address."""
    return f"/ma/{tickets.token(guest)}/{rest}"


def errors(response: Any) -> dict[str, list[str]]:
    """Every sentence of the form, by field."""
    return {field: [str(said) for said in lines] for field, lines in response.context["form"].errors.items()}


# --- registering ------------------------------------------------------------------------------
def test_register_is_three_requests_and_at_most_thirty_statements(client: Client, page: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
        response = client.post(page, GIVEN)
        ticket = client.get(response["Location"])
    assert (response.status_code, ticket.status_code) == (302, 200)
    registration = Registration.objects.get()
    assert ticket.context["registration"] == registration
    assert (registration.name, registration.phone, registration.channel, registration.language) == (
        "Nguyễn Thị Thanh Vân", "+84912345678", "self", "vi",
    )  # fmt: skip
    statements = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 30, "\n".join(statements)


def test_register_sets_no_cookie_but_the_forms_own(client: Client, page: str) -> None:
    response = client.get(page)
    assert set(response.cookies) == {"csrftoken"}
    assert "no-store" in response["Cache-Control"]
    posted = client.post(page, GIVEN)
    assert set(client.get(posted["Location"]).cookies) == set()
    assert "sessionid" not in client.cookies


def test_register_twice_leads_to_the_same_code(client: Client, page: str) -> None:
    first = client.post(page, GIVEN)
    again = client.post(page, GIVEN | {"name": "NGUYEN THI THANH VAN", "phone": "+84912345678"})
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Registration.objects.count() == 1
    assert Message.objects.count() == 1


def test_register_with_a_known_name_and_number_opens_nobodys_code(client: Client, page: str, clock: HandClock) -> None:
    client.post(page, GIVEN)
    guest = Registration.objects.get()
    clock.move(minutes=3)
    answers = [client.post(page, GIVEN | {"email": "la@example.vn", "name": name}) for name in (GIVEN["name"], "Lê A")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert errors(answers[0]) == errors(answers[1])
    assert all(tickets.token(guest) not in answer.content.decode() for answer in answers)
    assert answers[0].context["form"]["unit"].value() == "Báo Sài Gòn"
    client.post(page, GIVEN)
    assert list(Message.objects.values_list("to", flat=True)) == ["van@example.vn"] * 2
    clock.move(hours=1)
    client.post(page, GIVEN)
    assert Message.objects.count() == 3


def test_register_in_english_speaks_english(client: Client, page: str) -> None:
    response = client.post(f"/en{page}", GIVEN)
    assert response["Location"].startswith("/en/ma/")
    assert Registration.objects.get().language == "en"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "   "}, ["name"]),
        ({"name": "Vân" * 1000}, ["name"]),
        ({"phone": ""}, ["phone"]),
        ({"phone": "12345"}, ["phone"]),
        ({"phone": "0" * 3000}, ["phone"]),
        ({"phone": "028 3829 1234"}, ["phone"]),
        ({"email": "van@"}, ["email"]),
        ({"unit": "x" * 3000}, ["unit"]),
        ({"name": "Vân\x00"}, ["name"]),
        ({"consent": ""}, ["consent"]),
        (dict.fromkeys(GIVEN, ""), ["name", "phone", "consent"]),
    ],
)
def test_register_keeps_what_was_typed(client: Client, page: str, change: dict[str, str], wrong: list[str]) -> None:
    given = {key: value for key, value in (GIVEN | change).items() if value}
    response = client.post(page, given)
    assert response.status_code == 422
    assert list(errors(response)) == wrong
    for field in ("unit", "email"):
        assert response.context["form"][field].value() == given.get(field)
    assert Registration.objects.count() == 0


def test_register_stores_a_decomposed_name_composed(client: Client, page: str) -> None:
    import unicodedata

    client.post(page, GIVEN | {"name": unicodedata.normalize("NFD", "Nguyễn  Thị Thanh Vân")})
    assert Registration.objects.get().name == "Nguyễn Thị Thanh Vân"


def test_register_shows_a_script_as_text(client: Client, page: str) -> None:
    response = client.post(page, GIVEN | {"name": "<script>alert(1)</script>"})
    ticket = client.get(response["Location"])
    assert b"<script>alert" not in ticket.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in ticket.content


def test_register_with_anothers_number_is_refused_at_the_number(client: Client, page: str) -> None:
    client.post(page, GIVEN)
    response = client.post(page, GIVEN | {"name": "Trần Gia Bảo"})
    assert (response.status_code, list(errors(response))) == (422, ["phone"])


def test_register_full_offers_the_waiting_list_and_takes_it(client: Client, page: str, intake: Intake) -> None:
    makers.make_registration(intake), makers.make_registration(intake, "Lê Minh An")
    assert b'name="join_waiting"' in client.get(page).content
    refused = client.post(page, GIVEN)
    assert (refused.status_code, refused.context["place"]) == (422, 1)
    assert b'name="join_waiting"' in refused.content
    assert refused.context["form"]["name"].value() == "Nguyễn Thị Thanh Vân"
    taken = client.post(page, GIVEN | {"join_waiting": "1"})
    ticket = client.get(taken["Location"])
    assert (ticket.context["registration"].state, ticket.context["place"]) == ("waiting", 1)
    assert b"ma.png" not in ticket.content


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (datetime(2026, 10, 1, 9, 0, tzinfo=LOCAL), "early"),
        (datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL), "closed"),
    ],
)
def test_register_early_or_late_says_so_and_takes_nobody(
    client: Client, clock: HandClock, page: str, moment: datetime, phase: str
) -> None:
    clock.set(moment)
    assert client.get(page).context["phase"] == phase
    response = client.post(page, GIVEN)
    assert (response.status_code, response.context["phase"], list(errors(response))) == (422, phase, ["__all__"])
    assert 'value="Nguyễn Thị Thanh Vân"' in response.content.decode()
    assert Registration.objects.count() == 0


def test_register_for_a_cancelled_activity_says_why(
    client: Client, page: str, intake: Intake, officer_hmc: User
) -> None:
    Activity.objects.update(state="cancelled")
    Change.objects.create(
        activity=intake.activity, kind="cancelled", reason="Bão số 9", old_start=intake.activity.starts_at,
        by=officer_hmc, at=makers.NOW,
    )  # fmt: skip
    assert "Bão số 9" in client.get(page).content.decode()
    refused = client.post(page, GIVEN)
    assert (refused.status_code, list(errors(refused))) == (422, ["__all__"])


def test_register_for_a_moved_activity_shows_the_old_time(
    client: Client, page: str, intake: Intake, officer_hmc: User
) -> None:
    Change.objects.create(
        activity=intake.activity, kind="moved", reason="Đổi phòng", old_start=intake.activity.starts_at - timedelta(days=7),
        new_start=intake.activity.starts_at, by=officer_hmc, at=makers.NOW,
    )  # fmt: skip
    assert "03/12/2026" in client.get(page).content.decode()


def test_register_asks_who_you_are_only_where_there_is_a_choice(client: Client, page: str, activity: Activity) -> None:
    assert "audience" not in client.get(page).context["form"].fields
    enterprise = Audience.objects.create(slug="enterprise", name="Doanh nghiệp")
    activity.audiences.add(enterprise)
    assert "audience" in client.get(page).context["form"].fields
    for wrong in ("", "999999", "x"):
        assert list(errors(client.post(page, GIVEN | {"audience": wrong}))) == ["audience"]
    client.post(page, GIVEN | {"audience": str(enterprise.pk)})
    assert Registration.objects.get().audience == enterprise


def test_register_asks_guests_of_international_activities_where_they_come_from(
    client: Client, page: str, activity: Activity
) -> None:
    assert "nationality" not in client.get(page).context["form"].fields
    client.post(page, GIVEN | {"nationality": "ZZ"})
    assert Registration.objects.get().person.nationality == ""
    Activity.objects.update(kind=ActivityKind.objects.get(slug="press_tour"))
    Intake.objects.update(capacity=9)
    assert client.get(page).context["form"]["nationality"].value() is None
    for number, said in enumerate(["", "VN", "ZZ"]):
        client.post(page, GIVEN | {"name": f"Khách {number}", "phone": f"090311122{number}", "nationality": said})
    assert list(
        Registration.objects.filter(name__startswith="Khách")
        .order_by("name")
        .values_list("person__nationality", flat=True)
    ) == ["", "VN", "ZZ"]


def test_register_consent_is_never_ticked_beforehand(client: Client, page: str) -> None:
    assert client.get(page).context["form"]["consent"].value() is None


def test_register_for_a_hidden_or_unknown_activity_is_not_found(client: Client, page: str) -> None:
    assert client.get("/dang-ky/khong-co/").status_code == 404
    Activity.objects.update(is_public=False)
    assert client.get(page).status_code == 404


def test_register_without_the_forms_own_cookie_is_refused(page: str) -> None:
    assert Client(enforce_csrf_checks=True).post(page, GIVEN).status_code == 403


def test_register_refuses_other_methods(client: Client, page: str) -> None:
    assert [client.put(page).status_code, client.delete(page).status_code] == [405, 405]


# --- the guest's own pages --------------------------------------------------------------------
@pytest.mark.parametrize("rest", ["", "ma.svg", "ma.png", "lich.ics", "huy/", "thay/"])
def test_ticket_pages_are_kept_nowhere(client: Client, guest: Registration, rest: str) -> None:
    response = client.get(link(guest, rest))
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert set(response.cookies) <= {"csrftoken"}


@pytest.mark.parametrize("rest", ["", "ma.svg", "ma.png", "lich.ics", "huy/", "thay/"])
def test_ticket_forged_link_gets_a_sentence(client: Client, guest: Registration, rest: str) -> None:
    token = tickets.token(guest)
    for forged in (f"{guest.pk}.x", token[:-1], token.replace(str(guest.pk), str(guest.pk + 1), 1), "x", "9" * 400):
        response = client.get(f"/ma/{forged}/{rest}")
        assert (response.status_code, response["X-Robots-Tag"]) == (404, "noindex, nofollow")
        assert response.templates[0].name == "attendance/link_broken.html"


def test_ticket_link_of_another_purpose_opens_nothing(client: Client, guest: Registration) -> None:
    from nhipcau.core import signing

    assert client.get(f"/ma/{signing.sign('other', guest.pk)}/").status_code == 404


def test_ticket_picture_is_a_png(client: Client, guest: Registration) -> None:
    response = client.get(link(guest, "ma.png"))
    assert (response["Content-Type"], response.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_ticket_calendar_file_names_time_and_code(client: Client, guest: Registration) -> None:
    from icalendar import Calendar

    response = client.get(link(guest, "lich.ics"))
    event: Any = Calendar.from_ical(response.content).events[0]
    assert (str(event["summary"]), event["dtstart"].dt, str(event["location"])) == (
        "Tọa đàm khởi nghiệp số", guest.intake.activity.starts_at, "Hội trường A, FSC",
    )  # fmt: skip
    assert guest.code in str(event["description"])


def test_ticket_page_asks_a_fixed_number_of_queries(
    client: Client, guest: Registration, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # registration, arrival
        client.get(link(guest))


def test_cancel_asks_first_then_frees_the_seat(client: Client, guest: Registration, intake: Intake) -> None:
    client.get(link(guest, "huy/"))
    assert Registration.objects.get().state == "confirmed"
    response = client.post(link(guest, "huy/"))
    assert (response.status_code, response["Location"]) == (302, link(guest))
    intake.refresh_from_db()
    assert (intake.taken, Registration.objects.get().state) == (0, "cancelled")
    assert client.post(link(guest, "huy/")).status_code == 422
    assert client.get(link(guest)).status_code == 200


def test_substitute_by_link_gives_a_new_code(client: Client, guest: Registration) -> None:
    response = client.post(link(guest, "thay/"), {"name": "Trần Gia Bảo", "phone": "0903111222", "consent": "on"})
    new = Registration.objects.get(state="confirmed")
    assert (response["Location"], new.name, new.substitute_for_id) == (link(new), "Trần Gia Bảo", guest.pk)
    wrong = client.post(link(guest, "thay/"), {"name": "Lê Minh An", "phone": "0903111333", "consent": "on"})
    assert wrong.status_code == 422
    assert client.post(link(new, "thay/"), {"name": "", "phone": "1"}).status_code == 422


def test_ticket_text_to_paste_is_plain(guest: Registration) -> None:
    assert tickets.pasteable(guest, "en").splitlines()[:5] == [
        "Talk on digital start-ups",
        "Time: 14:00, Thursday, 10 December 2026",
        "Venue: Hall A, FSC",
        "Guest: Nguyễn Thị Thanh Vân",
        f"Admission code: {guest.code}",
    ]


def test_ticket_invitation_never_guesses_a_title(guest: Registration) -> None:
    assert (
        tickets.invitation(guest, "en")
        == "It will be our honour to receive you at 13:45 on Thursday, 10 December 2026."
    )
    guest.person.sex = "male"
    assert tickets.invitation(guest, "en") == (
        "It will be our honour to receive Mr Nguyễn Thị Thanh Vân at 13:45 on Thursday, 10 December 2026."
    )


def test_json_is_no_form(client: Client, page: str) -> None:
    response = client.post(page, json.dumps(GIVEN), content_type="application/json")
    assert response.status_code == 422
