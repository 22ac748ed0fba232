"""Two records of one person: found, joined, counted once, taken back exactly."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.evidence.counting import figures
from nhipcau.parties import matching
from nhipcau.parties.matching import CannotMatch, candidates, join_people, tell_apart, undo_match
from nhipcau.parties.models import Match, Person, User
from nhipcau.plans.models import Plan, Window
from tests import makers

YEAR = {"year": Window(date(2026, 1, 1), date(2026, 12, 31))}


def people(*rows: tuple[str, str, str]) -> list[Person]:
    """Records by name, number and address."""
    return [makers.make_person(name, phone=phone, email=email) for name, phone, email in rows]


def nobody_known(persons: set[int]) -> dict[int, set[str]]:
    """No unit is known of anybody."""
    return {}


def found(units: Any = nobody_known) -> list[tuple[str, str, int]]:
    """Every pair offered, with its points."""
    return [
        (pair.first.name, pair.second.name, pair.points) for pair in candidates(Person.objects.all(), units_of=units)
    ]


def test_candidates_share_enough(db: None) -> None:
    people(
        ("Trần Quỳnh Giao", "+84912000001", ""),
        ("Tran Quynh Giao", "+84912000001", ""),
        ("Lê Văn An", "+84912000002", "an@example.vn"),
        ("An Lê Văn", "", "an@example.vn"),
        ("Ngô Thị Bình", "+84912000003", ""),
        ("Ngô Văn Cường", "+84912000003", ""),
    )
    assert found() == [("Trần Quỳnh Giao", "Tran Quynh Giao", 70), ("Lê Văn An", "An Lê Văn", 70)] or found() == [
        ("Lê Văn An", "An Lê Văn", 70), ("Trần Quỳnh Giao", "Tran Quynh Giao", 70),
    ]  # fmt: skip


def test_people_told_apart_make_room_for_others(db: None, officer_hmc: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "GROUPS", 1)
    first, second = people(("Lê Văn An", "+84912000001", ""), ("Le Van An", "+84912000001", ""))
    people(("Vũ Thị Yến", "+84912000009", ""), ("Vu Thi Yen", "+84912000009", ""))
    assert found() == [("Lê Văn An", "Le Van An", 70)]
    tell_apart(first=first, second=second, points=70, by=officer_hmc, at=makers.NOW)
    assert found() == [("Vũ Thị Yến", "Vu Thi Yen", 70)]


def test_what_few_share_is_looked_at_first(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "GROUPS", 1)
    people(*[("Lê Văn An", "+84912000001", "")] * 3)
    people(*[("Vũ Thị Yến", "+84912000009", "")] * 2)
    assert found() == [("Vũ Thị Yến", "Vũ Thị Yến", 80)]


def test_a_common_name_offers_no_pairs(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MANY", 3)
    known = {row.pk: {"bao sai gon"} for row in people(*[("Lê Văn An", f"+8491200000{n}", "") for n in range(4)])}
    assert found(lambda _persons: known) == []
    Person.objects.filter(name="Lê Văn An").order_by("pk")[0].delete()
    assert len(found(lambda _persons: known)) == 3


def test_candidates_by_name_and_unit(db: None) -> None:
    first, second = people(("Đỗ Thị Hòa", "+84912000001", ""), ("Đỗ Thị Hoà", "+84912000002", ""))
    assert found() == []
    assert found(lambda _persons: {first.pk: {"bao sai gon"}, second.pk: {"bao sai gon"}}) == [
        ("Đỗ Thị Hòa", "Đỗ Thị Hoà", 60)
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_candidates_ask_the_same_whatever_is_found(db: None, n: int) -> None:
    for number in range(n):
        people(*[(f"Lê Văn {'ABC'[number]}", f"+8491200000{number}", f"{number}@example.vn")] * 2)
    with CaptureQueriesContext(connection) as asked:
        assert len(found()) == n
    assert len(asked) == 7  # shared values and their records, for number, address and name; what was compared before


def test_joined_records_count_once_and_apart_again(plan: Plan, officer_hmc: User) -> None:
    makers.make_evidence_kind("attendance.checkin")
    indicator = makers.make_indicator(
        kinds=["attendance.checkin"], measure="distinct", dimension="person", scope="plan"
    )
    first, second = people(("Trần Quỳnh Giao", "+84912000001", ""), ("Tran Quynh Giao", "+84912000001", ""))
    for person in (first, second):
        makers.make_evidence(plan=plan, kind="attendance.checkin", person=person, day=date(2026, 11, 2))

    def figure() -> tuple[Decimal | None, int]:
        one = figures([indicator], YEAR, plan=plan)[indicator.pk, "year"]
        return one.value, one.counted

    assert figure() == (2, 2)
    match = join_people(kept=first, other=second, points=70, by=officer_hmc, at=makers.NOW)
    assert figure() == (1, 2)
    undo_match(match=match, by=officer_hmc, at=makers.NOW)
    assert figure() == (2, 2)


def test_told_apart_is_not_offered_again(officer_hmc: User) -> None:
    first, second = people(("Lê Văn An", "+84912000002", ""), ("Lê Văn An", "+84912000002", ""))
    match = tell_apart(first=first, second=second, points=80, by=officer_hmc, at=makers.NOW)
    assert found() == []
    with pytest.raises(CannotMatch):
        tell_apart(first=second, second=first, points=80, by=officer_hmc, at=makers.NOW)
    undo_match(match=match, by=officer_hmc, at=makers.NOW)
    assert len(found()) == 1


@pytest.mark.django_db
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_joining_and_undoing_ends_where_it_began(steps: list[tuple[int, int]]) -> None:
    by = User.objects.filter(username="h").first() or User.objects.create(username="h")
    rows = people(*[(f"Người {number}", "", "") for number in range(5)])
    keys = [row.pk for row in rows]
    for kept, other in steps:
        one, two = Person.objects.get(pk=keys[kept]), Person.objects.get(pk=keys[other])
        if one.pk != two.pk and not one.same_as_id and not two.same_as_id:
            join_people(kept=one, other=two, points=50, by=by, at=makers.NOW)
            assert not Person.objects.filter(same_as__same_as__isnull=False).exists()
    for match in matching.standing(keys):
        undo_match(match=match, by=by, at=makers.NOW)
    assert not Person.objects.filter(pk__in=keys, same_as__isnull=False).exists()
    assert not Match.objects.filter(kept__in=keys, undone_at__isnull=True).exists()


def test_undo_waits_for_the_later_one(officer_hmc: User) -> None:
    first, second, third = people(("A", "", ""), ("B", "", ""), ("C", "", ""))
    below = join_people(kept=second, other=third, points=50, by=officer_hmc, at=makers.NOW)
    above = join_people(kept=first, other=second, points=50, by=officer_hmc, at=makers.NOW)
    with pytest.raises(CannotMatch):
        undo_match(match=below, by=officer_hmc, at=makers.NOW)
    undo_match(match=above, by=officer_hmc, at=makers.NOW)
    third.refresh_from_db()
    assert third.same_as == second
