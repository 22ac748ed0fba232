"""Declaring, correcting, withdrawing, vouching and sending back, as people do it at the desk."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from nhipcau.core import entries
from nhipcau.evidence.desk_entries import waiting
from nhipcau.evidence.models import Evidence, Verification
from nhipcau.evidence.services import return_evidence, verify_evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers
from tests.evidence.counting_statements import own_statements
from tests.evidence.test_services import PDF, declare, upload

SignIn = Callable[[User], Client]
DECLARE = "/ban/minh-chung/khai/"
INBOX = "/ban/xac-nhan/"
ITEM = {
    "day": "20/11/2026", "quantity": "3", "dim_language": "en", "dim_outlet_kind": "online", "dim_key_message": "yes",
    "note": "Ba bài trên báo nước ngoài",
}  # fmt: skip


# --- declaring --------------------------------------------------------------------------------
def test_declare_offers_only_what_is_declared_by_hand(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    response = sign_in(officer_hmc).get(DECLARE)
    assert len(response.context["kinds"]) == 16
    assert "attendance.checkin" not in {kind.pk for kind in response.context["kinds"]}


def test_declare_writes_what_was_typed(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    activity = makers.make_activity(
        plan, starts_at=datetime(2026, 11, 18, 8, 0, tzinfo=makers.LOCAL), topics=["startup"]
    )
    response = sign_in(officer_hmc).post(
        f"{DECLARE}?kind=press.item&activity={activity.pk}",
        ITEM | {"link": "bao.example.org/1", "upload": SimpleUploadedFile("Báo.pdf", PDF)},
    )
    row = Evidence.objects.get()
    assert response["Location"] == reverse("evidence:evidence", args=[row.pk])
    assert (row.day, row.quantity, row.link, row.grade, row.needs_verification, row.recorded_by) == (
        date(2026, 11, 20), Decimal(3), "https://bao.example.org/1", "document", True, officer_hmc,
    )  # fmt: skip
    assert sorted(row.dimensions.values_list("dimension", "value")) == [
        ("key_message", "yes"), ("kind", "talkshow"), ("language", "en"), ("outlet_kind", "online"), ("topic", "startup"),
    ]  # fmt: skip
    assert row.attachments.get().name == "Báo.pdf"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"day": "31/02/2026"}, "day"),
        ({"day": "24/11/2026"}, "__all__"),
        ({"quantity": "nhiều"}, "quantity"),
        ({"quantity": "-1"}, "__all__"),
        ({"dim_language": ""}, "dim_language"),
        ({"dim_language": "ru"}, "dim_language"),
        ({"note": ""}, "__all__"),
        ({"link": "không phải"}, "link"),
        ({"upload": SimpleUploadedFile("virus.pdf", b"MZ\x90")}, "upload"),
    ],
)
def test_declare_keeps_what_was_typed_and_says_what_is_wrong(
    plan: Plan, officer_hmc: User, sign_in: SignIn, more: dict[str, Any], field: str
) -> None:
    response = sign_in(officer_hmc).post(f"{DECLARE}?kind=press.item", ITEM | more)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert response.context["form"].data["dim_outlet_kind"] == "online"
    assert Evidence.objects.count() == 0


def test_declare_refuses_a_kind_of_the_system_and_strange_addresses(
    plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    client = sign_in(officer_hmc)
    response = client.post(f"{DECLARE}?kind=contact.none", ITEM)
    assert response.status_code == 404
    assert (
        client.post(
            f"{DECLARE}?kind=attendance.checkin", {"day": "20/11/2026", "quantity": "1", "note": "x"}
        ).status_code
        == 422
    )
    assert client.get(f"{DECLARE}?activity=x").status_code == 404
    assert client.get(f"{DECLARE}?activity=999").status_code == 404


def test_declare_offers_wordings_used_before(plan: Plan, officer_hmc: User, now: datetime, sign_in: SignIn) -> None:
    kind = makers.make_evidence_kind("promotion.scheme")
    declare(plan, officer_hmc, now, kind=kind, dimensions={"scheme": ["Đề án đô thị thông minh"]})
    response = sign_in(officer_hmc).get(f"{DECLARE}?kind=promotion.scheme")
    assert response.context["known"] == {"scheme": ["Đề án đô thị thông minh"]}
    empty = sign_in(officer_hmc).post(
        f"{DECLARE}?kind=promotion.scheme", {"day": "20/11/2026", "quantity": "1", "note": "x"}
    )
    assert list(empty.context["form"].errors) == ["dim_scheme"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("director_hmc", 200), ("officer_fsc", 200), ("records_hmc", 403), ("reception_hmc", 403), ("overseer_dofa", 403),
     ("administrator", 403)],
)  # fmt: skip
def test_declare_is_for_officers_and_directors(
    plan: Plan, who: str, status: int, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(DECLARE).status_code == status


# --- correcting -------------------------------------------------------------------------------
@pytest.fixture
def claim(plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime) -> Evidence:
    """Declared by HMC's officer for an activity HMC leads, sent back by FSC's."""
    activity = makers.make_activity(plan, starts_at=datetime(2026, 11, 18, 8, 0, tzinfo=makers.LOCAL))
    row = declare(
        plan, officer_hmc, now, activity=activity, upload=upload(),
        dimensions={"language": ["en"], "outlet_kind": ["online"], "key_message": ["yes"]},
    )  # fmt: skip
    return_evidence(evidence=row, reason="Thiếu chữ ký ở trang 2", due=date(2026, 11, 30), by=officer_fsc, at=now)
    return row


def revise_page(row: Evidence) -> str:
    return reverse("evidence:revise", args=[row.pk])


def test_revise_supersedes_and_waits_again(claim: Evidence, officer_hmc: User, sign_in: SignIn) -> None:
    response = sign_in(officer_hmc).post(
        revise_page(claim), ITEM | {"keep_files": "on", "dim_language": "fr", "quantity": "4"}
    )
    row = Evidence.objects.current().get()
    assert response["Location"] == reverse("evidence:evidence", args=[row.pk])
    assert (row.quantity, row.attachments.count(), row.supersedes.get()) == (4, 1, claim)
    assert row.dimensions.get(dimension="language").value == "fr"


def test_revise_shows_what_stands_and_keeps_what_was_typed(claim: Evidence, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    initial = client.get(revise_page(claim)).context["form"].initial
    assert (initial["dim_language"], initial["quantity"], initial["note"]) == ("en", 1, "Theo điểm báo ngày 20/11")
    response = client.post(revise_page(claim), ITEM | {"quantity": "ba"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["quantity"])
    assert Evidence.objects.count() == 1


def test_withdraw_asks_for_a_reason(claim: Evidence, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    assert client.post(revise_page(claim), {"withdraw": "1", "reason": " "}).status_code == 422
    client.post(revise_page(claim), {"withdraw": "1", "reason": "Khai trùng"})
    gone = Evidence.objects.standing().get()
    assert (gone.void, gone.note) == (True, "Khai trùng")
    assert client.get(revise_page(gone)).status_code == 403


def test_revise_is_for_the_declarer_and_the_lead(
    claim: Evidence, officer_fsc: User, director_hmc: User, records_hmc: User, overseer_dofa: User, sign_in: SignIn
) -> None:
    page = revise_page(claim)
    found = [sign_in(user).get(page).status_code for user in (officer_fsc, director_hmc, records_hmc, overseer_dofa)]
    assert found == [403, 200, 403, 403]
    recorded = makers.make_evidence(claim.activity)
    assert sign_in(director_hmc).get(revise_page(recorded)).status_code == 403


def test_revise_after_somebody_else_is_refused(claim: Evidence, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    client.post(revise_page(claim), ITEM | {"keep_files": "on"})
    assert client.post(revise_page(claim), ITEM | {"keep_files": "on"}).status_code == 403


# --- vouching ---------------------------------------------------------------------------------
def test_inbox_shows_others_and_ones_own(claim: Evidence, plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn) -> None:  # fmt: skip
    theirs = declare(plan, officer_fsc, now)
    mine = declare(plan, officer_hmc, now + timedelta(minutes=1))
    response = sign_in(officer_hmc).get(INBOX)
    assert [card["evidence"].pk for card in response.context["cards"]] == [theirs.pk]
    assert [row.pk for row in response.context["own"]] == [mine.pk, claim.pk]
    assert "Thiếu chữ ký ở trang 2" in response.content.decode()
    assert [card["evidence"].pk for card in sign_in(officer_fsc).get(INBOX).context["cards"]] == [mine.pk]


def test_verify_and_send_back_from_one_screen(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn
) -> None:
    first, second = declare(plan, officer_hmc, now), declare(plan, officer_hmc, now)
    client = sign_in(officer_fsc)
    assert client.post(INBOX, {"evidence": first.pk, "verify": "1"})["Location"] == INBOX
    assert client.post(INBOX, {"evidence": second.pk, "verify": "1", "next": "evidence"})["Location"] == (
        f"/ban/minh-chung/{second.pk}/"
    )
    third = declare(plan, officer_hmc, now)
    client.post(INBOX, {"evidence": third.pk, "return": "1", "reason": "Thiếu trang 2", "due": "2026-11-30"})
    assert list(Verification.objects.values_list("evidence_id", "outcome", "reason", "due")) == [
        (first.pk, "verified", "", None), (second.pk, "verified", "", None),
        (third.pk, "returned", "Thiếu trang 2", date(2026, 11, 30)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"reason": "", "due": "2026-11-30"}, ["reason"]),
        ({"reason": "Thiếu", "due": ""}, ["due"]),
        ({"reason": "Thiếu", "due": "2026-11-20"}, ["__all__"]),
    ],
)
def test_send_back_keeps_what_was_typed(
    plan: Plan,
    officer_hmc: User,
    officer_fsc: User,
    now: datetime,
    sign_in: SignIn,
    typed: dict[str, str],
    fields: list[str],
) -> None:
    row = declare(plan, officer_hmc, now)
    response = sign_in(officer_fsc).post(INBOX, {"evidence": row.pk, "return": "1"} | typed)
    form = response.context["cards"][0]["form"]
    assert (response.status_code, list(form.errors), form.data["reason"]) == (422, fields, typed["reason"])


def test_verifying_twice_or_ones_own_says_why_not(
    plan: Plan, officer_hmc: User, officer_fsc: User, director_hmc: User, now: datetime, sign_in: SignIn
) -> None:
    row = declare(plan, officer_hmc, now)
    own = sign_in(officer_hmc).post(INBOX, {"evidence": row.pk, "verify": "1"})
    verify_evidence(evidence=row, by=officer_fsc, at=now)
    late = sign_in(director_hmc).post(INBOX, {"evidence": row.pk, "verify": "1"})
    assert [own.status_code, late.status_code] == [422, 422]
    assert [list(response.context["refused"].errors) for response in (own, late)] == [["__all__"], ["__all__"]]


@pytest.mark.parametrize("who", ["records_hmc", "reception_hmc", "overseer_dofa", "administrator"])
def test_others_cannot_vouch(
    plan: Plan, officer_hmc: User, now: datetime, who: str, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    row = declare(plan, officer_hmc, now)
    client = sign_in(request.getfixturevalue(who))
    assert client.post(INBOX, {"evidence": row.pk, "verify": "1"}).status_code == 403
    assert Verification.objects.count() == 0


def test_strange_keys_are_not_found(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    assert [client.post(INBOX, {"evidence": key, "verify": "1"}).status_code for key in ("", "x", "5", "9" * 30)] == [
        404
    ] * 4


@pytest.mark.parametrize("n", [1, 3])
def test_inbox_takes_the_same_statements_for_one_and_three(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime, sign_in: SignIn, n: int
) -> None:
    for _ in range(n):
        row = declare(plan, officer_hmc, now, upload=upload(), dimensions={"language": ["en"]})
        declare(plan, officer_fsc, now)
        del row
    # plans · phases · count · records · dimensions · files · their verifications · own records · their verifications ·
    # five registers · links by which the accounts were entered
    assert len(own_statements(sign_in(officer_fsc), INBOX)) == 15


def test_badge_counts_what_waits_for_this_person(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime, rf: Any
) -> None:
    declare(plan, officer_hmc, now)
    declare(plan, officer_hmc, now)
    declare(plan, officer_fsc, now)
    request = rf.get("/")
    request.user = officer_fsc
    assert waiting(request, plan.agreement) == 2


def test_menu_and_links_are_declared() -> None:
    with translation.override("en"):
        found = {str(entry.label): entry.order for entry in entries.menu() if entry.url_name.startswith("evidence:")}
    assert found == {"Commitments to results": 20, "Evidence ledger": 60, "Verification": 65}
    assert entries.source_link("nobody.knows:1") is None


@pytest.mark.parametrize("typed", ["²", "x", "-1", "9" * 5000])
def test_strange_numbers_in_addresses_are_never_an_error_of_ours(
    plan: Plan, officer_hmc: User, sign_in: SignIn, typed: str
) -> None:
    client = sign_in(officer_hmc)
    indicator = makers.make_indicator(makers.make_objective(plan))
    records = reverse("evidence:indicator_records", args=[indicator.pk])
    new = reverse("evidence:indicator_new", args=[plan.pk])
    found = [
        client.get(page, {name: typed}).status_code
        for page, name in (
            (DECLARE, "activity"), (DECLARE, "plan"), (reverse("evidence:ledger"), "clause"), (records, "activity"),
            (new, "objective"), (reverse("reports:snapshot"), "snapshot"),
        )
    ]  # fmt: skip
    assert found == [404, 404, 200, 200, 200, 200]
    assert client.post(INBOX, {"evidence": typed, "verify": "1"}).status_code == 404


def test_declaring_into_a_closed_plan_is_refused_with_what_was_typed(
    plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    Plan.objects.update(state=Plan.State.CLOSED)
    response = sign_in(officer_hmc).post(f"{DECLARE}?plan={plan.pk}&kind=press.item", ITEM)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["__all__"])
    assert response.context["form"].data["note"] == ITEM["note"]
    assert Evidence.objects.count() == 0
