"""Who acts in somebody's place: from day to day, recorded as such, never over what either of the two declared."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.accounts import services
from nhipcau.accounts.errors import DaysReversed, NoStandIn, NotYours, WrongState
from nhipcau.agreements.access import Verb, standing
from nhipcau.agreements.models import Agreement
from nhipcau.core.models import JournalEntry
from nhipcau.evidence import services as ledger
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.parties.models import Delegation, Membership, Organisation, User
from nhipcau.plans.models import Plan, PlanConsent
from nhipcau.plans.services import adopt_plan
from tests import makers

SignIn = Callable[[User], Client]
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def away(director_hmc: User, records_hmc: User, hmc: Organisation, now: datetime) -> Delegation:
    """The director of HMC is away this week; the records office acts in that place."""
    return services.name_stand_in(
        delegate=records_hmc, organisation=hmc, first_day=MONDAY, last_day=FRIDAY, by=director_hmc, at=now
    )


def directs(user: User, agreement: Agreement, day: date) -> bool:
    """Whether an account may decide as a director on a day."""
    return standing(user, agreement, day=day).can(Verb.DIRECT)


def test_stand_in_decides_from_day_to_day(away: Delegation, records_hmc: User, agreement: Agreement) -> None:
    days = [MONDAY - timedelta(days=1), MONDAY, FRIDAY, FRIDAY + timedelta(days=1)]
    assert [directs(records_hmc, agreement, day) for day in days] == [False, True, True, False]


def test_withdrawn_stand_in_decides_nothing(
    away: Delegation, director_hmc: User, records_hmc: User, agreement: Agreement, now: datetime
) -> None:
    services.withdraw_stand_in(delegation=away, by=director_hmc, at=now)
    assert not directs(records_hmc, agreement, MONDAY)
    with pytest.raises(WrongState):
        services.withdraw_stand_in(delegation=away, by=director_hmc, at=now)


def test_stand_in_falls_with_the_role_it_comes_from(
    away: Delegation, director_hmc: User, records_hmc: User, agreement: Agreement
) -> None:
    director_hmc.memberships.update(last_day=MONDAY)
    assert [directs(records_hmc, agreement, day) for day in (MONDAY, FRIDAY)] == [True, False]
    User.objects.filter(pk=director_hmc.pk).update(is_active=False)
    assert not directs(records_hmc, agreement, MONDAY)


def test_stand_in_who_no_longer_works_there_decides_nothing(
    away: Delegation, records_hmc: User, agreement: Agreement
) -> None:
    records_hmc.memberships.update(last_day=MONDAY)
    assert [directs(records_hmc, agreement, day) for day in (MONDAY, FRIDAY)] == [True, False]


def test_stand_in_is_not_made_director_of_another_organisation_meanwhile(
    away: Delegation, records_hmc: User, administrator: User, fsc: Organisation, now: datetime
) -> None:
    def direct(first_day: date) -> Membership:
        return services.give_role(
            account=records_hmc, organisation=fsc, role="director", first_day=first_day, by=administrator, at=now
        )

    with pytest.raises(WrongState):
        direct(FRIDAY)
    assert direct(FRIDAY + timedelta(days=1)).organisation == fsc


def test_stand_in_is_nobody_who_will_direct_another_organisation_on_one_of_the_days(
    director_hmc: User, records_hmc: User, hmc: Organisation, fsc: Organisation, now: datetime
) -> None:
    Membership.objects.create(user=records_hmc, organisation=fsc, role="director", first_day=FRIDAY)
    with pytest.raises(NoStandIn):
        services.name_stand_in(
            delegate=records_hmc, organisation=hmc, first_day=MONDAY, last_day=FRIDAY, by=director_hmc, at=now
        )


def test_stand_in_lends_nothing_on(
    away: Delegation, records_hmc: User, officer_hmc: User, hmc: Organisation, now: datetime
) -> None:
    with pytest.raises(NotYours):
        services.name_stand_in(
            delegate=officer_hmc, organisation=hmc, first_day=MONDAY, last_day=FRIDAY, by=records_hmc, at=now
        )


def test_stand_in_looks_after_no_accounts(away: Delegation, records_hmc: User, sign_in: SignIn) -> None:
    assert sign_in(records_hmc).get(reverse("accounts:accounts")).status_code == 403


def test_stand_in_is_a_colleague_who_decides_nowhere_else(
    director_hmc: User, officer_fsc: User, director_fsc: User, officer_hmc: User, hmc: Organisation, fsc: Organisation,
    now: datetime,
) -> None:  # fmt: skip
    def name(delegate: User) -> Delegation:
        return services.name_stand_in(
            delegate=delegate, organisation=hmc, first_day=MONDAY, last_day=FRIDAY, by=director_hmc, at=now
        )

    with pytest.raises(NoStandIn):
        name(officer_fsc)
    Membership.objects.create(user=director_fsc, organisation=hmc, role="officer")
    with pytest.raises(NoStandIn):
        name(director_fsc)
    with pytest.raises(NoStandIn):
        name(director_hmc)
    assert name(officer_hmc).delegate == officer_hmc
    with pytest.raises(WrongState):
        name(officer_hmc)


def test_days_gone_by_are_refused(director_hmc: User, officer_hmc: User, hmc: Organisation, now: datetime) -> None:
    for first, last in ((date(2026, 11, 1), date(2026, 11, 20)), (FRIDAY, MONDAY)):
        with pytest.raises(DaysReversed):
            services.name_stand_in(
                delegate=officer_hmc, organisation=hmc, first_day=first, last_day=last, by=director_hmc, at=now
            )


def test_decision_says_in_whose_place(
    away: Delegation, agreement: Agreement, director_hmc: User, records_hmc: User, hmc: Organisation, now: datetime
) -> None:
    plan = makers.make_plan(agreement, year=2027, state=Plan.State.DRAFT)
    makers.make_objective(plan)
    adopt_plan(plan=plan, by=records_hmc, at=now)
    consent = PlanConsent.objects.get(plan=plan)
    assert (consent.organisation, consent.by, consent.acted_for) == (hmc, records_hmc, director_hmc)


def test_page_says_in_whose_place(
    away: Delegation, plan: Plan, director_hmc: User, records_hmc: User, sign_in: SignIn
) -> None:
    page = sign_in(records_hmc).get(reverse("desk:today"))
    assert "Thay mặt director_hmc đến hết 27/11/2026" in page.content.decode()


def test_stand_in_verifies_nothing_either_of_the_two_declared(
    away: Delegation, plan: Plan, director_hmc: User, records_hmc: User, officer_hmc: User, now: datetime
) -> None:
    for declarer in (director_hmc, records_hmc):
        row = makers.make_evidence(None, plan=plan, needs_verification=True, kind="press.item", recorded_by=declarer)
        with pytest.raises(EvidenceRefused):
            ledger.verify_evidence(evidence=row, by=records_hmc, at=now)
    row = makers.make_evidence(None, plan=plan, needs_verification=True, kind="press.item", recorded_by=officer_hmc)
    assert ledger.verify_evidence(evidence=row, by=records_hmc, at=now).by == records_hmc


# --- the pages --------------------------------------------------------------------------------
def test_director_names_and_withdraws(
    director_hmc: User, officer_hmc: User, hmc: Organisation, sign_in: SignIn
) -> None:
    client = sign_in(director_hmc)
    data = {"organisation": hmc.pk, "delegate": officer_hmc.pk, "first_day": "2026-11-23", "last_day": "2026-11-22"}
    assert client.post(reverse("accounts:stand_in_new"), data).status_code == 422
    assert client.post(reverse("accounts:stand_in_new"), data | {"last_day": "2026-11-27"}).status_code == 302
    made = Delegation.objects.get()
    assert (made.principal, made.delegate, made.last_day) == (director_hmc, officer_hmc, FRIDAY)
    address = reverse("accounts:stand_in_withdraw", args=[made.pk])
    assert sign_in(officer_hmc).post(address).status_code == 404
    assert client.post(address).status_code == 302
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_reception_names_nobody(reception_hmc: User, sign_in: SignIn) -> None:
    assert sign_in(reception_hmc).get(reverse("accounts:stand_in_new"))["Location"] == reverse("accounts:own")


def test_why_somebody_is_absent_stays_out_of_the_journal(
    director_hmc: User, records_hmc: User, hmc: Organisation, now: datetime
) -> None:
    """It may be an illness, and nothing is ever taken out of the journal."""
    away = services.name_stand_in(
        delegate=records_hmc,
        organisation=hmc,
        first_day=MONDAY,
        last_day=FRIDAY,
        reason="Nằm viện",
        by=director_hmc,
        at=now,
    )
    assert away.reason == "Nằm viện"
    kept = JournalEntry.objects.get(verb="accounts.name_stand_in")
    assert (kept.reason, "Nằm viện" in f"{kept.before}{kept.after}{kept.folded}{kept.label}") == ("", False)
    assert set(kept.after) == {"delegate", "first_day", "last_day", "organisation"}
