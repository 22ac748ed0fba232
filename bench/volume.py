"""A plan of the sample's shape with as many records as asked for, written in bulk and as the services would leave it.

The indicators are the sample's own. Activities are uneven: a few are attended by many. Two records in a hundred were
replaced, one was withdrawn, what is declared by hand is vouched for four times out of five, and every record carries
the dimensions of its activity and its guest.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.core.management.color import no_style
from django.db import connection, transaction

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.attendance.models import CheckIn, Consent, Registration
from nhipcau.core import search, vietnamese
from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import SearchEntry
from nhipcau.evidence.guards import lower_guard, raise_guard
from nhipcau.evidence.models import Evidence, EvidenceDimension, Verification
from nhipcau.parties.models import Person, User
from nhipcau.parties.services import name_key
from nhipcau.plans.models import Indicator, Objective, Plan, Target
from tests import makers

PROGRAMME = Path(__file__).resolve().parents[1] / "nhipcau" / "sample" / "data" / "plan-2022.yaml"
ACTIVITY_KINDS = ("talkshow", "panel", "international_conference", "training_course", "press_conference")
TOPICS, PILLARS = ("startup", "culture", "digital", "tourism", "youth"), ("economy", "society", "image")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
MIDDLES = ("Thị", "Văn", "Minh", "Thanh", "Ngọc", "Quốc", "Thu", "Hoàng")
GIVENS = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Sơn",
    "Vân",
    "Yến",
)
NAMES = [" ".join(parts) for parts in itertools.product(FAMILIES, MIDDLES, GIVENS)]
#: Kinds declared by hand, with their share of all records and what they say of themselves.
DECLARED: dict[str, tuple[float, dict[str, tuple[str, ...]]]] = {
    "survey.score": (0.08, {"question": ("delegate", "trainee")}),
    "survey.intent": (0.03, {"answer": ("yes", "no")}),
    "press.item": (0.05, {"language": ("vi", "en", "zh", "ja", "fr"), "key_message": ("yes", "no")}),
    "promotion.reach": (0.015, {}),
    "promotion.scheme": (0.005, {"scheme": tuple(f"scheme-{n}" for n in range(40))}),
    "contact.made": (0.02, {}),
}


@dataclass
class Volume:
    """A plan of so many records."""

    plan: Plan
    records: int
    activities: list[Activity]
    busiest: Activity  # the one most guests came to


def copy_in(model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows as quickly as the database takes them; the columns are the table's own names, others get their default."""
    others = [
        field for field in model._meta.local_concrete_fields
        if field.column not in columns and not field.null and not field.primary_key
    ]  # fmt: skip
    defaults = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = (*columns, *(field.column for field in others))
    rows = ((*row, *defaults) for row in rows)
    table, names = model._meta.db_table, ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" for _name in columns)
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (names of our own tables)
        connection.connection.executemany(statement, (tuple(_plain(value) for value in row) for row in rows))


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def make_plan(agreement: Agreement, year: int, records: int, *, by: User, upto: date) -> Volume:
    """A plan with about so many records, up to a day."""
    plan = makers.make_plan(agreement, year=year)
    indicators = _indicators(plan, by)
    rng = random.Random(year)  # noqa: S311 (the same data every time, no secret)
    activities = _activities(plan, indicators, max(12, round(40 * (records / 6000) ** 0.5)), upto, rng)
    lower_guard(connection)
    try:
        with transaction.atomic():
            ledger = _Ledger(plan, records, activities, by, upto, rng)
            ledger.write()
    finally:
        raise_guard(connection)
    with connection.cursor() as cursor:
        models = [Person, Registration, CheckIn, Consent, SearchEntry, EvidenceDimension, Verification]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return Volume(plan, records, activities, max(ledger.guests, key=lambda a: ledger.guests[a]))


def _indicators(plan: Plan, by: User) -> list[Indicator]:
    """The sample's objectives, indicators and targets in a plan."""
    told = yaml.safe_load(PROGRAMME.read_text(encoding="utf-8"))
    clauses = {f"c{clause.order}": clause for clause in plan.agreement.clauses.all()}
    objectives = {}
    for order, one in enumerate(told["objectives"], start=1):
        objectives[one["id"]] = Objective.objects.create(
            plan=plan, code=one["id"], order=order, wording=one["title"]["vi"], wording_en=one["title"]["en"]
        )
        objectives[one["id"]].clauses.set([clauses[key] for key in one["clauses"]])
    phases = list(plan.phases.all())
    found = []
    for order, one in enumerate(told["indicators"], start=1):
        definition = one["definition"]
        for kind in (*definition["kinds"], *definition.get("numerator_kinds", ())):
            makers.make_evidence_kind(kind)
        indicator = Indicator.objects.create(
            objective=objectives[one["objective"]], code=one["code"], order=order, name=one["name"]["vi"],
            name_en=one["name"]["en"], unit=one["unit"]["vi"], unit_en=one["unit"]["en"],
            falling_is_good=one["direction"] == "down", decimals=one["decimals"], **definition,
        )  # fmt: skip
        values = [(phases[int(number) - 1], value) for number, value in one["targets"].items()]
        at = datetime.combine(phases[0].first_day, time(9), LOCAL)
        Target.objects.bulk_create(
            Target(indicator=indicator, phase=phase, value=value, by=by, at=at) for phase, value in values
        )
        found.append(indicator)
    return found


def _activities(plan: Plan, indicators: list[Indicator], number: int, upto: date, rng: random.Random) -> list[Activity]:
    first = plan.window().first
    days = (min(plan.last_day, upto) - first).days
    found = []
    for n in range(number):
        starts_at = datetime.combine(first + timedelta(days=days * n // number), time(14), LOCAL)
        working = rng.sample(indicators, 3)
        found.append(
            makers.make_activity(
                plan, kind=ACTIVITY_KINDS[n % len(ACTIVITY_KINDS)], indicators=working,
                topics=rng.sample(TOPICS, rng.choice((1, 1, 2))), pillars=[rng.choice(PILLARS)],
                starts_at=starts_at, state=Activity.State.CLOSED, code=f"HD-{n + 1:04}",
            )
        )  # fmt: skip
    return found


class _Ledger:
    """The records of a plan and the guests behind them, table by table."""

    def __init__(
        self, plan: Plan, records: int, activities: list[Activity], by: User, upto: date, rng: random.Random
    ) -> None:
        self.plan, self.records, self.activities, self.by, self.upto, self.rng = (
            plan,
            records,
            activities,
            by,
            upto,
            rng,
        )
        self.key = plan.year * 3 * 10**8  # far from keys made by the clock, and from those of other years
        self.sorted = {name: vietnamese.person_sort_text(name) for name in NAMES}
        self.keys = {name: name_key(name) for name in NAMES}
        self.folded = {name: (search.folded(name), search.canonical(name)) for name in NAMES}
        order = rng.sample(activities, len(activities))
        weights = [1 / (rank + 1) for rank in range(len(order))]
        declared = sum(share for share, _dimensions in DECLARED.values())
        self.guests = {
            activity: max(1, round(records * (1 - declared) * weight / sum(weights)))
            for activity, weight in zip(order, weights, strict=True)
        }

    def write(self) -> None:
        """Guests first, then what they and the staff prove."""
        self._intakes()
        guests = list(self._guests())
        copy_in(Person, ("id", "name", "name_sort", "name_key", "sex", "phone", "email", "nationality"),
                self._persons(guests))  # fmt: skip
        copy_in(Registration, (
            "id", "intake_id", "person_id", "name", "name_sort", "phone", "email", "unit", "position", "language",
            "state", "channel", "code", "seat", "of_honour", "registered_at",
        ), self._registrations(guests))  # fmt: skip
        notice = makers.make_consent_wording().pk
        copy_in(Consent, ("registration_id", "notice_id", "at"),
                ((key, notice, self._moment(a)) for key, a, _came in guests))  # fmt: skip
        copy_in(CheckIn, ("registration_id", "at", "by_id", "point", "took_documents"),
                ((key, self._moment(a), self.by.pk, "", False) for key, a, came in guests if came))  # fmt: skip
        copy_in(SearchEntry, ("kind", "object_id", "folded", "canonical"), self._found(guests))
        rows = list(self._records(guests))
        copy_in(Evidence, (
            "id", "plan_id", "activity_id", "kind_id", "quantity", "day", "person_id", "grade", "needs_verification",
            "source_ref", "note", "link", "recorded_by_id", "recorded_at", "void", "superseded_by_id",
        ), (row for row, _dimensions in rows))  # fmt: skip
        copy_in(EvidenceDimension, ("evidence_id", "dimension", "value"),
                ((row[0], name, value) for row, dimensions in rows for name, value in dimensions))  # fmt: skip
        vouched = ((row[0], "verified", "", self.by.pk, row[13]) for row, _d in rows if row[8] and row[0] % 5)
        copy_in(Verification, ("evidence_id", "outcome", "reason", "by_id", "at"), vouched)

    def _moment(self, activity: Activity) -> datetime:
        return activity.starts_at - timedelta(minutes=5)

    def _intakes(self) -> None:
        self.intakes = {
            activity: makers.make_intake(activity, capacity=registered + 50, taken=registered)
            for activity, guests in self.guests.items()
            for registered in [guests + guests // 5]
        }

    def _guests(self) -> Iterator[tuple[int, Activity, bool]]:
        """Each guest's key and activity, and whether the guest came: five of six did."""
        key = self.key
        for activity, guests in self.guests.items():
            for n in range(guests + guests // 5):
                key += 1
                yield key, activity, n < guests

    def _name(self, key: int) -> str:
        return NAMES[key * 7919 % len(NAMES)]

    def _phone(self, key: int) -> str:
        return f"+849{self.plan.year % 10}{key % 10**7:07}"

    def _persons(self, guests: list[tuple[int, Activity, bool]]) -> Iterator[tuple[Any, ...]]:
        """Every third guest comes again under the same record."""
        for key, _activity, _came in guests:
            if key % 3:
                name = self._name(key)
                yield (
                    key,
                    name,
                    self.sorted[name],
                    self.keys[name],
                    ("female", "male")[key % 2],
                    self._phone(key),
                    "",
                    _home(key),
                )

    def _person(self, key: int) -> int:
        return key if key % 3 else max(key - 1, self.key + 1)

    def _registrations(self, guests: list[tuple[int, Activity, bool]]) -> Iterator[tuple[Any, ...]]:
        for key, activity, _came in guests:
            name = self._name(key)
            yield (
                key, self.intakes[activity].pk, self._person(key), name, self.sorted[name], self._phone(key),
                "", "Báo Sài Gòn", "Phóng viên", "vi", "confirmed", "self", f"{key % 16**8:08X}", "", False,
                self._moment(activity) - timedelta(days=4),
            )  # fmt: skip

    def _found(self, guests: list[tuple[int, Activity, bool]]) -> Iterator[tuple[Any, ...]]:
        for key, _activity, _came in guests:
            folded, canonical = self.folded[self._name(key)]
            digits = f"0{self._phone(key)[3:]}"
            yield "attendance.registration", key, f"{folded} {digits} {digits[-4:]}", f"{canonical} {digits}"

    def _records(
        self, guests: list[tuple[int, Activity, bool]]
    ) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, str]]]]:
        shared = {a: [(n, v) for n, vs in a.dimensions.items() for v in vs if n != "audience"] for a in self.activities}
        key = self.key + 10**8
        for registration, activity, came in guests:
            if not came:
                continue
            key += 1
            own = [("nationality", "vn" if _home(registration) == "VN" else "foreign"),
                   ("sex", ("female", "male")[registration % 2]),
                   ("audience", ("youth", "press", "business")[registration % 3])]  # fmt: skip
            dimensions = shared[activity] + own
            replaced = key + 10**8 if key % 50 == 7 else None
            source = f"attendance.registration:{registration}"
            person = self._person(registration)
            row = (activity.pk, "attendance.checkin", Decimal(1), activity.first_day, person, "machine", False, source)
            if replaced:
                yield self._row(replaced, row), dimensions
            yield self._row(key, row, void=key % 100 == 3 and not replaced, superseded=replaced), dimensions
        kinds = {name: key for key, name in enumerate(DECLARED)}
        for kind, (share, said) in DECLARED.items():
            for n in range(round(self.records * share)):
                key += 1
                activity = self.activities[n * n % len(self.activities)]
                own = [
                    (name, values[n * (index + 3) % len(values)]) for index, (name, values) in enumerate(said.items())
                ]
                quantity = Decimal(n % 5 + 1)
                row = (
                    activity.pk,
                    kind,
                    quantity,
                    activity.first_day,
                    None,
                    "document",
                    True,
                    f"claim:{kinds[kind]}-{key}",
                )
                yield self._row(key, row, note="Tổng hợp từ phiếu."), shared[activity] + own
        for activity in self.activities:
            for kind, own in (("activity.held", []), ("activity.closed", [("on_time", "yes")])):
                key += 1
                row = (
                    activity.pk,
                    kind,
                    Decimal(1),
                    activity.first_day,
                    None,
                    "machine",
                    False,
                    f"{kind}:{activity.pk}",
                )
                yield self._row(key, row), shared[activity] + own

    def _row(
        self, key: int, row: tuple[Any, ...], *, void: bool = False, superseded: int | None = None, note: str = ""
    ) -> tuple[Any, ...]:
        activity, kind, quantity, day, person, grade, by_hand, source = row
        at = datetime.combine(day, time(18), LOCAL)
        return (
            key, self.plan.pk, activity, kind, quantity, day, person, grade, by_hand, source, note, "",
            self.by.pk, at, void, superseded,
        )  # fmt: skip


def _home(key: int) -> str:
    return "FR" if key % 12 == 1 else "VN"
