"""A guest's link: how long it opens, how it is replaced and asked for again, and what guessing at it leads to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from nhipcau.attendance import services, tickets
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core import signing
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from tests import makers
from tests.conftest import HandClock

SignIn = Callable[[User], Client]
Settings = Any
PAGES = ["", "ma.svg", "ma.png", "lich.ics", "huy/", "thay/"]


@pytest.fixture
def guest(intake: Intake) -> Registration:
    return makers.make_registration(intake, email="van@example.vn")


def link(guest: Registration, rest: str = "") -> str:
    return f"/ma/{tickets.token(guest)}/{rest}"


@pytest.mark.parametrize("rest", PAGES)
def test_links_open_until_thirty_days_after_the_activity(
    client: Client, guest: Registration, clock: HandClock, rest: str
) -> None:
    clock.set(guest.intake.activity.ends_at + timedelta(days=30, seconds=-1))
    assert client.get(link(guest, rest)).status_code == 200
    clock.move(seconds=1)
    response = client.get(link(guest, rest))
    assert (response.status_code, response.templates[0].name) == (410, "attendance/link_old.html")
    assert "30 ngày sau hoạt động" in response.content.decode()
    assert guest.name not in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_an_activity_put_off_takes_its_links_along(client: Client, guest: Registration, clock: HandClock) -> None:
    activity = guest.intake.activity
    clock.set(activity.ends_at + timedelta(days=31))
    assert client.get(link(guest)).status_code == 410
    activity.ends_at += timedelta(days=90)
    activity.save()
    assert client.get(link(guest)).status_code == 200


def test_the_officer_closes_links_in_other_hands(
    client: Client, sign_in: SignIn, officer_hmc: User, guest: Registration
) -> None:
    old, desk = link(guest), sign_in(officer_hmc)
    first_form = f"/ma/{_first_form(guest)}/"
    assert [client.get(address).status_code for address in (old, first_form)] == [200, 200]
    answer = desk.post(f"/ban/khach/{guest.pk}/", {"action": "renew"})
    assert answer.status_code == 302
    guest.refresh_from_db()
    new = link(guest)
    assert [client.get(address).status_code for address in (old, first_form, new)] == [410, 410, 200]
    assert new in desk.get(f"/ban/khach/{guest.pk}/").content.decode()
    mail = Message.objects.get()
    assert (mail.to, tickets.token(guest) in mail.body) == ("van@example.vn", True)
    assert guest.code in mail.body


def _first_form(guest: Registration) -> str:
    from django.core.signing import Signer

    return Signer(salt="nhipcau.ticket").sign(str(guest.pk)).replace(":", ".")


def test_closing_links_is_for_the_lead_alone(
    sign_in: SignIn, officer_fsc: User, outsider: User, guest: Registration
) -> None:
    for by, status in ((officer_fsc, 403), (outsider, 404)):
        assert sign_in(by).post(f"/ban/khach/{guest.pk}/", {"action": "renew"}).status_code == status
    guest.refresh_from_db()
    assert guest.link_generation == 0


def test_two_officers_at_once_close_twice(guest: Registration, officer_hmc: User, clock: HandClock) -> None:
    same = Registration.objects.get(pk=guest.pk)
    for held in (guest, same):
        services.renew_link(registration=held, by=officer_hmc, at=clock.move(seconds=1))
    assert same.link_generation == 2


# --- asking again -----------------------------------------------------------------------------
RESEND = "/gui-lai-duong-dan/"


@pytest.mark.parametrize("contact", ["0912 345 678", "+84912345678", "van@example.vn", "VAN@example.vn "])
def test_resend_sends_to_the_address_of_the_registration(client: Client, intake: Intake, contact: str) -> None:
    guest = makers.make_registration(intake, phone="+84912345678", email="van@example.vn")
    answer = client.post(RESEND, {"contact": contact})
    assert (answer.status_code, answer["Location"]) == (302, RESEND + "?da-nhan")
    assert [(mail.to, link(guest) in mail.body) for mail in Message.objects.all()] == [("van@example.vn", True)]
    client.post(RESEND, {"contact": contact})
    assert Message.objects.count() == 1  # once an hour, however often


def test_resend_answers_the_same_whoever_asks(client: Client, guest: Registration, clock: HandClock) -> None:
    contacts = ["van@example.vn", "la@example.vn", "0903 999 888"]
    answers = [client.post(RESEND, {"contact": contact}) for contact in contacts]
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (302, RESEND + "?da-nhan", b"")
    }
    assert client.get(RESEND + "?da-nhan").status_code == 200
    assert Message.objects.count() == 1


def test_resend_leaves_out_what_is_over_or_given_up(client: Client, guest: Registration, clock: HandClock) -> None:
    clock.set(guest.intake.activity.ends_at)
    client.post(RESEND, {"contact": "van@example.vn"})
    Registration.objects.update(state="cancelled")
    clock.set(makers.NOW)
    client.post(RESEND, {"contact": "van@example.vn"})
    assert Message.objects.count() == 0


@pytest.mark.parametrize("contact", ["", "12", "van@", "x" * 500, "van@example.vn\x00"])
def test_resend_says_what_it_needs_and_keeps_what_was_typed(client: Client, db: None, contact: str) -> None:
    answer = client.post(RESEND, {"contact": contact})
    assert answer.status_code == 422
    assert answer.context["form"]["contact"].value() == contact


# --- guessing ---------------------------------------------------------------------------------
def test_wrong_links_are_counted_and_good_ones_still_open(
    client: Client, guest: Registration, settings: Settings
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"links": "3/10m"}
    wrong = [signing.sign("other", number) for number in range(5)]
    answers = [client.get(f"/ma/{token}/").status_code for token in wrong]
    assert answers == [404, 404, 404, 429, 429]
    assert client.get(link(guest)).status_code == 200  # a hall behind one address keeps its codes
    assert client.get(f"/ma/{wrong[0]}/", REMOTE_ADDR="198.51.100.1").status_code == 404


def test_one_number_tried_again_and_again_is_held_and_what_was_typed_kept(
    client: Client, intake: Intake, wording: Any, settings: Settings
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"registration.subject": "2/10m"}
    page = f"/dang-ky/{intake.activity.slug}/"
    given = {"name": "Vân <b>", "phone": "0912 345 678", "unit": "Báo Sài Gòn"}
    answers = [client.post(page, given) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    held = answers[-1]
    assert held.context["typed"] == list(given.items())
    assert 'value="Vân &lt;b&gt;"' in held.content.decode()
    assert int(held["Retry-After"]) in range(1, 601)
    assert client.post(page, given | {"phone": "0903 111 222"}).status_code == 422


def test_asking_for_links_is_held(client: Client, db: None, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"resend": "4/h", "resend.subject": "2/h"}
    same = [client.post(RESEND, {"contact": "van@example.vn"}).status_code for _turn in range(3)]
    others = [client.post(RESEND, {"contact": f"k{number}@example.vn"}).status_code for number in range(3)]
    assert (same, others) == ([302, 302, 429], [302, 429, 429])
