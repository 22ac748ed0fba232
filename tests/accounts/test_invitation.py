"""Invited by a link, in by it once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.accounts import links, services
from nhipcau.accounts.errors import DaysReversed, LinkSpent, NameTaken, NotYours, WrongState
from nhipcau.accounts.models import AccountLink
from nhipcau.core.signing import BadLink
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Membership, Organisation, User
from tests import makers
from tests.conftest import HandClock

Role = Membership.Role
SignIn = Callable[[User], Client]
PASSWORD = "mot-mat-khau-rat-dai"


def invited(by: User, organisation: Organisation | None, now: datetime, **more: object) -> AccountLink:
    """Somebody invited as officer, or as administrator without an organisation."""
    values = {"name": "Nguyễn Thị Minh Châu", "role": Role.OFFICER, "first_day": now.date()} | more
    return services.invite_person(organisation=organisation, by=by, at=now, **values)  # type: ignore[arg-type]


def test_invitation_makes_an_account_nobody_can_enter(administrator: User, hmc: Organisation, now: datetime) -> None:
    link = invited(administrator, hmc, now)
    account = link.account
    assert (account.username, account.is_active, account.has_usable_password()) == (
        "nguyen.thi.minh.chau",
        False,
        False,
    )
    assert [(m.organisation, m.role, m.first_day, m.last_day) for m in account.memberships.all()] == [
        (hmc, Role.OFFICER, now.date(), None)
    ]
    assert link.expires_at == now + timedelta(days=7)
    assert Message.objects.count() == 0


def test_second_person_of_a_name_gets_a_number(administrator: User, hmc: Organisation, now: datetime) -> None:
    names = [invited(administrator, hmc, now).account.username for _each in range(3)]
    assert names == ["nguyen.thi.minh.chau", "nguyen.thi.minh.chau.2", "nguyen.thi.minh.chau.3"]


def test_invitation_goes_out_by_mail_where_there_is_an_address(
    administrator: User, hmc: Organisation, now: datetime
) -> None:
    link = invited(administrator, hmc, now, email="chau@example.vn")
    mail = Message.objects.get()
    assert (mail.to, mail.agreement) == ("chau@example.vn", None)
    assert links.address(link) in mail.body


def test_link_sent_to_a_mistyped_address_ends_with_it(
    administrator: User, hmc: Organisation, now: datetime, sign_in: SignIn
) -> None:
    """Whoever reads it there would choose the password of an officer."""
    link = invited(administrator, hmc, now, email="chua@example.vn")
    client, address = sign_in(administrator), reverse("accounts:revise", args=[link.account_id])
    data = {"name": "Nguyễn Thị Minh Châu", "email": "chua@example.vn", "phone": "0912 345 678"}
    client.post(address, data)
    assert services.open_link(links.token(link), at=now) == link
    answer = client.post(address, data | {"email": "chau@example.vn"}, follow=True)
    assert "không còn mở được" in answer.content.decode()
    with pytest.raises(LinkSpent):
        services.open_link(links.token(link), at=now)


def test_link_given_by_hand_outlives_an_address_entered_later(
    administrator: User, hmc: Organisation, now: datetime
) -> None:
    link = invited(administrator, hmc, now)
    services.revise_account(
        account=link.account, name="Minh Châu", email="chau@example.vn", phone="", by=administrator, at=now
    )
    assert services.open_link(links.token(link), at=now) == link


def test_director_invites_into_the_own_party_only(
    director_hmc: User, hmc: Organisation, fsc: Organisation, now: datetime
) -> None:
    assert invited(director_hmc, hmc, now).account.memberships.get().organisation == hmc
    for place in (fsc, None):
        with pytest.raises(NotYours):
            invited(director_hmc, place, now)


@pytest.mark.parametrize("who", ["officer_hmc", "records_hmc", "overseer_dic", "outsider"])
def test_nobody_else_invites(who: str, hmc: Organisation, now: datetime, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotYours):
        invited(request.getfixturevalue(who), hmc, now)


def test_invitation_refuses_a_known_address_and_days_gone_by(
    administrator: User, officer_hmc: User, hmc: Organisation, now: datetime
) -> None:
    with pytest.raises(NameTaken):
        invited(administrator, hmc, now, email=officer_hmc.email.upper())
    with pytest.raises(DaysReversed):
        invited(administrator, hmc, now, first_day=date(2026, 1, 1), last_day=date(2026, 2, 1))


def test_link_is_good_once(administrator: User, hmc: Organisation, now: datetime) -> None:
    link = invited(administrator, hmc, now)
    account = services.accept_invitation(link=link, username="minh.chau", password=PASSWORD, by=link.account, at=now)
    assert (account.username, account.is_active, account.check_password(PASSWORD)) == ("minh.chau", True, True)
    with pytest.raises(LinkSpent):
        services.accept_invitation(link=link, username="ai.khac", password=PASSWORD, by=link.account, at=now)
    with pytest.raises(LinkSpent):
        services.open_link(links.token(link), at=now)


def test_link_is_good_for_seven_days(administrator: User, hmc: Organisation, now: datetime) -> None:
    link = invited(administrator, hmc, now)
    token = links.token(link)
    assert services.open_link(token, at=now + timedelta(days=7, seconds=-1)) == link
    with pytest.raises(LinkSpent):
        services.open_link(token, at=now + timedelta(days=7))


def test_link_that_was_changed_is_refused(administrator: User, hmc: Organisation, now: datetime) -> None:
    token = links.token(invited(administrator, hmc, now))
    with pytest.raises(BadLink):
        services.open_link(token[:-1] + ("A" if token[-1] != "A" else "B"), at=now)


def test_taken_name_leaves_the_link_as_good_as_it_was(
    administrator: User, officer_hmc: User, hmc: Organisation, now: datetime
) -> None:
    link = invited(administrator, hmc, now)
    with pytest.raises(NameTaken):
        services.accept_invitation(link=link, username="OFFICER_HMC", password=PASSWORD, by=link.account, at=now)
    assert services.open_link(links.token(link), at=now) == link


def test_new_link_takes_the_place_of_the_old_one(administrator: User, hmc: Organisation, now: datetime) -> None:
    old = invited(administrator, hmc, now)
    later = now + timedelta(days=3)
    new = services.renew_link(account=old.account, by=administrator, at=later)
    assert (new.purpose, new.expires_at) == ("invitation", later + timedelta(days=7))
    with pytest.raises(LinkSpent):
        services.open_link(links.token(old), at=later)


def test_withdrawn_link_leads_nowhere(administrator: User, hmc: Organisation, now: datetime) -> None:
    link = invited(administrator, hmc, now)
    services.revoke_link(link=link, by=administrator, at=now)
    with pytest.raises(LinkSpent):
        services.open_link(links.token(link), at=now)
    with pytest.raises(LinkSpent):
        services.revoke_link(link=link, by=administrator, at=now)


def test_closed_account_gets_no_link(administrator: User, officer_hmc: User, now: datetime) -> None:
    services.close_account(account=officer_hmc, reason="Chuyển công tác", by=administrator, at=now)
    with pytest.raises(WrongState):
        services.renew_link(account=officer_hmc, by=administrator, at=now)


def test_link_to_a_new_password_signs_out_everywhere(
    administrator: User, officer_hmc: User, sign_in: SignIn, now: datetime
) -> None:
    elsewhere = sign_in(officer_hmc)
    link = services.renew_link(account=officer_hmc, by=administrator, at=now)
    assert link.purpose == "password"
    services.set_password(link=link, password=PASSWORD, by=link.account, at=now)
    assert elsewhere.get(reverse("accounts:own")).status_code == 302
    officer_hmc.refresh_from_db()
    assert officer_hmc.check_password(PASSWORD)


# --- the pages --------------------------------------------------------------------------------
def test_invited_person_comes_in(
    administrator: User, hmc: Organisation, sign_in: SignIn, now: datetime, client: Client
) -> None:
    page = sign_in(administrator).post(
        reverse("accounts:invite"),
        {"name": "Nguyễn Thị Minh Châu", "phone": "0912 345 678", "organisation": hmc.pk, "role": "officer",
         "first_day": "2026-11-23"},
        follow=True,
    )  # fmt: skip
    link = AccountLink.objects.get()
    assert (page.status_code, link.account.phone) == (200, "+84912345678")
    assert links.address(link) in page.content.decode()
    path = reverse("accounts:link", args=[links.token(link)])
    shown = client.get(path)
    assert shown.status_code == 200
    assert "administrator" in shown.content.decode()
    short = client.post(path, {"username": "chau", "password": "ngan"})
    assert (short.status_code, "chau" in short.content.decode()) == (422, True)
    entered = client.post(path, {"username": "minh.chau", "password": PASSWORD})
    assert (entered.status_code, entered["Location"]) == (302, reverse("desk:today"))
    assert client.get(reverse("accounts:own")).status_code == 200
    assert client.get(path).status_code == 404


def test_link_too_old_says_so(
    administrator: User, hmc: Organisation, clock: HandClock, client: Client, now: datetime
) -> None:
    path = reverse("accounts:link", args=[links.token(invited(administrator, hmc, now))])
    clock.move(days=8)
    page = client.get(path)
    assert page.status_code == 404
    assert "7 ngày" in page.content.decode()


def test_administrator_is_invited_without_an_organisation(administrator: User, sign_in: SignIn, now: datetime) -> None:
    answer = sign_in(administrator).post(
        reverse("accounts:invite"), {"name": "Lê Minh", "role": "administrator", "first_day": "2026-11-23"}
    )
    account = AccountLink.objects.get().account
    assert (answer.status_code, account.is_superuser, account.memberships.count()) == (302, True, 0)


@pytest.mark.parametrize(
    ("who", "status"),
    [("administrator", 200), ("director_hmc", 200), ("officer_hmc", 403), ("overseer_dic", 403), ("outsider", 404)],
)
@pytest.mark.parametrize("page", ["accounts:accounts", "accounts:invite"])
def test_register_opens_for_keepers_only(
    who: str, status: int, page: str, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(reverse(page)).status_code == status


def test_account_of_another_party_does_not_exist_for_a_director(
    director_hmc: User, officer_fsc: User, officer_hmc: User, sign_in: SignIn
) -> None:
    client = sign_in(director_hmc)
    assert client.get(reverse("accounts:account", args=[officer_fsc.pk])).status_code == 404
    assert client.get(reverse("accounts:account", args=[officer_hmc.pk])).status_code == 200


def test_invitation_form_keeps_what_was_typed(administrator: User, sign_in: SignIn) -> None:
    answer = sign_in(administrator).post(
        reverse("accounts:invite"), {"name": "Lê Minh", "role": "officer", "phone": "12"}
    )
    assert (answer.status_code, "Lê Minh" in answer.content.decode()) == (422, True)
    assert not AccountLink.objects.exists()
    assert makers.make_organisation("hmc").memberships.count() == 0
