"""Rows with honest defaults, built as the services would leave them; each maker makes what it stands on."""

import io
import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageDraw

from nhipcau.accounts.hearing import PASSED
from nhipcau.activities.findable import activity_text
from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.agreements.models import (
    Agreement,
    Area,
    AttendingOfficial,
    Audience,
    Clause,
    Party,
    Pillar,
    Signatory,
    Topic,
)
from nhipcau.attendance.models import Consent, Intake, Registration
from nhipcau.core import search, vietnamese
from nhipcau.core.middleware import LOCAL, local_day
from nhipcau.evidence.models import Evidence, EvidenceDimension, EvidenceKind
from nhipcau.newsroom import services as newsroom
from nhipcau.newsroom.models import Article, Author, Picture, Section
from nhipcau.parties.models import Membership, Organisation, Person, Supervision, User
from nhipcau.parties.services import name_key
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan, PlanConsent, Target
from nhipcau.privacy.models import Notice

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
SIGNED = date(2021, 11, 11)
_number = itertools.count(1)

ORGANISATIONS: dict[str, dict[str, str]] = {
    "hmc": {
        "name": "Trung tâm Báo chí Thành phố Hồ Chí Minh",
        "name_en": "Ho Chi Minh City Press Centre",
        "abbreviation": "HMC",
        "symbol": "TTBC",
        "kind": Organisation.Kind.SERVICE_UNIT,
    },
    "fsc": {
        "name": "Trung tâm Dịch vụ Đối ngoại và Hội nghị Quốc tế",
        "name_en": "Foreign-affairs Service and International Conference Centre",
        "abbreviation": "FSC",
        "symbol": "FSC",
        "kind": Organisation.Kind.SERVICE_UNIT,
    },
    "dofa": {
        "name": "Sở Ngoại vụ Thành phố Hồ Chí Minh",
        "name_en": "Ho Chi Minh City Department of Foreign Affairs",
        "abbreviation": "SNgV",
        "symbol": "SNgV",
        "kind": Organisation.Kind.DEPARTMENT,
    },
    "dic": {
        "name": "Sở Thông tin và Truyền thông Thành phố Hồ Chí Minh",
        "name_en": "Ho Chi Minh City Department of Information and Communications",
        "abbreviation": "STTTT",
        "symbol": "STTTT",
        "kind": Organisation.Kind.DEPARTMENT,
    },
}
AREAS = [
    ("promotion", "Quảng bá", "Promotion"),
    ("training", "Đào tạo", "Training"),
    ("talks", "Tọa đàm", "Talks"),
    ("press", "Báo chí", "Press"),
]


def _term(model: Any, slug: str, name: str = "", name_en: str = "", **more: Any) -> Any:
    return model.objects.get_or_create(slug=slug, defaults={"name": name or slug, "name_en": name_en, **more})[0]


def come_in(client: Client, user: User) -> Client:
    """A client signed in as somebody who showed password and second factor."""
    client.force_login(user)
    session = client.session
    session[PASSED] = True
    session.save()
    return client


def make_organisation(key: str = "hmc") -> Organisation:
    """One of the known organisations (hmc, fsc, dofa, dic) or, by any other key, a new body of that name."""
    known = ORGANISATIONS.get(key, {"name": key, "kind": Organisation.Kind.OTHER})
    return Organisation.objects.get_or_create(name=known["name"], defaults=known)[0]


def make_person(name: str = "Nguyễn Thị Thanh Vân", **more: Any) -> Person:
    """A person, sortable by name as the Vietnamese sort."""
    keys = {"name_sort": vietnamese.person_sort_text(name), "name_key": name_key(name)}
    return Person.objects.create(name=name, **(keys | more))


def make_user(username: str, *roles: tuple[str, str], display_name: str = "", **more: Any) -> User:
    """An account with (organisation key, role) memberships since the day of signing; password `mot-mat-khau-dai`."""
    user = User.objects.create_user(
        username, f"{username}@example.vn", "mot-mat-khau-dai", display_name=display_name or username, **more
    )
    for organisation, role in roles:
        Membership.objects.create(user=user, organisation=make_organisation(organisation), role=role, first_day=SIGNED)
    return user


def make_agreement(*, is_sample: bool = False) -> Agreement:
    """The memorandum between HMC and FSC: both departments above, four areas, four clauses, one request from above."""
    agreement = Agreement.objects.create(
        title="Bản ghi nhớ hợp tác giữa HMC và FSC",
        title_en="Memorandum of understanding between HMC and FSC",
        purpose="Đưa câu chuyện của Thành phố ra thế giới.",
        purpose_en="Bring the City's story to the world.",
        signed_on=SIGNED,
        is_sample=is_sample,
    )
    for order, (unit, department, signer) in enumerate(
        [("hmc", "dic", "Lê Minh An"), ("fsc", "dofa", "Trần Gia Bảo")], start=1
    ):
        party = Party.objects.create(agreement=agreement, organisation=make_organisation(unit), order=order)
        Signatory.objects.create(party=party, person=make_person(signer), position="Giám đốc", position_en="Director")
        Supervision.objects.get_or_create(
            unit=party.organisation, department=make_organisation(department), first_day=SIGNED
        )
    AttendingOfficial.objects.create(
        agreement=agreement,
        person=make_person("Đặng Quốc Ưng"),
        position="Phó Giám đốc Sở",
        position_en="Deputy Director",
    )
    for order, (slug, name, name_en) in enumerate(AREAS, start=1):
        clause = Clause(
            agreement=agreement,
            area=_term(Area, slug, name, name_en, order=order),
            order=order,
            name=f"{name} Thành phố",
            name_en=f"{name_en} of the City",
            wording=f"Hai bên cùng thực hiện nội dung {name.lower()}.",
            wording_en=f"Both sides work together on {name_en.lower()}.",
        )
        clause.mark_english()
        clause.save()
    make_direction(agreement)
    return agreement


def the_agreement() -> Agreement:
    """The agreement there is, else a new one."""
    return Agreement.objects.first() or make_agreement()


def make_direction(agreement: Agreement | None = None, **more: Any) -> Direction:
    """A request of the Department of Foreign Affairs to FSC, due on 30/11/2026."""
    values: dict[str, Any] = {
        "agreement": agreement or the_agreement(),
        "kind": Direction.Kind.REQUEST,
        "issuer": make_organisation("dofa"),
        "said_on": date(2026, 10, 5),
        "source": "Công văn của Sở Ngoại vụ",
        "wording": "Báo cáo kết quả hợp tác trước ngày 30/11/2026.",
        "wording_en": "Report the results of the cooperation before 30 November 2026.",
        "due": date(2026, 11, 30),
    }
    direction = Direction.objects.create(**(values | more))
    direction.addressees.add(make_organisation("fsc"))
    return direction


def make_plan(agreement: Agreement | None = None, *, year: int = 2026, state: str = Plan.State.ADOPTED) -> Plan:
    """A year's plan whose four phases are the calendar quarters; in force with both consents unless told otherwise."""
    agreement = agreement or the_agreement()
    in_force = state != Plan.State.DRAFT
    plan = Plan.objects.create(
        agreement=agreement,
        year=year,
        title=f"Kế hoạch hợp tác năm {year}",
        title_en=f"Cooperation plan {year}",
        last_day=date(year, 12, 31),
        state=state,
        adopted_on=date(year, 1, 5) if in_force else None,
    )
    for order, roman in enumerate(("I", "II", "III", "IV"), start=1):
        Phase.objects.create(
            plan=plan,
            order=order,
            name=f"Giai đoạn {roman}",
            name_en=f"Phase {roman}",
            first_day=date(year, 3 * order - 2, 1),
            report_due=date(year, 3 * order, 20),
        )
    if in_force:
        for party in agreement.parties.select_related("organisation"):
            key = party.organisation.abbreviation.lower()
            director = User.objects.filter(username=f"director_{key}").first() or make_user(
                f"director_{key}", (key, Membership.Role.DIRECTOR)
            )
            PlanConsent.objects.create(
                plan=plan, organisation=party.organisation, by=director, at=datetime(year, 1, 5, 9, 0, tzinfo=LOCAL)
            )
    return plan


def the_plan() -> Plan:
    """The plan there is, else a new one."""
    return Plan.objects.first() or make_plan()


def make_objective(plan: Plan | None = None, *, clauses: Sequence[Clause] | None = None, **more: Any) -> Objective:
    """An objective that answers the agreement's first clause."""
    plan = plan or the_plan()
    order = plan.objectives.count() + 1
    values: dict[str, Any] = {
        "plan": plan,
        "code": f"MT{order}",
        "order": order,
        "wording": "Đưa hình ảnh Thành phố đến bạn bè quốc tế.",
        "wording_en": "Bring the City's image to friends abroad.",
    }
    objective = Objective.objects.create(**(values | more))
    objective.clauses.set(clauses if clauses is not None else plan.agreement.clauses.all()[:1])
    return objective


def make_indicator(objective: Objective | None = None, **more: Any) -> Indicator:
    """An indicator that counts check-ins at the activities working for it, added up over the phases."""
    objective = objective or Objective.objects.first() or make_objective()
    order = objective.indicators.count() + 1
    values: dict[str, Any] = {
        "objective": objective,
        "code": f"{objective.code}.{order}",
        "order": order,
        "name": "Lượt người dự",
        "name_en": "Attendances",
        "unit": "lượt",
        "unit_en": "visits",
        "measure": Indicator.Measure.ROWS,
        "kinds": ["attendance.checkin"],
        "across": Indicator.Across.SUM,
    }
    indicator = Indicator.objects.create(**(values | more))
    for kind in [*indicator.kinds, *indicator.numerator_kinds]:
        make_evidence_kind(kind)
    return indicator


def make_target(
    indicator: Indicator | None = None,
    phase: Phase | None = None,
    *,
    value: Decimal | int | None = 10,
    by: User | None = None,
    at: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=LOCAL),
) -> Target:
    """What an indicator should reach in a phase, the plan's first unless told otherwise."""
    indicator = indicator or Indicator.objects.first() or make_indicator()
    phase = phase or indicator.objective.plan.phases.all()[0]
    return Target.objects.create(
        indicator=indicator, phase=phase, value=None if value is None else Decimal(value), by=by, at=at
    )


def make_milestone(plan: Plan | None = None, **more: Any) -> Milestone:
    """A point of the roadmap on 15/12/2026."""
    values: dict[str, Any] = {
        "plan": plan or the_plan(),
        "day": date(2026, 12, 15),
        "title": "Họp rà soát kế hoạch",
        "title_en": "Plan review meeting",
        "lead": make_organisation("hmc"),
    }
    return Milestone.objects.create(**(values | more))


def make_activity(
    plan: Plan | None = None,
    *,
    kind: str = "talkshow",
    indicators: Sequence[Indicator] = (),
    topics: Sequence[str] = (),
    pillars: Sequence[str] = (),
    audiences: Sequence[str] = (),
    **more: Any,
) -> Activity:
    """A public talk of HMC with FSC on 10/12/2026, 14:00 to 17:00, in the phase of its day, dimensions filled."""
    plan = plan or the_plan()
    number = plan.activities.count() + 1
    starts_at: datetime = more.pop("starts_at", datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL))
    ends_at: datetime = more.pop("ends_at", starts_at + timedelta(hours=3))
    values: dict[str, Any] = {
        "plan": plan,
        "phase": plan.phases.filter(first_day__lte=local_day(starts_at)).order_by("-first_day")[0],
        "kind": _term(ActivityKind, kind, "Tọa đàm", "Talk", guests=ActivityKind.Guests.GUESTS),
        "code": f"HD-{number:02}",
        "slug": f"toa-dam-khoi-nghiep-{next(_number)}",
        "title": "Tọa đàm khởi nghiệp số",
        "title_en": "Talk on digital start-ups",
        "summary": "Từ ý tưởng đến thị trường khu vực.",
        "summary_en": "From the idea to the market of the region.",
        "lead": make_organisation("hmc"),
        "partner": make_organisation("fsc"),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "planned_end": ends_at,
        "venue": "Hội trường A, FSC",
        "venue_en": "Hall A, FSC",
        "mode": Activity.Mode.ONSITE,
        "expected": 50,
        "estimate": 20_000_000,
        "is_public": True,
    }
    activity = Activity(**(values | more))
    if "dimensions" not in more:
        areas = Area.objects.filter(clauses__objectives__indicators__in=list(indicators)).distinct()
        activity.dimensions = {
            "topic": sorted(topics),
            "pillar": sorted(pillars),
            "area": sorted(area.slug for area in areas),
            "kind": [kind],
            "mode": [str(activity.mode)],
            "audience": sorted(audiences),
        }
    activity.mark_english()
    activity.save()
    activity.indicators.set(indicators)
    activity.topics.set([_term(Topic, slug) for slug in topics])
    activity.pillars.set([_term(Pillar, slug) for slug in pillars])
    activity.audiences.set([_term(Audience, slug) for slug in audiences])
    search.put_text("activities.activity", activity.pk, activity_text(activity))
    return activity


def make_consent_wording(**more: Any) -> Notice:
    """The first notice of the registration form; the migrations bring it."""
    values: dict[str, Any] = {
        "title": "Phiếu đăng ký",
        "collects": "Họ tên, số di động",
        "purpose": "Đón tiếp",
        "ground": Notice.Ground.CONSENT,
        "seen_by": "Cán bộ phụ trách",
        "wording": "Tôi đồng ý để ban tổ chức dùng thông tin này cho việc đón tiếp.",
        "wording_en": "I agree that the organisers use this information to receive me.",
        "first_day": SIGNED,
    }
    version = more.pop("version", 1)
    return Notice.objects.get_or_create(form="registration", version=version, defaults=values | more)[0]


def make_intake(activity: Activity | None = None, *, capacity: int = 50, **more: Any) -> Intake:
    """Registration open since 01/11/2026 until the activity starts."""
    activity = activity or Activity.objects.filter(intake=None).first() or make_activity()
    make_consent_wording()
    values: dict[str, Any] = {
        "activity": activity,
        "capacity": capacity,
        "opens_at": min(datetime(2026, 11, 1, 8, 0, tzinfo=LOCAL), activity.starts_at - timedelta(days=7)),
        "closes_at": activity.starts_at,
    }
    return Intake.objects.create(**(values | more))


def make_registration(
    intake: Intake | None = None, name: str = "Nguyễn Thị Thanh Vân", *, state: str = "confirmed", **more: Any
) -> Registration:
    """A place with consent; a confirmed one takes a seat of the intake. Every call has its own number and code."""
    intake = intake or Intake.objects.first() or make_intake()
    number = next(_number)
    values: dict[str, Any] = {
        "intake": intake,
        "name": name,
        "name_sort": vietnamese.person_sort_text(name),
        "phone": f"+849{number:08}",
        "email": f"khach{number}@example.vn",
        "unit": "Báo Sài Gòn",
        "position": "Phóng viên",
        "state": state,
        "code": f"K{number:07}",
        "registered_at": NOW,
        "cancelled_at": NOW if state == "cancelled" else None,
    }
    values |= more
    if "person" not in values:
        values["person"] = make_person(name, phone=values["phone"], email=values["email"])
    registration = Registration.objects.create(**values)
    Consent.objects.create(registration=registration, notice=make_consent_wording(), at=registration.registered_at)
    if state == "confirmed":
        intake.taken += 1
        intake.save(update_fields=["taken"])
    search.put(
        "attendance.registration", registration.pk, name, registration.phone, registration.unit, registration.code
    )
    return registration


def make_evidence_kind(slug: str, *, by_hand: bool = False) -> EvidenceKind:
    """A kind of evidence, the existing one where there is one."""
    kind: EvidenceKind = _term(EvidenceKind, slug, slug, slug, by_hand=by_hand)
    return kind


def make_evidence(
    activity: Activity | None = None,
    *,
    kind: str = "attendance.checkin",
    dimensions: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> Evidence:
    """A row of the ledger recorded by the system, with the activity's dimensions frozen beside it."""
    if activity is None and "plan" not in more:
        activity = Activity.objects.first() or make_activity()
    day = more.pop("day", None) or (local_day(activity.starts_at) if activity else date(2026, 11, 20))
    values: dict[str, Any] = {
        "plan": activity.plan if activity else None,
        "activity": activity,
        "kind": make_evidence_kind(kind),
        "day": day,
        "quantity": Decimal(1),
        "grade": Evidence.Grade.MACHINE,
        "source_ref": f"tests:{next(_number)}",
        "recorded_by": None,
        "recorded_at": NOW,
    }
    evidence = Evidence.objects.create(**(values | more))
    frozen = dimensions if dimensions is not None else (activity.dimensions if activity else {})
    EvidenceDimension.objects.bulk_create(
        EvidenceDimension(evidence=evidence, dimension=name, value=value)
        for name, texts in frozen.items()
        for value in texts
    )
    return evidence


# --- the newsroom -----------------------------------------------------------------------------
def a_photograph(width: int = 1200, height: int = 800, *, kind: str = "JPEG", **how: Any) -> bytes:
    """The bytes of a picture with a horizon, in a format of Pillow."""
    drawn = Image.new("RGB", (width, height), "#cfe3ee")
    ImageDraw.Draw(drawn).rectangle([0, height // 2, width, height], fill="#35638c")
    out = io.BytesIO()
    drawn.save(out, kind, **how)
    return out.getvalue()


def make_picture(title: str = "Khai mạc", *, content: bytes | None = None, **more: Any) -> Picture:
    """A picture with caption, description and credit in both languages, unless told otherwise."""
    values = {
        "caption": "Đại biểu tại lễ khai mạc.",
        "caption_en": "Delegates at the opening.",
        "credit": "Ban Biên tập",
        "description": "Hội trường đông người",
        "description_en": "A full hall",
    } | more
    picture = Picture(title=title, **values)
    picture.file = ContentFile(content or a_photograph(), name=f"anh-{next(_number)}.jpg")
    picture.save()
    return picture


def make_section(title: str = "Đối ngoại", title_en: str = "Foreign affairs", **more: Any) -> Section:
    """A section in both languages, led by HMC; the Vietnamese one."""
    values: dict[str, Any] = {"organisation": make_organisation("hmc"), "by": None, "at": NOW} | more
    return newsroom.open_section(title=title, title_en=title_en, **values)


def make_author(name: str = "Vân Anh (mẫu)", **more: Any) -> Author:
    """Somebody who signs articles."""
    return Author.objects.create(name=name, slug=newsroom.slug_of(f"{name} {next(_number)}"), **more)


def make_article(
    title: str = "Khai mạc tọa đàm khởi nghiệp số", *, published: datetime | None = NOW, **more: Any
) -> Article:
    """A Vietnamese article with a paragraph, published at a moment or, with None, a draft; any argument of `write_article`."""
    section = more.pop("section", None) or Section.objects.filter(locale__language_code="vi").first() or make_section()
    values: dict[str, Any] = {
        "lead": "Hơn một trăm bạn trẻ dự buổi tọa đàm.",
        "body": [("text", "<p>Buổi tọa đàm diễn ra sáng nay.</p>")],
        "by": None,
        "at": NOW,
    } | more
    article = newsroom.write_article(section=section, title=title, **values)
    return article if published is None else newsroom.publish_article(article=article, by=None, at=published)


def make_english(
    article: Article, title: str = "Digital start-ups meet investors", *, published: datetime | None = NOW
) -> Article:
    """The English edition of an article, with headline, lead and every paragraph in English."""
    edition = newsroom.make_edition(article=article, language="en", by=None, at=NOW)
    words = {block["id"]: "<p>In English.</p>" for block in edition.body.raw_data if block["type"] == "text"}
    newsroom.revise_edition(
        edition=edition, title=title, lead="More than a hundred young people came.", body=words, by=None, at=NOW
    )
    return edition if published is None else newsroom.publish_article(article=edition, by=None, at=published)
