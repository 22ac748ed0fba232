"""Two accounts that one person may have in hand do not vouch for each other: whoever makes a link can be its account."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.accounts import services as accounts
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import return_evidence, verify_evidence
from nhipcau.parties.models import Delegation, Membership, Organisation, User
from nhipcau.plans.models import Plan
from tests.evidence.counting_statements import own_statements
from tests.evidence.test_claims import declare

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-khac-dai"


def taken_over(account: User, *, by: User, at: datetime) -> None:
    """A link made by somebody, used by whoever had it."""
    link = accounts.renew_link(account=account, by=by, at=at)
    accounts.set_password(link=link, password=PASSWORD, by=account, at=at)


def refused(row: Evidence, by: User, at: datetime) -> bool:
    """Whether verifying is refused for that reason."""
    try:
        verify_evidence(evidence=row, by=by, at=at)
    except EvidenceRefused as refusal:
        return "đường dẫn do người kia tạo" in str(refusal)
    return False


def test_maker_of_the_link_is_not_vouched_for_by_its_account(
    plan: Plan, director_hmc: User, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn
) -> None:
    row = declare(plan, director_hmc, now)
    taken_over(officer_hmc, by=director_hmc, at=now)
    assert refused(row, officer_hmc, now)
    with pytest.raises(EvidenceRefused):
        return_evidence(evidence=row, reason="Thiếu", due=now.date() + timedelta(days=3), by=officer_hmc, at=now)
    page = reverse("evidence:evidence", args=[row.pk])
    for who, may in ((officer_hmc, False), (officer_fsc, True)):
        who.refresh_from_db()
        assert sign_in(who).get(page).context["may_verify"] is may
    assert not refused(row, officer_fsc, now)  # a third person


def test_link_by_somebody_else_ends_it(
    plan: Plan, administrator: User, director_hmc: User, officer_hmc: User, now: datetime
) -> None:
    row = declare(plan, director_hmc, now)
    taken_over(officer_hmc, by=director_hmc, at=now)
    taken_over(officer_hmc, by=administrator, at=now + timedelta(minutes=1))
    assert not refused(row, officer_hmc, now + timedelta(minutes=2))


def test_link_nobody_used_stands_in_nobodys_way(
    plan: Plan, director_hmc: User, officer_hmc: User, now: datetime
) -> None:
    row = declare(plan, director_hmc, now)
    accounts.renew_link(account=officer_hmc, by=director_hmc, at=now)
    assert not refused(row, officer_hmc, now)


def test_maker_of_the_link_does_not_vouch_for_what_its_account_declares_afterwards(
    plan: Plan, director_hmc: User, officer_hmc: User, now: datetime
) -> None:
    before = declare(plan, officer_hmc, now)
    taken_over(officer_hmc, by=director_hmc, at=now + timedelta(minutes=1))
    after = declare(plan, officer_hmc, now + timedelta(minutes=2))
    assert refused(after, director_hmc, now + timedelta(minutes=3))
    assert not refused(before, director_hmc, now + timedelta(minutes=3))


def test_invited_people_declare_for_the_director_but_do_not_vouch(
    plan: Plan, director_hmc: User, hmc: Organisation, now: datetime
) -> None:
    invited = accounts.invite_person(
        name="Lê Mới", organisation=hmc, role=Membership.Role.OFFICER, first_day=now.date(), by=director_hmc, at=now
    )
    new = accounts.accept_invitation(link=invited, username="le.moi", password=PASSWORD, by=invited.account, at=now)
    assert refused(declare(plan, director_hmc, now), new, now)
    assert not refused(declare(plan, new, now, note="Điểm báo khác"), director_hmc, now)


# --- where it is pressed --------------------------------------------------------------------------------
OWN = "Minh chứng này do chính anh/chị khai; cần người khác xác nhận."
ONE_HAND = (
    "Một trong hai người đã vào tài khoản qua đường dẫn do người kia tạo; minh chứng này cần người thứ ba xác nhận."
)
IN_PLACE = "Minh chứng này do người Quý vị đang thay mặt kê khai; cần một người thứ ba xác nhận."
PRESSED = 'name="verify"'


def test_inbox_says_who_has_to_verify_instead_of_offering_it(
    plan: Plan, director_hmc: User, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn
) -> None:
    one_hand = declare(plan, director_hmc, now)
    another = declare(plan, officer_fsc, now + timedelta(minutes=1), note="Điểm báo khác")
    taken_over(officer_hmc, by=director_hmc, at=now)
    officer_hmc.refresh_from_db()
    response = sign_in(officer_hmc).get("/ban/xac-nhan/")
    said = {card["evidence"].pk: card["why_not"] for card in response.context["cards"]}
    assert said == {one_hand.pk: ONE_HAND, another.pk: ""}
    page = response.content.decode()
    assert (page.count(PRESSED), page.count('name="return"'), page.count(ONE_HAND)) == (1, 1, 1)


@pytest.mark.parametrize("n", [1, 3])
def test_inbox_asks_whose_hands_once_for_all(
    plan: Plan, director_hmc: User, officer_hmc: User, now: datetime, sign_in: SignIn, n: int
) -> None:
    taken_over(officer_hmc, by=director_hmc, at=now)
    officer_hmc.refresh_from_db()
    for number in range(n):
        declare(plan, director_hmc, now + timedelta(minutes=number), note=f"Điểm báo {number}")
    asked = own_statements(sign_in(officer_hmc), "/ban/xac-nhan/")
    assert len([one for one in asked if "accounts_accountlink" in one]) == 1


def test_record_says_who_has_to_verify_instead_of_offering_it(
    plan: Plan, director_hmc: User, officer_hmc: User, officer_fsc: User, reception_hmc: User, now: datetime, sign_in: SignIn
) -> None:  # fmt: skip
    row = declare(plan, director_hmc, now)
    taken_over(officer_hmc, by=director_hmc, at=now)
    officer_hmc.refresh_from_db()
    for who, words in ((director_hmc, OWN), (officer_hmc, ONE_HAND), (officer_fsc, ""), (reception_hmc, "")):
        response = sign_in(who).get(reverse("evidence:evidence", args=[row.pk]))
        assert response.context["why_not"] == words
        page = response.content.decode()
        assert (words in page, PRESSED in page) == (True, who == officer_fsc)
    verify_evidence(evidence=row, by=officer_fsc, at=now)
    assert sign_in(director_hmc).get(reverse("evidence:evidence", args=[row.pk])).context["why_not"] == ""


def test_whoever_stands_in_for_the_declarer_is_told_so(
    plan: Plan, director_hmc: User, officer_hmc: User, hmc: Organisation, now: datetime, sign_in: SignIn
) -> None:
    row = declare(plan, director_hmc, now)
    Delegation.objects.create(
        principal=director_hmc, delegate=officer_hmc, organisation=hmc, first_day=now.date(), last_day=now.date(),
        made_at=now,
    )  # fmt: skip
    client = sign_in(officer_hmc)
    (card,) = client.get("/ban/xac-nhan/").context["cards"]
    assert card["why_not"] == IN_PLACE
    assert client.get(reverse("evidence:evidence", args=[row.pk])).context["why_not"] == IN_PLACE


def test_nobody_is_offered_to_vouch_in_a_closed_plan(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn
) -> None:
    row = declare(plan, officer_hmc, now)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.CLOSED)
    client = sign_in(officer_fsc)
    inbox = client.get(reverse("evidence:inbox"), {"plan": plan.pk}).content.decode()
    page = client.get(reverse("evidence:evidence", args=[row.pk])).content.decode()
    assert 'name="verify"' not in inbox + page
    assert "không khai, sửa hoặc xác nhận thêm" in inbox
