"""A rich little programme: something in every state a page can show, written through the services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from nhipcau.accounts import services as accounts
from nhipcau.accounts.models import AccountLink
from nhipcau.activities import services as activities
from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.agreements.models import Agreement, Area, Audience, Clause, Pillar, Topic
from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core import uploads
from nhipcau.core.middleware import LOCAL
from nhipcau.core.uploads import Upload
from nhipcau.evidence import services as ledger
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.newsroom.letters import answer_enquiry, receive_enquiry
from nhipcau.newsroom.models import Article, Download, Enquiry
from nhipcau.parties import matching
from nhipcau.parties.models import Membership, Organisation, User
from nhipcau.plans import services as plans
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan
from nhipcau.privacy import services as privacy
from nhipcau.privacy.models import Access, Request
from nhipcau.reports import services as reports
from nhipcau.reports.models import Report
from tests import makers

Role = Membership.Role
CAST: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "officer_hmc": ("Phạm Thu Hà", (("hmc", Role.OFFICER),)),
    "officer_fsc": ("Võ Hoàng Long", (("fsc", Role.OFFICER),)),
    "director_hmc": ("Lê Minh An", (("hmc", Role.DIRECTOR),)),
    "director_fsc": ("Trần Gia Bảo", (("fsc", Role.DIRECTOR),)),
    "records_hmc": ("Đỗ Thị Lan", (("hmc", Role.RECORDS),)),
    "reception_hmc": ("Ngô Quang Vinh", (("hmc", Role.RECEPTION),)),
    "editor_hmc": ("Mai Phương Thảo", (("hmc", Role.EDITOR),)),
    "overseer_dic": ("Bùi Thanh Tùng", (("dic", Role.OFFICER),)),
    "overseer_dofa": ("Huỳnh Ngọc Ánh", (("dofa", Role.OFFICER),)),
    "outsider": ("Đinh Công Sơn", (("Sở Du lịch", Role.OFFICER),)),
}
GUESTS = [
    ("Nguyễn Thị Minh Châu", "Báo Tuổi Trẻ", "Phóng viên", "0912345678"),
    ("Trần Quốc Đạt", "Đài Truyền hình Thành phố", "Biên tập viên", "0987654321"),
    ("Lê Thị Ánh Nguyệt", "Công ty Cổ phần Công nghệ Sao Việt", "Giám đốc", "0903111222"),
    ("Phan Văn Ưng", "Sở Ngoại vụ", "Chuyên viên", "0938222333"),
    ("Đặng Hoài Ân", "", "", "0977333444"),
    ("John Matthew Carpenter", "Consulate General of Australia in Ho Chi Minh City", "Press attaché", "0909444555"),
]


def local(month: int, day: int, hour: int = 9, minute: int = 0, *, year: int = 2026) -> datetime:
    """A moment by the clock of Ho Chi Minh City."""
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


def a_pdf(words: str = "Bản quét") -> bytes:
    """The smallest paper a reader opens, different by its words."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% " + words.encode() + b"\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def an_upload(name: str = "ban-quet.pdf", words: str = "Bản quét") -> Upload:
    """A PDF as the upload field hands it over."""
    return uploads.read(SimpleUploadedFile(name, a_pdf(words), "application/pdf"), accept=(uploads.PDF,))


def make_cast() -> dict[str, User]:
    """Everybody who has an account, by username."""
    cast = {
        username: User.objects.filter(username=username).first()
        or makers.make_user(username, *roles, display_name=name)
        for username, (name, roles) in CAST.items()
    }
    keeper = User.objects.filter(username="administrator").first()
    cast["administrator"] = keeper or makers.make_user(
        "administrator", display_name="Quản trị hệ thống", is_superuser=True, is_staff=True
    )
    return cast


@dataclass
class Programme:
    """Handles to what was made."""

    agreement: Agreement
    plan: Plan
    draft_plan: Plan
    cast: dict[str, User]
    phases: list[Phase]
    objectives: list[Objective]
    indicators: list[Indicator]
    milestone: Milestone
    directions: list[Direction]
    activities: dict[str, Activity] = field(default_factory=dict)
    intakes: dict[str, Intake] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    letters: dict[str, Enquiry] = field(default_factory=dict)
    links: dict[str, AccountLink] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    snapshot: Any = None
    accesses: dict[str, Access] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)

    def user(self, username: str) -> User | None:
        """Somebody of the cast; nobody for ''."""
        return self.cast[username] if username else None


def _terms() -> dict[str, Any]:
    return {
        "economy": makers._term(Topic, "economy", "Kinh tế số", "Digital economy"),
        "culture": makers._term(Topic, "culture", "Văn hóa và con người", "Culture and people"),
        "pillar": makers._term(Pillar, "public", "Ngoại giao nhân dân", "People-to-people diplomacy"),
        "press": makers._term(Audience, "press", "Báo chí", "Press"),
        "youth": makers._term(Audience, "youth", "Thanh niên, sinh viên", "Young people and students"),
    }


def _frame() -> Programme:
    """The agreement, this year's plan in force and next year's in draft."""
    cast = make_cast()
    agreement = makers.make_agreement(is_sample=True)
    for slug, name, name_en in makers.AREAS:
        Area.objects.filter(slug=slug).update(name=name, name_en=name_en)
    clauses = list(Clause.objects.filter(agreement=agreement))
    plan = makers.make_plan(agreement)
    officer, director = cast["officer_hmc"], cast["director_hmc"]
    begun = local(1, 5)
    directions = [agreement.directions.get()]
    directions.append(
        plans.record_direction(
            agreement=agreement,
            kind=Direction.Kind.INSTRUCTION,
            issuer=makers.make_organisation("dic"),
            addressees=[makers.make_organisation("hmc")],
            said_on=date(2026, 11, 2),
            source="Thông báo 112/TB-STTTT",
            wording="Hoàn thiện kịch bản truyền thông cho sự kiện cuối năm.",
            wording_en="Complete the communication script of the year-end event.",
            due=date(2026, 11, 16),
            by=cast["overseer_dic"],
            at=local(11, 3),
        )
    )
    objectives = [
        plans.create_objective(
            plan=plan,
            code="MT1",
            wording="Đưa hình ảnh Thành phố đến bạn bè quốc tế.",
            wording_en="Bring the City's image to friends abroad.",
            clauses=clauses[:2],
            directions=directions[:1],
            by=officer,
            at=begun,
        ),
        plans.create_objective(
            plan=plan,
            code="MT2",
            wording="Nâng cao năng lực đối ngoại và truyền thông của cán bộ hai đơn vị.",
            clauses=clauses[2:],
            by=officer,
            at=begun,
        ),
    ]
    many: list[dict[str, Any]] = [
        {"code": "1.1", "name": "Lượt người dự", "name_en": "Attendances", "unit": "lượt", "unit_en": "visits",
         "kinds": ["attendance.checkin"], "measure": "rows", "across": "sum"},
        {"code": "1.2", "name": "Hoạt động đã tổ chức", "name_en": "Activities held", "unit": "hoạt động",
         "unit_en": "activities", "kinds": ["activity.held"], "measure": "rows", "across": "sum"},
        {"code": "1.3", "name": "Bài viết về hoạt động", "name_en": "Published items", "unit": "tin, bài",
         "unit_en": "items", "kinds": ["press.item"], "measure": "sum", "across": "sum", "scope": "plan"},
        {"code": "1.4", "name": "Tỷ lệ người dự là thanh niên", "name_en": "Share of young people", "unit": "%",
         "unit_en": "%", "kinds": ["attendance.checkin"], "measure": "share", "across": "recount",
         "numerator": {"audience": ["youth"]}, "decimals": 1},
        {"code": "1.5", "name": "Mức hài lòng", "name_en": "Satisfaction", "unit": "điểm", "unit_en": "points",
         "kinds": ["survey.score"], "measure": "mean", "across": "last", "decimals": 1},
    ]  # fmt: skip
    indicators = [
        plans.create_indicator(objective=objectives[n > 2], by=officer, at=begun, **facts)
        for n, facts in enumerate(many)
    ]
    phases = list(plan.phases.all())
    for indicator, targets in zip(
        indicators,
        [(0, 10, 4, 60), (1, 1, 2, 4), (0, 2, 4, 10), (None, None, 30, 30), (None, None, 4, None)],
        strict=True,
    ):
        for phase, value in zip(phases, targets, strict=True):
            plans.revise_target(indicator=indicator, phase=phase, value=value, by=director, at=begun)
    plans.revise_target(
        indicator=indicators[0], phase=phases[3], value=80, reason="Mở rộng hội trường.", by=director, at=local(10, 2)
    )
    milestone = plans.create_milestone(
        plan=plan,
        day=date(2026, 12, 15),
        title="Họp rà soát kế hoạch",
        title_en="Plan review meeting",
        lead=makers.make_organisation("hmc"),
        by=officer,
        at=begun,
    )
    late = plans.create_milestone(
        plan=plan, day=date(2026, 11, 15), title="Trình kế hoạch năm sau", by=officer, at=begun
    )
    done = plans.create_milestone(plan=plan, day=date(2026, 7, 1), title="Sơ kết 6 tháng", by=officer, at=begun)
    plans.reach_milestone(milestone=done, by=officer, at=local(7, 2))
    assert late.done_on is None
    copy = plans.copy_plan(
        plan=plan,
        year=2027,
        title="Kế hoạch hợp tác năm 2027",
        title_en="Cooperation plan 2027",
        shift=lambda day: day.replace(year=day.year + 1),
        by=officer,
        at=local(11, 20),
    )
    return Programme(
        agreement=agreement,
        plan=plan,
        draft_plan=copy.plan,
        cast=cast,
        phases=phases,
        objectives=objectives,
        indicators=indicators,
        milestone=milestone,
        directions=directions,
    )


def _activities(p: Programme) -> None:
    """One of each state, public and not, with and without English."""
    terms, officer = _terms(), p.cast["officer_hmc"]
    kind = ActivityKind.objects.get

    def schedule(key: str, code: str, title: str, starts_at: datetime, slug: str, **more: Any) -> Activity:
        values: dict[str, Any] = {
            "kind": kind(slug=slug),
            "lead": makers.make_organisation("hmc"),
            "partner": makers.make_organisation("fsc"),
            "ends_at": starts_at + timedelta(hours=3),
            "venue": "Hội trường A, 255 Trần Hưng Đạo",
            "venue_en": "Hall A, 255 Tran Hung Dao Street",
            "audiences": [terms["press"], terms["youth"]],
            "topics": [terms["economy"]],
            "pillars": [terms["pillar"]],
            "indicators": p.indicators[:4],
            "expected": 60,
            "estimate": 25_000_000,
            "is_public": True,
            "by": officer,
            "at": local(6, 1),
        }
        p.activities[key] = activities.schedule_activity(
            plan=p.plan, code=code, title=title, starts_at=starts_at, **(values | more)
        )
        return p.activities[key]

    schedule("closed", "HD-01", "Tọa đàm Thành phố sáng tạo", local(8, 5, 14), "panel",
             title_en="Panel on the creative city", summary="Từ ý tưởng đến thị trường.", summary_en="From idea to market.")  # fmt: skip
    schedule(
        "held", "HD-02", "Giao lưu báo chí quốc tế", local(9, 20, 8), "exchange", title_en="Meeting the foreign press"
    )
    schedule("overdue", "HD-03", "Họp báo thông tin định kỳ", local(11, 18, 9), "press_conference",
             lead=makers.make_organisation("fsc"), partner=None, is_public=False, indicators=[])  # fmt: skip
    schedule("today", "HD-04", "Tọa đàm khởi nghiệp số", local(11, 23, 8), "talkshow", title_en="Talk on digital start-ups",
             ends_at=local(11, 23, 17))  # fmt: skip
    schedule("open", "HD-05", "Diễn đàn kinh tế số", local(12, 10, 14), "international_conference",
             title_en="Forum on the digital economy", summary="Ba phiên thảo luận về kinh tế số.",
             summary_en="Three sessions on the digital economy.", topics=[terms["economy"], terms["culture"]], mode="hybrid",
             language="vi-en")  # fmt: skip
    schedule("full", "HD-06", "Khóa bồi dưỡng phát ngôn", local(12, 3, 8), "training_course",
             title_en="Course for spokespersons", ends_at=local(12, 4, 17))  # fmt: skip
    schedule(
        "moved",
        "HD-07",
        "Đoàn báo chí khảo sát Cần Giờ",
        local(12, 1, 7),
        "press_tour",
        title_en="Press tour to Can Gio",
    )
    schedule("cancelled", "HD-08", "Triển lãm ảnh Thành phố tôi yêu", local(12, 18, 9), "domestic_event",
             title_en="Photographs of the City I love")  # fmt: skip
    schedule(
        "vietnamese", "HD-09", "Gặp gỡ cuối năm", local(12, 26, 16), "exchange", venue_en="", partner=None, audiences=[]
    )
    activities.put_speakers(
        activity=p.activities["open"],
        speakers=[
            activities.SpeakerDraft("Lê Minh An", "Giám đốc", "Director"),
            activities.SpeakerDraft("Trần Thị Ngọc Hoa", "Chuyên gia kinh tế"),
        ],
        by=officer,
        at=local(11, 1),
    )
    activities.put_sessions(
        activity=p.activities["open"],
        sessions=[
            activities.SessionDraft(local(12, 10, 14), "Khai mạc", "Opening", "Phạm Thu Hà"),
            activities.SessionDraft(local(12, 10, 14, 30), "Thảo luận"),
        ],
        by=officer,
        at=local(11, 1),
    )
    activities.move_activity(
        activity=p.activities["moved"],
        starts_at=local(12, 15, 7),
        ends_at=local(12, 15, 10),
        reason="Thời tiết không thuận lợi.",
        by=officer,
        at=local(11, 10),
    )
    activities.cancel_activity(
        activity=p.activities["cancelled"], reason="Chưa đủ tác phẩm tham gia.", by=officer, at=local(11, 12)
    )


def _guests(p: Programme) -> None:
    """Places in every state, and arrivals."""
    officer, reception = p.cast["officer_hmc"], p.cast["reception_hmc"]
    consent = makers.make_consent_wording()
    youth = Audience.objects.get(slug="youth")

    def intake(key: str, capacity: int, opens_at: datetime, **more: Any) -> Intake:
        activity = p.activities[key]
        values: dict[str, Any] = {
            "closes_at": activity.starts_at,
            "note": "Gửi xe tại cổng số 2.",
            "by": officer,
            "at": opens_at,
        }
        p.intakes[key] = attendance.open_intake(
            activity=activity, capacity=capacity, opens_at=opens_at, **(values | more)
        )
        return p.intakes[key]

    def come(key: str, guests: Sequence[tuple[str, str, str, str]], at: datetime, **more: Any) -> list[Registration]:
        made = []
        for name, unit, position, phone in guests:
            values: dict[str, Any] = {
                "unit": unit,
                "position": position,
                "consent": consent,
                "audience": youth,
                "at": at,
            }
            made.append(
                attendance.register(
                    intake=p.intakes[key], name=name, phone=phone, email=f"khach{phone}@example.vn", **(values | more)
                )
            )
        return made

    intake("closed", 60, local(7, 20))
    for guest in come("closed", GUESTS[:4], local(7, 25)):
        attendance.check_in(registration=guest, by=reception, at=local(8, 5, 13, 50), point="Cửa A")
    intake("held", 30, local(9, 1))
    for guest in come("held", GUESTS[3:], local(9, 3)):
        attendance.check_in(registration=guest, by=reception, at=local(9, 20, 7, 50))
    intake("today", 120, local(11, 1), closes_at=local(11, 23, 17))
    here = come("today", GUESTS, local(11, 5))
    first = attendance.check_in(registration=here[0], by=reception, at=local(11, 23, 7, 55), point="Cửa A")
    attendance.undo_check_in(check_in=first.check_in, by=reception, at=local(11, 23, 7, 56))
    attendance.check_in(registration=here[0], by=reception, at=local(11, 23, 7, 57), point="Cửa A")
    attendance.check_in(registration=here[1], by=reception, at=local(11, 23, 8, 5))
    p.registrations |= {"arrived": here[0], "expected": here[2]}
    intake("open", 80, local(11, 1))
    there = come("open", GUESTS[:3], local(11, 6))
    honour = attendance.register(
        intake=p.intakes["open"],
        name="Huỳnh Thanh Nhân",
        phone="",
        unit="Ủy ban nhân dân Thành phố",
        position="Phó Chủ tịch",
        sex="male",
        channel=Registration.Channel.LETTER,
        seat="A1",
        of_honour=True,
        consent=None,
        by=officer,
        at=local(11, 8),
    )
    instead = attendance.substitute(
        registration=there[1], name="Vũ Thị Kim Ngân", phone="0966777888", consent=consent, by=officer, at=local(11, 9)
    )
    attendance.cancel_registration(registration=there[2], at=local(11, 10))
    p.registrations |= {
        "confirmed": there[0],
        "replaced": there[1],
        "substitute": instead,
        "cancelled": there[2],
        "honour": honour,
    }
    intake("full", 2, local(11, 1))
    seated = come("full", GUESTS[:2], local(11, 6))
    waiting = come("full", GUESTS[2:4], local(11, 7), join_waiting=True)
    p.registrations |= {"seated": seated[0], "waiting": waiting[0]}
    intake("moved", 20, local(11, 1))
    intake("cancelled", 20, local(11, 1))
    intake("vietnamese", 20, local(12, 1))


def _evidence(p: Programme) -> None:
    """Declared, sent back, completed, verified, withdrawn, and a signed list."""
    officer, other = p.cast["officer_hmc"], p.cast["officer_fsc"]
    activity = p.activities["closed"]
    activities.hold_activity(activity=activity, by=officer, at=local(8, 6))
    activities.close_activity(
        activity=activity,
        result="Tọa đàm thu hút sự quan tâm của báo chí.",
        lesson="Gửi giấy mời sớm hơn một tuần.",
        spent=23_500_000,
        by=officer,
        at=local(8, 10),
    )
    activities.hold_activity(activity=p.activities["held"], by=officer, at=local(9, 21))
    item = EvidenceKind.objects.get(pk="press.item")

    def declare(key: str, day: date, at: datetime, by: User = officer, **more: Any) -> Evidence:
        values: dict[str, Any] = {"quantity": Decimal(2), "note": "Tổng hợp từ điểm báo.", "kind": item}
        p.evidence[key] = ledger.declare_evidence(
            plan=p.plan, activity=activity, day=day, by=by, at=at, **(values | more)
        )
        return p.evidence[key]

    verified = declare("verified", date(2026, 8, 7), local(8, 8), upload=an_upload("diem-bao.pdf", "Điểm báo"))
    ledger.verify_evidence(evidence=verified, by=other, at=local(8, 9))
    returned = declare("returned", date(2026, 11, 3), local(11, 4), link="https://example.vn/bai-viet")
    ledger.return_evidence(
        evidence=returned, reason="Thiếu ảnh chụp trang báo.", due=date(2026, 11, 30), by=other, at=local(11, 5)
    )
    revised = declare("replaced", date(2026, 9, 22), local(9, 23), quantity=Decimal(1))
    p.evidence["revised"] = ledger.revise_evidence(
        evidence=revised,
        day=date(2026, 9, 22),
        quantity=Decimal(3),
        note="Bổ sung hai bài.",
        link="",
        by=officer,
        at=local(9, 24),
    )
    ledger.verify_evidence(evidence=p.evidence["revised"], by=other, at=local(9, 25))
    gone = declare("withdrawn", date(2026, 9, 23), local(9, 23))
    ledger.withdraw_evidence(evidence=gone, reason="Khai trùng.", by=officer, at=local(9, 24))
    declare("waiting", date(2026, 11, 20), local(11, 21), quantity=Decimal(4))
    declare("mine", date(2026, 11, 21), local(11, 22), by=other)
    p.evidence["signed"] = attendance.record_signed_list(
        activity=activity, upload=an_upload("danh-sach-ky.pdf", "Chữ ký"), signatures=4, by=officer, at=local(8, 6)
    )
    ledger.verify_evidence(evidence=p.evidence["signed"], by=other, at=local(8, 7))
    p.evidence["machine"] = Evidence.objects.current().filter(kind_id="attendance.checkin", activity=activity)[0]


def _reports(p: Programme) -> None:
    """The third quarter frozen and issued, October frozen, the year to date in draft."""
    officer = p.cast["officer_hmc"]

    def draft(key: str, kind: str, first: date, last: date, at: datetime, phase: Phase | None = None) -> Report:
        p.reports[key] = reports.draft_report(
            plan=p.plan, phase=phase, kind=kind, first_day=first, last_day=last, by=officer, at=at
        )
        return p.reports[key]

    def freeze(report: Report, at: datetime) -> Report:
        for director in ("director_hmc", "director_fsc"):
            report = reports.freeze_report(
                report=report, digest_seen=reports.draft_digest(report), by=p.cast[director], at=at
            )
        return report

    issued = draft("issued", Report.Kind.PHASE, date(2026, 7, 1), date(2026, 9, 30), local(10, 1), p.phases[2])
    reports.explain(
        report=issued, indicator=p.indicators[2], text="Một số cơ quan báo chí đăng muộn.", by=officer, at=local(10, 2)
    )
    reports.revise_narrative(
        report=issued,
        sections={"assessment": "Hai đơn vị phối hợp tốt.", "limits": "Còn chậm hồ sơ."},
        by=officer,
        at=local(10, 2),
    )
    p.reports["issued"] = freeze(issued, local(10, 5))
    reports.record_issue(
        report=p.reports["issued"],
        organisation=makers.make_organisation("hmc"),
        number=45,
        symbol="BC-TTBC",
        issued_on=date(2026, 10, 6),
        signer="Lê Minh An",
        signer_position="Giám đốc",
        upload=an_upload("bao-cao.pdf", "Báo cáo"),
        by=p.cast["records_hmc"],
        at=local(10, 6),
    )
    p.reports["frozen"] = freeze(
        draft("frozen", Report.Kind.MONTH, date(2026, 10, 1), date(2026, 10, 31), local(11, 1)), local(11, 2)
    )
    half = draft("half", Report.Kind.MONTH, date(2026, 10, 15), date(2026, 11, 14), local(11, 15))
    reports.freeze_report(
        report=half, digest_seen=reports.draft_digest(half), by=p.cast["director_hmc"], at=local(11, 16)
    )
    draft("draft", Report.Kind.PHASE, date(2026, 10, 1), date(2026, 12, 31), local(11, 20), p.phases[3])
    # An arrival of the third quarter is taken back after its figures were frozen: drift.
    arrival = p.intakes["held"].registrations.order_by("pk")[0].check_ins.get()
    attendance.undo_check_in(check_in=arrival, by=p.cast["reception_hmc"], at=local(10, 20))


def _snapshot(p: Programme) -> None:
    """What the public may see: prepared, seen by both departments, released by both directors."""
    prepare = getattr(reports, "prepare_snapshot", None)
    if prepare is None:
        return
    p.snapshot = prepare(plan=p.plan, by=p.cast["officer_hmc"], at=local(11, 1))
    for overseer in ("overseer_dic", "overseer_dofa"):
        reports.mark_seen(snapshot=p.snapshot, by=p.cast[overseer], at=local(11, 2))
    for director in ("director_hmc", "director_fsc"):
        reports.release_snapshot(snapshot=p.snapshot, by=p.cast[director], at=local(11, 3))


def _newsroom(p: Programme) -> None:
    """Two sections; an article with everything in it in both languages, one that is corrected and only Vietnamese."""
    section = makers.make_section(
        intro="Tin về đối ngoại của Thành phố.", intro_en="News of the City's foreign affairs."
    )
    makers.make_section("Báo chí", "Press", organisation=makers.make_organisation("fsc"))
    picture, other = makers.make_picture(), makers.make_picture("Bế mạc", caption="Bế mạc.", caption_en="Closing.")
    author = makers.make_author()
    full = makers.make_article(
        section=section,
        picture=picture,
        authors=[author],
        topics=list(Topic.objects.all()),
        breaking=True,
        body=[
            ("text", "<h2>Mở đầu</h2><p>Buổi tọa đàm diễn ra <b>sáng nay</b>.</p><ul><li>Một</li><li>Hai</li></ul>"),
            ("figure", {"picture": other, "caption": "", "alt": ""}),
            ("gallery", [{"picture": picture, "caption": "", "alt": ""}, {"picture": other, "caption": "", "alt": ""}]),
            ("quote", {"text": "Cùng nhau kể chuyện Thành phố.", "who": "Lê Minh An", "position": "Giám đốc"}),
            ("video", {"title": "Toàn cảnh", "url": "https://video.example.vn/1"}),
            ("activity", p.activities["open"]),
        ],
    )
    p.articles["full"], p.articles["english"] = full, makers.make_english(full)
    p.articles["corrected"] = makers.make_article(
        "Đính chính thời gian tọa đàm",
        section=section,
        correction="Buổi tọa đàm bắt đầu lúc 9 giờ.",
        corrected_at=makers.NOW,
        body=[
            ("text", "<p>Buổi tọa đàm diễn ra sáng nay.</p>"),
            ("document", Download.objects.create(title="Thông cáo", file=ContentFile(a_pdf(), "thong-cao.pdf"))),
        ],
    )

    unit = makers.make_organisation("hmc")
    said = {"name": "Lê Thu Hà", "email": "thuha@example.vn"}
    p.letters["correction"] = receive_enquiry(
        reason="correction",
        organisation=unit,
        article=full,
        language="vi",
        at=local(11, 21),
        said=said | {"text": "Buổi tọa đàm bắt đầu lúc 9 giờ."},
    )
    p.letters["press"] = receive_enquiry(
        reason="press",
        organisation=unit,
        language="en",
        at=local(11, 21),
        said=said | {"text": "May we film?", "outlet": "Báo Mẫu"},
    )
    answer_enquiry(enquiry=p.letters["press"], outcome="Đã trả lời.", by=p.cast["editor_hmc"], at=local(11, 22))


def _doubles(p: Programme) -> None:
    """One guest entered twice, and two records compared before."""
    known = p.registrations["confirmed"]
    makers.make_registration(p.intakes["open"], "Minh Chau Nguyen Thi", unit=known.unit, email=known.email)
    matching.tell_apart(
        first=p.registrations["arrived"].person,
        second=p.registrations["honour"].person,
        points=20,
        by=p.cast["officer_hmc"],
        at=local(11, 20, 9),
    )


def _requests(p: Programme) -> None:
    """What guests asked about their own data: waiting, late, not checked, refused, done."""
    officer, at = p.cast["officer_hmc"], local(11, 20, 10)

    def ask(
        key: str, guest: str, kind: str, *, how: Access.How = Access.How.EMAIL, when: Any = at, **more: Any
    ) -> None:
        person = p.registrations[guest].person
        access = privacy.open_access(person=person, how=how, at=when)
        p.requests[key] = privacy.file_request(person=person, access=access, kind=kind, language="vi", at=when, **more)

    registration = p.registrations["confirmed"]
    p.accesses["email"] = privacy.open_access(
        person=registration.person, how=Access.How.EMAIL, at=at + timedelta(days=2)
    )
    p.accesses["ticket"] = privacy.open_access(
        person=registration.person,
        how=Access.How.TICKET,
        only=f"attendance.registration:{registration.pk}",
        at=makers.NOW,
    )
    p.accesses["over"] = privacy.open_access(person=registration.person, how=Access.How.EMAIL, at=local(10, 1))
    ask("erase", "confirmed", Request.Kind.ERASE, note="Tôi không còn công tác tại đơn vị.")
    ask("correct", "confirmed", Request.Kind.CORRECT, proposed={"position": "Trưởng ban"})
    ask("late", "arrived", Request.Kind.WITHDRAW, when=local(10, 12))
    ask("refused", "waiting", Request.Kind.ERASE)
    privacy.refuse(
        request=p.requests["refused"],
        legal_reason="Dữ liệu đang cần cho việc đón tiếp đã xác nhận.",
        answer="",
        by=officer,
        at=at,
    )
    person = p.registrations["honour"].person
    for key in ("unchecked", "seen"):
        p.requests[key] = privacy.file_request(person=person, access=None, kind=Request.Kind.SEE, language="vi", at=at)
        if key == "unchecked":
            person = p.registrations["substitute"].person
    privacy.note_identity(request=p.requests["seen"], by=officer, at=at)
    p.requests["seen"].refresh_from_db()
    privacy.accept(request=p.requests["seen"], by=officer, at=at + timedelta(days=2))


def _accounts(programme: Programme) -> None:
    """Somebody invited, a new password on its way, a closed account, an officer away."""
    by, at = programme.cast["administrator"], local(11, 20)
    hmc = makers.make_organisation("hmc")

    def invited(name: str, **more: Any) -> AccountLink:
        return accounts.invite_person(
            name=name, organisation=hmc, role=Role.OFFICER, first_day=date(2026, 11, 20), by=by, at=at, **more
        )

    programme.links["invitation"] = invited("Trịnh Bảo Ngọc", email="ngoc@example.vn", phone="+84912345679")
    entered = invited("Lý Quốc Cường", last_day=date(2027, 5, 31))
    programme.people["entered"] = accounts.accept_invitation(
        link=entered, username="quoc.cuong", password="mot-mat-khau-rat-dai", by=entered.account, at=at
    )
    programme.links["password"] = accounts.renew_link(account=programme.people["entered"], by=by, at=at)
    left = invited("Tạ Minh Tú")
    programme.people["closed"] = accounts.accept_invitation(
        link=left, username="minh.tu", password="mot-mat-khau-rat-dai", by=left.account, at=at
    )
    accounts.close_account(account=programme.people["closed"], reason="Chuyển công tác", by=by, at=at)
    programme.people["closed"].refresh_from_db()
    accounts.name_stand_in(
        delegate=programme.people["entered"],
        organisation=hmc,
        first_day=date(2026, 11, 23),
        last_day=date(2026, 11, 27),
        reason="Đi công tác",
        by=programme.cast["director_hmc"],
        at=at,
    )


def make_programme() -> Programme:
    """The whole of it; some three seconds."""
    programme = _frame()
    _accounts(programme)
    _activities(programme)
    _guests(programme)
    _evidence(programme)
    _reports(programme)
    _snapshot(programme)
    _newsroom(programme)
    _requests(programme)
    _doubles(programme)
    return programme


def organisation_of(user: User) -> Organisation:
    """Where somebody of the cast works."""
    return user.memberships.get().organisation
