"""Pages of long lists: whole rows are read only for the page looked at, in one statement and in the list's order."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from nhipcau.core.paging import KeyedPaginator
from nhipcau.evidence.models import Awaiting, Evidence
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.database
Counting = Callable[[int], Any]


def test_pages_hold_the_list_in_its_order(plan: Plan, django_assert_num_queries: Counting) -> None:
    activity = makers.make_activity(plan)
    for n in range(7):
        makers.make_evidence(activity, day=date(2026, 11, n % 3 + 1))
    rows = Evidence.objects.order_by("-day", "-pk")
    pages = KeyedPaginator(rows, 3, shown=EvidenceQuerySet.for_lists)
    assert [one.pk for number in pages.page_range for one in pages.page(number)] == [row.pk for row in rows]
    with django_assert_num_queries(2):  # the count · keys of the page and their rows
        listed = list(KeyedPaginator(rows.all(), 3, shown=EvidenceQuerySet.for_lists).page(3))
        assert [one.kind.pk for one in listed] == ["attendance.checkin"]


def test_rows_that_are_skipped_are_not_looked_at(plan: Plan) -> None:
    """What stands beside a row is looked up for the page's rows only: the subqueries are not part of what skips."""
    pages = KeyedPaginator(
        Evidence.objects.filter(plan=plan).order_by("-day", "-pk"), 50, shown=EvidenceQuerySet.for_lists
    )
    found: Any = pages.page(1).object_list
    statement = str(found.query)
    inner = statement[statement.index(" IN (SELECT") :]
    assert "evidence_verification" not in inner[: inner.index("LIMIT")]


def test_a_short_list_leads_to_the_rows_of_the_long_one(plan: Plan, django_assert_num_queries: Counting) -> None:
    recorder = makers.make_user("recorder", ("hmc", "officer"))
    rows = [
        makers.make_evidence(plan=plan, kind="press.item", needs_verification=True, recorded_by=recorder, day=date(2026, 11, n))
        for n in range(1, 8)
    ]  # fmt: skip
    waiting = Awaiting.objects.open_for(makers.make_user("eye", ("fsc", "officer")))
    with django_assert_num_queries(2):  # the count · keys of the page out of the short list and their rows
        page = KeyedPaginator(waiting, 3, of=Evidence, shown=EvidenceQuerySet.for_lists).page(2)
        assert [one.pk for one in page] == [row.pk for row in rows[3:6]]
