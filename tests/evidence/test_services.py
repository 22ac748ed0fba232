"""The one door to the ledger: written once, undone by a further row, vouched for by somebody else."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.utils import translation

from nhipcau.core import uploads
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.models import Attachment, Awaiting, Evidence, EvidenceDimension, EvidenceKind, Verification
from nhipcau.evidence.services import (
    activity_dimensions,
    attach_file,
    declare_evidence,
    record_evidence,
    return_evidence,
    revise_evidence,
    verify_evidence,
    void_evidence,
    withdraw_evidence,
)
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.database

PDF = b"%PDF-1.4\nmot trang\n%%EOF"
DAY = date(2026, 11, 20)


def upload(content: bytes = PDF, name: str = "Biên bản.pdf") -> uploads.Upload:
    return uploads.read(SimpleUploadedFile(name, content))


def record(plan: Plan, now: datetime, **more: Any) -> Evidence:
    values: dict[str, Any] = {
        "plan": plan,
        "activity": None,
        "kind": "attendance.checkin",
        "day": DAY,
        "source_ref": "attendance.registration:41",
        "by": None,
        "at": now,
        "dimensions": {"audience": ["youth"], "topic": ["startup", "digital-economy", "startup", ""]},
    }
    return record_evidence(**(values | more))


def declare(plan: Plan, by: User, now: datetime, **more: Any) -> Evidence:
    values: dict[str, Any] = {
        "plan": plan,
        "activity": None,
        "kind": EvidenceKind.objects.get(pk="press.item"),
        "day": DAY,
        "by": by,
        "at": now,
        "note": "Theo điểm báo ngày 20/11",
    }
    return declare_evidence(**(values | more))


def dimensions(row: Evidence) -> list[tuple[str, str]]:
    return sorted(row.dimensions.values_list("dimension", "value"))


# --- recording --------------------------------------------------------------------------------
def test_record_freezes_each_value_once(plan: Plan, now: datetime) -> None:
    row = record(plan, now)
    assert dimensions(row) == [("audience", "youth"), ("topic", "digital-economy"), ("topic", "startup")]
    assert (row.quantity, row.grade, row.void, row.needs_verification) == (1, "machine", False, False)


def test_record_again_returns_the_same_row(plan: Plan, now: datetime) -> None:
    first = record(plan, now)
    again = record(plan, now + timedelta(minutes=5), quantity=Decimal(9))
    assert again.pk == first.pk
    assert list(Evidence.objects.values_list("pk", "quantity")) == [(first.pk, 1)]


def test_same_source_counts_once_for_each_kind(plan: Plan, now: datetime) -> None:
    record(plan, now)
    record(plan, now, kind="contact.made")
    assert sorted(Evidence.objects.values_list("kind_id", flat=True)) == ["attendance.checkin", "contact.made"]


def test_undo_and_record_again_make_a_chain(plan: Plan, now: datetime) -> None:
    first = record(plan, now)
    undone = void_evidence(kind=first.kind_id, source_ref=first.source_ref, by=None, at=now, note="Quét nhầm")
    assert undone is not None
    assert (undone.void, undone.note, undone.day, undone.plan_id) == (True, "Quét nhầm", DAY, plan.pk)
    assert list(Evidence.objects.current()) == []
    again = record(plan, now)
    for row in (first, undone, again):
        row.refresh_from_db()
    assert [row.superseded_by_id for row in (first, undone, again)] == [undone.pk, again.pk, None]
    assert list(Evidence.objects.counted()) == [again]


def test_undo_of_what_does_not_count_is_nothing(plan: Plan, now: datetime) -> None:
    row = record(plan, now)
    void_evidence(kind=row.kind_id, source_ref=row.source_ref, by=None, at=now)
    assert void_evidence(kind=row.kind_id, source_ref=row.source_ref, by=None, at=now) is None
    assert void_evidence(kind=row.kind_id, source_ref="attendance.registration:7", by=None, at=now) is None
    assert Evidence.objects.count() == 2


def test_record_takes_three_statements(
    plan: Plan, now: datetime, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(7):  # look, row, dimensions; two savepoints around them
        record(plan, now)


def test_activity_dimensions_inherit_and_add(plan: Plan) -> None:
    activity = makers.make_activity(plan, topics=["startup"], pillars=["economic"], audiences=["youth"])
    assert activity_dimensions(activity, sex=["female"]) == {
        "topic": ["startup"], "pillar": ["economic"], "area": [], "kind": ["talkshow"], "sex": ["female"],
    }  # fmt: skip


@pytest.mark.database
@pytest.mark.usefixtures("transactional_ledger")
def test_record_counts_once_however_many_write_at_once(now: datetime) -> None:
    plan = makers.make_plan(makers.make_agreement())
    makers.make_evidence_kind("attendance.checkin")  # migrated rows are gone after another test in real transactions
    found: list[int] = []

    def write() -> None:
        try:
            found.append(record(plan, now).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert Evidence.objects.count() == 1


# --- the guard --------------------------------------------------------------------------------
CHANGES = [
    "UPDATE evidence_evidence SET quantity = 2",
    "UPDATE evidence_evidence SET day = '2026-01-01'",
    "UPDATE evidence_evidence SET recorded_at = '2026-01-01 00:00:00+00'",
    "UPDATE evidence_evidence SET note = 'khác'",
    "UPDATE evidence_evidence SET superseded_by_id = NULL",
    "DELETE FROM evidence_evidence",
    "UPDATE evidence_evidencedimension SET value = 'other'",
    "DELETE FROM evidence_evidencedimension",
    "UPDATE evidence_attachment SET sha256 = ''",
    "DELETE FROM evidence_attachment",
    "UPDATE evidence_verification SET outcome = 'verified'",
    "DELETE FROM evidence_verification",
]


@pytest.fixture
def declared(plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime) -> Evidence:
    row = declare(plan, officer_hmc, now, upload=upload(), dimensions={"language": ["vi"]})
    return_evidence(evidence=row, reason="Thiếu trang 2", due=date(2026, 11, 30), by=officer_fsc, at=now)
    return row


@pytest.mark.parametrize("statement", CHANGES)
def test_guard_refuses_every_other_change(declared: Evidence, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Evidence.objects.get().quantity == 1


def test_guard_refuses_a_second_replacement(plan: Plan, now: datetime) -> None:
    first = record(plan, now)
    void_evidence(kind=first.kind_id, source_ref=first.source_ref, by=None, at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=first.pk).update(superseded_by_id=first.pk)


@pytest.mark.database
@pytest.mark.parametrize(
    "table", ["evidence_evidence", "evidence_evidencedimension", "evidence_attachment", "evidence_verification"]
)
def test_guard_refuses_each_databases_own_way_round(declared: Evidence, table: str) -> None:
    way_round = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",  # noqa: S608 (names of this test)
        "postgresql": f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE",
    }
    refused = pytest.raises(DatabaseError, match="the ledger is append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(way_round[connection.vendor])


def test_guard_lets_the_one_change_pass(plan: Plan, now: datetime) -> None:
    first, second = record(plan, now), record(plan, now, source_ref="attendance.registration:42")
    Evidence.objects.filter(pk=first.pk).update(superseded_by_id=second.pk)
    first.refresh_from_db()
    assert first.superseded_by_id == second.pk


# --- declaring --------------------------------------------------------------------------------
def test_declared_counts_only_once_verified(plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime) -> None:
    activity = makers.make_activity(plan, topics=["startup"], starts_at=now - timedelta(days=4))
    row = declare(plan, officer_hmc, now, activity=activity, dimensions={"language": ["en"]}, link="https://bao.vn/1")
    assert (row.grade, row.needs_verification, row.recorded_by) == ("document", True, officer_hmc)
    assert dimensions(row) == [("kind", "talkshow"), ("language", "en"), ("topic", "startup")]
    assert list(Evidence.objects.counted()) == []
    assert list(Evidence.objects.awaiting_verification()) == [row]
    assert list(Awaiting.objects.open_for(officer_hmc)) == []
    assert [one.evidence for one in Awaiting.objects.open_for(officer_fsc)] == [row]
    verify_evidence(evidence=row, by=officer_fsc, at=now)
    assert list(Evidence.objects.counted()) == [row]
    assert list(Evidence.objects.awaiting_verification()) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"note": ""}, "Please attach a file, give a link, or describe what proves this."),
        ({"day": date(2026, 11, 24)}, "The day has not come yet. Evidence is declared once it has happened."),
        (
            {"day": date(2025, 12, 31)},
            "The day lies outside the plan, which runs from 01/01/2026 to 31/12/2026.",
        ),
        ({"quantity": Decimal(-1)}, "The quantity of “Published item” cannot be less than 0."),
        (
            {"dimensions": {"language": ["ru"]}},
            "One of the chosen values is not offered for this kind. Please choose again.",
        ),
    ],
)
def test_declare_refuses(
    plan: Plan, officer_hmc: User, now: datetime, more: dict[str, Any], sentence: str, settings: Any
) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(EvidenceRefused) as refused:
        declare(plan, officer_hmc, now, **more)
    assert str(refused.value) == sentence
    assert Evidence.objects.count() == 0


def test_declare_refuses_what_the_system_records(plan: Plan, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(EvidenceRefused):
        declare(plan, officer_hmc, now, kind=EvidenceKind.objects.get(pk="attendance.checkin"))


def test_declare_refuses_a_score_off_the_scale(plan: Plan, officer_hmc: User, now: datetime) -> None:
    kind = EvidenceKind.objects.get(pk="survey.score")
    for quantity in (Decimal("0.5"), Decimal(6)):
        with pytest.raises(EvidenceRefused):
            declare(plan, officer_hmc, now, kind=kind, quantity=quantity)
    gain = EvidenceKind.objects.get(pk="training.gain")
    assert declare(plan, officer_hmc, now, kind=gain, quantity=Decimal(-3)).quantity == -3


def test_declare_refuses_an_activity_of_another_plan(plan: Plan, officer_hmc: User, now: datetime) -> None:
    elsewhere = makers.make_activity(makers.make_plan(plan.agreement, year=2025), starts_at=now - timedelta(days=400))
    with pytest.raises(EvidenceRefused):
        declare(plan, officer_hmc, now, activity=elsewhere)


# --- files ------------------------------------------------------------------------------------
def test_attach_keeps_digest_and_a_name_nobody_guesses(plan: Plan, officer_hmc: User, now: datetime) -> None:
    row = declare(plan, officer_hmc, now, upload=upload())
    kept = row.attachments.get()
    assert (kept.name, kept.content_type, kept.size) == ("Biên bản.pdf", "application/pdf", len(PDF))
    assert kept.file.read() == PDF
    assert len(str(kept.file.name).rsplit("/", 1)[1]) == len("0" * 32 + ".pdf")
    kept.file.close()


# --- revising, withdrawing --------------------------------------------------------------------
def test_revise_supersedes_and_carries_files_and_dimensions(
    declared: Evidence, officer_hmc: User, now: datetime
) -> None:
    row = revise_evidence(
        evidence=declared, day=DAY, quantity=Decimal(3), note="Đủ hai trang", link="", by=officer_hmc,
        at=now, upload=upload(PDF + b"\n%%EOF"),
    )  # fmt: skip
    declared.refresh_from_db()
    assert declared.superseded_by_id == row.pk
    assert (row.quantity, row.note, row.source_ref, row.grade) == (3, "Đủ hai trang", declared.source_ref, "document")
    assert dimensions(row) == [("language", "vi")]
    assert [a.size for a in row.attachments.all()] == [len(PDF), len(PDF) + 6]
    assert list(Evidence.objects.awaiting_verification()) == [row]
    assert list(Evidence.objects.sent_back()) == []


def test_revise_can_leave_the_old_files_behind(declared: Evidence, officer_hmc: User, now: datetime) -> None:
    row = revise_evidence(
        evidence=declared, day=DAY, quantity=Decimal(1), note="Chỉ mô tả", link="", by=officer_hmc, at=now,
        keep_files=False,
    )  # fmt: skip
    assert (row.grade, row.attachments.count(), Attachment.objects.count()) == ("claim", 0, 1)


def test_revise_refuses_the_older_of_two_hands(declared: Evidence, officer_hmc: User, now: datetime) -> None:
    stale = Evidence.objects.get(pk=declared.pk)
    same: dict[str, Any] = {"day": DAY, "quantity": Decimal(2), "note": "x", "link": "", "by": officer_hmc, "at": now}
    revise_evidence(evidence=declared, **same)
    with pytest.raises(EvidenceRefused):
        revise_evidence(evidence=stale, **same)
    assert Evidence.objects.count() == 2


def test_revise_refuses_machine_rows_and_empty_proof(
    plan: Plan, declared: Evidence, officer_hmc: User, now: datetime
) -> None:
    same: dict[str, Any] = {"day": DAY, "quantity": Decimal(2), "link": "", "by": officer_hmc, "at": now}
    with pytest.raises(EvidenceRefused):
        revise_evidence(evidence=record(plan, now), note="x", **same)
    with pytest.raises(EvidenceRefused):
        revise_evidence(evidence=declared, note="", keep_files=False, **same)


def test_withdraw_leaves_a_void_row_with_the_reason(declared: Evidence, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(EvidenceRefused):
        withdraw_evidence(evidence=declared, reason=" ", by=officer_hmc, at=now)
    gone = withdraw_evidence(evidence=declared, reason="Khai trùng", by=officer_hmc, at=now)
    assert (gone.void, gone.note) == (True, "Khai trùng")
    assert list(Evidence.objects.current()) == []


# --- verifying --------------------------------------------------------------------------------
def test_nobody_verifies_their_own(declared: Evidence, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(EvidenceRefused):
        verify_evidence(evidence=declared, by=officer_hmc, at=now)
    with pytest.raises(EvidenceRefused):
        return_evidence(evidence=declared, reason="x", due=date(2026, 12, 1), by=officer_hmc, at=now)


def test_verified_once(declared: Evidence, officer_fsc: User, director_hmc: User, now: datetime) -> None:
    verify_evidence(evidence=declared, by=officer_fsc, at=now)
    with pytest.raises(EvidenceRefused):
        verify_evidence(evidence=declared, by=director_hmc, at=now)
    with pytest.raises(EvidenceRefused):
        return_evidence(evidence=declared, reason="x", due=date(2026, 12, 1), by=director_hmc, at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.create(evidence=declared, outcome="verified", by=director_hmc, at=now)


def test_verify_refuses_machine_replaced_and_void(
    plan: Plan, declared: Evidence, officer_hmc: User, officer_fsc: User, now: datetime
) -> None:
    with pytest.raises(EvidenceRefused):
        verify_evidence(evidence=record(plan, now), by=officer_fsc, at=now)
    gone = withdraw_evidence(evidence=declared, reason="Khai trùng", by=officer_hmc, at=now)
    for row in (declared, gone):
        with pytest.raises(EvidenceRefused):
            verify_evidence(evidence=row, by=officer_fsc, at=now)


def test_return_needs_a_reason_and_a_day_to_come(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime
) -> None:
    row = declare(plan, officer_hmc, now)
    with pytest.raises(EvidenceRefused):
        return_evidence(evidence=row, reason="  ", due=date(2026, 12, 1), by=officer_fsc, at=now)
    with pytest.raises(EvidenceRefused):
        return_evidence(evidence=row, reason="Thiếu chữ ký", due=date(2026, 11, 22), by=officer_fsc, at=now)
    back = return_evidence(evidence=row, reason="Thiếu chữ ký", due=date(2026, 11, 23), by=officer_fsc, at=now)
    assert (back.outcome, back.reason, back.due) == ("returned", "Thiếu chữ ký", date(2026, 11, 23))
    assert list(Evidence.objects.sent_back()) == [row]
    assert list(Awaiting.objects.open_for(officer_fsc)) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.create(evidence=row, outcome="returned", by=officer_fsc, at=now)


def test_kinds_are_twenty_two_and_translated(db: None) -> None:
    kinds = EvidenceKind.objects.all()
    assert len(kinds) == 22
    assert [k.pk for k in kinds if not (k.name_en and k.unit_en and k.hint_en) or k.stale_english()] == []
    assert sorted(k.pk for k in kinds if not k.by_hand) == [
        "activity.closed", "activity.held", "article.published", "attendance.checkin", "attendance.signed_list",
        "report.sent",
    ]  # fmt: skip


def test_attach_does_not_touch_the_row(declared: Evidence, officer_fsc: User, now: datetime) -> None:
    attach_file(evidence=declared, upload=upload(), by=officer_fsc, at=now)
    assert declared.attachments.count() == 2
    assert EvidenceDimension.objects.count() == 1


# --- closed plans -----------------------------------------------------------------------------
def test_nothing_is_told_or_vouched_for_in_a_closed_plan(
    plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime
) -> None:
    row = declare(plan, officer_hmc, now)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.CLOSED)  # while the page stood open
    steps: list[Callable[[], object]] = [
        lambda: declare(plan, officer_hmc, now),
        lambda: revise_evidence(
            evidence=row, day=DAY, quantity=Decimal(2), note="Hai bài", link="", by=officer_hmc, at=now
        ),
        lambda: withdraw_evidence(evidence=row, reason="Khai trùng", by=officer_hmc, at=now),
        lambda: verify_evidence(evidence=row, by=officer_fsc, at=now),
        lambda: return_evidence(evidence=row, reason="Thiếu", due=date(2026, 11, 30), by=officer_fsc, at=now),
    ]
    with translation.override("en"):
        for step in steps:
            with pytest.raises(EvidenceRefused, match="This plan is closed"):
                step()
    assert (list(Evidence.objects.values_list("pk", flat=True)), Verification.objects.count()) == ([row.pk], 0)
