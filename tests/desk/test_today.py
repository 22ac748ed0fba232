"""Today, roadmap and search, asked by the whole cast."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import standing
from nhipcau.core.middleware import LOCAL
from nhipcau.desk import today as waiting
from nhipcau.parties.models import User
from nhipcau.plans.models import Direction, Plan
from tests import makers

SignIn = Callable[[User], Client]
INSIDE = (
    "officer_hmc",
    "officer_fsc",
    "director_hmc",
    "director_fsc",
    "records_hmc",
    "reception_hmc",
    "overseer_dofa",
    "overseer_dic",
    "administrator",
)


def titles(plan: Plan, user: User, now: datetime) -> list[tuple[date, str]]:
    """What Today lists, as day and title."""
    mine = standing(user, plan.agreement, day=now.date())
    return [(line.day, line.title) for line in waiting.due(plan, user, mine, now=now)]


@pytest.mark.parametrize("who", INSIDE)
@pytest.mark.parametrize("page", ["desk:today", "desk:roadmap", "desk:search"])
def test_desk_page_opens_for_everybody_inside(
    who: str, page: str, plan: Plan, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    makers.make_activity(plan)
    client = sign_in(request.getfixturevalue(who))
    for language in ("vi", "en"):
        with translation.override(language):
            address = reverse(page)
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("page", ["desk:roadmap", "desk:search"])
def test_desk_page_does_not_exist_for_outsiders(page: str, plan: Plan, outsider: User, sign_in: SignIn) -> None:
    assert sign_in(outsider).get(reverse(page)).status_code == 404


def test_today_tells_an_outsider_what_is_missing(plan: Plan, outsider: User, sign_in: SignIn) -> None:
    answer = sign_in(outsider).get("/en/ban/")
    assert answer.status_code == 200
    assert "Your account has no role in an agreement today" in answer.content.decode()


@pytest.mark.parametrize("page", ["desk:today", "desk:roadmap", "desk:search"])
def test_desk_page_sends_strangers_to_sign_in(page: str, officer_hmc: User, client: Client) -> None:
    answer = client.get(reverse(page))
    assert (answer.status_code, answer.url) == (302, f"/tai-khoan/login/?next={reverse(page)}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["desk:today", "desk:roadmap", "desk:search"])
def test_desk_page_refuses_post(page: str, plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    assert sign_in(officer_hmc).post(reverse(page)).status_code == 405


def test_today_lists_what_waits_in_order(plan: Plan, officer_hmc: User, now: datetime) -> None:
    Direction.objects.all().delete()
    over = makers.make_activity(
        plan, title="Tọa đàm đã qua", starts_at=datetime(2026, 11, 10, 8, 0, tzinfo=LOCAL), state=Activity.State.HELD
    )
    makers.make_activity(plan, title="Tọa đàm sắp tới", starts_at=datetime(2026, 11, 26, 14, 0, tzinfo=LOCAL))
    makers.make_activity(plan, title="Tọa đàm còn xa", starts_at=datetime(2026, 12, 20, 14, 0, tzinfo=LOCAL))
    makers.make_milestone(plan, day=date(2026, 11, 20), title="Mốc đã trễ")
    plan.phases.update(report_due=None)
    assert titles(plan, officer_hmc, now) == [
        (date(2026, 11, 17), f"Hoàn tất hồ sơ: {over.title}"),
        (date(2026, 11, 20), "Mốc lộ trình: Mốc đã trễ"),
        (date(2026, 11, 26), "Tọa đàm sắp tới"),
    ]


def test_today_asks_the_verifier_and_not_the_one_who_declared(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime
) -> None:
    plan.phases.update(report_due=None)
    Direction.objects.all().delete()
    activity = makers.make_activity(plan, starts_at=now + timedelta(days=37))
    makers.make_evidence(activity, kind="press.item", needs_verification=True, recorded_by=officer_hmc)
    assert titles(plan, officer_hmc, now) == []
    assert titles(plan, officer_fsc, now) == [(date(2026, 11, 23), "1 minh chứng khai thủ công chờ xác nhận")]


def test_today_asks_for_answers_only_who_is_addressed(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime
) -> None:
    plan.phases.update(report_due=None)
    Direction.objects.all().delete()
    makers.make_direction(plan.agreement)
    assert [day for day, _title in titles(plan, officer_fsc, now)] == [date(2026, 11, 30)]
    assert titles(plan, officer_hmc, now) == []


def test_today_costs_the_same_for_one_and_three_of_everything(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)

    def add() -> None:
        indicator = makers.make_indicator(makers.make_objective(plan))
        makers.make_target(indicator, plan.phases.last(), value=Decimal(10))
        activity = makers.make_activity(
            plan, indicators=[indicator], starts_at=datetime(2026, 11, 20 + plan.activities.count(), 9, 0, tzinfo=LOCAL)
        )
        makers.make_evidence(activity, kind="press.item", needs_verification=True)
        makers.make_milestone(plan, day=date(2026, 11, 25))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("desk:today")).status_code == 200
        return len(queries)

    add()
    cost()
    one = cost()
    add()
    add()
    assert (one, cost()) == (one, one)
    assert one <= 32


def test_today_takes_the_reception_desk_straight_to_the_door(plan: Plan, reception_hmc: User, now: datetime) -> None:
    plan.phases.update(report_due=None)
    Direction.objects.all().delete()
    activity = makers.make_activity(plan, title="Tọa đàm hôm nay", starts_at=now + timedelta(hours=2))
    makers.make_registration(makers.make_intake(activity))
    lines = waiting.due(plan, reception_hmc, standing(reception_hmc, plan.agreement, day=now.date()), now=now)
    assert (lines[0].title, lines[0].note, lines[0].url) == (
        "Bàn đón tiếp: Tọa đàm hôm nay",
        "1 khách đã đăng ký",
        reverse("attendance:reception", args=[activity.pk]),
    )


def test_today_and_roadmap_show_what_is_missing_to_staff_only(
    plan: Plan, officer_hmc: User, overseer_dofa: User, sign_in: SignIn, now: datetime
) -> None:
    Direction.objects.all().delete()
    makers.make_activity(plan, starts_at=now - timedelta(days=20))
    makers.make_milestone(plan, day=date(2026, 11, 20), title="Mốc đã trễ")
    makers.make_milestone(plan, day=date(2026, 12, 1), title="Mốc sắp tới")
    makers.make_target(makers.make_indicator(makers.make_objective(plan)), plan.phases.last(), value=100)
    pages = {}
    for user in (officer_hmc, overseer_dofa):
        client = sign_in(user)
        today, roadmap = client.get(reverse("desk:today")), client.get(reverse("desk:roadmap"))
        drawn = roadmap.context["picture"]
        pages[user.username] = (
            today.context["late"] > 0,
            [line.title for line, days in today.context["lines"] if "Mốc" in line.title],
            today.context["counts"].get("late"),
            [tone for _row, tone, _pace in today.context["rows"]],
            [pace is not None for _row, _tone, pace in today.context["rows"]],
            [bar.state for lane in drawn.lanes for bar in lane.bars],
            [mark.late for mark in drawn.milestones],
        )
    assert pages == {
        "officer_hmc": (
            True, ["Mốc lộ trình: Mốc đã trễ", "Mốc lộ trình: Mốc sắp tới"], 1, ["late"], [True], ["late"],
            [True, False],
        ),
        "overseer_dofa": (
            False, ["Mốc lộ trình: Mốc sắp tới"], None, [""], [False], ["planned"], [False, False],
        ),
    }  # fmt: skip


def test_sample_mark_follows_what_the_page_shows(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    sample = makers.make_agreement(is_sample=True)
    shown = makers.make_activity(makers.make_plan(sample, year=2025))
    real = makers.make_activity(plan)
    client = sign_in(officer_hmc)
    for chosen in (plan.agreement, sample):
        session = client.session
        session["agreement"] = chosen.pk
        session.save()
        marks = {
            activity.pk: "DỮ LIỆU MẪU"
            in client.get(reverse("activities:activity", args=[activity.pk])).content.decode()
            for activity in (shown, real)
        }
        assert marks == {shown.pk: True, real.pk: False}


@pytest.mark.parametrize("key", ["²", "x", "-1", "9" * 5000])
@pytest.mark.parametrize("page", ["desk:today", "desk:roadmap", "plans:plan", "evidence:ledger", "evidence:trace"])
def test_forged_key_of_a_plan_is_no_error_of_the_server(
    page: str, key: str, plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    assert sign_in(officer_hmc).get(reverse(page), {"plan": key}).status_code in {200, 404}
