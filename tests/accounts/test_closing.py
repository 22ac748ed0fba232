"""Accounts closed and opened, roles ended, sessions ended, factors taken back; one administrator always stays."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from nhipcau.accounts import links, services
from nhipcau.accounts.errors import DaysReversed, LastAdministrator, LinkSpent, NotYours, WrongState
from nhipcau.agreements.access import Verb, standing
from nhipcau.agreements.models import Agreement
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import Membership, Organisation, User
from tests import makers

Role = Membership.Role
SignIn = Callable[[User], Client]
REASON = "Chuyển công tác"


def test_closed_account_is_out_at_once_and_stays_out(
    administrator: User, officer_hmc: User, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in(officer_hmc)
    assert client.get(reverse("accounts:own")).status_code == 200
    services.close_account(account=officer_hmc, reason=REASON, by=administrator, at=now)
    assert client.get(reverse("accounts:own")).status_code == 302
    assert client.get("/bien-tap/").status_code == 302
    services.open_account(account=officer_hmc, by=administrator, at=now)
    assert client.get(reverse("accounts:own")).status_code == 302  # the old session does not come back


def test_closing_ends_roles_today_and_lets_links_die(
    administrator: User, officer_hmc: User, director_hmc: User, hmc: Organisation, now: datetime
) -> None:
    today = now.date()
    services.give_role(
        account=officer_hmc, organisation=hmc, role=Role.EDITOR, first_day=today + timedelta(days=9),
        by=administrator, at=now,
    )  # fmt: skip
    services.name_stand_in(
        delegate=officer_hmc, organisation=hmc, first_day=today, last_day=today + timedelta(days=2),
        by=director_hmc, at=now,
    )  # fmt: skip
    link = services.renew_link(account=officer_hmc, by=administrator, at=now)
    services.close_account(account=officer_hmc, reason=REASON, by=administrator, at=now)
    assert list(officer_hmc.memberships.values_list("role", "last_day")) == [(Role.OFFICER, today)]
    with pytest.raises(LinkSpent):
        services.open_link(links.token(link), at=now)
    assert not officer_hmc.delegations_held.standing().exists()
    entry = JournalEntry.objects.get(verb="accounts.close_account")
    assert (entry.object_id, entry.by_id, entry.reason) == (str(officer_hmc.pk), administrator.pk, REASON)
    assert (entry.before, entry.after) == ({"is_active": True}, {})


def test_closed_account_is_not_closed_twice_nor_opened_twice(
    administrator: User, officer_hmc: User, now: datetime
) -> None:
    with pytest.raises(WrongState):
        services.open_account(account=officer_hmc, by=administrator, at=now)
    services.close_account(account=officer_hmc, reason=REASON, by=administrator, at=now)
    with pytest.raises(WrongState):
        services.close_account(account=officer_hmc, reason=REASON, by=administrator, at=now)


def test_director_closes_own_people_only(
    director_hmc: User, officer_hmc: User, officer_fsc: User, administrator: User, now: datetime
) -> None:
    for stranger in (officer_fsc, administrator):
        makers.make_user("another", is_superuser=True) if stranger is administrator else None
        with pytest.raises(NotYours):
            services.close_account(account=stranger, reason=REASON, by=director_hmc, at=now)
    services.close_account(account=officer_hmc, reason=REASON, by=director_hmc, at=now)
    officer_hmc.refresh_from_db()
    assert not officer_hmc.is_active


def test_director_leaves_an_account_alone_that_works_elsewhere_too(
    director_hmc: User, officer_hmc: User, fsc: Organisation, now: datetime
) -> None:
    Membership.objects.create(user=officer_hmc, organisation=fsc, role=Role.RECEPTION)
    with pytest.raises(NotYours):
        services.close_account(account=officer_hmc, reason=REASON, by=director_hmc, at=now)


def test_role_given_and_ended_by_date(
    administrator: User, outsider: User, hmc: Organisation, agreement: Agreement, now: datetime
) -> None:
    today = now.date()
    role = services.give_role(
        account=outsider, organisation=hmc, role=Role.OFFICER, first_day=today, by=administrator, at=now
    )
    with pytest.raises(WrongState):
        services.give_role(
            account=outsider, organisation=hmc, role=Role.OFFICER, first_day=today + timedelta(days=30),
            by=administrator, at=now,
        )  # fmt: skip
    with pytest.raises(DaysReversed):
        services.end_role(membership=role, last_day=today - timedelta(days=1), by=administrator, at=now)
    services.end_role(membership=role, last_day=today, by=administrator, at=now)
    assert standing(outsider, agreement, day=today).inside
    assert not standing(outsider, agreement, day=today + timedelta(days=1)).inside


def test_role_ended_before_it_begins_is_never_held(
    administrator: User, outsider: User, hmc: Organisation, agreement: Agreement, now: datetime, sign_in: SignIn
) -> None:
    today, begins = now.date(), now.date() + timedelta(days=30)
    given = {"account": outsider, "organisation": hmc, "role": Role.DIRECTOR, "by": administrator, "at": now}
    role = services.give_role(**given, first_day=begins)  # type: ignore[arg-type]
    services.end_role(membership=role, last_day=today, by=administrator, at=now)
    assert not any(standing(outsider, agreement, day=day).inside for day in (today, begins))
    page = sign_in(administrator).get(reverse("accounts:account", args=[outsider.pk])).content.decode()
    assert reverse("accounts:role_end", args=[role.pk]) not in page
    services.give_role(**given, first_day=begins)  # type: ignore[arg-type]
    assert standing(outsider, agreement, day=begins).can(Verb.DIRECT)


def test_role_that_ended_is_not_brought_back_by_a_later_end(
    administrator: User, outsider: User, hmc: Organisation, now: datetime
) -> None:
    role = Membership.objects.create(
        user=outsider, organisation=hmc, role=Role.DIRECTOR, first_day=date(2022, 1, 1), last_day=date(2022, 12, 31)
    )
    with pytest.raises(WrongState):
        services.end_role(membership=role, last_day=date(2030, 1, 1), by=administrator, at=now)


def test_later_end_does_not_meet_the_same_role_given_once_more(
    administrator: User, outsider: User, hmc: Organisation, now: datetime
) -> None:
    today = now.date()
    first, _second = (
        services.give_role(
            account=outsider, organisation=hmc, role=Role.OFFICER, first_day=today + timedelta(days=begins),
            last_day=today + timedelta(days=begins + 3), by=administrator, at=now,
        )
        for begins in (0, 5)
    )  # fmt: skip
    with pytest.raises(WrongState):
        services.end_role(membership=first, last_day=today + timedelta(days=5), by=administrator, at=now)
    services.end_role(membership=first, last_day=today + timedelta(days=4), by=administrator, at=now)


def test_own_account_is_not_closed(administrator: User, now: datetime) -> None:
    makers.make_user("another", is_superuser=True)
    with pytest.raises(WrongState):
        services.close_account(account=administrator, reason=REASON, by=administrator, at=now)


# --- the last administrator -------------------------------------------------------------------
def test_last_administrator_stays(administrator: User, now: datetime) -> None:
    with pytest.raises(LastAdministrator):
        services.unmake_administrator(account=administrator, by=administrator, at=now)
    with pytest.raises(LastAdministrator):
        services.close_account(account=administrator, reason=REASON, by=administrator, at=now)


def test_closed_administrator_does_not_count(administrator: User, now: datetime) -> None:
    makers.make_user("another", is_superuser=True, is_active=False)
    with pytest.raises(LastAdministrator):
        services.unmake_administrator(account=administrator, by=administrator, at=now)


def test_administrator_goes_while_another_stays(administrator: User, now: datetime) -> None:
    another = makers.make_user("another")
    services.make_administrator(account=another, by=administrator, at=now)
    another.refresh_from_db()
    services.unmake_administrator(account=administrator, by=another, at=now)
    assert list(User.objects.filter(is_superuser=True)) == [another]


@pytest.mark.parametrize("change", [{"is_superuser": False}, {"is_active": False}])
@pytest.mark.database
def test_database_keeps_the_last_administrator(administrator: User, change: dict[str, bool]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=administrator.pk).update(**change)
    makers.make_user("another", is_superuser=True)
    assert User.objects.filter(pk=administrator.pk).update(**change) == 1


def test_back_office_has_no_entrance_of_its_own(client: Client, agreement: Agreement) -> None:
    assert client.get("/bien-tap/login/")["Location"] == reverse("account_login")
    assert client.get("/bien-tap/password_reset/").status_code == 404


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_each_other_away(now: datetime) -> None:
    first, second = (makers.make_user(name, is_superuser=True) for name in ("mot", "hai"))
    together = threading.Barrier(2)
    refused: list[str] = []

    def take_away(by: User, other: User) -> None:
        try:
            together.wait(10)
            services.unmake_administrator(account=other, by=by, at=now)
        except (LastAdministrator, NotYours) as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_away, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert len(refused) == 1


# --- sessions and factors ---------------------------------------------------------------------
def test_sessions_end_everywhere(administrator: User, officer_hmc: User, sign_in: SignIn, now: datetime) -> None:
    clients = [sign_in(officer_hmc) for _each in range(2)]
    services.end_sessions(account=officer_hmc, by=administrator, at=now)
    assert [client.get(reverse("accounts:own")).status_code for client in clients] == [302, 302]


def test_lost_factor_is_taken_back_by_an_administrator_only(
    administrator: User, director_hmc: User, officer_hmc: User, sign_in: SignIn, now: datetime
) -> None:
    Authenticator.objects.create(user=officer_hmc, type="totp", data={"secret": "x"})
    client = sign_in(officer_hmc)
    with pytest.raises(NotYours):
        services.reset_second_factor(account=officer_hmc, reason="Mất điện thoại", by=director_hmc, at=now)
    services.reset_second_factor(account=officer_hmc, reason="Mất điện thoại", by=administrator, at=now)
    assert not Authenticator.objects.exists()
    assert client.get(reverse("accounts:own")).status_code == 302
    assert JournalEntry.objects.get(verb="accounts.reset_second_factor").reason == "Mất điện thoại"
    with pytest.raises(WrongState):
        services.reset_second_factor(account=officer_hmc, reason="Mất điện thoại", by=administrator, at=now)


# --- the pages --------------------------------------------------------------------------------
def test_closing_wants_a_reason(administrator: User, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(administrator)
    address = reverse("accounts:close", args=[officer_hmc.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.get(address).status_code == 405
    assert client.post(address, {"reason": REASON}).status_code == 302
    officer_hmc.refresh_from_db()
    assert not officer_hmc.is_active


def test_refused_act_says_why_on_the_page(administrator: User, sign_in: SignIn) -> None:
    answer = sign_in(administrator).post(reverse("accounts:administration", args=[administrator.pk]), {"what": "end"})
    assert answer.status_code == 422
    assert "người quản trị cuối cùng" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three(
    administrator: User, sign_in: SignIn, count: int, now: datetime, django_assert_num_queries: Callable[..., AbstractContextManager[object]],
    hmc: Organisation,
) -> None:  # fmt: skip
    for number in range(count):
        services.invite_person(
            name=f"Cán bộ {number}", organisation=hmc, role=Role.OFFICER, first_day=now.date(), by=administrator, at=now
        )
    client = sign_in(administrator)
    address = reverse("accounts:accounts") + "?q=can+bo"
    client.get(address)
    # Session, account; found by words, counted, accounts, roles, links; organisations of the filter;
    # agreements and the standing (2), roles and sample of the frame.
    with django_assert_num_queries(13):
        page = client.get(address)
    assert page.content.decode().count("can.bo.") == count


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=nguyen+chau", 1), ("?q=0912345678", 1), ("?q=chau+khongco", 0), ("?state=invited", 1), ("?state=closed", 0),
     ("?role=officer&state=invited", 1), ("?role=director&state=invited", 0), ("?role=administrator&state=invited", 0)],
)  # fmt: skip
def test_list_is_narrowed(
    administrator: User, hmc: Organisation, sign_in: SignIn, now: datetime, query: str, found: int
) -> None:
    services.invite_person(
        name="Nguyễn Thị Minh Châu", phone="+84912345678", organisation=hmc, role=Role.OFFICER,
        first_day=date(2026, 11, 23), by=administrator, at=now,
    )  # fmt: skip
    page = sign_in(administrator).get(reverse("accounts:accounts") + query)
    assert page.content.decode().count("nguyen.thi.minh.chau") == found


def test_own_address_changes_with_the_password_only(officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    address = reverse("accounts:own")
    data = {"name": "Phạm Thu Hà", "email": "moi@example.vn", "phone": ""}
    for password, status in (("", 422), ("sai-mat-khau", 422), ("mot-mat-khau-dai", 302)):
        assert client.post(address, data | {"password": password}).status_code == status
    officer_hmc.refresh_from_db()
    assert (str(officer_hmc), officer_hmc.email) == ("Phạm Thu Hà", "moi@example.vn")
    assert client.post(address, data | {"name": "Phạm Hà", "phone": "0912 345 678"}).status_code == 302
    officer_hmc.refresh_from_db()
    assert (str(officer_hmc), officer_hmc.phone) == ("Phạm Hà", "+84912345678")
