# ruff: noqa: S608 (the parts of the statements are ours, the values are handed over)
"""What the pages count, as somebody who knows the database would write it in SQL; each reads all its rows.

Not the product's own statements: no model, no expression, only what a page needs to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Plan

CURRENT = "e.plan_id = %s AND e.superseded_by_id IS NULL AND NOT e.void"
VOUCHED = (
    "(NOT e.needs_verification OR EXISTS (SELECT 1 FROM evidence_verification v "
    "WHERE v.evidence_id = e.id AND v.outcome = 'verified'))"
)


@dataclass(frozen=True)
class Asked:
    """A plan and the days asked for."""

    plan: Plan
    first: date
    last: date


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def _stretches(asked: Asked) -> str:
    """Which phase a day lies in."""
    edges = [w.last for w in asked.plan.windows().values()]
    return "CASE " + " ".join(f"WHEN e.day <= '{day}' THEN {n}" for n, day in enumerate(edges)) + " END"


def _carries(name: str, values: list[str]) -> str:
    words = ", ".join(f"'{value}'" for value in values)
    return (
        "EXISTS (SELECT 1 FROM evidence_evidencedimension d WHERE d.evidence_id = e.id "
        f"AND d.dimension = '{name}' AND d.value IN ({words}))"
    )


#: What the sample's indicators ask of the dimensions: of which kind, what.
FLAGS: list[tuple[str, list[tuple[str, list[str]]]]] = [
    ("activity.held", [("kind", ["international_conference"])]),
    ("activity.held", [("kind", ["training_course"])]),
    ("activity.held", [("kind", ["talkshow", "panel"])]),
    ("activity.held", [("kind", ["press_conference"])]),
    ("activity.closed", [("on_time", ["yes"])]),
    ("attendance.checkin", [("kind", ["international_conference"])]),
    ("attendance.checkin", [("kind", ["international_conference"]), ("nationality", ["foreign"])]),
    ("attendance.checkin", [("kind", ["talkshow", "panel"])]),
    ("attendance.checkin", [("audience", ["youth"])]),
    ("survey.score", [("question", ["delegate"])]),
    ("survey.score", [("question", ["trainee"])]),
    ("survey.intent", [("answer", ["yes"])]),
    ("press.item", [("key_message", ["yes"])]),
    ("press.item", [("language", ["en", "zh", "ja", "ko", "fr"])]),
]


def _flag(kind: str, carried: list[tuple[str, list[str]]]) -> str:
    return f"e.kind_id = '{kind}' AND " + " AND ".join(_carries(name, values) for name, values in carried)


def trace(asked: Asked) -> None:
    """Everything the trace and a report count: sums by activity, kind and phase, what carries what, different persons."""
    flags = ", ".join(f"SUM(CASE WHEN {_flag(kind, carried)} THEN e.quantity END)" for kind, carried in FLAGS)
    _run(
        f"SELECT e.activity_id, e.kind_id, {_stretches(asked)}, COUNT(*), SUM(e.quantity), {flags} "
        f"FROM evidence_evidence e WHERE {CURRENT} AND {VOUCHED} AND e.day BETWEEN %s AND %s GROUP BY 1, 2, 3",
        asked.plan.pk, asked.first, asked.last,
    )  # fmt: skip
    _run(
        f"SELECT e.activity_id, e.kind_id, COUNT(*) FROM evidence_evidence e WHERE {CURRENT} AND e.needs_verification "
        "AND NOT EXISTS (SELECT 1 FROM evidence_verification v WHERE v.evidence_id = e.id AND v.outcome = 'verified') "
        "GROUP BY 1, 2",
        asked.plan.pk,
    )
    persons(asked)


def persons(asked: Asked) -> None:
    """Different persons who came, from the plan's first day to each phase's end; one found under two records is one."""
    ends = ", ".join(
        f"COUNT(DISTINCT CASE WHEN e.day <= '{window.last}' THEN COALESCE(p.same_as_id, p.id) END)"
        for window in asked.plan.windows().values()
        if window.first <= asked.last
    )
    _run(
        f"SELECT {ends} FROM evidence_evidence e JOIN parties_person p ON p.id = e.person_id "
        f"WHERE {CURRENT} AND {VOUCHED} AND e.kind_id = 'attendance.checkin' AND e.day BETWEEN %s AND %s",
        asked.plan.pk, asked.plan.window().first, asked.last,
    )  # fmt: skip


def indicator(asked: Asked, one: Indicator) -> None:
    """One indicator by phase, the activities behind it with all they prove, and its records by activity."""
    carried = {**one.where, **one.numerator}
    flag = f"SUM(CASE WHEN {_flag(one.kinds[0], list(carried.items()))} THEN e.quantity END)" if carried else "0"
    _run(
        f"SELECT e.activity_id, {_stretches(asked)}, COUNT(*), SUM(e.quantity), {flag} "
        f"FROM evidence_evidence e WHERE {CURRENT} AND {VOUCHED} AND e.kind_id = %s AND e.day BETWEEN %s AND %s "
        "GROUP BY 1, 2",
        asked.plan.pk, one.kinds[0], asked.first, asked.last,
    )  # fmt: skip
    working = ", ".join(str(key) for key in one.activities.values_list("pk", flat=True)) or "NULL"
    _run(
        "SELECT e.activity_id, e.kind_id, COUNT(*), SUM(CASE WHEN e.needs_verification THEN 1 ELSE 0 END) "
        f"FROM evidence_evidence e WHERE {CURRENT} AND e.activity_id IN ({working}) GROUP BY 1, 2",
        asked.plan.pk,
    )
    if one.dimension == "person":
        persons(asked)


def records(asked: Asked, one: Indicator) -> None:
    """The number of records behind an indicator, and the latest fifty."""
    name, values = next(iter(one.where.items()))
    where = f"WHERE {CURRENT} AND {VOUCHED} AND e.kind_id = %s AND {_carries(name, values)}"
    _run(f"SELECT COUNT(*) FROM evidence_evidence e {where}", asked.plan.pk, one.kinds[0])
    _run(
        f"SELECT e.* FROM evidence_evidence e {where} ORDER BY e.day DESC, e.id DESC LIMIT 50",
        asked.plan.pk, one.kinds[0],
    )  # fmt: skip


def figure(asked: Asked, one: Indicator) -> None:
    """A figure of a report: what the report counts, and the records behind the figure."""
    trace(asked)
    records(asked, one)


def ledger(asked: Asked, *, skip: int = 0, words: str = "") -> None:
    """Fifty records of a plan and whether there are more than ten thousand; with words, those of what they find."""
    where = CURRENT
    if words:
        activities, told = (_found(words, kind) for kind in ("activities.activity", "evidence.evidence"))
        where += f" AND (e.activity_id IN ({activities}) OR e.id IN ({told}))"
    order = f"ORDER BY e.day DESC, e.id DESC LIMIT 50 OFFSET {skip}"
    _run(f"SELECT e.* FROM evidence_evidence e WHERE {where} {order}", asked.plan.pk)
    _run(f"SELECT COUNT(*) FROM (SELECT 1 FROM evidence_evidence e WHERE {where} LIMIT 10001) AS found", asked.plan.pk)


def waiting(asked: Asked, user: User) -> None:
    """How many records wait for this account, and the first twenty."""
    where = (
        f"WHERE {CURRENT} AND e.needs_verification AND e.recorded_by_id <> %s AND NOT EXISTS "
        "(SELECT 1 FROM evidence_verification v WHERE v.evidence_id = e.id)"
    )
    _run(f"SELECT COUNT(*) FROM evidence_evidence e {where}", asked.plan.pk, user.pk)
    _run(f"SELECT e.* FROM evidence_evidence e {where} ORDER BY e.recorded_at, e.id LIMIT 20", asked.plan.pk, user.pk)


def of_activity(activity: Activity) -> None:
    """An activity's records by kind, and the latest of them."""
    _run(
        f"SELECT e.kind_id, COUNT(*), SUM(CASE WHEN {VOUCHED} THEN 1 ELSE 0 END) FROM evidence_evidence e "
        f"WHERE {CURRENT} AND e.activity_id = %s GROUP BY 1",
        activity.plan_id, activity.pk,
    )  # fmt: skip
    _run(
        f"SELECT e.* FROM evidence_evidence e WHERE {CURRENT} AND e.activity_id = %s "
        "ORDER BY e.day DESC, e.id DESC LIMIT 25",
        activity.plan_id, activity.pk,
    )  # fmt: skip


def guests(activity: Activity, *, words: str = "") -> None:
    """An activity's guests by state, how many came, and the first fifty by name; with words, how many these find too."""
    found = f"AND r.id IN ({_found(words, 'attendance.registration')})" if words else ""
    _run(
        "SELECT r.state, COUNT(*), COUNT(c.id) FROM attendance_registration r "
        "JOIN attendance_intake i ON i.id = r.intake_id "
        "LEFT JOIN attendance_checkin c ON c.registration_id = r.id AND c.undone_at IS NULL "
        "WHERE i.activity_id = %s GROUP BY 1",
        activity.pk,
    )
    listed = (
        "FROM attendance_registration r JOIN attendance_intake i ON i.id = r.intake_id "
        f"WHERE i.activity_id = %s AND r.state <> 'cancelled' {found}"
    )
    if found:  # without words the first statement tells how many there are
        _run(f"SELECT COUNT(*) {listed}", activity.pk)
    _run(f"SELECT r.* {listed} ORDER BY r.name_sort, r.id LIMIT 50", activity.pk)


def journal(agreement: Agreement, *, skip: int = 0, words: str = "") -> None:
    """Fifty acts under an agreement that are no part of another act, and how many there are."""
    where = "whole_kind = 'agreements.agreement' AND whole_id = %s AND part_of IS NULL"
    where += f" AND folded LIKE '%%{words}%%'" if words else ""
    _run(
        f"SELECT * FROM core_journalentry WHERE {where} ORDER BY at DESC, id DESC LIMIT 50 OFFSET {skip}",
        str(agreement.pk),
    )
    _run(f"SELECT COUNT(*) FROM core_journalentry WHERE {where}", str(agreement.pk))


def story(activity: Activity) -> None:
    """Fifty acts on what belongs to an activity, and how many there are."""
    where = "under_kind = 'activities.activity' AND under_id = %s"
    _run(f"SELECT * FROM core_journalentry WHERE {where} ORDER BY at DESC, id DESC LIMIT 50", str(activity.pk))
    _run(f"SELECT COUNT(*) FROM core_journalentry WHERE {where}", str(activity.pk))


def mails(agreement: Agreement, *, skip: int = 0) -> None:
    """Fifty mails of an agreement, and how many there are."""
    _run(
        "SELECT id, key, subject, state, created_at FROM outbox_message WHERE agreement_id = %s "
        f"ORDER BY created_at DESC, id DESC LIMIT 50 OFFSET {skip}",
        agreement.pk,
    )
    _run("SELECT COUNT(*) FROM outbox_message WHERE agreement_id = %s", agreement.pk)


def _entries(words: str) -> str:
    if connection.vendor == "sqlite":
        terms = " ".join(f'"{word}"*' for word in words.split())
        return f"SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH '{terms}'"
    terms = " & ".join(f"{word}:*" for word in words.split())
    return f"SELECT id FROM core_searchentry WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', '{terms}')"


def _found(words: str, kind: str) -> str:
    return f"SELECT object_id FROM core_searchentry WHERE kind = '{kind}' AND id IN ({_entries(words)})"


def search() -> None:
    """How many entries hold every word, and the best thirty."""
    found = _entries("nguyen van an")
    _run(f"SELECT COUNT(*) FROM core_searchentry WHERE id IN ({found})")
    _run(f"SELECT * FROM core_searchentry WHERE id IN ({found}) ORDER BY folded, id LIMIT 30")
