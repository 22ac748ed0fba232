"""What activities announce, as it stands in the ledger."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nhipcau.activities.models import Activity
from nhipcau.activities.services import (
    close_activity,
    hold_activity,
    move_activity,
    reopen_activity,
)
from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import record_evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

START = datetime(2026, 11, 10, 14, 0, tzinfo=makers.LOCAL)


@pytest.fixture
def activity(plan: Plan) -> Activity:
    return makers.make_activity(plan, starts_at=START, topics=["startup"], audiences=["youth"], estimate=20_000_000)


def counted() -> list[tuple[Any, ...]]:
    return list(
        Evidence.objects.counted().order_by("kind_id").values_list("kind_id", "day", "quantity", "source_ref", "grade")
    )


def on_time() -> str:
    return Evidence.objects.counted().get(kind="activity.closed").dimensions.get(dimension="on_time").value


def test_held_counts_on_its_last_day(activity: Activity, officer_hmc: User) -> None:
    hold_activity(activity=activity, by=officer_hmc, at=START + timedelta(days=3))
    row = Evidence.objects.get()
    assert (row.kind_id, row.day, row.source_ref) == (
        "activity.held", local_day(START), f"activities.activity:{activity.pk}",
    )  # fmt: skip
    assert sorted(row.dimensions.values_list("dimension", "value")) == [
        ("audience", "youth"), ("kind", "talkshow"), ("mode", "onsite"), ("topic", "startup"),
    ]  # fmt: skip


def test_closed_says_on_time_and_what_it_cost(activity: Activity, officer_hmc: User) -> None:
    hold_activity(activity=activity, by=officer_hmc, at=START + timedelta(days=1))
    at = START + timedelta(days=7)
    close_activity(activity=activity, result="Đạt", spent=18_500_000, by=officer_hmc, at=at)
    ref = f"activities.activity:{activity.pk}"
    assert counted() == [
        ("activity.closed", local_day(at), Decimal(1), ref, "machine"),
        ("activity.held", local_day(START), Decimal(1), ref, "machine"),
        ("finance.estimate", local_day(at), Decimal(20_000_000), ref, "machine"),
        ("finance.spent", local_day(at), Decimal(18_500_000), ref, "machine"),
    ]
    assert on_time() == "yes"


def test_closed_on_the_eighth_day_is_late(activity: Activity, officer_hmc: User) -> None:
    hold_activity(activity=activity, by=officer_hmc, at=START + timedelta(days=1))
    close_activity(activity=activity, result="Đạt", by=officer_hmc, at=START + timedelta(days=8))
    assert on_time() == "no"
    assert sorted(row[0] for row in counted()) == ["activity.closed", "activity.held", "finance.estimate"]


def test_moved_keeps_the_first_deadline(activity: Activity, officer_hmc: User) -> None:
    later = START + timedelta(days=12)
    move_activity(
        activity=activity, starts_at=later, ends_at=later + timedelta(hours=3), reason="Bão", by=officer_hmc,
        at=START - timedelta(days=1),
    )  # fmt: skip
    hold_activity(activity=activity, by=officer_hmc, at=later + timedelta(hours=4))
    close_activity(activity=activity, result="Đạt", by=officer_hmc, at=later + timedelta(days=1))
    assert on_time() == "no"


def test_closed_after_the_year_counts_on_its_last_day(plan: Plan, officer_hmc: User) -> None:
    start = datetime(2026, 12, 30, 8, 0, tzinfo=makers.LOCAL)
    activity = makers.make_activity(plan, starts_at=start)
    hold_activity(activity=activity, by=officer_hmc, at=start + timedelta(hours=5))
    close_activity(activity=activity, result="Đạt", by=officer_hmc, at=start + timedelta(days=5))
    assert Evidence.objects.get(kind="activity.closed").day == plan.last_day
    assert on_time() == "yes"


def test_closing_takes_off_what_was_told_before(activity: Activity, officer_hmc: User) -> None:
    record_evidence(
        plan=activity.plan, activity=activity, kind="finance.spent", day=local_day(START), source_ref="tests:1",
        by=officer_hmc, at=START, quantity=Decimal(5_000_000),
    )  # fmt: skip
    hold_activity(activity=activity, by=officer_hmc, at=START + timedelta(days=1))
    close_activity(activity=activity, result="Đạt", spent=18_500_000, by=officer_hmc, at=START + timedelta(days=2))
    spent = Evidence.objects.counted().filter(kind="finance.spent").values_list("quantity", flat=True)
    assert sorted(spent) == [Decimal(5_000_000), Decimal(13_500_000)]


def test_each_step_back_takes_its_evidence_back(activity: Activity, officer_hmc: User) -> None:
    at = START + timedelta(days=2)
    hold_activity(activity=activity, by=officer_hmc, at=at)
    close_activity(activity=activity, result="Đạt", spent=1_000_000, by=officer_hmc, at=at)
    reopen_activity(activity=activity, reason="Thiếu hóa đơn", by=officer_hmc, at=at)
    assert [row[0] for row in counted()] == ["activity.held"]
    reopen_activity(activity=activity, reason="Chưa diễn ra", by=officer_hmc, at=at)
    assert counted() == []
    hold_activity(activity=activity, by=officer_hmc, at=at)
    close_activity(activity=activity, result="Đạt", spent=2_000_000, by=officer_hmc, at=at)
    assert [(row[0], row[2]) for row in counted()] == [
        ("activity.closed", 1), ("activity.held", 1), ("finance.estimate", 20_000_000), ("finance.spent", 2_000_000),
    ]  # fmt: skip
