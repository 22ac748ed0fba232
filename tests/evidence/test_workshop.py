"""The workshop: an indicator made as a sentence, tried before it is kept."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from nhipcau.evidence.models import EvidenceKind
from nhipcau.evidence.sentences import definition, words_of
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Objective, Plan, Target
from tests import makers
from tests.evidence.counting_statements import own_statements

SignIn = Callable[[User], Client]


@pytest.fixture
def objective(plan: Plan) -> Objective:
    return makers.make_objective(plan)


def typed(objective: Objective, /, **more: Any) -> dict[str, Any]:
    phases = objective.plan.phases.order_by("first_day")
    values: dict[str, Any] = {
        "measure": "rows", "kinds": ["attendance.checkin"], "scope": "plan", "across": "sum", "objective": objective.pk,
        "code": "CT-01", "name": "Lượt dự", "name_en": "Attendances", "unit": "lượt", "unit_en": "visits",
        "stage": "output", "decimals": "0",
    }  # fmt: skip
    values |= {f"target_{phase.pk}": text for phase, text in zip(phases, ("30", "1.200,5", "", "0"), strict=True)}
    return values | more


def page(plan: Plan) -> str:
    return reverse("evidence:indicator_new", args=[plan.pk])


def test_new_indicator_is_kept_with_its_targets(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    plan = objective.plan
    response = sign_in(officer_hmc).post(page(plan), typed(objective, where=["mode:onsite", "sex:female"]))
    kept = Indicator.objects.get()
    assert response["Location"] == reverse("evidence:indicator", args=[kept.pk])
    assert (kept.code, kept.measure, kept.kinds, kept.where, kept.scope) == (
        "CT-01", "rows", ["attendance.checkin"], {"mode": ["onsite"], "sex": ["female"]}, "plan",
    )  # fmt: skip
    assert list(kept.targets.order_by("phase__first_day").values_list("phase__order", "value", "by__username")) == [
        (1, Decimal(30), "officer_hmc"), (2, Decimal("1200.5"), "officer_hmc"), (4, Decimal(0), "officer_hmc"),
    ]  # fmt: skip
    assert not kept.stale_english()


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"kinds": []}, ["kinds"]),
        ({"measure": "distinct", "across": "recount"}, ["dimension"]),
        ({"measure": "share", "across": "last"}, ["numerator"]),
        ({"measure": "balance", "across": "last", "numerator": ["sex:female"]}, ["numerator"]),
        ({"measure": "ratio", "across": "last"}, ["numerator_kinds"]),
        ({"measure": "ratio", "across": "last", "numerator_kinds": ["attendance.checkin"]}, ["numerator_kinds"]),
        ({"measure": "mean", "across": "sum"}, ["across"]),
        ({"measure": "derived", "across": "recount", "kinds": []}, ["across"]),
        ({"name": ""}, ["name"]),
        ({"objective": ""}, ["objective"]),
        ({"kinds": ["nonsense"]}, ["kinds"]),
        ({"measure": "nonsense"}, ["measure"]),
    ],
)
def test_what_would_count_nothing_is_refused_beside_its_part(
    objective: Objective, officer_hmc: User, sign_in: SignIn, more: dict[str, Any], fields: list[str]
) -> None:
    response = sign_in(officer_hmc).post(page(objective.plan), typed(objective, **more))
    assert (response.status_code, list(response.context["form"].errors)) == (422, fields)
    assert Indicator.objects.count() == 0


def test_code_taken_keeps_what_was_typed(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    makers.make_indicator(objective, code="CT-01")
    response = sign_in(officer_hmc).post(page(objective.plan), typed(objective))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["__all__"])
    assert (Indicator.objects.count(), Target.objects.count()) == (1, 0)


def test_negative_target_is_refused(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    first = objective.plan.phases.order_by("first_day")[0]
    response = sign_in(officer_hmc).post(page(objective.plan), typed(objective) | {f"target_{first.pk}": "-1"})
    assert list(response.context["form"].errors) == [f"target_{first.pk}"]


# --- trying -----------------------------------------------------------------------------------
def test_try_counts_without_saving_and_without_complaining_of_names(
    objective: Objective, officer_hmc: User, sign_in: SignIn
) -> None:
    plan = objective.plan
    activity = makers.make_activity(plan, starts_at=makers.NOW - timedelta(days=30))
    for sex in ("female", "female", "male"):
        makers.make_evidence(activity, dimensions={"sex": [sex]})
    makers.make_evidence(plan=plan, dimensions={"sex": ["female"]})
    response = sign_in(officer_hmc).post(
        page(plan) + "?preview=1", typed(objective, name="", unit="", where=["sex:female"], objective="")
    )
    counted = response.context["counted"]
    assert (response.status_code, counted.figure.value, counted.figure.counted) == (200, 3, 3)
    assert [(code, n) for code, _title, n in counted.by_activity] == [(activity.code, 2), ("", 1)]
    assert not response.context["form"].errors
    assert Indicator.objects.count() == 0


def test_try_of_own_activities_takes_those_of_the_objective(
    objective: Objective, officer_hmc: User, sign_in: SignIn
) -> None:
    plan = objective.plan
    other = makers.make_indicator(objective)
    makers.make_evidence(makers.make_activity(plan, indicators=[other], starts_at=makers.NOW - timedelta(days=30)))
    makers.make_evidence(makers.make_activity(plan, starts_at=makers.NOW - timedelta(days=30)))
    response = sign_in(officer_hmc).post(page(plan), typed(objective, scope="indicator") | {"preview": "1"})
    assert response.context["counted"].figure.value == 1
    person = sign_in(officer_hmc).post(
        page(plan),
        typed(objective, scope="indicator", measure="distinct", dimension="person", across="recount")
        | {"preview": "1"},
    )
    assert person.context["counted"].figure.value == 0


def test_try_answers_htmx_with_the_panel_only(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    client = sign_in(officer_hmc)
    address = page(objective.plan) + "?preview=1"
    panel = client.post(address, typed(objective), headers={"HX-Request": "true"}).content.decode().strip()
    assert (panel.startswith('<aside class="card counted" id="counted"'), 'id="parts"' in panel) == (True, False)
    parts = client.post(address + "&parts=1", typed(objective), headers={"HX-Request": "true"}).content.decode()
    assert '<div id="parts" hx-swap-oob="true">' in parts


def test_try_says_what_is_wrong_with_the_definition(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    response = sign_in(officer_hmc).post(
        page(objective.plan) + "?preview=1", typed(objective, measure="share", across="last", name="")
    )
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["numerator"])
    assert response.context["counted"] is None


# --- changing ---------------------------------------------------------------------------------
def test_edit_starts_from_what_stands_and_asks_why_targets_change(
    objective: Objective, officer_hmc: User, sign_in: SignIn
) -> None:
    one = makers.make_indicator(
        objective, code="CT-01", measure="share", numerator={"sex": ["female"]}, across="last", scope="plan"
    )
    first = objective.plan.phases.order_by("first_day")[0]
    makers.make_target(one, first, value=30)
    client, address = sign_in(officer_hmc), reverse("evidence:indicator_edit", args=[one.pk])
    form = client.get(address).context["form"]
    assert (form["numerator"].value(), form[f"target_{first.pk}"].value()) == (["sex:female"], "30")
    second = objective.plan.phases.order_by("first_day")[1]
    sent = typed(objective, measure="share", across="last", numerator=["sex:female"], where=["mode:online"])
    refused = client.post(address, sent | {f"target_{first.pk}": "40", f"target_{second.pk}": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    one.refresh_from_db()
    assert one.where == {}
    client.post(address, sent | {f"target_{first.pk}": "40", f"target_{second.pk}": "", "reason": "Thêm khách"})
    one.refresh_from_db()
    assert one.where == {"mode": ["online"]}
    assert list(Target.objects.current().order_by("phase__first_day").values_list("value", "reason")) == [
        (Decimal(40), "Thêm khách"), (Decimal(0), "Thêm khách"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer_fsc", 200), ("director_hmc", 200), ("records_hmc", 403), ("reception_hmc", 403), ("overseer_dic", 403),
     ("administrator", 403), ("outsider", 404)],
)  # fmt: skip
def test_workshop_is_for_officers_and_directors(
    objective: Objective, who: str, status: int, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    one = makers.make_indicator(objective)
    found = [client.get(page(objective.plan)), client.get(reverse("evidence:indicator_edit", args=[one.pk]))]
    assert [response.status_code for response in found] == [status, status]


def test_plan_without_objective_is_sent_to_write_one(plan: Plan, officer_hmc: User, sign_in: SignIn) -> None:
    response = sign_in(officer_hmc).get(page(plan))
    assert response["Location"] == reverse("plans:objective_new", args=[plan.pk])


def test_closed_plan_refuses_in_a_sentence(objective: Objective, officer_hmc: User, sign_in: SignIn) -> None:
    Plan.objects.update(state=Plan.State.CLOSED)
    response = sign_in(officer_hmc).post(page(objective.plan), typed(objective))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["__all__"])


@pytest.mark.parametrize("n", [1, 3])
def test_workshop_takes_the_same_statements(objective: Objective, officer_hmc: User, sign_in: SignIn, n: int) -> None:
    for _ in range(n):
        one = makers.make_indicator(objective, scope="plan")
        makers.make_evidence(makers.make_activity(objective.plan, starts_at=makers.NOW - timedelta(days=9)))
    # indicator · phases · targets · kinds · five registers · cube · by activity · objectives to choose from
    assert len(own_statements(sign_in(officer_hmc), reverse("evidence:indicator_edit", args=[one.pk]))) == 12


# --- sentences --------------------------------------------------------------------------------
SENTENCES: list[tuple[dict[str, Any], str]] = [
    (
        {"measure": "rows"},
        "Count the records of “Attendance”, in the whole plan; over the year the phases are added up.",
    ),
    (
        {"measure": "sum", "kinds": ["promotion.reach", "promotion.product"]},
        "Add up the quantities of “Reach” and “Communication product”, in the whole plan; over the year the phases are added up.",
    ),
    (
        {"measure": "distinct", "dimension": "person", "across": "recount", "where": {"audience": ["youth", "agency"]}},
        "Count the people in “Attendance”, each once, only those with Audience: youth or agency, in the whole plan; "
        "over the year it is counted again from the first day.",
    ),
    (
        {"measure": "distinct", "dimension": "topic", "across": "recount", "scope": "indicator"},
        "Count the different values of “Topic” in “Attendance”, in the activities that work for this indicator; "
        "over the year it is counted again from the first day.",
    ),
    (
        {"measure": "mean", "kinds": ["survey.score"], "across": "last"},
        "Take the mean quantity of “Survey score”, in the whole plan; over the year the latest phase counts.",
    ),
    (
        {"measure": "median", "kinds": ["survey.score"], "across": "last"},
        "Take the median quantity of “Survey score”, in the whole plan; over the year the latest phase counts.",
    ),
    (
        {"measure": "share", "numerator": {"sex": ["female"]}, "across": "floor"},
        "Take the share, in percent, of Sex: female among “Attendance”, in the whole plan; every phase has to hold, so "
        "the weakest counts.",
    ),
    (
        {"measure": "balance", "kinds": ["survey.intent"], "numerator": {"answer": ["yes", "no"]}, "across": "last"},
        "Take “yes” less “no”, in percent of “Intended action”, in the whole plan; over the year the latest phase counts.",
    ),
    (
        {"measure": "ratio", "kinds": ["finance.estimate"], "numerator_kinds": ["finance.spent"], "across": "last"},
        "Set “Spending” against “Activity estimate”, in percent, in the whole plan; over the year the latest phase counts.",
    ),
    (
        {"measure": "derived", "kinds": [], "across": "last"},
        "The share, in percent, of all targets of the phase that are met; over the year the latest phase counts.",
    ),
]


@pytest.mark.parametrize(("more", "sentence"), SENTENCES)
def test_definition_reads_as_a_sentence(objective: Objective, more: dict[str, Any], sentence: str) -> None:
    one = makers.make_indicator(objective, **({"scope": "plan"} | more))
    kinds = {kind.pk: kind for kind in EvidenceKind.objects.all()}
    with translation.override("en"):
        assert definition(one, kinds, words_of([one])) == sentence
