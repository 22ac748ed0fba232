"""The outbox at the desk."""

import html
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhipcau.accounts import services as accounts
from nhipcau.agreements.access import standing
from nhipcau.agreements.models import Agreement, Party
from nhipcau.attendance import letters
from nhipcau.desk import today as waiting
from nhipcau.outbox import services
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from nhipcau.privacy import services as privacy
from tests import makers

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/ban/thu/"


def _mail(
    now: datetime,
    number: int = 1,
    *,
    state: str = "sent",
    subject: str = "Xác nhận đăng ký",
    agreement: Agreement | None = None,
) -> Message:
    mail = services.queue_mail(
        key=f"tests:{number}",
        to=f"khach{number}@example.vn",
        subject=subject,
        body="Kính gửi Ông/Bà,",
        at=now,
        agreement=agreement or makers.the_agreement(),
    )
    Message.objects.filter(pk=mail.pk).update(state=state)
    mail.refresh_from_db()
    return mail


def _subjects(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [mail.subject for mail, _tag in response.context["rows"]]


def test_addresses_are_as_agreed() -> None:
    assert reverse("outbox:outbox") == LIST


def test_list_finds_without_marks_and_by_address_and_state(sign_in: SignIn, officer_hmc: User, now: datetime) -> None:
    _mail(now, 1, subject="Xác nhận đăng ký")
    _mail(now, 2, subject="Đổi giờ tọa đàm", state="failed")
    client = sign_in(officer_hmc)
    assert _subjects(client) == ["Đổi giờ tọa đàm", "Xác nhận đăng ký"]
    assert _subjects(client, "?q=toa+dam") == ["Đổi giờ tọa đàm"]
    assert _subjects(client, "?q=khach1") == ["Xác nhận đăng ký"]
    assert _subjects(client, "?state=failed") == ["Đổi giờ tọa đàm"]
    assert _subjects(client, "?state=nonsense&page=x") == ["Đổi giờ tọa đàm", "Xác nhận đăng ký"]
    assert _subjects(client, "?q=khong-co") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_any_number_of_rows(
    rows: int, sign_in: SignIn, officer_hmc: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        _mail(now, number)
    client = sign_in(officer_hmc)
    client.get(LIST)  # the content types and desk entries of a first request
    response = client.get(LIST)
    with django_assert_num_queries(2):  # the count and the rows; the frame is asserted with the desk
        page = response.context["page_obj"].paginator
        page.__dict__.pop("count", None)
        assert page.count == rows
        assert len(list(Message.objects.without_contents())) == rows


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer_hmc", 200),
        ("officer_fsc", 200),
        ("director_hmc", 200),
        ("records_hmc", 200),
        ("reception_hmc", 403),
        ("overseer_dofa", 403),
        ("outsider", 404),
        ("administrator", 403),
    ],
)
def test_only_those_who_work_with_guests_see_mail(
    who: str, status: int, sign_in: SignIn, now: datetime, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)
    mail = _mail(now, state="failed")
    client = sign_in(user)
    assert client.get(LIST).status_code == (200 if who == "administrator" else status)
    assert client.get(f"{LIST}{mail.pk}/").status_code == status
    assert client.post(f"{LIST}{mail.pk}/gui-lai/").status_code == (302 if status == 200 else status)


@pytest.fixture
def other(agreement: Agreement) -> Agreement:
    """A later agreement between two bodies the cast does not work for."""
    made = Agreement.objects.create(title="Bản ghi nhớ khác", signed_on=date(2023, 1, 5))
    for order, name in enumerate(("Trung tâm A", "Trung tâm B"), start=1):
        Party.objects.create(agreement=made, organisation=makers.make_organisation(name), order=order)
    return made


def test_mail_of_another_agreement_is_neither_listed_nor_read_nor_sent_again(
    sign_in: SignIn, officer_hmc: User, administrator: User, now: datetime, agreement: Agreement, other: Agreement
) -> None:
    own = _mail(now, 1, state="failed", agreement=agreement)
    foreign = _mail(now, 2, state="failed", subject="Thư của bên khác", agreement=other)
    client = sign_in(officer_hmc)
    assert _subjects(client) == [own.subject]
    assert _subjects(client, "?q=ben+khac") == []
    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/gui-lai/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "failed"
    entries = [entry for group in client.get(LIST).context["desk_menu"]() for entry in group["entries"]]
    assert [entry["count"] for entry in entries if entry["url"] == LIST] == [1]
    plan = makers.make_plan(agreement)
    mine = standing(officer_hmc, agreement, day=now.date())
    assert [line.title for line in waiting.due(plan, officer_hmc, mine, now=now) if line.url == LIST] == [
        "1 thư chưa gửi được"
    ]
    assert sign_in(administrator).get(f"{LIST}{foreign.pk}/").status_code == 403


def test_mail_of_no_agreement_is_for_administrators_only(
    sign_in: SignIn, officer_hmc: User, administrator: User, now: datetime, agreement: Agreement
) -> None:
    _mail(now, 1, agreement=agreement)
    loose = services.queue_mail(key="tests:x", to="ai@example.vn", subject="Thư hệ thống", body="Kính gửi", at=now)
    assert _subjects(sign_in(officer_hmc)) == ["Xác nhận đăng ký"]
    assert sign_in(officer_hmc).get(f"{LIST}{loose.pk}/").status_code == 404
    assert _subjects(sign_in(administrator)) == ["Thư hệ thống"]
    assert sign_in(administrator).get(f"{LIST}{loose.pk}/").status_code == 200


def test_links_into_an_account_and_to_own_data_are_read_by_nobody_at_the_desk(
    sign_in: SignIn, officer_hmc: User, director_hmc: User, administrator: User, plan: Plan, now: datetime
) -> None:
    makers.make_registration(makers.make_intake(makers.make_activity(plan)), email="khach@example.vn")
    User.objects.filter(pk=officer_hmc.pk).update(email="can.bo@example.vn")
    officer_hmc.refresh_from_db()
    Client().post(reverse("account_reset_password"), {"email": officer_hmc.email})
    accounts.renew_link(account=officer_hmc, by=director_hmc, at=now)
    privacy.ask_for_link(email="khach@example.vn", language="vi", at=now)
    keys = Message.objects.filter(agreement=None).order_by("pk").values_list("key", flat=True)
    assert [key.split(":")[0] for key in keys] == ["account", "account-link", "data-link"]
    client = sign_in(administrator)
    for mail in Message.objects.filter(agreement=None):
        link = next(word for word in mail.body.split() if word.startswith("http"))
        page = client.get(f"{LIST}{mail.pk}/").content.decode()
        said = "Nội dung thư có đường dẫn dành riêng cho người nhận"
        assert (link in html.unescape(page), said in page) == (False, True), mail.key
        assert _subjects(client, f"?q={link.strip('/').rsplit('/', 1)[-1]}") == []


def test_visitors_are_sent_to_sign_in(client: Client, now: datetime, agreement: object) -> None:
    mail = _mail(now)
    for path in (LIST, f"{LIST}{mail.pk}/"):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, f"/tai-khoan/login/?next={path}")


def test_failed_mail_is_queued_again_by_its_button(sign_in: SignIn, officer_hmc: User, now: datetime) -> None:
    mail = _mail(now, state="uncertain")
    client = sign_in(officer_hmc)
    assert b"gui-lai" in client.get(f"{LIST}{mail.pk}/").content
    response = client.post(f"{LIST}{mail.pk}/gui-lai/")
    assert (response.status_code, response.headers["Location"]) == (302, f"{LIST}{mail.pk}/")
    mail.refresh_from_db()
    assert (mail.state, mail.due_at) == ("queued", now)


def test_sent_mail_is_not_sent_again(sign_in: SignIn, officer_hmc: User, now: datetime) -> None:
    mail = _mail(now, state="sent")
    client = sign_in(officer_hmc)
    assert b"gui-lai" not in client.get(f"{LIST}{mail.pk}/").content
    assert client.post(f"{LIST}{mail.pk}/gui-lai/").status_code == 422
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_wrong_methods_and_unknown_mail_are_refused(sign_in: SignIn, officer_hmc: User, now: datetime) -> None:
    mail = _mail(now)
    client = sign_in(officer_hmc)
    assert client.post(LIST).status_code == 405
    assert client.post(f"{LIST}{mail.pk}/").status_code == 405
    assert client.get(f"{LIST}{mail.pk}/gui-lai/").status_code == 405
    assert client.get(f"{LIST}999/").status_code == 404
    assert client.post(f"{LIST}999/gui-lai/").status_code == 404


def test_menu_counts_what_a_person_has_to_decide(sign_in: SignIn, officer_hmc: User, now: datetime) -> None:
    for number, state in enumerate(["sent", "failed", "uncertain", "queued", "kept"]):
        _mail(now, number, state=state)
    response = sign_in(officer_hmc).get(LIST)
    entries = [entry for group in response.context["desk_menu"]() for entry in group["entries"]]
    assert [entry["count"] for entry in entries if entry["url"] == LIST] == [2]


def test_letter_to_a_guest_belongs_to_the_agreement_of_the_activity(agreement: Agreement, now: datetime) -> None:
    activity = makers.make_activity(makers.make_plan(agreement))
    letters.send_place(makers.make_registration(makers.make_intake(activity), email="khach@example.vn"), at=now)
    assert Message.objects.get().agreement == agreement


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table this small whole")
def test_the_list_is_read_in_the_order_of_its_index(agreement: Agreement, now: datetime) -> None:
    _mail(now, agreement=agreement)
    plan = Message.objects.of(agreement).without_contents()[:50].explain()
    assert "outbox_list" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table this small whole")
def test_what_waits_for_a_person_is_counted_without_reading_what_was_sent(agreement: Agreement, now: datetime) -> None:
    """Every page of the desk asks for it, beside the entry of the menu."""
    _mail(now, agreement=agreement)
    plan = Message.objects.of(agreement).undecided().order_by().values("pk").explain()
    assert "COVERING INDEX outbox_by_state (agreement_id=? AND state=?)" in plan
