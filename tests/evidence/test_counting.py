"""From a definition and the ledger to a figure: every measure, across phases and in either scope, with literal numbers."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nhipcau.activities.models import Activity
from nhipcau.evidence.counting import Figure, counted_rows, figures, progress
from nhipcau.evidence.counting.figures import _by_itself, _simple
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import verify_evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Objective, Phase, Plan, Window
from tests import makers

pytestmark = pytest.mark.database

D = Decimal
M, A, S = Indicator.Measure, Indicator.Across, Indicator.Scope
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
Q1 = Window(date(2026, 1, 1), date(2026, 3, 31))
Q2 = Window(date(2026, 4, 1), date(2026, 6, 30))


def indicator(objective: Objective | None = None, **more: Any) -> Indicator:
    return makers.make_indicator(objective, **({"scope": S.PLAN, "kinds": ["press.item"]} | more))


def row(plan: Plan, day: date, quantity: float = 1, activity: Activity | None = None, **more: Any) -> Evidence:
    kind = more.pop("kind", "press.item")
    columns = {name: more.pop(name) for name in ("person", "organisation", "needs_verification") if name in more}
    dimensions = {name: [values] if isinstance(values, str) else values for name, values in more.items()}
    return makers.make_evidence(
        activity, plan=plan, kind=kind, day=day, quantity=D(str(quantity)), dimensions=dimensions, **columns
    )


@pytest.fixture
def ledger(plan: Plan) -> dict[str, Any]:
    """Six rows: four of press items in two phases, one contact, one row that waits for verification."""
    talk = makers.make_activity(plan, starts_at=makers.NOW - timedelta(days=300))
    anna, binh = makers.make_person("Anna"), makers.make_person("Bình")
    row(plan, date(2026, 1, 10), 2, talk, language="vi", key_message="yes", topic=["a", "b"], person=anna)
    row(plan, date(2026, 2, 10), 6, talk, language="en", key_message="no", topic="a", person=binh)
    row(plan, date(2026, 4, 1), 1, None, language="vi", key_message="yes", person=anna)
    row(plan, date(2026, 6, 30), 4, None, language="fr", key_message="no", topic="c")
    row(plan, date(2026, 5, 1), 26, talk, kind="contact.made")
    row(plan, date(2026, 5, 2), 100, talk, language="vi", needs_verification=True)
    return {"plan": plan, "talk": talk}


CASES: list[tuple[dict[str, Any], tuple[Any, int], tuple[Any, int], tuple[Any, int]]] = [
    # definition, then (value, records) for the first quarter, the second and the year
    ({"measure": M.ROWS}, (2, 2), (2, 2), (4, 4)),
    ({"measure": M.ROWS, "where": {"language": ["vi"]}}, (1, 1), (1, 1), (2, 2)),
    ({"measure": M.ROWS, "where": {"language": ["vi", "fr"], "key_message": ["no"]}}, (0, 0), (1, 1), (1, 1)),
    ({"measure": M.ROWS, "where": {"topic": ["a", "b"]}}, (2, 2), (0, 0), (2, 2)),
    ({"measure": M.ROWS, "kinds": ["press.item", "contact.made"]}, (2, 2), (3, 3), (5, 5)),
    ({"measure": M.SUM}, (8, 2), (5, 2), (13, 4)),
    ({"measure": M.SUM, "where": {"language": ["ja"]}}, (0, 0), (0, 0), (0, 0)),
    ({"measure": M.MEAN, "decimals": 2}, (4, 2), (D("2.5"), 2), (D("3.25"), 4)),
    ({"measure": M.MEAN, "where": {"topic": ["c"]}}, (None, 0), (4, 1), (4, 1)),
    ({"measure": M.MEDIAN, "decimals": 1}, (4, 2), (D("2.5"), 2), (3, 4)),
    ({"measure": M.MEDIAN, "where": {"topic": ["c"]}}, (None, 0), (4, 1), (4, 1)),
    ({"measure": M.SHARE, "numerator": {"key_message": ["yes"]}, "decimals": 1}, (25, 2), (20, 2), (D("23.1"), 4)),
    (
        {"measure": M.SHARE, "numerator": {"key_message": ["yes"]}, "where": {"language": ["vi", "en"]}},
        (25, 2), (100, 1), (33, 3),
    ),
    ({"measure": M.SHARE, "numerator": {"topic": ["a"]}, "where": {"topic": ["c"]}}, (None, 0), (0, 1), (0, 1)),
    ({"measure": M.BALANCE, "numerator": {"key_message": ["yes", "no"]}}, (-50, 2), (-60, 2), (-54, 4)),
    (
        {"measure": M.RATIO, "kinds": ["contact.made"], "numerator_kinds": ["press.item"]},
        (None, 2), (19, 3), (50, 5),
    ),
    ({"measure": M.DISTINCT, "dimension": "topic"}, (2, 2), (1, 1), (3, 3)),
    ({"measure": M.DISTINCT, "dimension": "topic", "where": {"language": ["en", "fr"]}}, (1, 1), (1, 1), (2, 2)),
    ({"measure": M.DISTINCT, "dimension": "person"}, (2, 2), (1, 1), (2, 3)),
    ({"measure": M.DISTINCT, "dimension": "activity"}, (1, 2), (0, 0), (1, 2)),
    ({"measure": M.DISTINCT, "dimension": "day"}, (2, 2), (2, 2), (4, 4)),
]  # fmt: skip


def _figure(pair: tuple[Any, int]) -> Figure:
    return Figure(None if pair[0] is None else D(pair[0]), pair[1])


@pytest.mark.parametrize(("definition", "first", "second", "year"), CASES)
def test_figure_of_every_measure(
    ledger: dict[str, Any],
    definition: dict[str, Any],
    first: tuple[Any, int],
    second: tuple[Any, int],
    year: tuple[Any, int],
) -> None:
    one = indicator(**definition)
    windows = {"first": Q1, "second": Q2, "year": YEAR}
    expected = {"first": _figure(first), "second": _figure(second), "year": _figure(year)}
    found = figures([one], windows, plan=ledger["plan"])
    assert {label: found[one.pk, label] for label in windows} == expected
    assert _by_itself(one, windows, ledger["plan"]) == expected
    assert {label: counted_rows(one, w).count() for label, w in windows.items()} == {
        label: figure.counted for label, figure in expected.items()
    }


def test_scope_of_an_indicator_counts_only_its_activities(ledger: dict[str, Any]) -> None:
    mine = indicator(measure=M.SUM, scope=S.INDICATOR)
    empty = indicator(measure=M.SUM, scope=S.INDICATOR)
    ledger["talk"].indicators.set([mine])
    found = figures([mine, empty], {"year": YEAR}, plan=ledger["plan"])
    assert found == {(mine.pk, "year"): Figure(D(8), 2), (empty.pk, "year"): Figure(D(0), 0)}
    assert counted_rows(mine, YEAR).count() == 2


def test_windows_may_overlap_and_lie_apart(ledger: dict[str, Any]) -> None:
    one = indicator(measure=M.SUM)
    windows = {
        "day": Window(date(2026, 2, 10), date(2026, 2, 10)),
        "across": Window(date(2026, 2, 10), date(2026, 4, 1)),
        "middle": Window(date(2026, 1, 11), date(2026, 6, 29)),
        "before": Window(date(2025, 1, 1), date(2025, 12, 31)),
    }
    found = figures([one], windows, plan=ledger["plan"])
    assert {label: found[one.pk, label].value for label in windows} == {
        "day": 6, "across": 7, "middle": 7, "before": 0,
    }  # fmt: skip


def test_verification_makes_it_count(ledger: dict[str, Any], officer_fsc: User) -> None:
    one = indicator(measure=M.SUM)
    waiting = Evidence.objects.awaiting_verification().get()
    verify_evidence(evidence=waiting, by=officer_fsc, at=makers.NOW)
    assert figures([one], {"year": YEAR}, plan=ledger["plan"])[one.pk, "year"] == Figure(D(113), 5)


def test_other_plans_do_not_count(ledger: dict[str, Any]) -> None:
    other = makers.make_plan(ledger["plan"].agreement, year=2027)
    row(other, date(2026, 2, 1), 50)
    one = indicator(measure=M.SUM)
    assert figures([one], {"year": YEAR}, plan=ledger["plan"])[one.pk, "year"].value == 13


# --- across phases ----------------------------------------------------------------------------
def _phases(plan: Plan) -> list[Phase]:
    return list(plan.phases.order_by("first_day"))


ACROSS: list[tuple[str, dict[str, Any], Any, Any]] = [
    # rule, definition, the year so far and its target from 10, 20, 40 and none
    (A.SUM, {"measure": M.SUM}, D(13), D(70)),
    (A.LAST, {"measure": M.MEAN, "decimals": 1}, D("2.5"), D(40)),
    (A.FLOOR, {"measure": M.MEAN, "decimals": 1}, D("2.5"), D(40)),
    (A.FLOOR, {"measure": M.MEAN, "decimals": 1, "falling_is_good": True}, D(4), D(40)),
    (A.RECOUNT, {"measure": M.DISTINCT, "dimension": "person"}, D(2), D(40)),
    (A.SUM, {"measure": M.DISTINCT, "dimension": "person"}, D(3), D(70)),
]


@pytest.mark.parametrize(("across", "definition", "so_far", "target"), ACROSS)
def test_year_follows_the_rule_across_phases(
    ledger: dict[str, Any], across: str, definition: dict[str, Any], so_far: Any, target: Any
) -> None:
    plan = Plan.objects.get(pk=ledger["plan"].pk)
    one = indicator(across=across, **definition)
    for phase, value in zip(_phases(plan), (10, 20, 40, None), strict=True):
        makers.make_target(one, phase, value=value)
    found = progress(plan, [one], day=date(2026, 9, 30))[one.pk]
    assert (found.cumulative.value, found.year_target) == (so_far, target)


def test_recount_compares_cumulative_with_cumulative(ledger: dict[str, Any]) -> None:
    plan = ledger["plan"]
    one = indicator(measure=M.DISTINCT, dimension="person", across=A.RECOUNT)
    for phase, value in zip(_phases(plan), (1, 2, 4, 6), strict=True):
        makers.make_target(one, phase, value=value)
    found = progress(plan, [one], day=date(2026, 5, 15))[one.pk]
    assert (found.now.value, found.target, found.state) == (2, 2, "met")
    assert [found.by_phase[p.pk].value for p in _phases(plan)] == [2, 2, None, None]
    assert round(found.expected or 0, 3) == D("1.494")  # 45 of 91 days from 1 to 2


def test_report_window_replaces_the_phase_and_recounts_from_the_start(ledger: dict[str, Any]) -> None:
    plan = ledger["plan"]
    added = indicator(measure=M.SUM, across=A.SUM)
    again = indicator(measure=M.DISTINCT, dimension="topic", across=A.RECOUNT)
    window = Window(date(2026, 3, 15), date(2026, 6, 14))
    found = progress(plan, [added, again], day=date(2026, 6, 14), window=window)
    assert (found[added.pk].now, found[again.pk].now) == (Figure(D(1), 1), Figure(D(2), 2))


def test_nothing_recorded_is_zero_for_counts_and_null_for_shares(plan: Plan) -> None:
    counts = indicator(measure=M.ROWS)
    share = indicator(measure=M.SHARE, numerator={"key_message": ["yes"]}, across=A.LAST)
    found = progress(plan, [counts, share], day=date(2026, 2, 1))
    assert found[counts.pk].now == Figure(D(0), 0)
    assert found[share.pk].now == Figure(None, 0)
    assert found[share.pk].cumulative == Figure(None, 0)


def test_state_by_pace(plan: Plan) -> None:
    one = indicator(measure=M.SUM)
    makers.make_target(one, _phases(plan)[0], value=90)
    row(plan, date(2026, 1, 5), 41)
    on = {day: progress(plan, [one], day=day)[one.pk].state for day in (date(2026, 2, 14), date(2026, 3, 1))}
    assert on == {date(2026, 2, 14): "on_pace", date(2026, 3, 1): "late"}
    row(plan, date(2026, 3, 2), 49)
    assert progress(plan, [one], day=date(2026, 3, 2))[one.pk].state == "met"
    assert progress(plan, [one], day=date(2026, 4, 2))[one.pk].state == "unmeasured"
    assert progress(plan, [one], day=date(2026, 4, 2))[one.pk].year_state == "met"


def test_less_is_better_is_met_below_the_target(plan: Plan) -> None:
    one = indicator(measure=M.SUM, falling_is_good=True)
    makers.make_target(one, _phases(plan)[0], value=5)
    assert progress(plan, [one], day=date(2026, 3, 1))[one.pk].state == "met"
    row(plan, date(2026, 2, 1), 6)
    assert progress(plan, [one], day=date(2026, 3, 1))[one.pk].state == "late"


def test_targets_met_is_judged_by_all_indicators_of_the_plan(ledger: dict[str, Any]) -> None:
    plan = ledger["plan"]
    first, second = _phases(plan)[:2]
    met, missed, unplanned = (indicator(measure=M.SUM) for _ in range(3))
    judged = indicator(measure=M.TARGETS_MET, across=A.LAST, kinds=[])
    for one, value in ((met, 8), (missed, 9), (unplanned, None), (judged, 90)):
        makers.make_target(one, first, value=value)
    makers.make_target(met, second, value=5)
    found = progress(plan, [judged], day=date(2026, 5, 15))[judged.pk]
    assert [found.by_phase[p.pk] for p in _phases(plan)] == [
        Figure(D(50), 2), Figure(D(0), 1), Figure(None, 0), Figure(None, 0),
    ]  # fmt: skip
    assert (found.now.value, found.cumulative.value) == (0, 0)


def test_share_counts_quantities_not_lines(plan: Plan) -> None:
    row(plan, date(2026, 1, 5), 17, kind="training.applied", answer="yes")
    row(plan, date(2026, 1, 5), 14, kind="training.applied", answer="no")
    one = indicator(measure=M.SHARE, kinds=["training.applied"], numerator={"answer": ["yes"]}, decimals=1)
    assert figures([one], {"year": YEAR}, plan=plan)[one.pk, "year"] == Figure(D("54.8"), 2)


# --- statements -------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [1, 3])
def test_progress_takes_the_same_statements_for_one_and_three(
    plan: Plan, n: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    some = [
        indicator(measure=M.SHARE, numerator={"key_message": ["yes"]}, where={"topic": ["a", "b"], "language": ["vi"]})
        for _ in range(n)
    ]
    some += [indicator(measure=M.DISTINCT, dimension="topic", across=A.RECOUNT, scope=S.INDICATOR) for _ in range(n)]
    for _ in range(n):
        row(plan, date(2026, 1, 5), topic="a", language="vi", key_message="yes")
    plan = Plan.objects.prefetch_related("phases").get(pk=plan.pk)
    with django_assert_num_queries(4):  # cube, different values, activities of indicators, targets
        progress(plan, some, day=date(2026, 5, 1))


# --- the cube against the plain way -----------------------------------------------------------
LANGUAGES, TOPICS = ["vi", "en", "fr"], ["a", "b", "c"]
_rows = st.lists(
    st.tuples(
        st.integers(0, 364), st.sampled_from(["press.item", "contact.made"]), st.integers(-3, 30), st.integers(0, 2),
        st.sampled_from(LANGUAGES), st.sets(st.sampled_from(TOPICS)), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip
_names = st.sampled_from(["language", "topic"])
_values = st.lists(st.sampled_from(LANGUAGES + TOPICS), min_size=1, max_size=2, unique=True)
_where = st.dictionaries(_names, _values, max_size=2)
_definition = st.fixed_dictionaries(
    {
        "measure": st.sampled_from([m for m in M if m not in {M.TARGETS_MET, M.BALANCE}]),
        "kinds": st.lists(st.sampled_from(["press.item", "contact.made"]), min_size=1, max_size=2, unique=True),
        "numerator_kinds": st.just(["contact.made"]),
        "where": _where,
        "numerator": st.dictionaries(_names, _values, min_size=1, max_size=2),
        "dimension": st.sampled_from(["topic", "language", "activity", "person"]),
        "scope": st.sampled_from(list(S)),
        "decimals": st.integers(0, 2),
    }
)
_edges = st.lists(st.tuples(st.integers(0, 364), st.integers(0, 364)), min_size=1, max_size=3)


class CubeEqualsPlainWay(TestCase):
    """Whatever stands in the ledger and whatever is asked, the cube answers as the plain statement does."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rows=_rows, definition=_definition, balance=st.booleans(), edges=_edges)
    def test_same_answer(
        self, rows: list[Any], definition: dict[str, Any], balance: bool, edges: list[tuple[int, int]]
    ) -> None:
        plan = makers.make_plan(makers.make_agreement())
        if balance:
            definition = definition | {"measure": M.BALANCE, "numerator": {"topic": ["a", "b"]}}
        one = makers.make_indicator(None, **definition)
        start = makers.NOW - timedelta(days=300)
        activities = [None, makers.make_activity(plan, starts_at=start, indicators=[one]),
                      makers.make_activity(plan, starts_at=start)]  # fmt: skip
        for days, kind, quantity, which, language, topics, waits in rows:
            row(
                plan, date(2026, 1, 1) + timedelta(days=days), quantity, activities[which], kind=kind,
                language=language, topic=sorted(topics), needs_verification=waits,
            )  # fmt: skip
        windows = {
            f"w{i}": Window(date(2026, 1, 1) + timedelta(days=min(pair)), date(2026, 1, 1) + timedelta(days=max(pair)))
            for i, pair in enumerate(edges)
        }
        found = figures([one], windows, plan=plan, apart="w0")
        plain = _by_itself(one, windows, plan)
        assert {label: found[one.pk, label] for label in windows} == plain
        assert {label: counted_rows(one, w).count() for label, w in windows.items()} == {
            label: figure.counted for label, figure in plain.items()
        }
        behind = found[one.pk, "w0"].by_activity
        assert (behind is None) == (not _simple(one))
        if behind is not None:
            grouped = counted_rows(one, windows["w0"]).order_by().values_list("activity_id").annotate(n=Count("pk"))
            assert {key: n for key, n in behind.items() if n} == dict(grouped)


def test_cases_cover_every_measure() -> None:
    tried = {case[0]["measure"] for case in CASES} | {M.TARGETS_MET}
    assert tried == set(M)
    assert {case[0] for case in ACROSS} == set(A)
    assert len(list(itertools.groupby(CASES, key=lambda case: case[0]["measure"]))) == len(M) - 1


@pytest.mark.database
@pytest.mark.parametrize("dimension", ["person", "organisation", "day"])
def test_different_ones_since_one_day_are_counted_in_one_grouping(plan: Plan, dimension: str) -> None:
    """The quick way and the plain one agree: windows that begin together, and the same ones one by one."""
    activity = makers.make_activity(plan, starts_at=makers.NOW.replace(month=2))
    one = makers.make_indicator(
        makers.make_objective(plan), measure=Indicator.Measure.DISTINCT, dimension=dimension,
        scope=Indicator.Scope.PLAN, across=Indicator.Across.RECOUNT,
    )  # fmt: skip
    persons = [makers.make_person(f"Khách {n}") for n in range(3)]
    for n, day in enumerate([date(2026, 2, 1), date(2026, 2, 1), date(2026, 5, 2), date(2026, 8, 3), date(2026, 8, 4)]):
        makers.make_evidence(
            activity, day=day, person=persons[n % 3], organisation=makers.make_organisation(("hmc", "fsc")[n % 2])
        )
    makers.make_evidence(activity, day=date(2026, 3, 1))
    first = date(2026, 1, 1)
    windows = {str(month): Window(first, date(2026, month, 28)) for month in (1, 2, 5, 8)}
    together = figures([one], windows, plan=plan)
    for label, window in windows.items():
        apart = figures([one], {label: window, "other": Window(date(2026, 1, 2), date(2026, 1, 3))}, plan=plan)
        assert together[one.pk, label] == apart[one.pk, label]
    expected = {"person": 3, "organisation": 2, "day": 5}[dimension]
    assert together[one.pk, "8"].value == expected


@pytest.mark.django_db
def test_no_index_holds_what_nothing_replaced() -> None:
    """It would hold nearly every row of every plan, and SQLite would take it for one row: figures walked over all plans."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Evidence._meta.db_table)
    begun = {
        name
        for name, one in found.items()
        if one["index"] or one["unique"]
        if one["columns"][:1] == ["superseded_by_id"]
    }
    assert begun == {"evidence_replaces_one"}
