"""Two officers have the same form open: neither replaces unseen what the other saved."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.forms import Form
from django.test import Client
from django.urls import reverse

from nhipcau.agreements.models import Agreement
from nhipcau.parties.models import Organisation, User
from nhipcau.plans.models import Direction, Milestone, Phase, Plan, PlanConsent
from nhipcau.plans.services import revise_objective
from nhipcau.reports.errors import SnapshotRefused
from nhipcau.reports.models import Report, Snapshot
from nhipcau.reports.services import draft_report, prepare_snapshot
from tests import makers

SignIn = Callable[[User], Client]
FORMS = ("plan", "phase", "objective", "milestone", "activity", "guest", "narrative", "explain")
CHANGED = {"guest": "unit", "narrative": "limits", "explain": "text", "phase": "name", "objective": "wording"}


def filled(form: Form) -> dict[str, Any]:
    """What a browser would send of a form as it was shown."""
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(value, date):  # moments are days as well
            value = field.field.widget.format_value(value)
        if value not in (None, False):
            sent[field.html_name] = value
    return sent


@pytest.fixture
def opened(plan: Plan, officer_hmc: User, request: pytest.FixtureRequest) -> tuple[str, str, dict[str, str], Any]:
    """The address of a form, its first field of text, what is sent with it, and what it is filled from."""
    name: str = request.param
    more: dict[str, str] = {}
    rows: dict[str, Callable[[], Any]] = {
        "plan": lambda: plan,
        "phase": lambda: Phase.objects.filter(plan=plan)[0],
        "objective": lambda: makers.make_objective(plan),
        "milestone": lambda: makers.make_milestone(plan),
        "activity": lambda: makers.make_activity(plan),
        "guest": lambda: makers.make_registration(makers.make_intake(makers.make_activity(plan))),
        "narrative": lambda: makers_report(plan, officer_hmc),
        "explain": lambda: makers_report(plan, officer_hmc),
    }
    row = rows[name]()
    keys = [row.pk]
    if name == "explain":
        keys.append(makers.make_indicator(makers.make_objective(plan)).pk)
    room = {"activity": "activities", "guest": "attendance", "narrative": "reports", "explain": "reports"}
    page = name if name in {"guest", "narrative", "explain"} else f"{name}_edit"
    if name == "guest":
        more = {"action": "details"}
    return reverse(f"{room.get(name, 'plans')}:{page}", args=keys), CHANGED.get(name, "title"), more, row


def makers_report(plan: Plan, by: User) -> Report:
    """A report being written."""
    return draft_report(
        plan=plan, phase=None, kind=Report.Kind.YEAR, first_day=date(2026, 1, 1), last_day=date(2026, 6, 30), by=by,
        at=makers.NOW,
    )  # fmt: skip


@pytest.mark.parametrize("opened", FORMS, indirect=True)
def test_what_another_saved_meanwhile_is_seen_before_it_is_replaced(
    opened: tuple[str, str, dict[str, str], Any], officer_hmc: User, sign_in: SignIn
) -> None:
    address, name, more, _row = opened
    first, second = sign_in(officer_hmc), sign_in(officer_hmc)
    mine, theirs = (filled(client.get(address).context["form"]) | more for client in (first, second))
    assert second.post(address, theirs | {name: "Nội dung của người kia"}).status_code == 302
    refused = first.post(address, mine | {name: "Nội dung của tôi"})
    assert (refused.status_code, refused.context["form"][name].value()) == (422, "Nội dung của tôi")
    assert "Có người khác đã lưu nội dung này" in refused.content.decode()
    assert first.get(address).context["form"][name].value() == "Nội dung của người kia"
    again = filled(refused.context["form"]) | more
    assert first.post(address, again).status_code == 302
    assert first.get(address).context["form"][name].value() == "Nội dung của tôi"


def test_director_agrees_only_to_the_plan_that_was_seen(
    plan: Plan, officer_hmc: User, director_hmc: User, sign_in: SignIn
) -> None:
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.DRAFT, adopted_on=None)
    objective = makers.make_objective(plan)
    client, address = sign_in(director_hmc), reverse("plans:plan_adopt", args=[plan.pk])
    seen = {"seen": client.get(address).context["seen"]}
    revise_objective(
        objective=objective, code=objective.code, wording="Mục tiêu khác", clauses=list(objective.clauses.all()),
        by=officer_hmc, at=makers.NOW,
    )  # fmt: skip
    refused = client.post(address, seen)
    assert refused.status_code == 422
    assert "Kế hoạch đã thay đổi" in refused.content.decode()
    assert not PlanConsent.objects.exists()
    assert client.post(address, {"seen": refused.context["seen"]}).status_code == 302
    assert PlanConsent.objects.get().by == director_hmc


def test_form_of_something_new_sent_twice_makes_one(
    plan: Plan, agreement: Agreement, fsc: Organisation, dofa: Organisation, officer_hmc: User, overseer_dofa: User,
    sign_in: SignIn,
) -> None:  # fmt: skip
    milestone = {"day": "2026-12-15", "title": "Họp giao ban"}
    direction = {
        "kind": "instruction", "issuer": dofa.pk, "addressees": [fsc.pk], "said_on": "2026-11-20", "source": "45/SNgV",
        "wording": "Đề nghị báo cáo sớm.",
    }  # fmt: skip
    for who, address, sent, model in (
        (officer_hmc, reverse("plans:milestone_new", args=[plan.pk]), milestone, Milestone),
        (overseer_dofa, reverse("plans:direction_new"), direction, Direction),
    ):
        client, before = sign_in(who), model.objects.count()
        assert [client.post(address, sent).status_code for _time in range(2)] == [302, 422]
        assert model.objects.count() == before + 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_who_prepare_a_snapshot_at_once_make_one() -> None:
    plan, by = makers.make_plan(), makers.make_user("officer", ("hmc", "officer"))
    together = threading.Barrier(2)
    refused: list[SnapshotRefused] = []

    def prepare() -> None:
        try:
            together.wait(10)
            prepare_snapshot(plan=plan, by=by, at=makers.NOW)
        except SnapshotRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=prepare) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (Snapshot.objects.count(), len(refused)) == (1, 1)
