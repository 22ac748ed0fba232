"""The one search box of the desk: every kind of thing, of one agreement only."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.agreements.services import (
    ClauseDraft,
    PartyDraft,
    amend_clause,
    make_findable,
    record_amendment,
    sign_agreement,
)
from nhipcau.core import search
from nhipcau.outbox.services import queue_mail
from nhipcau.parties.models import User
from nhipcau.plans.models import Direction, Plan
from nhipcau.reports.services import draft_report
from tests import makers

SignIn = Callable[[User], Client]
ADDRESS = "/ban/tim/"


def found(client: Client, query: str) -> list[tuple[str, str, str]]:
    """What the page lists, as kind, words and address."""
    answer = client.get(ADDRESS, {"q": query})
    assert answer.status_code == 200
    return [(str(hit.kind), hit.words, hit.url) for hit in answer.context["found"]]


@pytest.fixture
def other() -> Agreement:
    """Another agreement, of bodies the cast does not work for."""
    area = makers.the_agreement().clauses.get(order=1).area
    return sign_agreement(
        title="Bản ghi nhớ khác",
        signed_on=date(2023, 1, 5),
        parties=[PartyDraft(makers.make_organisation("Trung tâm A")), PartyDraft(makers.make_organisation("B"))],
        clauses=[ClauseDraft(area, "Phát triển kinh tế số", "Hai bên cùng làm.")],
        by=None,
        at=makers.NOW,
    )


def test_search_finds_every_kind_without_marks_and_opens_it(
    plan: Plan, officer_hmc: User, director_hmc: User, sign_in: SignIn
) -> None:
    agreement = plan.agreement
    activity = makers.make_activity(plan, title="Tọa đàm kinh tế số")
    guest = makers.make_registration(makers.make_intake(activity), name="Kinh Tế Sổ")
    clause = agreement.clauses.get(order=1)
    clause.wording = "Phát triển kinh tế số."
    make_findable(clause)
    direction = Direction.objects.get()
    search.put("plans.direction", direction.pk, "Kinh tế số")
    report = draft_report(
        plan=plan,
        kind="phase",
        phase=plan.phases.get(order=1),
        first_day=date(2026, 1, 1),
        last_day=date(2026, 3, 31),
        by=officer_hmc,
        at=makers.NOW,
    )
    search.put("reports.report", report.pk, "Kinh tế số")
    evidence = makers.make_evidence(activity, kind="press.item", note="Bài về kinh tế số")
    search.put("evidence.evidence", evidence.pk, evidence.note)
    search.put("attendance.registration", guest.pk, "Kinh tế số")
    mail = queue_mail(key="1", to="k@example.vn", subject="Kinh tế số", body="", at=makers.NOW, agreement=agreement)
    addresses = {
        reverse("activities:activity", args=[activity.pk]),
        reverse("attendance:guests", args=[activity.pk]) + f"?q={guest.code}",
        reverse("evidence:clause", args=[clause.pk]),
        reverse("plans:direction", args=[direction.pk]),
        reverse("reports:report", args=[report.pk]),
        reverse("evidence:evidence", args=[evidence.pk]),
        reverse("outbox:message", args=[mail.pk]),
    }
    client = sign_in(officer_hmc)
    assert {url for _kind, _words, url in found(client, "kinh te so")} == addresses
    assert {client.get(url).status_code for url in addresses} == {200}


def test_search_keeps_guests_and_mail_from_departments_above(plan: Plan, overseer_dofa: User, sign_in: SignIn) -> None:
    activity = makers.make_activity(plan, title="Tọa đàm kinh tế số")
    guest = makers.make_registration(makers.make_intake(activity))
    search.put("attendance.registration", guest.pk, "Kinh tế số")
    queue_mail(key="1", to="k@example.vn", subject="Kinh tế số", body="", at=makers.NOW, agreement=plan.agreement)
    answer = sign_in(overseer_dofa).get(ADDRESS, {"q": "kinh te so"})
    assert [hit.url for hit in answer.context["found"]] == [reverse("activities:activity", args=[activity.pk])]
    assert answer.context["page_obj"].paginator.count == 1


def test_other_agreements_neither_fill_the_pages_nor_count(
    plan: Plan, other: Agreement, officer_hmc: User, sign_in: SignIn
) -> None:
    foreign = makers.make_plan(other, year=2025)
    for number in range(31):
        makers.make_activity(foreign, title=f"Hội thảo báo chí {number:02}")
    own = makers.make_activity(plan, title="Hội thảo báo chí sau cùng")
    answer = sign_in(officer_hmc).get(ADDRESS, {"q": "hoi thao bao chi"})
    assert [hit.url for hit in answer.context["found"]] == [reverse("activities:activity", args=[own.pk])]
    assert (answer.context["page_obj"].paginator.count, answer.context["page_obj"].paginator.num_pages) == (1, 1)
    assert found(sign_in(officer_hmc), "phat trien") == []


def test_clauses_are_found_as_signed_and_as_amended(
    agreement: Agreement, other: Agreement, administrator: User, sign_in: SignIn
) -> None:
    client = sign_in(administrator)  # who reads every agreement, beginning with the latest: `other`
    clause = other.clauses.get()
    assert found(client, "kinh te") == [
        ("Nội dung hợp tác", "Phát triển kinh tế số", reverse("evidence:clause", args=[clause.pk]))
    ]
    annex = record_amendment(agreement=other, signed_on=date(2024, 1, 5), summary="Sửa", by=None, at=makers.NOW)
    new = amend_clause(clause=clause, amendment=annex, name="Kinh tế xanh", wording="Mới.", by=None, at=makers.NOW)
    assert found(client, "kinh te") == [("Nội dung hợp tác", "Kinh tế xanh", reverse("evidence:clause", args=[new.pk]))]


@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_the_same_for_one_and_three_rows(
    rows: int, plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    for _row in range(rows):
        makers.make_activity(plan, title="Tọa đàm kinh tế số")
    client = sign_in(officer_hmc)
    client.get(ADDRESS, {"q": "kinh te"})
    with CaptureQueriesContext(connection) as queries:
        assert len(found(client, "kinh te")) == rows
    assert len(queries) == 13


def test_signs_of_a_query_language_are_only_signs(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    activity = makers.make_activity(plan, title="Tọa đàm kinh tế số")
    Activity.objects.filter(pk=activity.pk).update(title="Kín")
    assert found(sign_in(officer_hmc), "'\"*() OR 1=1") == []
