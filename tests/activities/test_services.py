"""What happens to an activity, step by step."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from nhipcau.activities import errors, services
from nhipcau.activities.events import (
    ActivityCancelled,
    ActivityClosed,
    ActivityHeld,
    ActivityMoved,
    ActivityReopened,
)
from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.agreements.models import Audience, Pillar, Topic
from nhipcau.core import happenings, search
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

START = datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL)
NOW = makers.NOW


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Everything the room announces while a test runs."""
    kept: list[object] = []
    kinds = (ActivityHeld, ActivityClosed, ActivityMoved, ActivityCancelled, ActivityReopened)
    for kind in kinds:
        happenings.on(kind)(kept.append)
    yield kept
    for kind in kinds:
        happenings._listeners[kind].remove(kept.append)


@pytest.fixture
def schedule(plan: Plan, officer_hmc: User) -> Callable[..., Activity]:
    """`schedule_activity` with honest values; keywords replace them."""

    def scheduled(**more: Any) -> Activity:
        values: dict[str, Any] = {
            "plan": plan,
            "kind": ActivityKind.objects.get(slug="panel"),
            "code": "TD-01",
            "title": "Đường ra thị trường khu vực",
            "title_en": "The way to the regional market",
            "lead": makers.make_organisation("hmc"),
            "partner": makers.make_organisation("fsc"),
            "starts_at": START,
            "ends_at": START + timedelta(hours=3),
            "by": officer_hmc,
            "at": NOW,
        }
        return services.schedule_activity(**(values | more))

    return scheduled


def test_kinds_of_activity_are_seeded(db: None) -> None:
    kinds = list(ActivityKind.objects.values_list("slug", "name", "name_en", "guests"))
    assert kinds == [
        ("press_conference", "Họp báo", "Press conference", "reporters"),
        ("training_course", "Khóa bồi dưỡng", "Training course", "trainees"),
        ("talkshow", "Talkshow", "Talk show", "guests"),
        ("panel", "Tọa đàm", "Panel discussion", "delegates"),
        ("international_conference", "Hội nghị, hội thảo quốc tế", "International conference", "delegates"),
        ("domestic_event", "Sự kiện trong nước", "Domestic event", "delegates"),
        ("exchange", "Giao lưu, gặp gỡ", "Exchange meeting", "guests"),
        ("promotion_campaign", "Chương trình truyền thông", "Communication campaign", "guests"),
        ("press_tour", "Chuyến đi thực tế báo chí (press tour)", "Press tour", "reporters"),
        ("coordination", "Họp Tổ điều phối", "Coordination meeting", "delegates"),
        ("review", "Họp sơ kết, tổng kết", "Review meeting", "delegates"),
    ]
    assert all({"vi", "en"} == set(item) for kind in ActivityKind.objects.all() for item in kind.checklist)


def test_schedule_activity_derives_phase_address_and_dimensions(schedule: Callable[..., Activity], plan: Plan) -> None:
    objective = makers.make_objective(plan)
    indicator = makers.make_indicator(objective)
    topics = [Topic.objects.create(slug="startup", name="Khởi nghiệp"), Topic.objects.create(slug="digital", name="Số")]
    activity = schedule(
        topics=topics,
        audiences=[Audience.objects.create(slug="youth", name="Giới trẻ")],
        pillars=[Pillar.objects.create(slug="economic", name="Kinh tế")],
        indicators=[indicator],
    )
    activity.refresh_from_db()
    assert activity.phase.name == "Giai đoạn IV"
    assert activity.slug == "duong-ra-thi-truong-khu-vuc-2026"
    assert activity.planned_end == START + timedelta(hours=3)
    assert activity.state == "planned"
    assert activity.dimensions == {
        "kind": ["panel"],
        "mode": ["onsite"],
        "topic": ["digital", "startup"],
        "pillar": ["economic"],
        "audience": ["youth"],
        "area": ["promotion"],
    }
    assert list(search.narrow(Activity.objects.all(), "thi truong khoi nghiep", kind="activities.activity")) == [
        activity
    ]


def test_schedule_activity_gives_the_same_title_another_address(schedule: Callable[..., Activity]) -> None:
    first, second = schedule(), schedule(code="TD-02")
    assert [first.slug, second.slug] == ["duong-ra-thi-truong-khu-vuc-2026", "duong-ra-thi-truong-khu-vuc-2026-2"]


@pytest.mark.parametrize(
    ("hour", "phase"),
    [
        (datetime(2026, 9, 30, 23, 59, tzinfo=LOCAL), "Giai đoạn III"),
        (datetime(2026, 10, 1, 0, 0, tzinfo=LOCAL), "Giai đoạn IV"),
    ],
)
def test_schedule_activity_goes_by_the_local_day(schedule: Callable[..., Activity], hour: datetime, phase: str) -> None:
    assert schedule(starts_at=hour, ends_at=hour).phase.name == phase


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"starts_at": datetime(2027, 1, 1, 8, 0, tzinfo=LOCAL), "ends_at": datetime(2027, 1, 1, 9, 0, tzinfo=LOCAL)},
         errors.OutsidePlan),
        ({"ends_at": datetime(2027, 1, 1, 0, 0, tzinfo=LOCAL)}, errors.OutsidePlan),
        ({"ends_at": START - timedelta(minutes=1)}, errors.TimesReversed),
    ],
)  # fmt: skip
def test_schedule_activity_refuses_times_that_cannot_be(
    schedule: Callable[..., Activity], more: dict[str, Any], error: type[Refusal]
) -> None:
    with pytest.raises(error):
        schedule(**more)
    assert Activity.objects.count() == 0


def test_schedule_activity_refuses_a_taken_code(schedule: Callable[..., Activity]) -> None:
    schedule()
    with pytest.raises(errors.CodeTaken):
        schedule(title="Khác")
    assert Activity.objects.count() == 1


def test_schedule_activity_refuses_units_outside_the_agreement(schedule: Callable[..., Activity]) -> None:
    for more in (
        {"lead": makers.make_organisation("Sở Du lịch")},
        {"partner": makers.make_organisation("dofa")},
        {"partner": makers.make_organisation("hmc")},
    ):
        with pytest.raises(errors.NotAParty):
            schedule(**more)


def test_schedule_activity_refuses_an_indicator_of_another_plan(schedule: Callable[..., Activity], plan: Plan) -> None:
    other = makers.make_plan(plan.agreement, year=2027)
    indicator = makers.make_indicator(makers.make_objective(other))
    with pytest.raises(errors.IndicatorElsewhere):
        schedule(indicators=[indicator])


def test_schedule_activity_refuses_a_closed_plan(schedule: Callable[..., Activity], plan: Plan) -> None:
    plan.state = Plan.State.CLOSED
    plan.save()
    with pytest.raises(errors.PlanClosed):
        schedule()


def _revise(activity: Activity, by: User, **more: Any) -> Activity:
    values: dict[str, Any] = {
        "kind": activity.kind,
        "code": activity.code,
        "title": activity.title,
        "title_en": activity.title_en,
        "lead": activity.lead,
        "by": by,
        "at": NOW,
    }
    return services.revise_activity(activity=activity, **(values | more))


def test_revise_activity_knows_stale_english(schedule: Callable[..., Activity], officer_hmc: User) -> None:
    activity = schedule()
    assert activity.stale_english() == []
    _revise(activity, officer_hmc, title="Đường ra thị trường thế giới")
    assert activity.stale_english() == ["title"]
    _revise(activity, officer_hmc, title="Đường ra thị trường thế giới", english_checked=True)
    activity.refresh_from_db()
    assert activity.stale_english() == []
    assert activity.slug == "duong-ra-thi-truong-khu-vuc-2026"


def test_revise_activity_takes_times_only_while_the_plan_is_a_draft(
    schedule: Callable[..., Activity], plan: Plan, officer_hmc: User
) -> None:
    activity = schedule()
    later = {"starts_at": START + timedelta(days=1), "ends_at": START + timedelta(days=1, hours=1)}
    with pytest.raises(errors.TimeByMove):
        _revise(activity, officer_hmc, **later)
    plan.state = Plan.State.DRAFT
    plan.save()
    activity = Activity.objects.get()
    _revise(activity, officer_hmc, **later)
    activity.refresh_from_db()
    assert (activity.starts_at, activity.planned_end) == (later["starts_at"], later["ends_at"])


def test_move_activity_keeps_the_first_end_and_moves_the_run_sheet(
    schedule: Callable[..., Activity], officer_hmc: User, heard: list[object]
) -> None:
    activity = schedule(
        starts_at=datetime(2026, 9, 29, 14, 0, tzinfo=LOCAL), ends_at=datetime(2026, 9, 29, 16, 0, tzinfo=LOCAL)
    )
    services.put_sessions(
        activity=activity,
        sessions=[services.SessionDraft(datetime(2026, 9, 29, 14, 30, tzinfo=LOCAL), "Khai mạc")],
        by=officer_hmc,
        at=NOW,
    )
    moved = services.move_activity(
        activity=activity, starts_at=START, ends_at=START + timedelta(hours=2), reason=" Hội trường bận ",
        by=officer_hmc, at=NOW,
    )  # fmt: skip
    moved.refresh_from_db()
    assert moved.phase.name == "Giai đoạn IV"
    assert moved.planned_end == datetime(2026, 9, 29, 16, 0, tzinfo=LOCAL)
    assert [s.starts_at for s in moved.sessions.all()] == [START + timedelta(minutes=30)]
    assert list(moved.changes.values_list("kind", "reason", "old_start", "new_start")) == [
        ("moved", "Hội trường bận", datetime(2026, 9, 29, 14, 0, tzinfo=LOCAL), START)
    ]
    assert heard == [
        ActivityMoved(
            activity,
            datetime(2026, 9, 29, 14, 0, tzinfo=LOCAL),
            datetime(2026, 9, 29, 16, 0, tzinfo=LOCAL),
            "Hội trường bận",
            officer_hmc,
            NOW,
        )
    ]


def test_move_activity_refuses_no_reason_no_change_and_other_years(
    schedule: Callable[..., Activity], officer_hmc: User
) -> None:
    activity = schedule()
    end = START + timedelta(hours=3)
    for starts_at, ends_at, reason, error in [
        (START + timedelta(days=1), end + timedelta(days=1), "  ", errors.ReasonMissing),
        (START, end, "Không đổi gì", errors.WrongState),
        (START + timedelta(days=60), end + timedelta(days=60), "Sang năm", errors.OutsidePlan),
    ]:
        with pytest.raises(error):
            services.move_activity(
                activity=activity, starts_at=starts_at, ends_at=ends_at, reason=reason, by=officer_hmc, at=NOW
            )
    assert activity.changes.count() == 0


def test_hold_close_and_reopen_go_step_by_step(
    schedule: Callable[..., Activity], officer_hmc: User, heard: list[object]
) -> None:
    activity = schedule()
    after = START + timedelta(hours=4)
    with pytest.raises(errors.TooEarly):
        services.hold_activity(activity=activity, by=officer_hmc, at=START - timedelta(days=1))
    with pytest.raises(errors.WrongState):
        services.close_activity(activity=activity, result="Tốt", by=officer_hmc, at=after)
    with pytest.raises(errors.WrongState):
        services.reopen_activity(activity=activity, reason="Nhầm", by=officer_hmc, at=after)
    services.hold_activity(activity=activity, by=officer_hmc, at=after)
    with pytest.raises(errors.WrongState):
        services.hold_activity(activity=activity, by=officer_hmc, at=after)
    with pytest.raises(errors.WrongState):
        services.cancel_activity(activity=activity, reason="Muộn rồi", by=officer_hmc, at=after)
    with pytest.raises(errors.ResultMissing):
        services.close_activity(activity=activity, result=" ", by=officer_hmc, at=after)
    services.close_activity(activity=activity, result="86 người dự", lesson="", spent=0, by=officer_hmc, at=after)
    activity.refresh_from_db()
    assert (activity.state, activity.result, activity.spent) == ("closed", "86 người dự", 0)
    services.reopen_activity(activity=activity, reason="Bổ sung số liệu", by=officer_hmc, at=after)
    assert activity.state == "held"
    services.reopen_activity(activity=activity, reason="Xác nhận nhầm", by=officer_hmc, at=after)
    assert activity.state == "planned"
    assert heard == [
        ActivityHeld(activity, officer_hmc, after),
        ActivityClosed(activity, officer_hmc, after),
        ActivityReopened(activity, "closed", "Bổ sung số liệu", officer_hmc, after),
        ActivityReopened(activity, "held", "Xác nhận nhầm", officer_hmc, after),
    ]
    assert list(activity.changes.values_list("kind", "reason")) == [
        ("reopened", "Xác nhận nhầm"),
        ("reopened", "Bổ sung số liệu"),
    ]


def test_cancel_activity_needs_a_reason_and_can_be_taken_back(
    schedule: Callable[..., Activity], officer_hmc: User, heard: list[object]
) -> None:
    activity = schedule()
    with pytest.raises(errors.ReasonMissing):
        services.cancel_activity(activity=activity, reason="", by=officer_hmc, at=NOW)
    services.cancel_activity(activity=activity, reason="Diễn giả bận", by=officer_hmc, at=NOW)
    activity.refresh_from_db()
    assert activity.state == "cancelled"
    services.reopen_activity(activity=activity, reason="Diễn giả nhận lời lại", by=officer_hmc, at=NOW)
    assert activity.state == "planned"
    assert heard == [
        ActivityCancelled(activity, "Diễn giả bận", officer_hmc, NOW),
        ActivityReopened(activity, "cancelled", "Diễn giả nhận lời lại", officer_hmc, NOW),
    ]


def test_a_listener_that_refuses_rolls_the_step_back(schedule: Callable[..., Activity], officer_hmc: User) -> None:
    def refuse(_happening: ActivityCancelled) -> None:
        raise Refusal("Chưa được")

    activity = schedule()
    happenings.on(ActivityCancelled)(refuse)
    try:
        with pytest.raises(Refusal, match="Chưa được"):
            services.cancel_activity(activity=activity, reason="Bận", by=officer_hmc, at=NOW)
    finally:
        happenings._listeners[ActivityCancelled].remove(refuse)
    activity.refresh_from_db()
    assert (activity.state, activity.changes.count()) == ("planned", 0)


def test_put_speakers_replaces_them_in_order(schedule: Callable[..., Activity], officer_hmc: User) -> None:
    activity = schedule()
    for names in (["Lê Minh An", "Trần Gia Bảo"], ["Trần Gia Bảo"]):
        services.put_speakers(
            activity=activity, speakers=[services.SpeakerDraft(name) for name in names], by=officer_hmc, at=NOW
        )
    assert list(activity.speakers.values_list("name", "order")) == [("Trần Gia Bảo", 1)]


def test_put_sessions_refuses_a_line_on_another_day(schedule: Callable[..., Activity], officer_hmc: User) -> None:
    activity = schedule()
    lines = [
        services.SessionDraft(START, "Khai mạc"),
        services.SessionDraft(START + timedelta(days=1), "Bế mạc"),
    ]
    with pytest.raises(errors.OutsideActivity):
        services.put_sessions(activity=activity, sessions=lines, by=officer_hmc, at=NOW)
    services.put_sessions(activity=activity, sessions=lines[:1], by=officer_hmc, at=NOW)
    assert list(activity.sessions.values_list("title", flat=True)) == ["Khai mạc"]


def test_a_closed_plan_refuses_every_step(schedule: Callable[..., Activity], plan: Plan, officer_hmc: User) -> None:
    activity = schedule()
    plan.state = Plan.State.CLOSED
    plan.save()
    activity = Activity.objects.get()
    who: dict[str, Any] = {"activity": activity, "by": officer_hmc, "at": START + timedelta(days=1)}
    steps: list[Callable[[], Activity]] = [
        lambda: services.hold_activity(**who),
        lambda: services.cancel_activity(reason="Bận", **who),
        lambda: services.reopen_activity(reason="Bận", **who),
        lambda: services.move_activity(starts_at=START, ends_at=START, reason="Bận", **who),
        lambda: services.put_speakers(speakers=[], **who),
        lambda: services.put_sessions(sessions=[], **who),
    ]
    for step in steps:
        with pytest.raises(errors.PlanClosed):
            step()
