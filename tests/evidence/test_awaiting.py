"""What waits for verification: the short list the database keeps is always what the ledger tells."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Exists, OuterRef
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.activities.models import Activity
from nhipcau.evidence import awaiting, services
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.models import Awaiting, Evidence, Verification
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.database
STEPS = ("declare", "verify", "return", "revise", "withdraw", "record", "void")


def told(outcome: str) -> Exists:
    """Whether somebody looked at the row with this outcome."""
    return Exists(Verification.objects.filter(evidence=OuterRef("pk"), outcome=outcome))


@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.booleans()), max_size=12))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_list_is_what_the_ledger_tells(
    steps: list[tuple[str, int, bool]], plan: Plan, officer_hmc: User, officer_fsc: User
) -> None:
    activity = Activity.objects.first() or makers.make_activity(plan, starts_at=makers.NOW - timedelta(days=30))
    kind = makers.make_evidence_kind("press.item", by_hand=True)
    at = makers.NOW
    for step, which, other in steps:
        by = officer_fsc if other else officer_hmc
        rows = list(Evidence.objects.filter(kind=kind).order_by("recorded_at", "pk"))
        row = rows[which % len(rows)] if rows else None
        at += timedelta(minutes=1)
        try:
            if step == "declare":
                services.declare_evidence(
                    plan=plan, activity=activity, kind=kind, day=date(2026, 11, 1), note="Điểm báo.", by=by, at=at
                )
            elif step in {"record", "void"}:
                source = f"tests:arrival-{which}"
                if step == "record":
                    services.record_evidence(
                        plan=plan, activity=activity, kind="attendance.checkin", day=date(2026, 11, 1),
                        source_ref=source, by=by, at=at,
                    )  # fmt: skip
                else:
                    services.void_evidence(kind="attendance.checkin", source_ref=source, by=by, at=at)
            elif row is None:
                continue
            elif step == "verify":
                services.verify_evidence(evidence=row, by=by, at=at)
            elif step == "return":
                services.return_evidence(evidence=row, reason="Thiếu ảnh.", due=date(2026, 12, 1), by=by, at=at)
            elif step == "revise":
                services.revise_evidence(
                    evidence=row, day=row.day, quantity=row.quantity + 1, note="Bổ sung.", link="", by=by, at=at
                )
            else:
                services.withdraw_evidence(evidence=row, reason="Khai trùng.", by=by, at=at)
        except EvidenceRefused:
            continue
    assert awaiting.wrong() == 0
    unseen = Evidence.objects.current().filter(~told("verified"), needs_verification=True)
    assert set(Evidence.objects.awaiting_verification()) == set(unseen)
    assert set(Evidence.objects.sent_back()) == set(unseen.filter(told("returned")))
    mine = unseen.filter(~told("returned")).exclude(recorded_by=officer_hmc)
    assert {one.evidence for one in Awaiting.objects.open_for(officer_hmc)} == set(mine)


def test_list_is_written_anew_where_it_differs(plan: Plan, officer_hmc: User) -> None:
    activity = makers.make_activity(plan)
    for _n in range(2):
        makers.make_evidence(activity, kind="press.item", needs_verification=True, recorded_by=officer_hmc)
    out = StringIO()
    call_command("awaiting", stdout=out)
    Awaiting.objects.filter(pk=Awaiting.objects.values("pk")[:1]).delete()
    call_command("awaiting", stdout=out)
    assert out.getvalue() == "The list agrees with the ledger.\n1 rows differed.\n"
    assert awaiting.wrong() == 0
    assert Awaiting.objects.count() == 2


def test_what_waits_is_found_without_reading_what_was_declared(plan: Plan, officer_hmc: User) -> None:
    """The plan of the menu's number reads the short list's own index and not the ledger."""
    rows = Awaiting.objects.filter(plan__agreement=plan.agreement_id, returned=False).exclude(recorded_by=officer_hmc)
    told = rows.order_by().values("pk").explain()
    assert "evidence_evidence" not in told
    if connection.vendor == "sqlite":
        assert "COVERING INDEX awaiting_by_plan (plan_id=?" in told
