"""The ledger at the desk: its list, one record and its files, the spreadsheet."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.evidence.services import declare_evidence, revise_evidence, verify_evidence, void_evidence
from nhipcau.evidence.views import ledger as ledger_views
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers
from tests.evidence.counting_statements import own_statements
from tests.evidence.test_services import PDF, declare, upload

SignIn = Callable[[User], Client]
PAST = datetime(2026, 2, 10, 14, 0, tzinfo=makers.LOCAL)


def keys(response: Any) -> list[int]:
    return [row.pk for row in response.context["page_obj"]]


@pytest.fixture
def rows(plan: Plan, officer_hmc: User, officer_fsc: User, now: datetime) -> dict[str, Evidence]:
    """One of each state: recorded, waiting, verified, sent back and corrected (so replaced), withdrawn."""
    talk = makers.make_activity(plan, starts_at=PAST, title="Tọa đàm Đường sắt đô thị")
    recorded = makers.make_evidence(talk)
    waiting = declare(plan, officer_hmc, now, note="Báo Thanh Niên ngày 20/11")
    vouched = declare(plan, officer_hmc, now, day=date(2026, 11, 1))
    verify_evidence(evidence=vouched, by=officer_fsc, at=now)
    undone = makers.make_evidence(talk, kind="contact.made")
    void = void_evidence(kind="contact.made", source_ref=undone.source_ref, by=None, at=now)
    assert void is not None
    return {"recorded": recorded, "waiting": waiting, "verified": vouched, "undone": undone, "void": void}


def test_ledger_narrows_by_each_filter(
    rows: dict[str, Evidence], plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    client, page = sign_in(officer_hmc), reverse("evidence:ledger")
    asked: dict[str, dict[str, Any]] = {
        "all": {},
        "counted": {"state": "counted"},
        "waiting": {"state": "waiting"},
        "void": {"state": "void"},
        "replaced": {"state": "replaced"},
        "activity": {"activity": rows["recorded"].activity_id},
        "kind": {"kind": "press.item"},
        "days": {"first": "2026-10-01", "last": "02/11/2026"},
        "activity words": {"q": "duong sat"},
        "note words": {"q": "thanh nien"},
        "nonsense": {"activity": "x", "kind": "y", "state": "z", "first": "32/13", "clause": "w"},
        "nothing": {"q": "không có"},
    }
    found = {name: keys(client.get(page, query)) for name, query in asked.items()}
    w, v, r = rows["waiting"].pk, rows["verified"].pk, rows["recorded"].pk
    assert found == {
        "all": [w, v, r], "counted": [v, r], "waiting": [w], "void": [rows["void"].pk], "replaced": [rows["undone"].pk],
        "activity": [r], "kind": [w, v], "days": [v], "activity words": [r], "note words": [w], "nonsense": [w, v, r],
        "nothing": [],
    }  # fmt: skip


@pytest.mark.database
def test_ledger_totals_by_kind(rows: dict[str, Evidence], officer_hmc: User, sign_in: SignIn) -> None:
    response = sign_in(officer_hmc).get(reverse("evidence:ledger"))
    assert [(one["kind"].pk, one["records"], one["quantity"]) for one in response.context["totals"]] == [
        ("attendance.checkin", 1, 1), ("press.item", 2, 2),
    ]  # fmt: skip


def test_ledger_narrows_by_clause(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    indicator = makers.make_indicator(makers.make_objective(plan))
    mine = makers.make_evidence(makers.make_activity(plan, indicators=[indicator], starts_at=PAST))
    makers.make_evidence(makers.make_activity(plan, starts_at=PAST))
    clause = plan.agreement.clauses.get(order=1)
    response = sign_in(officer_hmc).get(reverse("evidence:ledger"), {"clause": clause.pk})
    assert keys(response) == [mine.pk]


@pytest.mark.database
def test_count_stops_where_paging_makes_no_sense(
    plan: Plan, officer_hmc: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_views.LedgerPaginator, "most", 3)
    for _ in range(5):
        makers.make_evidence(plan=plan)
    response = sign_in(officer_hmc).get(reverse("evidence:ledger"))
    assert (response.context["capped"], response.context["page_obj"].paginator.count) == (True, 3)
    assert response.context["totals"] == []


@pytest.mark.parametrize("n", [1, 3])
def test_ledger_takes_the_same_statements_for_one_and_three(
    plan: Plan, officer_hmc: User, sign_in: SignIn, n: int
) -> None:
    for _ in range(n):
        makers.make_evidence(makers.make_activity(plan, starts_at=PAST), kind=f"press.{'item' if _ else 'notice'}")
    client = sign_in(officer_hmc)
    # plans · phases · count by kind · these kinds · records · activities and kinds to choose from
    assert len(own_statements(client, reverse("evidence:ledger"))) == 7
    # plans · phases · more than fit? · records · their dimensions · five registers
    assert len(own_statements(client, reverse("evidence:ledger_sheet"))) == 10


def test_sheet_has_true_dates_and_numbers_and_no_formula(
    plan: Plan, officer_hmc: User, now: datetime, sign_in: SignIn
) -> None:
    declare(plan, officer_hmc, now, note="=1+1", quantity=makers.Decimal("2.5"), dimensions={"language": ["en"]})
    with translation.override("en"):
        page = reverse("evidence:ledger_sheet")
    response = sign_in(officer_hmc).get(page, {"state": "waiting"})
    assert response["Content-Disposition"] == 'attachment; filename="minh-chung-2026.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    head, row = ([cell.value for cell in line] for line in list(sheet.rows)[2:4])
    assert head == [
        "Day", "Kind of evidence", "Code", "Activity", "Quantity", "Unit", "State of the record", "Grade", "Dimensions",
        "What proves it", "Link", "Recorded by", "Recorded at", "Number",
    ]  # fmt: skip
    assert row[:2] == [datetime.fromisoformat("2026-11-20"), "Published item"]
    assert row[4:10] == [2.5, "items", "awaiting verification", "statement", "Language: English", "=1+1"]
    assert sheet.cell(4, 10).data_type == "s"
    assert row[12] == datetime.fromisoformat("2026-11-23T09:00")


# --- one record -------------------------------------------------------------------------------
def test_record_shows_the_way_back_to_the_promise(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    objective = makers.make_objective(plan)
    mine = makers.make_indicator(objective)
    makers.make_indicator(objective, kinds=["press.item"], scope="plan")
    elsewhere = makers.make_indicator(objective, where={"audience": ["youth"]}, scope="plan")
    activity = makers.make_activity(plan, indicators=[mine], starts_at=PAST, topics=["startup"])
    evidence = makers.make_evidence(activity)
    client = sign_in(officer_hmc)
    page = reverse("evidence:evidence", args=[evidence.pk])
    blocks = client.get(page).context["objectives"]
    assert [(block["objective"], block["indicators"]) for block in blocks] == [(objective, [mine])]
    young = makers.make_evidence(activity, dimensions={"audience": ["youth"]})
    blocks = client.get(reverse("evidence:evidence", args=[young.pk])).context["objectives"]
    assert blocks[0]["indicators"] == [mine, elsewhere]
    assert "Nội dung hợp tác 1" in client.get(page).content.decode() or "Clause 1" in client.get(page).content.decode()


def test_record_shows_its_history_and_source(plan: Plan, officer_hmc: User, now: datetime, sign_in: SignIn) -> None:
    first = declare(plan, officer_hmc, now, upload=upload())
    second = revise_evidence(
        evidence=first, day=first.day, quantity=makers.Decimal(4), note="Thêm ba bài", link="", by=officer_hmc,
        at=now + timedelta(hours=1),
    )  # fmt: skip
    client = sign_in(officer_hmc)
    response = client.get(reverse("evidence:evidence", args=[first.pk]))
    assert [row.pk for row in response.context["history"]] == [second.pk, first.pk]
    assert response.context["current"].pk == second.pk
    activity = makers.make_activity(plan, starts_at=PAST)
    held = makers.make_evidence(activity, kind="activity.held", source_ref=f"activities.activity:{activity.pk}")
    source = client.get(reverse("evidence:evidence", args=[held.pk])).context["source"]
    assert source[1] == reverse("activities:activity", args=[activity.pk])


@pytest.mark.parametrize("n", [1, 3])
def test_record_takes_the_same_statements(
    plan: Plan, officer_hmc: User, now: datetime, sign_in: SignIn, n: int
) -> None:
    row = declare(plan, officer_hmc, now, upload=upload(), dimensions={"language": ["en"]})
    for hour in range(n - 1):
        row = revise_evidence(
            evidence=row, day=row.day, quantity=makers.Decimal(4), note="x", link="", by=officer_hmc,
            at=now + timedelta(hours=hour), upload=upload(),
        )  # fmt: skip
        makers.make_indicator(makers.make_objective(plan), kinds=["press.item"], scope="plan")
    makers.make_indicator(makers.make_objective(plan), kinds=["press.item"], scope="plan")
    page = reverse("evidence:evidence", args=[row.pk])
    # record · standing and replaced rows of its source · dimensions · indicators · clauses, directions of objectives ·
    # files · verifications
    assert len(own_statements(sign_in(officer_hmc), page)) == 9


def test_record_far_out_of_range_is_not_found(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    assert client.get(reverse("evidence:evidence", args=[10**25])).status_code == 404


# --- files ------------------------------------------------------------------------------------
def test_file_is_handed_out_as_a_download_only(plan: Plan, officer_hmc: User, now: datetime, sign_in: SignIn) -> None:
    kept = declare(plan, officer_hmc, now, upload=upload()).attachments.get()
    page = reverse("evidence:attachment", args=[kept.pk, kept.sha256[:16]])
    response = sign_in(officer_hmc).get(page)
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]  # a file response
    response.close()
    assert {name: response[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Disposition": "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def test_file_is_not_found_by_guessing_or_by_outsiders(
    plan: Plan, officer_hmc: User, outsider: User, now: datetime, sign_in: SignIn, client: Client
) -> None:
    kept = declare(plan, officer_hmc, now, upload=upload()).attachments.get()
    page = reverse("evidence:attachment", args=[kept.pk, kept.sha256[:16]])
    wrong = reverse("evidence:attachment", args=[kept.pk, "0" * 16])
    assert sign_in(officer_hmc).get(wrong).status_code == 404
    assert sign_in(officer_hmc).get(reverse("evidence:attachment", args=[kept.pk, kept.sha256[:3]])).status_code == 404
    assert sign_in(outsider).get(page).status_code == 404
    assert client.get(page).status_code == 302


def test_kind_declared_for_the_plan_needs_no_activity(plan: Plan, officer_hmc: User, now: datetime) -> None:
    row = declare_evidence(
        plan=plan, activity=None, kind=EvidenceKind.objects.get(pk="promotion.reach"), day=date(2026, 11, 2),
        by=officer_hmc, at=now, note="Báo cáo kênh", dimensions={"channel": ["social"]},
    )  # fmt: skip
    assert (row.activity, row.plan) == (None, plan)


def test_spreadsheet_of_the_sample_says_so(
    rows: dict[str, Evidence], plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    client = sign_in(officer_hmc)
    marks = []
    for sample in (True, False):
        plan.agreement.is_sample = sample
        plan.agreement.save()
        book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("evidence:ledger_sheet")).content))
        (sheet,) = book.worksheets
        marks.append((sheet.title, sheet["A1"].value, sheet.oddHeader.center.text))
    assert marks == [
        ("Minh chứng – DỮ LIỆU MẪU", f"DỮ LIỆU MẪU – {plan.title}", "DỮ LIỆU MẪU"),
        ("Minh chứng", plan.title, None),
    ]
