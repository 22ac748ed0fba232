"""A quarter with something to tell: two indicators, activities held, evidence, a report about Phase III."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Phase, Plan
from nhipcau.reports import services
from nhipcau.reports.models import Report
from tests import makers

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
AT = datetime(2026, 10, 2, 9, 0, tzinfo=LOCAL)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Stage:
    """What the tests of this room stand on."""

    plan: Plan
    phase: Phase
    visits: Indicator
    courses: Indicator
    talk: Activity
    report: Report
    officer: User


def moment(month: int, day: int, hour: int = 9) -> datetime:
    """An hour of 2026 in Ho Chi Minh City."""
    return datetime(2026, month, day, hour, 0, tzinfo=LOCAL)


def set_stage(*, sample: bool = False, visits: int = 3, targets: tuple[int, int] = (10, 1)) -> Stage:
    """Three check-ins of ten planned, one course of one planned, in the third quarter of 2026."""
    agreement = makers.the_agreement()
    agreement.is_sample = sample
    agreement.save()
    plan = makers.make_plan(agreement)
    phase = plan.phases.get(order=3)
    objective = makers.make_objective(plan)
    count = makers.make_indicator(objective, code="CT-01", name="Lượt người dự tọa đàm", name_en="Attendances at talks")
    courses = makers.make_indicator(
        objective,
        code="CT-02",
        name="Số khóa bồi dưỡng",
        name_en="Courses",
        unit="khóa",
        unit_en="courses",
        kinds=["training.completed"],
    )
    makers.make_target(count, phase, value=targets[0])
    makers.make_target(courses, phase, value=targets[1])
    talk = makers.make_activity(
        plan,
        code="TĐ-01",
        indicators=[count],
        starts_at=moment(8, 20, 14),
        state=Activity.State.CLOSED,
    )
    course = makers.make_activity(
        plan,
        code="KH-01",
        kind="training_course",
        title="Khóa bồi dưỡng kỹ năng trả lời phỏng vấn",
        title_en="Course on giving interviews",
        indicators=[courses],
        starts_at=moment(9, 10, 8),
        ends_at=moment(9, 11, 17),
        state=Activity.State.CLOSED,
    )
    for _number in range(visits):
        makers.make_evidence(talk)
    makers.make_evidence(course, kind="training.completed")
    officer = User.objects.filter(username="officer_hmc").first() or makers.make_user("officer_hmc", ("hmc", "officer"))
    report = services.draft_report(
        plan=plan, phase=phase, kind="phase", first_day=FIRST, last_day=LAST, by=officer, at=AT
    )
    return Stage(plan, phase, count, courses, talk, report, officer)


def director(key: str) -> User:
    """The director of a party."""
    return User.objects.get(username=f"director_{key}")


def freeze(report: Report, *keys: str, at: datetime = AT) -> Report:
    """Frozen by these parties' directors, both unless told otherwise."""
    for key in keys or ("hmc", "fsc"):
        report = services.freeze_report(
            report=report, digest_seen=services.draft_digest(report), by=director(key), at=at
        )
    return report


def number(text: str) -> Decimal | None:
    """A figure as a paper writes it."""
    from nhipcau.core.vietnamese import parse_number

    return None if text == "–" else parse_number(text)
