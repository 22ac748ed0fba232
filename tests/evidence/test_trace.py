"""From the promise to the record: what the trace shows, to whom, and in how many statements."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement, Clause
from nhipcau.evidence.models import EvidenceKind
from nhipcau.evidence.services import declare_evidence
from nhipcau.evidence.templatetags.evidence import along, file_size, long_span
from nhipcau.evidence.trace import build
from nhipcau.parties.models import User
from nhipcau.plans.models import Direction, Indicator, Plan
from tests import makers
from tests.evidence.counting_statements import own_statements

SignIn = Callable[[User], Client]
PAST = datetime(2026, 2, 10, 14, 0, tzinfo=makers.LOCAL)


def promise(plan: Plan, n: int = 1) -> list[Activity]:
    """For each of n: an objective on its clause, an indicator with a target of 4 a year, and an activity held with two guests."""
    activities = []
    for index in range(n):
        clause = plan.agreement.clauses.order_by("order")[index]
        objective = makers.make_objective(plan, clauses=[clause])
        indicator = makers.make_indicator(objective)
        makers.make_target(indicator, plan.phases.order_by("first_day")[0], value=4)
        activity = makers.make_activity(
            plan, indicators=[indicator], starts_at=PAST + timedelta(days=index), state="held"
        )
        for _guest in range(2):
            makers.make_evidence(activity)
        activities.append(activity)
    return activities


def prefetched(plan: Plan) -> Plan:
    return Plan.objects.select_related("agreement").prefetch_related("phases").get(pk=plan.pk)


# --- what it says -----------------------------------------------------------------------------
def test_span_is_the_mean_of_what_is_proven(plan: Plan, now: datetime) -> None:
    activity = promise(plan)[0]
    objective = activity.indicators.get().objective
    over = makers.make_indicator(objective, kinds=["press.item"], measure="sum", scope="plan")
    unmeasured = makers.make_indicator(objective, kinds=["survey.score"], measure="mean", across="last")
    makers.make_indicator(objective, kinds=["contact.made"])  # no target: says nothing of the span
    phases = plan.phases.order_by("first_day")
    makers.make_target(over, phases[0], value=10)
    makers.make_target(unmeasured, phases[0], value=4)
    makers.make_evidence(activity, kind="press.item", quantity=Decimal(50))
    trace = build(plan.agreement, prefetched(plan), at=now)
    span = trace.clauses[0].span
    assert span.percent == Decimal(50)  # 2 of 4, 50 of 10 capped at all of it, nothing of the score
    assert (span.rounded, span.targets, span.met) == (50, 3, 1)
    assert [(kind.pk, n) for kind, n in span.by_kind] == [("attendance.checkin", 2), ("press.item", 1)]
    assert (span.records, span.waiting, span.gaps) == (3, 0, [])


def test_less_is_better_counts_back_from_the_target(plan: Plan, now: datetime) -> None:
    activity = promise(plan)[0]
    indicator = activity.indicators.get()
    indicator.falling_is_good = True
    indicator.save()
    for _guest in range(6):
        makers.make_evidence(activity)
    assert build(plan.agreement, prefetched(plan), at=now).clauses[0].span.percent == Decimal(50)


def test_chips_tell_held_planned_gap_waiting_cancelled(plan: Plan, officer_hmc: User, now: datetime) -> None:
    held = promise(plan)[0]
    indicators = list(held.indicators.all())
    day = PAST + timedelta(days=1)
    silent = makers.make_activity(plan, indicators=indicators, starts_at=day, state="held")
    makers.make_evidence(silent, kind="activity.held")
    unsaid = makers.make_activity(plan, indicators=indicators, starts_at=day + timedelta(days=1))
    told = makers.make_activity(plan, indicators=indicators, starts_at=day + timedelta(days=2))
    declare_evidence(
        plan=plan, activity=told, kind=EvidenceKind.objects.get(pk="press.item"), day=date(2026, 2, 14),
        by=officer_hmc, at=now, note="Báo đăng",
    )  # fmt: skip
    off = makers.make_activity(plan, indicators=indicators, starts_at=day + timedelta(days=3), state="cancelled")
    ahead = makers.make_activity(plan, indicators=indicators)
    one = build(plan.agreement, prefetched(plan), at=now).clauses[0].objectives[0]
    assert [(chip.activity.pk, chip.state) for chip in one.chips] == [
        (held.pk, "held"), (silent.pk, "gap"), (unsaid.pk, "gap"), (told.pk, "waiting"), (off.pk, "off"),
        (ahead.pk, "planned"),
    ]  # fmt: skip


def test_objectives_that_answer_directions_only_stand_apart(plan: Plan, now: datetime) -> None:
    promise(plan)
    carrying = makers.make_objective(plan, clauses=[])
    carrying.directions.set(Direction.objects.all())
    trace = build(plan.agreement, prefetched(plan), at=now)
    assert [len(one.objectives) for one in trace.clauses] == [1, 0, 0, 0]
    assert trace.carrying is not None
    assert [one.objective for one in trace.carrying.objectives] == [carrying]
    assert trace.carrying.objectives[0].directions == list(Direction.objects.all())


def test_plan_keeps_the_version_of_a_clause_it_answered(plan: Plan, now: datetime) -> None:
    promise(plan)
    old = plan.agreement.clauses.get(order=1)
    new = Clause.objects.create(
        agreement=plan.agreement, area=old.area, order=1, version=2, name="Bản mới", wording="Nội dung mới"
    )
    old.superseded_by = new
    old.save()
    assert next(one.clause.pk for one in build(plan.agreement, prefetched(plan), at=now).clauses) == old.pk
    later = makers.make_plan(plan.agreement, year=2027)
    assert next(one.clause.pk for one in build(plan.agreement, prefetched(later), at=now).clauses) == new.pk


def test_closed_year_is_shown_as_of_its_last_day(plan: Plan) -> None:
    promise(plan)
    trace = build(plan.agreement, prefetched(plan), at=datetime(2028, 5, 1, 9, 0, tzinfo=makers.LOCAL))
    assert (trace.day, trace.elapsed) == (date(2026, 12, 31), 1.0)


@pytest.mark.parametrize("n", [1, 3])
def test_build_takes_the_same_statements_for_one_and_three(
    plan: Plan, now: datetime, n: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for activity in promise(plan, n):
        objective = activity.indicators.get().objective
        makers.make_indicator(objective, measure="distinct", dimension="topic", across="recount", scope="plan")
    plan = prefetched(plan)
    # clauses with objectives · objectives · indicators · activities · cube · different values · targets · tally · kinds
    with django_assert_num_queries(9):
        trace = build(plan.agreement, plan, at=now)
        [span.clause.area.text("name") for span in trace.clauses]
        [chip.activity.lead.short for chip in trace.whole.chips]


# --- who sees it ------------------------------------------------------------------------------
CAST = ["officer_hmc", "officer_fsc", "director_hmc", "records_hmc", "reception_hmc", "overseer_dofa", "administrator"]


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_trace_opens_for_everybody_inside(
    plan: Plan, who: str, language: str, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    activity = promise(plan)[0]
    client = sign_in(request.getfixturevalue(who))
    with translation.override(language):
        clause = plan.agreement.clauses.get(order=1)
        indicator = activity.indicators.get()
        pages = [
            reverse("evidence:trace"), reverse("evidence:clause", args=[clause.pk]), reverse("evidence:ledger"),
            reverse("evidence:indicator", args=[indicator.pk]),
            reverse("evidence:indicator_records", args=[indicator.pk]),
            reverse("evidence:activity_evidence", args=[activity.pk]),
            reverse("evidence:evidence", args=[activity.evidence.all()[0].pk]), reverse("evidence:ledger_sheet"),
            reverse("evidence:inbox"),
        ]  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    assert all(page.startswith("/en/") == (language == "en") for page in pages)


def test_outsider_finds_nothing_and_strangers_are_asked_to_sign_in(
    plan: Plan, outsider: User, sign_in: SignIn, client: Client
) -> None:
    activity = promise(plan)[0]
    evidence = activity.evidence.all()[0].pk
    indicator = activity.indicators.get().pk
    pages = [
        reverse("evidence:trace"), reverse("evidence:clause", args=[plan.agreement.clauses.all()[0].pk]),
        reverse("evidence:ledger"), reverse("evidence:ledger_sheet"), reverse("evidence:evidence", args=[evidence]),
        reverse("evidence:declare"), reverse("evidence:revise", args=[evidence]), reverse("evidence:inbox"),
        reverse("evidence:indicator", args=[indicator]), reverse("evidence:indicator_edit", args=[indicator]),
        reverse("evidence:indicator_records", args=[indicator]), reverse("evidence:indicator_new", args=[plan.pk]),
        reverse("evidence:activity_evidence", args=[activity.pk]),
    ]  # fmt: skip
    browser = sign_in(outsider)
    assert {page: browser.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 302)
    reading = [page for page in pages if not any(part in page for part in ("khai", "sua", "moi", "xac-nhan"))]
    assert [browser.post(page).status_code for page in reading] == [405] * len(reading)


def test_gaps_are_shown_to_the_parties_only(
    plan: Plan, officer_hmc: User, overseer_dofa: User, sign_in: SignIn
) -> None:
    activity = promise(plan)[0]
    makers.make_activity(plan, indicators=list(activity.indicators.all()), starts_at=PAST + timedelta(days=3))
    page = reverse("evidence:trace")
    with translation.override("en"):
        page = reverse("evidence:trace")
    mine, theirs = (sign_in(user).get(page).content.decode() for user in (officer_hmc, overseer_dofa))
    assert mine.count("no evidence yet") == 1
    assert [word for word in ("no evidence yet", "chip gap", "behind", "Awaiting") if word in theirs] == []
    clause = page + f"{plan.agreement.clauses.get(order=1).pk}/"
    assert "Over without evidence" not in sign_in(overseer_dofa).get(clause).content.decode()


def test_other_plan_is_chosen_by_its_key(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    other = makers.make_plan(plan.agreement, year=2025)
    client = sign_in(officer_hmc)
    page = reverse("evidence:trace")
    assert client.get(page).context["plan"] == plan
    assert client.get(page, {"plan": other.pk}).context["plan"] == other
    assert [client.get(page, {"plan": wrong}).status_code for wrong in ("x", "99999", "9" * 30)] == [404, 404, 404]


def test_trace_without_a_plan_says_what_to_do(agreement: Agreement, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    for name in ("trace", "ledger", "inbox", "declare", "ledger_sheet"):
        response = client.get(reverse(f"evidence:{name}"))
        assert (response.status_code, response.templates[0].name) == (200, "evidence/trace_empty.html")


@pytest.mark.parametrize("n", [1, 3])
def test_trace_page_takes_the_same_statements_for_one_and_three(
    plan: Plan, officer_hmc: User, sign_in: SignIn, n: int
) -> None:
    promise(plan, n)
    # plans · phases · clauses · objectives · indicators · activities · cube · targets · tally · kinds
    assert len(own_statements(sign_in(officer_hmc), reverse("evidence:trace"))) == 10


@pytest.mark.parametrize("n", [1, 3])
def test_clause_page_takes_the_same_statements_for_one_and_three(
    plan: Plan, officer_hmc: User, sign_in: SignIn, n: int
) -> None:
    promise(plan, n)
    page = reverse("evidence:clause", args=[plan.agreement.clauses.get(order=1).pk])
    # clause · as the trace · latest records
    assert len(own_statements(sign_in(officer_hmc), page)) == 12


@pytest.mark.parametrize("n", [1, 3])
def test_indicator_page_takes_the_same_statements(plan: Plan, officer_hmc: User, sign_in: SignIn, n: int) -> None:
    indicator = promise(plan)[0].indicators.get()
    for index in range(n - 1):
        more = makers.make_activity(plan, indicators=[indicator], starts_at=PAST + timedelta(days=index))
        makers.make_evidence(more)
    page = reverse("evidence:indicator", args=[indicator.pk])
    # indicator · phases · cube · its activities · targets · kinds · by activity · activities · tally · clauses · directions
    assert len(own_statements(sign_in(officer_hmc), page)) == 10


@pytest.mark.parametrize("n", [1, 3])
def test_activity_tab_takes_the_same_statements(plan: Plan, officer_hmc: User, sign_in: SignIn, n: int) -> None:
    activity = promise(plan)[0]
    for index in range(n - 1):
        activity.indicators.add(makers.make_indicator(activity.indicators.all()[0].objective, order=index + 5))
        makers.make_evidence(activity)
    page = reverse("evidence:activity_evidence", args=[activity.pk])
    # activity · tally · kinds · indicators · records
    assert len(own_statements(sign_in(officer_hmc), page)) == 5


def test_indicator_says_what_it_counts(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    activity = promise(plan)[0]
    indicator = activity.indicators.get()
    Indicator.objects.filter(pk=indicator.pk).update(where={"mode": ["onsite", "online"]})
    with translation.override("en"):
        page = reverse("evidence:indicator", args=[indicator.pk])
    response = sign_in(officer_hmc).get(page)
    assert response.context["sentence"] == (
        "Count the records of “Attendance”, only those with Mode: in person or online, in the activities that work "
        "for this indicator; over the year the phases are added up."
    )
    assert [(chip.activity.pk, n) for chip, n in response.context["activities"]] == [(activity.pk, 2)]


def test_indicator_records_are_as_many_as_the_figure_says(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    activity = promise(plan)[0]
    indicator = activity.indicators.get()
    client = sign_in(officer_hmc)
    page = reverse("evidence:indicator_records", args=[indicator.pk])
    first, second = plan.phases.order_by("first_day")[:2]
    found = [client.get(page, query).context["page_obj"].paginator.count for query in (
        {}, {"phase": first.pk}, {"phase": second.pk}, {"activity": activity.pk}, {"activity": 0},
    )]  # fmt: skip
    assert found == [2, 2, 0, 2, 0]
    assert client.get(page, {"phase": "x"}).status_code == 404


# --- the picture ------------------------------------------------------------------------------
def test_span_runs_from_pier_to_pier() -> None:
    assert along(0) == (26.0, 88.0)
    assert along(1) == (974.0, 88.0)
    assert [round(value) for value in along(0.5)] == [500, 22]
    whole, none = long_span(Decimal(100), 0.5, ""), long_span(None, 0.5, "")
    assert (whole["whole"], whole["drawn"], none["measured"], none["drawn"]) == (True, True, False, False)


def test_file_sizes_read_as_people_say_them() -> None:
    with translation.override("vi"):
        assert [file_size(size) for size in (10, 45_600, 1_234_567)] == ["1 kB", "45,6 kB", "1,2 MB"]
