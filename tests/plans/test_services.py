"""A plan is drafted, agreed, revised with reasons, closed and copied; each refusal leaves everything as it was."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nhipcau.agreements.models import Agreement, Clause
from nhipcau.core import happenings, search
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import Organisation, User
from nhipcau.plans import errors, services
from nhipcau.plans.events import PhasesRedrawn
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan, Target
from tests import makers

pytestmark = [pytest.mark.database, pytest.mark.django_db]
BY: dict[str, Any] = {"by": None, "at": makers.NOW}


@pytest.fixture
def draft(agreement: Agreement) -> Plan:
    """A draft for 2027 without phases."""
    return services.create_plan(agreement=agreement, year=2027, title="Kế hoạch", last_day=date(2027, 12, 31), **BY)


@pytest.fixture
def closed(agreement: Agreement) -> Plan:
    """The plan of 2025, closed."""
    return makers.make_plan(agreement, year=2025, state=Plan.State.CLOSED)


# --- the plan -----------------------------------------------------------------------------------
def test_create_plan_begins_an_empty_draft(draft: Plan) -> None:
    assert (draft.state, draft.year, draft.phases.count(), draft.stale_english()) == ("draft", 2027, 0, [])


def test_create_plan_refuses_a_year_twice(agreement: Agreement, draft: Plan) -> None:
    with pytest.raises(errors.YearTaken):
        services.create_plan(agreement=agreement, year=2027, title="x", last_day=date(2027, 12, 31), **BY)


@pytest.mark.parametrize("last_day", [date(2026, 12, 31), date(2028, 2, 1)])
def test_create_plan_refuses_an_end_outside_its_year(agreement: Agreement, last_day: date) -> None:
    with pytest.raises(errors.OutsidePlan):
        services.create_plan(agreement=agreement, year=2027, title="x", last_day=last_day, **BY)


def test_revise_plan_refuses_an_end_before_its_last_phase(draft: Plan) -> None:
    services.create_quarters(plan=draft, first_days=[date(2027, m, 1) for m in (1, 4, 7, 10)], **BY)
    with pytest.raises(errors.DaysReversed):
        services.revise_plan(plan=draft, title="x", last_day=date(2027, 9, 30), **BY)
    services.revise_plan(plan=draft, title="Mới", last_day=date(2028, 1, 14), **BY)
    assert [window.last for window in draft.windows().values()][-1] == date(2028, 1, 14)


def _filled(plan: Plan) -> Plan:
    services.create_phase(plan=plan, name="Cả năm", first_day=date(plan.year, 1, 1), **BY)
    makers.make_objective(plan)
    return plan


def test_adopt_plan_is_in_force_once_every_director_agreed(draft: Plan, director_hmc: User, director_fsc: User) -> None:
    _filled(draft)
    services.adopt_plan(plan=draft, by=director_hmc, at=makers.NOW)
    assert (draft.state, draft.adopted_on) == ("draft", None)
    services.adopt_plan(plan=draft, by=director_fsc, at=makers.NOW)
    assert (draft.state, draft.adopted_on) == ("adopted", date(2026, 11, 23))
    assert set(draft.consents.values_list("organisation__abbreviation", "by__username")) == {
        ("HMC", "director_hmc"),
        ("FSC", "director_fsc"),
    }


def test_adopt_plan_asks_again_after_a_draft_changed(draft: Plan, director_hmc: User) -> None:
    _filled(draft)
    services.adopt_plan(plan=draft, by=director_hmc, at=makers.NOW)
    services.create_milestone(plan=draft, day=date(2027, 5, 1), title="x", **BY)
    assert not draft.consents.exists()


def test_adopt_plan_refuses_who_may_not_and_what_is_not_ready(
    draft: Plan, officer_hmc: User, director_hmc: User, director_fsc: User, overseer_dofa: User
) -> None:
    with pytest.raises(errors.NotReady):
        services.adopt_plan(plan=draft, by=director_hmc, at=makers.NOW)
    _filled(draft)
    for user in (officer_hmc, overseer_dofa):
        with pytest.raises(errors.NotADirector):
            services.adopt_plan(plan=draft, by=user, at=makers.NOW)
    services.adopt_plan(plan=draft, by=director_hmc, at=makers.NOW)
    with pytest.raises(errors.WrongState):
        services.adopt_plan(plan=draft, by=director_hmc, at=makers.NOW)
    services.adopt_plan(plan=draft, by=director_fsc, at=makers.NOW)
    with pytest.raises(errors.WrongState):
        services.adopt_plan(plan=draft, by=director_fsc, at=makers.NOW)


def test_close_plan_waits_for_the_last_day_and_freezes_everything(plan: Plan, draft: Plan) -> None:
    with pytest.raises(errors.WrongState):
        services.close_plan(plan=draft, **BY)
    with pytest.raises(errors.DaysReversed):
        services.close_plan(plan=plan, **BY)
    services.close_plan(plan=plan, by=None, at=datetime(2027, 1, 1, 0, 0, tzinfo=LOCAL))
    assert Plan.objects.get(pk=plan.pk).state == "closed"


def test_closed_plan_refuses_every_change(closed: Plan) -> None:
    objective = makers.make_objective(closed)
    indicator = makers.make_indicator(objective)
    milestone = makers.make_milestone(closed, day=date(2025, 12, 1))
    phase = closed.phases.all()[0]
    clauses = list(closed.agreement.clauses.all())
    changes: list[Callable[[], object]] = [
        lambda: services.revise_plan(plan=closed, title="x", last_day=closed.last_day, **BY),
        lambda: services.create_phase(plan=closed, name="x", first_day=date(2025, 2, 1), **BY),
        lambda: services.revise_phase(phase=phase, name="x", first_day=phase.first_day, **BY),
        lambda: services.create_objective(plan=closed, code="x", wording="x", clauses=clauses, **BY),
        lambda: services.revise_objective(objective=objective, code="x", wording="x", clauses=clauses, **BY),
        lambda: services.create_indicator(objective=objective, code="x", name="x", unit="x", kinds=["a"], **BY),
        lambda: services.revise_indicator(indicator=indicator, name="x", **BY),
        lambda: services.revise_target(indicator=indicator, phase=phase, value=1, reason="x", **BY),
        lambda: services.create_milestone(plan=closed, day=date(2025, 1, 1), title="x", **BY),
        lambda: services.revise_milestone(milestone=milestone, day=date(2025, 1, 1), title="x", **BY),
        lambda: services.reach_milestone(milestone=milestone, **BY),
    ]
    for change in changes:
        with pytest.raises(errors.PlanClosed):
            change()


# --- phases -------------------------------------------------------------------------------------
def test_create_phase_numbers_phases_by_their_days(draft: Plan) -> None:
    late = services.create_phase(plan=draft, name="Sau", first_day=date(2027, 7, 1), **BY)
    early = services.create_phase(plan=draft, name="Trước", name_en="Before", first_day=date(2026, 12, 15), **BY)
    assert [(phase.order, phase.name) for phase in draft.phases.all()] == [(1, "Trước"), (2, "Sau")]
    windows = draft.windows()
    assert (windows[early.pk].last, windows[late.pk].last) == (date(2027, 6, 30), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("first_day", "report_due", "refusal"),
    [
        (date(2026, 11, 30), None, errors.OutsidePlan),
        (date(2028, 1, 1), None, errors.OutsidePlan),
        (date(2027, 4, 1), None, errors.PhaseDayTaken),
        (date(2027, 5, 1), date(2027, 4, 30), errors.DaysReversed),
    ],
)
def test_create_phase_refuses_wrong_days(
    draft: Plan, first_day: date, report_due: date | None, refusal: type[Refusal]
) -> None:
    services.create_phase(plan=draft, name="x", first_day=date(2027, 4, 1), **BY)
    with pytest.raises(refusal):
        services.create_phase(plan=draft, name="y", first_day=first_day, report_due=report_due, **BY)
    assert draft.phases.count() == 1


def test_revise_phase_does_not_jump_over_its_neighbour(plan: Plan) -> None:
    second = plan.phases.all()[1]
    with pytest.raises(errors.PhasesSwapped):
        services.revise_phase(phase=second, name="x", first_day=date(2026, 8, 1), **BY)
    services.revise_phase(phase=second, name="Mới", first_day=date(2026, 4, 15), **BY)
    first = plan.phases.all()[0]
    assert Plan.objects.get(pk=plan.pk).windows()[first.pk].last == date(2026, 4, 14)


def test_revise_phase_is_refused_when_a_room_above_refuses(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    phase = plan.phases.all()[1]

    def refuse(happening: PhasesRedrawn) -> None:
        raise errors.OutsidePlan("Something would be stranded.")

    monkeypatch.setitem(happenings._listeners, PhasesRedrawn, [refuse])
    with pytest.raises(errors.OutsidePlan, match="stranded"):
        services.revise_phase(phase=phase, name="x", first_day=date(2026, 4, 15), **BY)
    assert Phase.objects.get(pk=phase.pk).first_day == date(2026, 4, 1)
    services.revise_phase(phase=phase, name="Chỉ đổi tên", first_day=date(2026, 4, 1), **BY)


def test_revise_phase_flags_english_left_alone(plan: Plan) -> None:
    phase = services.create_phase(plan=plan, name="Đầu", name_en="First", first_day=date(2025, 12, 15), **BY)
    services.revise_phase(phase=phase, name="Khởi đầu", name_en="First", first_day=phase.first_day, **BY)
    assert phase.stale_english() == ["name"]
    services.revise_phase(
        phase=phase, name="Khởi đầu", name_en="First", first_day=phase.first_day, english_checked=True, **BY
    )
    assert phase.stale_english() == []


# --- objectives ---------------------------------------------------------------------------------
def test_create_objective_answers_a_clause_or_a_direction(draft: Plan) -> None:
    direction = draft.agreement.directions.all()[0]
    objective = services.create_objective(plan=draft, code="MT-1", wording="x", directions=[direction], **BY)
    assert (list(objective.directions.all()), list(objective.clauses.all()), objective.order) == ([direction], [], 1)


def test_create_objective_refuses_to_answer_nothing_or_another_agreement(draft: Plan) -> None:
    with pytest.raises(errors.AnswersNothing):
        services.create_objective(plan=draft, code="MT-1", wording="x", **BY)
    foreign = makers.make_agreement().clauses.all()[0]
    with pytest.raises(errors.Elsewhere):
        services.create_objective(plan=draft, code="MT-1", wording="x", clauses=[foreign], **BY)
    assert not draft.objectives.exists()


def test_objective_code_is_used_once_in_a_plan(plan: Plan) -> None:
    clauses = list(plan.agreement.clauses.all()[:1])
    first = services.create_objective(plan=plan, code="MT-1", wording="x", clauses=clauses, **BY)
    second = services.create_objective(plan=plan, code="MT-2", wording="x", clauses=clauses, **BY)
    with pytest.raises(errors.CodeTaken):
        services.create_objective(plan=plan, code="mt-1", wording="x", clauses=clauses, **BY)
    with pytest.raises(errors.CodeTaken):
        services.revise_objective(objective=second, code="MT-1", wording="x", clauses=clauses, **BY)
    services.revise_objective(objective=first, code="MT-1", wording="Mới", clauses=clauses, **BY)
    assert Objective.objects.get(pk=first.pk).wording == "Mới"


# --- indicators and targets ---------------------------------------------------------------------
FACTS: dict[str, Any] = {"code": "CT-01", "name": "Lượt dự", "unit": "lượt", "kinds": ["attendance.checkin"]}


def test_create_indicator_keeps_its_definition_as_data(plan: Plan) -> None:
    indicator = services.create_indicator(
        objective=makers.make_objective(plan),
        **FACTS | {"measure": "share", "numerator": {"audience": ("youth",), "sex": ()}, "kinds": ["a", "a"]},
        **BY,
    )
    assert Indicator.objects.get(pk=indicator.pk).definition() == {
        "measure": "share",
        "kinds": ["a"],
        "dimension": "",
        "where": {},
        "numerator": {"audience": ["youth"]},
        "numerator_kinds": [],
        "across": "sum",
        "scope": "indicator",
    }


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"kinds": []}, errors.CountsNothing),
        ({"measure": "distinct"}, errors.CountsNothing),
        ({"measure": "share"}, errors.CountsNothing),
        ({"measure": "ratio"}, errors.CountsNothing),
        ({"measure": "ratio", "numerator_kinds": ["attendance.checkin"]}, errors.CountsNothing),
        ({"decimals": 3}, errors.BadTarget),
        ({"code": "ct-00"}, errors.CodeTaken),
    ],
)
def test_create_indicator_refuses_what_counts_nothing(
    plan: Plan, wrong: dict[str, Any], refusal: type[Refusal]
) -> None:
    objective = makers.make_objective(plan)
    services.create_indicator(objective=makers.make_objective(plan), **FACTS | {"code": "CT-00"}, **BY)
    with pytest.raises(refusal):
        services.create_indicator(objective=objective, **FACTS | wrong, **BY)
    assert not objective.indicators.exists()


def test_create_indicator_needs_no_kind_when_it_is_derived_from_targets(plan: Plan) -> None:
    facts = FACTS | {"measure": "derived", "kinds": []}
    assert services.create_indicator(objective=makers.make_objective(plan), **facts, **BY).kinds == []


def test_revise_indicator_changes_only_what_is_given(plan: Plan) -> None:
    indicator = services.create_indicator(objective=makers.make_objective(plan), **FACTS, **BY)
    services.revise_indicator(indicator=indicator, name="Tên mới", **BY)
    kept = Indicator.objects.get(pk=indicator.pk)
    assert (kept.name, kept.unit, kept.kinds) == ("Tên mới", "lượt", ["attendance.checkin"])


@pytest.mark.parametrize(
    ("across", "year"), [("sum", Decimal(30)), ("last", Decimal(20)), ("floor", Decimal(20)), ("recount", Decimal(20))]
)
def test_year_target_follows_the_rule_across_phases(across: str, year: Decimal) -> None:
    indicator = Indicator(across=across)
    assert indicator.year_target([Decimal(10), None, Decimal(20), None]) == year
    assert indicator.year_target([None]) is None


def test_revise_target_keeps_what_it_replaces(plan: Plan) -> None:
    indicator = makers.make_indicator(makers.make_objective(plan))
    phase = plan.phases.all()[0]
    services.revise_target(indicator=indicator, phase=phase, value=10, **BY)
    later = makers.NOW + timedelta(days=1)
    services.revise_target(indicator=indicator, phase=phase, value=None, reason="Không đo", by=None, at=later)
    assert list(Target.objects.order_by("pk").values_list("value", "reason", "superseded_at")) == [
        (Decimal(10), "", later),
        (None, "Không đo", None),
    ]


def test_revise_target_to_the_same_value_changes_nothing(plan: Plan) -> None:
    indicator = makers.make_indicator(makers.make_objective(plan))
    phase = plan.phases.all()[0]
    first = services.revise_target(indicator=indicator, phase=phase, value=Decimal("10.00"), **BY)
    assert services.revise_target(indicator=indicator, phase=phase, value=10, **BY) == first


def test_revise_target_refuses_bad_figures_other_plans_and_silence(plan: Plan, draft: Plan) -> None:
    indicator = makers.make_indicator(makers.make_objective(plan))
    phase = plan.phases.all()[0]
    for value in (Decimal(-1), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(errors.BadTarget):
            services.revise_target(indicator=indicator, phase=phase, value=value, **BY)
    elsewhere = services.create_phase(plan=draft, name="x", first_day=date(2027, 1, 1), **BY)
    with pytest.raises(errors.Elsewhere):
        services.revise_target(indicator=indicator, phase=elsewhere, value=1, **BY)
    services.revise_target(indicator=indicator, phase=phase, value=1, **BY)
    with pytest.raises(errors.ReasonMissing):
        services.revise_target(indicator=indicator, phase=phase, value=2, reason="  ", **BY)
    assert list(Target.objects.values_list("value", flat=True)) == [Decimal(1)]


# --- milestones ---------------------------------------------------------------------------------
def test_milestone_is_reached_once_and_not_in_the_future(plan: Plan) -> None:
    milestone = services.create_milestone(plan=plan, day=date(2026, 12, 15), title="Họp", note="Gửi giấy mời", **BY)
    with pytest.raises(errors.DaysReversed):
        services.reach_milestone(milestone=milestone, day=date(2026, 11, 24), **BY)
    services.reach_milestone(milestone=milestone, day=date(2026, 11, 20), **BY)
    kept = Milestone.objects.get(pk=milestone.pk)
    assert (kept.done_on, kept.note) == (date(2026, 11, 20), "Gửi giấy mời")
    with pytest.raises(errors.WrongState):
        services.reach_milestone(milestone=milestone, **BY)


def test_milestone_refuses_far_years_and_strangers(plan: Plan) -> None:
    with pytest.raises(errors.OutsidePlan):
        services.create_milestone(plan=plan, day=date(2028, 1, 1), title="x", **BY)
    milestone = makers.make_milestone(plan)
    with pytest.raises(errors.Elsewhere):
        services.revise_milestone(
            milestone=milestone, day=milestone.day, title="x", lead=makers.make_organisation("dofa"), **BY
        )


# --- directions ---------------------------------------------------------------------------------
def said(agreement: Agreement, **more: Any) -> dict[str, Any]:
    """What a department keys in."""
    return {
        "agreement": agreement,
        "kind": "instruction",
        "issuer": makers.make_organisation("dofa"),
        "addressees": [makers.make_organisation("fsc")],
        "said_on": date(2026, 11, 20),
        "wording": "Đề nghị báo cáo sớm.",
        **BY,
        **more,
    }


def test_record_direction_is_found_without_marks(agreement: Agreement) -> None:
    direction = services.record_direction(**said(agreement, source="Công văn 45/SNgV"))
    found = search.narrow(Direction.objects.all(), "bao cao som sngv", kind="plans.direction")
    assert (list(found), direction.due) == ([direction], None)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"addressees": []}, errors.NotYourUnit),
        ({"issuer": "hmc"}, errors.NotYourUnit),
        ({"addressees": ["hmc"]}, errors.NotYourUnit),
        ({"addressees": ["fsc", "hmc"]}, errors.NotYourUnit),
        ({"kind": "request", "addressees": ["dic"]}, errors.NotYourUnit),
        ({"said_on": date(2026, 11, 24)}, errors.DaysReversed),
        ({"said_on": date(2021, 11, 10)}, errors.NotYourUnit),
        ({"due": date(2026, 11, 19)}, errors.DaysReversed),
    ],
)
def test_record_direction_refuses_what_a_department_may_not_say(
    agreement: Agreement, wrong: dict[str, Any], refusal: type[Refusal]
) -> None:
    made: dict[str, Any] = dict(wrong)
    if "issuer" in made:
        made["issuer"] = makers.make_organisation(made["issuer"])
    if "addressees" in made:
        made["addressees"] = [makers.make_organisation(key) for key in made["addressees"]]
    before = Direction.objects.count()
    with pytest.raises(refusal):
        services.record_direction(**said(agreement, **made))
    assert Direction.objects.count() == before


def test_key_in_direction_makes_a_request_of_what_others_are_told(
    agreement: Agreement, hmc: Organisation, fsc: Organisation, officer_fsc: User
) -> None:
    made = services.key_in_direction(**said(agreement, addressees=[hmc, fsc], by=officer_fsc))
    assert [(direction.kind, list(direction.addressees.all())) for direction in made] == [
        ("instruction", [fsc]),
        ("request", [hmc]),
    ]
    (alone,) = services.key_in_direction(**said(agreement, addressees=[hmc], by=officer_fsc))
    assert alone.kind == "request"
    (pledge,) = services.key_in_direction(**said(agreement, kind="support", addressees=[hmc, fsc], by=officer_fsc))
    assert (pledge.kind, set(pledge.addressees.all())) == ("support", {hmc, fsc})


def test_answer_direction_is_given_once(agreement: Agreement, officer_fsc: User) -> None:
    direction = services.record_direction(**said(agreement))
    for wrong, refusal in (
        ({"answer": "  "}, errors.NothingToAnswer),
        ({"answer": "x", "day": date(2026, 11, 19)}, errors.DaysReversed),
        ({"answer": "x", "day": date(2026, 11, 24)}, errors.DaysReversed),
    ):
        with pytest.raises(refusal):
            services.answer_direction(direction=direction, by=officer_fsc, at=makers.NOW, **wrong)
    services.answer_direction(direction=direction, answer="Đã gửi báo cáo.", by=officer_fsc, at=makers.NOW)
    kept = Direction.objects.get(pk=direction.pk)
    assert (kept.answer, kept.answered_on, kept.answered_by) == ("Đã gửi báo cáo.", date(2026, 11, 23), officer_fsc)
    with pytest.raises(errors.WrongState):
        services.answer_direction(direction=direction, answer="Lại", by=officer_fsc, at=makers.NOW)


def test_answer_direction_refuses_what_asks_for_none(agreement: Agreement, officer_fsc: User) -> None:
    for kind in ("support", "assessment"):
        direction = services.record_direction(**said(agreement, kind=kind))
        with pytest.raises(errors.NothingToAnswer):
            services.answer_direction(direction=direction, answer="x", by=officer_fsc, at=makers.NOW)


# --- next year ----------------------------------------------------------------------------------
def test_copy_plan_starts_next_year_from_this_one(plan: Plan) -> None:
    objective = makers.make_objective(plan)
    objective.directions.add(plan.agreement.directions.all()[0])
    indicator = makers.make_indicator(objective, baseline=Decimal(5))
    phase = plan.phases.all()[0]
    makers.make_target(indicator, phase, value=10)
    services.revise_target(indicator=indicator, phase=phase, value=12, reason="Tăng", **BY)
    milestone = makers.make_milestone(plan, done_on=date(2026, 11, 20))
    copied = services.copy_plan(plan=plan, year=2027, title="Kế hoạch 2027", shift=services.years_later(1), **BY)
    assert (copied.plan.state, copied.plan.last_day, copied.plan.copied_from) == ("draft", date(2027, 12, 31), plan)
    assert [p.first_day for p in copied.plan.phases.all()] == [date(2027, m, 1) for m in (1, 4, 7, 10)]
    assert copied.phases[phase.pk].report_due == date(2027, 3, 20)
    new = copied.objectives[objective.pk]
    assert set(new.clauses.all()) == set(objective.clauses.all())
    assert set(new.directions.all()) == set(objective.directions.all())
    made = Indicator.objects.get(pk=copied.indicators[indicator.pk].pk)
    assert (made.definition(), made.baseline, made.code) == (indicator.definition(), Decimal(5), indicator.code)
    assert list(made.targets.values_list("phase", "value", "superseded_at")) == [
        (copied.phases[phase.pk].pk, Decimal(12), None)
    ]
    later = copied.milestones[milestone.pk]
    assert (later.day, later.done_on) == (date(2027, 12, 15), None)
    assert Target.objects.filter(phase=phase).count() == 2


def test_copy_plan_keeps_english_that_was_stale_stale(plan: Plan) -> None:
    objective = makers.make_objective(plan)
    assert objective.stale_english() == ["wording"]
    copied = services.copy_plan(plan=plan, year=2027, title="x", shift=services.years_later(1), **BY)
    assert copied.objectives[objective.pk].stale_english() == ["wording"]


def test_copy_plan_answers_the_clauses_in_force(plan: Plan) -> None:
    old = plan.agreement.clauses.all()[0]
    makers.make_objective(plan, clauses=[old])
    new = Clause.objects.create(
        agreement=plan.agreement, area=old.area, order=old.order, version=2, name="x", wording="y"
    )
    Clause.objects.filter(pk=old.pk).update(superseded_by=new)
    copied = services.copy_plan(plan=plan, year=2027, title="x", shift=services.years_later(1), **BY)
    (objective,) = copied.objectives.values()
    assert list(objective.clauses.all()) == [new]


def test_copy_plan_refuses_a_year_that_has_a_plan_and_leaves_nothing(plan: Plan, draft: Plan) -> None:
    with pytest.raises(errors.YearTaken):
        services.copy_plan(plan=plan, year=2027, title="x", shift=services.years_later(1), **BY)
    with pytest.raises(errors.OutsidePlan):
        services.copy_plan(plan=plan, year=2028, title="x", shift=services.years_later(1), **BY)
    assert Plan.objects.count() == 2


def test_years_later_makes_the_29th_of_february_the_28th() -> None:
    assert services.years_later(1)(date(2024, 2, 29)) == date(2025, 2, 28)
    assert services.years_later(4)(date(2024, 2, 29)) == date(2028, 2, 29)


# --- two at once ----------------------------------------------------------------------------------
def test_what_another_put_there_meanwhile_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, plan: Plan
) -> None:
    """The services look before they write; here each looks too early, and the database has the last word."""
    objective = makers.make_objective(plan)
    indicator = makers.make_indicator(objective)
    phase = plan.phases.get(order=1)
    target = makers.make_target(indicator, phase, value=5)
    nothing = type("Nothing", (), {"exists": lambda _self: False, "exclude": lambda self, **_more: self})()
    for name, module in (("_check_year", "plan"), ("_check_phase", "phases"), ("_check_objective_code", "objectives")):
        monkeypatch.setattr(f"nhipcau.plans.services.{module}.{name}", lambda *_args, **_more: None)
    monkeypatch.setattr(Indicator.objects, "filter", lambda **_more: nothing)
    monkeypatch.setattr(Target.objects, "current", Target.objects.none)
    makes: list[tuple[type[Refusal], Callable[[], object]]] = [
        (errors.YearTaken, lambda: services.create_plan(
            agreement=plan.agreement, year=plan.year, title="x", last_day=plan.last_day, **BY)),
        (errors.PhaseDayTaken, lambda: services.create_phase(plan=plan, name="x", first_day=phase.first_day, **BY)),
        (errors.CodeTaken, lambda: services.create_objective(
            plan=plan, code=objective.code, wording="x", clauses=list(objective.clauses.all()), **BY)),
        (errors.CodeTaken, lambda: services.create_indicator(
            objective=objective, code=indicator.code, name="x", unit="x", kinds=["attendance.checkin"], **BY)),
        (errors.TargetMoved, lambda: services.revise_target(indicator=indicator, phase=phase, value=7, **BY)),
    ]  # fmt: skip
    for refusal, make in makes:
        with pytest.raises(refusal):
            make()
    monkeypatch.undo()
    assert list(Target.objects.current().values_list("pk", "value")) == [(target.pk, 5)]
