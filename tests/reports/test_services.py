"""Drafting, freezing by two directors, drift, issuing, public snapshots."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from nhipcau.activities.models import Activity
from nhipcau.core.journal.reading import changes
from nhipcau.core.models import JournalEntry
from nhipcau.core.uploads import PDF, Upload
from nhipcau.evidence.services import void_evidence
from nhipcau.evidence.trace import build
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator
from nhipcau.reports import checking, figures, services
from nhipcau.reports.errors import FiguresMoved, ReportRefused, SnapshotRefused
from nhipcau.reports.missing import missing
from nhipcau.reports.models import FreezeConsent, Issue, MeasurementEvidence, Report, Snapshot
from nhipcau.reports.progress import payload
from tests import makers
from tests.reports import stage
from tests.reports.stage import AT, Stage, director, freeze, set_stage

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def upload(content: bytes = stage.PDF, kind: str = PDF) -> Upload:
    return Upload("bao-cao.pdf", kind, content, len(content), hashlib.sha256(content).hexdigest())


def draft(on: Stage, **more: object) -> Report:
    values: dict[str, object] = {
        "plan": on.plan, "phase": None, "kind": "month", "first_day": date(2026, 8, 1), "last_day": date(2026, 8, 31),
        "by": on.officer, "at": AT,
    }  # fmt: skip
    return services.draft_report(**(values | more))  # type: ignore[arg-type]


# --- drafting ---------------------------------------------------------------------------------------
def test_draft_reads_its_lines_from_the_ledger() -> None:
    on = set_stage()
    assert [
        (line.indicator.code, line.target, line.value, line.cumulative, line.percent, line.rating, line.counted)
        for line in figures.lines(on.report)
    ] == [
        ("CT-01", Decimal(10), Decimal(3), Decimal(3), Decimal("30.0"), "missed", 3),
        ("CT-02", Decimal(1), Decimal(1), Decimal(1), Decimal("100.0"), "met", 1),
    ]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"last_day": date(2026, 7, 1)}, "The last day of the data comes before the first day."),
        (
            {"first_day": date(2025, 12, 31)},
            "The data window lies outside the plan, which runs from 01/01/2026 to 31/12/2026.",
        ),
        ({"kind": "phase"}, "Please choose the phase this report is about."),
    ],
)
def test_draft_is_refused(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(ReportRefused) as refused:
        draft(set_stage(), **more)
    assert str(refused.value) == sentence


def test_draft_once_per_phase_and_per_window() -> None:
    on = set_stage()
    with pytest.raises(ReportRefused) as refused:
        draft(on, kind="phase", phase=on.phase, first_day=date(2026, 7, 15), last_day=date(2026, 9, 14))
    assert str(refused.value) == "This phase already has a report. Please open that one."
    draft(on)
    with pytest.raises(ReportRefused) as refused:
        draft(on)
    assert str(refused.value) == "There is already a report of this kind over these days."


def test_phase_report_keeps_its_targets_when_its_window_runs_into_the_next_phase() -> None:
    on = set_stage()
    makers.make_target(on.visits, on.plan.phases.get(order=4), value=99)
    on.report.last_day = date(2026, 10, 14)
    on.report.save()
    assert [line.target for line in figures.lines(on.report)] == [Decimal(10), Decimal(1)]


def test_month_stands_against_the_year_and_is_not_rated() -> None:
    on = set_stage()
    report = draft(on)
    line = figures.lines(report)[0]
    assert (line.target, line.value, line.cumulative, line.percent, line.met, line.against_year) == (
        Decimal(10), Decimal(3), Decimal(3), Decimal("30.0"), None, True
    )  # fmt: skip


def test_half_year_adds_its_phases_up() -> None:
    on = set_stage()
    makers.make_target(on.visits, on.plan.phases.get(order=4), value=5)
    report = draft(on, kind="half_year", first_day=date(2026, 7, 1), last_day=date(2026, 12, 31))
    line = figures.lines(report)[0]
    assert (line.target, line.value, line.against_year) == (Decimal(15), Decimal(3), False)


def test_targets_met_agrees_with_the_table() -> None:
    on = set_stage()
    share = makers.make_indicator(
        on.visits.objective, code="CT-03", measure=Indicator.Measure.TARGETS_MET, kinds=[], name="Tỷ lệ chỉ tiêu đạt"
    )
    makers.make_target(share, on.phase, value=80)
    assert [line.value for line in figures.lines(on.report)] == [Decimal(3), Decimal(1), Decimal(50)]


# --- freezing ---------------------------------------------------------------------------------------
def test_two_directors_freeze_the_same_figures() -> None:
    on = set_stage()
    half = freeze(on.report, "hmc")
    assert (half.frozen_at, half.payload) == (None, None)
    whole = freeze(on.report, "fsc")
    assert whole.frozen_at == AT
    assert whole.payload is not None
    assert figures.digest(whole.payload) == whole.digest
    assert MeasurementEvidence.objects.filter(measurement__report=whole).count() == 4
    assert [line.value for line in figures.frozen_lines(whole)] == [Decimal(3), Decimal(1)]


def test_evidence_between_page_and_button_stops_the_freezing() -> None:
    on = set_stage()
    seen = services.draft_digest(on.report)
    makers.make_evidence(on.talk)
    with pytest.raises(FiguresMoved) as moved:
        services.freeze_report(report=on.report, digest_seen=seen, by=director("hmc"), at=AT)
    assert str(moved.value) == (
        "The figures have changed since you opened this page. Nothing was frozen; please look at them once more."
    )
    assert not FreezeConsent.objects.exists()


def test_other_figures_make_the_first_director_look_again() -> None:
    on = set_stage()
    freeze(on.report, "hmc")
    makers.make_evidence(on.talk)
    report = freeze(on.report, "fsc")
    assert report.frozen_at is None
    assert [consent.organisation.abbreviation for consent in report.consents.all()] == ["FSC"]
    assert freeze(on.report, "hmc").frozen_at == AT


def test_freezing_waits_for_the_window_to_be_over() -> None:
    on = set_stage()
    with pytest.raises(ReportRefused) as refused:
        freeze(on.report, "hmc", at=stage.moment(9, 30, 23))
    assert str(refused.value) == "The data window runs until 30/09/2026; figures can be frozen from the day after."


@pytest.mark.parametrize("who", ["officer_hmc", "records_hmc", "overseer_dofa", "outsider", "administrator"])
def test_only_directors_freeze(who: str, request: pytest.FixtureRequest) -> None:
    on = set_stage()
    user: User = request.getfixturevalue(who)
    with pytest.raises(ReportRefused) as refused:
        services.freeze_report(report=on.report, digest_seen=services.draft_digest(on.report), by=user, at=AT)
    assert str(refused.value) == "Only the director of a party can freeze figures."


def test_an_explanation_is_frozen_and_takes_consents_back() -> None:
    on = set_stage()
    freeze(on.report, "hmc")
    services.explain(report=on.report, indicator=on.visits, text="Một buổi dời sang tháng 10.", by=on.officer, at=AT)
    assert not on.report.consents.exists()
    freeze(on.report, "hmc")
    services.explain(report=on.report, indicator=on.visits, text="Một buổi dời sang tháng 10.", by=on.officer, at=AT)
    assert on.report.consents.count() == 1
    report = freeze(on.report, "fsc")
    with pytest.raises(ReportRefused) as refused:
        services.explain(report=report, indicator=on.visits, text="Khác", by=on.officer, at=AT)
    assert str(refused.value) == (
        "The figures of this report are frozen. Later corrections appear beside them, never in their place."
    )
    assert [line.explanation for line in figures.frozen_lines(report)] == ["Một buổi dời sang tháng 10.", ""]


def test_drift_stands_beside_the_frozen_figure() -> None:
    on = set_stage()
    report = freeze(on.report)
    gone = on.visits.objective.plan.evidence.filter(kind="attendance.checkin").first()
    assert gone is not None
    void_evidence(kind="attendance.checkin", source_ref=gone.source_ref, by=None, at=AT, note="Quét nhầm")
    report = Report.objects.get(pk=report.pk)
    frozen = figures.frozen_lines(report)
    assert [line.value for line in frozen] == [Decimal(3), Decimal(1)]
    found = figures.drift(report, frozen)
    assert {pk: (one.frozen, one.now, one.difference) for pk, one in found.items()} == {
        on.visits.pk: (Decimal(3), Decimal(2), Decimal(-1))
    }


def test_a_frozen_line_keeps_its_name_and_place_whatever_becomes_of_the_indicator() -> None:
    on = set_stage()
    report = freeze(on.report)
    on.visits.name, on.visits.name_en, on.visits.code, on.visits.order = "Tên mới", "New name", "CT-99", 9
    on.visits.save()
    kept = [(line.indicator.code, line.indicator.name, str(line.indicator)) for line in figures.frozen_lines(report)]
    assert kept[0][:2] == ("CT-01", "Lượt người dự tọa đàm")


def test_revised_target_leaves_the_frozen_one() -> None:
    on = set_stage()
    report = freeze(on.report)
    on.visits.targets.update(value=2)
    assert [line.rating for line in figures.frozen_lines(report)] == ["missed", "met"]


def test_canonical_form_is_one_spelling() -> None:
    content = {"b": [1, None, "Lượt"], "a": {"y": True, "x": "1.5"}}
    assert figures.canonical(content) == '{"a":{"x":"1.5","y":true},"b":[1,null,"Lượt"]}'.encode()
    assert figures.digest(content) == hashlib.sha256(figures.canonical(content)).hexdigest()
    assert figures.digest(dict(reversed(content.items()))) == figures.digest(content)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), (Decimal("3.00"), "3"), (Decimal("3.50"), "3.5"), (Decimal(-0), "0"), (Decimal(550000), "550000")],
)
def test_one_value_has_one_spelling(value: Decimal | None, text: str | None) -> None:
    assert figures.plain(value) == text


def test_payload_as_a_whole() -> None:
    on = set_stage()
    rows = figures.lines(on.report)
    content = figures.payload(on.report, rows, {line.indicator.pk: [7, 8] for line in rows})
    twice = hashlib.sha256(b"7,8").hexdigest()

    def rule(kind: str) -> dict[str, object]:
        return {
            "measure": "rows", "kinds": [kind], "dimension": "", "where": {}, "numerator": {}, "numerator_kinds": [],
            "across": "sum", "scope": "indicator",
        }  # fmt: skip

    common = {"objective": "MT1", "falling_is_good": False, "same_period": None, "explanation": ""}
    common["evidence"] = {"count": 2, "sha256": twice}
    assert content == {
        "schema": "nhipcau-report/1",
        "sample": False,
        "agreement": {"title": "Bản ghi nhớ hợp tác giữa HMC và FSC", "signed_on": "2021-11-11"},
        "plan": {"year": 2026, "title": "Kế hoạch hợp tác năm 2026"},
        "report": {
            "kind": "phase", "phase": 3,
            "phase_days": ["2026-07-01", "2026-09-30"], "first_day": "2026-07-01", "last_day": "2026-09-30", "against": "period",
        },
        "lines": [
            common | {
                "code": "CT-01", "name": "Lượt người dự tọa đàm", "unit": "lượt", "target": "10", "value": "3",
                "cumulative": "3", "year_target": "10", "forecast": "3", "definition": rule("attendance.checkin"),
            },
            common | {
                "code": "CT-02", "name": "Số khóa bồi dưỡng", "unit": "khóa", "target": "1", "value": "1",
                "cumulative": "1", "year_target": "1", "forecast": "1", "definition": rule("training.completed"),
            },
        ],
        "activities": [
            {
                "code": "TĐ-01", "title": "Tọa đàm khởi nghiệp số", "day": "2026-08-20", "last_day": "2026-08-20",
                "venue": "Hội trường A, FSC", "lead": "HMC", "clauses": [1],
            },
            {
                "code": "KH-01", "title": "Khóa bồi dưỡng kỹ năng trả lời phỏng vấn", "day": "2026-09-10",
                "last_day": "2026-09-11", "venue": "Hội trường A, FSC", "lead": "HMC", "clauses": [1],
            },
        ],
    }  # fmt: skip


def test_payloads_hold_nothing_about_a_person() -> None:
    on = set_stage()
    person = makers.make_person("Phạm Ngọc Hân", phone="+84911222333", email="han@example.vn")
    makers.make_evidence(on.talk, person=person, note="Chị Hân ký nhận")
    report = freeze(on.report)
    snapshot = services.prepare_snapshot(plan=on.plan, by=on.officer, at=AT)
    for content in (report.payload, snapshot.payload):
        text = json.dumps(content, ensure_ascii=False)
        assert not [word for word in ("Hân", "911222333", "han@", "director", "officer", "Lê Minh An") if word in text]


def test_check_tells_whether_the_paper_is_the_frozen_one() -> None:
    on = set_stage()
    assert checking.check(on.report.check_code) is None
    report = freeze(on.report)
    found = checking.check(f"{report.check_code[:5]}-{report.check_code[5:].lower()}")
    assert found is not None
    assert (found.matches, found.digest, len(found.parties)) == (True, report.digest, 2)
    assert [(line.name, line.value) for line in found.lines] == [
        ("Lượt người dự tọa đàm", "3"), ("Số khóa bồi dưỡng", "1")
    ]  # fmt: skip
    assert report.payload is not None
    report.payload["lines"][0]["value"] = "4"
    report.save(update_fields=["payload"])
    again = checking.check(report.check_code)
    assert again is not None
    assert again.matches is False


# --- narrative and issuing --------------------------------------------------------------------------
def issued(on: Stage, records: User, **more: object) -> object:
    values: dict[str, object] = {
        "report": on.report, "organisation": makers.make_organisation("hmc"), "number": 12, "symbol": "BC-TTBC",
        "issued_on": date(2026, 10, 5), "signer": "Lê Minh An", "signer_position": "Giám đốc", "upload": upload(),
        "by": records, "at": stage.moment(10, 6),
    }  # fmt: skip
    return services.record_issue(**(values | more))  # type: ignore[arg-type]


def test_journal_calls_the_parts_of_the_text_as_the_form_does() -> None:
    on = set_stage()
    services.revise_narrative(report=on.report, sections={"next_tasks": "Mời thêm báo."}, by=on.officer, at=AT)
    told = changes(JournalEntry.objects.get(verb="reports.revise_narrative"))
    assert [(one.label, one.before, one.after) for one in told] == [
        ("Narrative", "", "Tasks of the next phase: Mời thêm báo.")
    ]


def test_text_may_be_polished_until_a_unit_has_issued(records_hmc: User) -> None:
    on = set_stage()
    freeze(on.report)
    report = services.revise_narrative(report=on.report, sections={"limits": "Thiếu."}, by=on.officer, at=AT)
    assert report.narrative == {
        "assessment": "", "limits": "Thiếu.", "causes": "", "next_tasks": "", "proposals": ""
    }  # fmt: skip
    issued(on, records_hmc)
    with pytest.raises(ReportRefused) as refused:
        services.revise_narrative(report=on.report, sections={"limits": "Khác."}, by=on.officer, at=AT)
    assert str(refused.value) == "A unit has already issued this report, so its text no longer changes."


def test_issue_is_recorded(records_hmc: User) -> None:
    on = set_stage()
    freeze(on.report)
    made = issued(on, records_hmc, number=5)
    assert str(made) == "05/BC-TTBC"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"number": 0}, "The number of a paper begins at 01."),
        (
            {"issued_on": date(2026, 10, 1)},
            "The date of issue lies between the day the figures were frozen (02/10/2026) and today.",
        ),
        (
            {"issued_on": date(2026, 10, 7)},
            "The date of issue lies between the day the figures were frozen (02/10/2026) and today.",
        ),
        ({"upload": upload(kind="image/png")}, "Please upload the signed paper as PDF."),
    ],
)
def test_issue_is_refused(more: dict[str, object], sentence: str, records_hmc: User) -> None:
    on = set_stage()
    freeze(on.report)
    with pytest.raises(ReportRefused) as refused:
        issued(on, records_hmc, **more)
    assert str(refused.value) == sentence


def test_issue_needs_frozen_figures_a_party_and_a_free_number(records_hmc: User) -> None:
    on = set_stage()
    with pytest.raises(ReportRefused) as refused:
        issued(on, records_hmc)
    assert str(refused.value) == "The figures are not frozen by both directors yet, so there is nothing to issue."
    freeze(on.report)
    with pytest.raises(ReportRefused) as refused:
        issued(on, records_hmc, organisation=makers.make_organisation("dofa"))
    assert str(refused.value) == "Only a party of the agreement issues this report."
    issued(on, records_hmc)
    with pytest.raises(ReportRefused) as refused:
        issued(on, records_hmc, number=13)
    assert str(refused.value) == "The issue by this unit is already recorded."
    other = draft(on)
    freeze(other, at=stage.moment(10, 3))
    with pytest.raises(ReportRefused) as refused:
        issued(on, records_hmc, report=other)
    assert str(refused.value) == "Number 12/BC-TTBC was already given to another paper of this unit this year."


# --- missing ----------------------------------------------------------------------------------------
def test_missing_lists_what_is_open() -> None:
    on = set_stage()
    makers.make_activity(on.plan, code="TĐ-02", title="Tọa đàm hội nhập",
        title_en="", starts_at=stage.moment(9, 30, 20),
                         state=Activity.State.HELD)  # fmt: skip
    makers.make_activity(on.plan, code="TĐ-03", starts_at=stage.moment(10, 1, 0))
    makers.make_direction(wording="Báo cáo quý.", wording_en="", due=date(2026, 9, 15))
    makers.make_milestone(on.plan, day=date(2026, 9, 26), title="Bàn giao studio", title_en="")
    assert [(one.text, one.url, one.action) for one in missing(on.report, day=date(2026, 10, 2))] == [
        ("Not answered: “Báo cáo quý.”", one_url("y-kien"), "Answer"),
        ("Milestone “Bàn giao studio” is 6 days late", f"/en/ban/ke-hoach/{on.plan.pk}/", "Open"),
        ("The file of “Tọa đàm hội nhập” is not closed", one_url("hoat-dong"), "Open"),
        (
            "Target missed and not explained: Attendances at talks",
            f"/en/ban/bao-cao/{on.report.pk}/giai-trinh/{on.visits.pk}/",
            "Explain",
        ),
    ]


def one_url(folder: str) -> str:
    from nhipcau.plans.models import Direction

    if folder == "y-kien":
        return f"/en/ban/y-kien/{Direction.objects.get(wording='Báo cáo quý.').pk}/"
    return f"/en/ban/hoat-dong/{Activity.objects.get(code='TĐ-02').pk}/"


def test_missing_is_empty_once_explained_or_frozen() -> None:
    on = set_stage()
    assert len(missing(on.report)) == 1
    services.explain(report=on.report, indicator=on.visits, text="Dời lịch.", by=on.officer, at=AT)
    assert missing(on.report) == []


# --- snapshots --------------------------------------------------------------------------------------
def test_snapshot_goes_through_all_hands(overseer_dofa: User, overseer_dic: User) -> None:
    on = set_stage()
    snapshot = services.prepare_snapshot(plan=on.plan, by=on.officer, at=AT)
    with pytest.raises(SnapshotRefused) as refused:
        services.release_snapshot(snapshot=snapshot, by=director("hmc"), at=AT)
    assert "has to see it first" in str(refused.value)
    services.mark_seen(snapshot=snapshot, by=overseer_dofa, at=AT)
    with pytest.raises(SnapshotRefused) as refused:
        services.release_snapshot(snapshot=snapshot, by=director("hmc"), at=AT)
    assert str(refused.value) == (
        "Not released yet: Ho Chi Minh City Department of Information and Communications has to see it first."
    )
    services.mark_seen(snapshot=snapshot, by=overseer_dic, at=AT)
    services.release_snapshot(snapshot=snapshot, by=director("hmc"), at=AT)
    assert list(Snapshot.objects.public()) == []
    services.release_snapshot(snapshot=snapshot, by=director("fsc"), at=AT + timedelta(hours=1))
    assert [one.released_at for one in Snapshot.objects.public()] == [AT + timedelta(hours=1)]
    services.withdraw_snapshot(snapshot=snapshot, reason="Sửa tên hoạt động", by=director("fsc"), at=AT)
    assert list(Snapshot.objects.public()) == []


def test_snapshot_steps_belong_to_their_hands(overseer_dofa: User) -> None:
    on = set_stage()
    snapshot = services.prepare_snapshot(plan=on.plan, by=on.officer, at=AT)
    with pytest.raises(SnapshotRefused) as refused:
        services.prepare_snapshot(plan=on.plan, by=on.officer, at=AT)
    assert str(refused.value) == (
        "An earlier snapshot still waits to be released. Please release or withdraw that one first."
    )
    with pytest.raises(SnapshotRefused) as refused:
        services.mark_seen(snapshot=snapshot, by=on.officer, at=AT)
    assert str(refused.value) == "Only an officer of a supervising department can mark a snapshot as seen."
    with pytest.raises(SnapshotRefused) as refused:
        services.release_snapshot(snapshot=snapshot, by=overseer_dofa, at=AT)
    assert str(refused.value) == "Only the director of a party can release a snapshot."
    with pytest.raises(SnapshotRefused) as refused:
        services.withdraw_snapshot(snapshot=snapshot, reason=" ", by=director("hmc"), at=AT)
    assert str(refused.value) == "Please say why it is withdrawn."
    services.withdraw_snapshot(snapshot=snapshot, reason="Nhầm kỳ", by=director("hmc"), at=AT)
    with pytest.raises(SnapshotRefused) as refused:
        services.mark_seen(snapshot=snapshot, by=overseer_dofa, at=AT)
    assert str(refused.value) == "This snapshot was withdrawn. Please prepare a new one."


def test_snapshot_tells_by_clause() -> None:
    on = set_stage()
    snapshot = services.prepare_snapshot(plan=on.plan, by=on.officer, at=AT)
    first, *others = snapshot.payload["clauses"]
    assert first == {
        "order": 1, "area": "promotion", "name": "Quảng bá Thành phố", "name_en": "Promotion of the City",
        "proven": 65, "activities_held": 2,
        "indicators": [
            {"code": "CT-01", "name": "Lượt người dự tọa đàm", "name_en": "Attendances at talks", "unit": "lượt",
             "unit_en": "visits", "value": "3", "target": "10"},
            {"code": "CT-02", "name": "Số khóa bồi dưỡng", "name_en": "Courses", "unit": "khóa",
             "unit_en": "courses", "value": "1", "target": "1"},
        ],
    }  # fmt: skip
    assert [(one["order"], one["proven"], one["activities_held"], one["indicators"]) for one in others] == [
        (2, None, 0, []), (3, None, 0, []), (4, None, 0, [])
    ]  # fmt: skip
    assert figures.digest(snapshot.payload) == snapshot.digest


# --- two at once ------------------------------------------------------------------------------------
def test_report_begun_by_another_meanwhile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    on = set_stage()
    draft(on)
    nothing = type("Nothing", (), {"exists": lambda _self: False})()
    monkeypatch.setattr(Report.objects, "filter", lambda **_more: nothing)
    with pytest.raises(ReportRefused, match="There is already a report of this kind over these days"):
        draft(on)
    monkeypatch.undo()
    assert Report.objects.filter(kind="month").count() == 1


def test_number_given_by_another_meanwhile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    on = set_stage()
    first = freeze(on.report)
    second = freeze(draft(on))
    facts: dict[str, object] = {
        "organisation": makers.make_organisation("hmc"), "number": 5, "symbol": "BC-TTBC",
        "issued_on": date(2026, 10, 2), "signer": "Lê Minh An", "signer_position": "Giám đốc", "upload": upload(),
        "by": on.officer, "at": AT,
    }  # fmt: skip
    services.record_issue(report=first, **facts)  # type: ignore[arg-type]
    nothing = type("Nothing", (), {"exists": lambda _self: False})()
    monkeypatch.setattr(Issue.objects, "filter", lambda **_more: nothing)
    with pytest.raises(ReportRefused, match="Number 05/BC-TTBC was already given"):
        services.record_issue(report=second, **facts)  # type: ignore[arg-type]
    monkeypatch.undo()
    assert list(Issue.objects.values_list("report", "year", "number")) == [(first.pk, 2026, 5)]


# --- how much is proven -------------------------------------------------------------------------------
def test_public_and_desk_round_down_alike() -> None:
    on = set_stage(visits=199, targets=(200, 1))  # (99.5 + 100) / 2 = 99.75
    inside = build(on.plan.agreement, on.plan, at=AT)
    shared = payload(on.plan, day=AT.date())
    assert (inside.clauses[0].span.rounded, shared["clauses"][0]["proven"]) == (99, 99)
