"""The pages of plans and directions, asked by the whole cast and with everything people may type."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from nhipcau.agreements.models import Agreement
from nhipcau.core import entries, journal
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.plans import services
from nhipcau.plans.models import Direction, Milestone, Objective, Plan, Target
from tests import makers

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db

READERS = (
    "officer_hmc", "officer_fsc", "director_hmc", "director_fsc", "records_hmc", "reception_hmc", "overseer_dofa",
    "overseer_dic", "administrator",
)  # fmt: skip
PLANNERS = {"officer_hmc", "officer_fsc", "director_hmc", "director_fsc"}


class Stage:
    """A plan in force with one of everything, and the address of each page."""

    def __init__(self) -> None:
        self.plan = makers.the_plan()
        self.phase = self.plan.phases.all()[0]
        self.objective = makers.make_objective(self.plan)
        self.indicator = makers.make_indicator(self.objective)
        self.milestone = makers.make_milestone(self.plan)
        self.direction = Direction.objects.all()[0]
        self.addresses = {
            "plan": "/ban/ke-hoach/",
            "plan_detail": f"/ban/ke-hoach/{self.plan.pk}/",
            "plan_new": "/ban/ke-hoach/moi/",
            "plan_edit": f"/ban/ke-hoach/{self.plan.pk}/sua/",
            "plan_adopt": f"/ban/ke-hoach/{self.plan.pk}/thong-nhat/",
            "plan_close": f"/ban/ke-hoach/{self.plan.pk}/ket-thuc/",
            "phase_new": f"/ban/ke-hoach/{self.plan.pk}/giai-doan-moi/",
            "phase_edit": f"/ban/giai-doan/{self.phase.pk}/sua/",
            "objective_new": f"/ban/ke-hoach/{self.plan.pk}/muc-tieu-moi/",
            "objective_edit": f"/ban/muc-tieu/{self.objective.pk}/sua/",
            "target_edit": f"/ban/chi-tieu/{self.indicator.pk}/giai-doan/{self.phase.pk}/",
            "milestone_new": f"/ban/ke-hoach/{self.plan.pk}/moc-moi/",
            "milestone_edit": f"/ban/moc/{self.milestone.pk}/sua/",
            "milestone_reach": f"/ban/moc/{self.milestone.pk}/hoan-thanh/",
            "directions": "/ban/y-kien/",
            "direction_new": "/ban/y-kien/moi/",
            "direction": f"/ban/y-kien/{self.direction.pk}/",
        }


@pytest.fixture
def stage(plan: Plan) -> Stage:
    return Stage()


READ = ("plan", "plan_detail", "directions", "direction")
PLAN = (
    "plan_new", "plan_edit", "phase_new", "phase_edit", "objective_new", "objective_edit", "target_edit",
    "milestone_new", "milestone_edit", "milestone_reach",
)  # fmt: skip
DIRECT = ("plan_adopt", "plan_close")


# --- who may ------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", [*READERS, "outsider"])
def test_every_page_answers_each_of_the_cast_as_the_roles_say(
    request: pytest.FixtureRequest, sign_in: SignIn, stage: Stage, who: str
) -> None:
    client = sign_in(request.getfixturevalue(who))
    found = {name: client.get(address).status_code for name, address in stage.addresses.items()}
    if who == "outsider":
        assert found == dict.fromkeys(stage.addresses, 404)
        return
    expected = dict.fromkeys(READ, 200)
    expected |= dict.fromkeys(PLAN, 200 if who in PLANNERS else 403)
    expected |= dict.fromkeys(DIRECT, 200 if who.startswith("director") else 403)
    if who.endswith("_fsc"):  # HMC leads the milestone
        expected |= {"milestone_edit": 403, "milestone_reach": 403}
    expected["direction_new"] = 200 if who.startswith("overseer") else 403
    assert found == expected


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("phase_edit", "phase"), ("objective_edit", "objective"), ("milestone_edit", "milestone"),
        ("target_edit", "indicator"),
    ],
)  # fmt: skip
def test_what_was_done_stands_beside_each_part(
    officer_hmc: User, sign_in: SignIn, stage: Stage, name: str, about: str
) -> None:
    page = sign_in(officer_hmc).get(stage.addresses[name]).content.decode()
    assert journal.address_of(getattr(stage, about)) in page


@pytest.mark.parametrize("who", ["records_hmc", "overseer_dofa", "administrator", "outsider"])
def test_nothing_is_written_by_those_who_only_read(
    request: pytest.FixtureRequest, sign_in: SignIn, stage: Stage, who: str
) -> None:
    client = sign_in(request.getfixturevalue(who))
    refused = 404 if who == "outsider" else 403
    for name in (*PLAN, *DIRECT):
        assert client.post(stage.addresses[name], {}).status_code == refused, name


def test_pages_ask_strangers_to_sign_in(client: Client, stage: Stage) -> None:
    for address in stage.addresses.values():
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/tai-khoan/login/?next={address}")


def test_pages_refuse_other_methods(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    for name in ("plan", "plan_detail", "directions"):
        assert client.post(stage.addresses[name]).status_code == 405
    for name in (*PLAN, *DIRECT, "direction_new", "direction"):
        assert client.delete(stage.addresses[name]).status_code == 405


def test_unknown_things_are_not_found(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    for address in (
        "/ban/ke-hoach/999999/", "/ban/giai-doan/999999/sua/", "/ban/muc-tieu/999999/sua/", "/ban/y-kien/999999/",
        "/ban/moc/999999/sua/", f"/ban/chi-tieu/{stage.indicator.pk}/giai-doan/999999/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404


# --- pages speak both languages -----------------------------------------------------------------
def test_every_page_is_drawn_in_both_languages(
    sign_in: SignIn, stage: Stage, director_hmc: User, overseer_dofa: User
) -> None:
    director, overseer = sign_in(director_hmc), sign_in(overseer_dofa)
    for name, address in stage.addresses.items():
        client = overseer if name == "direction_new" else director
        assert '<html lang="vi"' in client.get(address).content.decode(), name
        assert '<html lang="en"' in client.get(f"/en{address}").content.decode(), name


def test_plan_shows_what_each_objective_answers_and_its_targets(
    sign_in: SignIn, stage: Stage, officer_hmc: User
) -> None:
    makers.make_target(stage.indicator, stage.phase, value=Decimal("1234.5"))
    response = sign_in(officer_hmc).get(f"/en{stage.addresses['plan_detail']}")
    text = response.content.decode()
    assert f'#clause-{stage.objective.clauses.get().pk}">Promotion of the City</a>' in text
    assert "Target of MT1.1, Phase I: 1,234.5" in text
    assert "Target of MT1.1, Phase II: –" in text
    (block,) = response.context["objectives"]
    assert block.rows[0].year == Decimal("1234.50")
    assert [state for _milestone, state, _may in response.context["milestones"]] == ["ahead"]


def test_plan_offers_nothing_to_write_to_readers(sign_in: SignIn, stage: Stage, overseer_dofa: User) -> None:
    text = sign_in(overseer_dofa).get(stage.addresses["plan_detail"]).content.decode()
    assert "/sua/" not in text
    assert "moi/" not in text.replace("/ban/y-kien/moi/", "")


def test_closed_plan_is_shown_without_actions_and_refuses_with_a_sentence(
    sign_in: SignIn, stage: Stage, officer_hmc: User
) -> None:
    Plan.objects.update(state=Plan.State.CLOSED)
    client = sign_in(officer_hmc)
    assert "/sua/" not in client.get(stage.addresses["plan_detail"]).content.decode()
    response = client.post(f"/en{stage.addresses['milestone_new']}", {"day": "2026-12-01", "title": "Họp tổng kết"})
    assert response.status_code == 422
    assert "This plan is closed." in response.content.decode()
    assert 'value="Họp tổng kết"' in response.content.decode()


def test_plan_is_empty_before_there_is_one(sign_in: SignIn, officer_hmc: User, overseer_dofa: User) -> None:
    assert 'href="/ban/ke-hoach/moi/"' in sign_in(officer_hmc).get("/ban/ke-hoach/").content.decode()
    page = sign_in(overseer_dofa).get("/ban/ke-hoach/")
    assert page.status_code == 200
    assert 'href="/ban/ke-hoach/moi/"' not in page.content.decode()


# --- lists under one literal count --------------------------------------------------------------
@pytest.fixture
def bare_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sidebar without entries: what each of them counts belongs to the tests of its own room."""
    entries.menu()
    monkeypatch.setattr(entries, "_menu", [])


# Session, account, plan, phases, standing (2), targets, objectives, their clauses, directions, issuers and indicators,
# milestones, consents, parties, plans by year; the frame: agreements readable, roles of the account.
PLAN_QUERIES = 18


@pytest.mark.parametrize("rows", [1, 3])
def test_plan_takes_the_same_queries_for_one_row_and_three(
    sign_in: SignIn, plan: Plan, officer_hmc: User, django_assert_num_queries: Any, bare_menu: None, rows: int
) -> None:
    plan.phases.exclude(pk__in=plan.phases.values("pk")[:rows]).delete()
    for _number in range(rows):
        objective = makers.make_objective(plan)
        objective.directions.add(makers.make_direction(plan.agreement))
        for _each in range(rows):
            indicator = makers.make_indicator(objective)
            for phase in plan.phases.all():
                makers.make_target(indicator, phase)
        makers.make_milestone(plan)
    client = sign_in(officer_hmc)
    client.get("/ban/ke-hoach/")
    with django_assert_num_queries(PLAN_QUERIES):
        client.get("/ban/ke-hoach/")


# Session, account, agreements readable, standing (2), counts by kind, number of rows, rows, addressees; the frame:
# roles of the account.
DIRECTION_QUERIES = 10


@pytest.mark.parametrize("rows", [1, 3])
def test_directions_take_the_same_queries_for_one_row_and_three(
    sign_in: SignIn, agreement: Agreement, officer_hmc: User, django_assert_num_queries: Any, bare_menu: None, rows: int
) -> None:
    for _number in range(rows - 1):
        makers.make_direction(agreement)
    client = sign_in(officer_hmc)
    client.get("/ban/y-kien/")
    with django_assert_num_queries(DIRECTION_QUERIES):
        client.get("/ban/y-kien/")


# --- writing a plan -----------------------------------------------------------------------------
def test_plan_new_drafts_with_quarters(sign_in: SignIn, agreement: Agreement, officer_hmc: User) -> None:
    typed = {"year": "2027", "title": "Kế hoạch 2027", "title_en": "", "start": "quarters"}
    response = sign_in(officer_hmc).post("/ban/ke-hoach/moi/", typed)
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/ban/ke-hoach/{plan.pk}/")
    assert [(p.name, p.first_day) for p in plan.phases.all()] == [
        ("Giai đoạn 1 (Quý I)", date(2027, 1, 1)),
        ("Giai đoạn 2 (Quý II)", date(2027, 4, 1)),
        ("Giai đoạn 3 (Quý III)", date(2027, 7, 1)),
        ("Giai đoạn 4 (Quý IV)", date(2027, 10, 1)),
    ]


def test_plan_new_copies_last_year(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    typed = {"year": "2027", "title": "Kế hoạch 2027", "start": f"copy-{stage.plan.pk}"}
    sign_in(officer_hmc).post(stage.addresses["plan_new"], typed)
    made = Plan.objects.get(year=2027)
    assert (made.copied_from, made.objectives.count(), made.phases.count()) == (stage.plan, 1, 4)


@pytest.mark.parametrize(
    "wrong",
    [{"year": "2026"}, {"year": "1"}, {"year": "hai"}, {"title": ""}, {"title": "x" * 3000}, {"start": "copy-999999"}],
)
def test_plan_new_keeps_what_was_typed_when_it_refuses(
    sign_in: SignIn, stage: Stage, officer_hmc: User, wrong: dict[str, str]
) -> None:
    typed = {"year": "2027", "title": "Kế hoạch 2027", "title_en": "Plan of mine", "start": "blank"} | wrong
    response = sign_in(officer_hmc).post(stage.addresses["plan_new"], typed)
    assert response.status_code == 422
    assert 'value="Plan of mine"' in response.content.decode()
    assert Plan.objects.count() == 1


def test_plan_edit_checks_the_english_again(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    stage.plan.mark_english()
    stage.plan.save()
    typed = {"title": "Kế hoạch mới", "title_en": stage.plan.title_en, "last_day": "2026-12-31"}
    assert client.post(stage.addresses["plan_edit"], typed).status_code == 302
    assert Plan.objects.get().stale_english() == ["title"]
    assert "english_checked" in client.get(stage.addresses["plan_edit"]).content.decode()
    client.post(stage.addresses["plan_edit"], typed | {"english_checked": "on"})
    assert Plan.objects.get().stale_english() == []


def test_plan_adopt_and_close_are_the_directors_steps(
    sign_in: SignIn, agreement: Agreement, director_hmc: User, director_fsc: User, clock: Any
) -> None:
    plan = makers.make_plan(agreement, state=Plan.State.DRAFT)
    makers.make_objective(plan)
    adopt, close = f"/ban/ke-hoach/{plan.pk}/thong-nhat/", f"/ban/ke-hoach/{plan.pk}/ket-thuc/"
    first, second = sign_in(director_hmc), sign_in(director_fsc)
    assert first.post(adopt).status_code == 302
    assert first.post(adopt).status_code == 422
    assert second.post(adopt).status_code == 302
    assert Plan.objects.get().state == "adopted"
    assert first.post(close).status_code == 422
    clock.set(datetime(2027, 1, 4, 9, 0, tzinfo=LOCAL))
    assert first.post(close).status_code == 302
    assert Plan.objects.get().state == "closed"


def test_forms_say_when_a_change_asks_the_directors_again(
    sign_in: SignIn, agreement: Agreement, officer_hmc: User, director_hmc: User
) -> None:
    plan = makers.make_plan(agreement, state=Plan.State.DRAFT)
    makers.make_objective(plan)
    client, address = sign_in(officer_hmc), f"/en/ban/ke-hoach/{plan.pk}/moc-moi/"
    sentence = "Somebody has agreed this draft already."
    assert sentence not in client.get(address).content.decode()
    services.adopt_plan(plan=plan, by=director_hmc, at=makers.NOW)
    assert sentence in client.get(address).content.decode()


# --- what is in it ------------------------------------------------------------------------------
def test_phase_forms_write_and_refuse(sign_in: SignIn, stage: Stage, officer_fsc: User) -> None:
    client = sign_in(officer_fsc)
    typed = {"name": "Giai đoạn bổ sung", "name_en": "", "first_day": "2026-11-01", "report_due": ""}
    assert client.post(stage.addresses["phase_new"], typed).status_code == 302
    for wrong in (
        {"first_day": "2026-11-01"},
        {"first_day": "2030-01-01"},
        {"first_day": "31/02/2026"},
        {"first_day": "2026-12-01", "report_due": "2026-11-30"},
        {"name": "x" * 3000},
    ):
        response = client.post(stage.addresses["phase_new"], typed | {"name": "Tên đã nhập"} | wrong)
        assert response.status_code == 422
        assert "name" in wrong or 'value="Tên đã nhập"' in response.content.decode()
    assert stage.plan.phases.count() == 5
    edited = {"name": "Khởi động", "first_day": "2026-01-15"}
    assert client.post(stage.addresses["phase_edit"], edited).status_code == 302
    assert client.post(stage.addresses["phase_edit"], edited | {"first_day": "2026-05-01"}).status_code == 422
    stage.phase.refresh_from_db()
    assert (stage.phase.name, stage.phase.first_day) == ("Khởi động", date(2026, 1, 15))


def test_objective_form_stores_composed_text_and_shows_script_as_text(
    sign_in: SignIn, stage: Stage, officer_hmc: User
) -> None:
    client, clause = sign_in(officer_hmc), stage.plan.agreement.clauses.all()[0]
    wording = "Đưa hình ảnh <script>alert(1)</script> Thành phố ra thế giới"
    typed = {"code": "MT-9", "wording": unicodedata.normalize("NFD", wording), "clauses": [clause.pk]}
    response = client.post(stage.addresses["objective_new"], typed)
    assert (response.status_code, response["Location"]) == (302, f"{stage.addresses['plan_detail']}#objectives")
    assert Objective.objects.get(code="MT-9").wording == wording
    assert "<script>alert(1)" not in client.get(stage.addresses["plan_detail"]).content.decode()


def test_objective_forms_refuse_to_answer_nothing(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    for name in ("objective_new", "objective_edit"):
        response = client.post(f"/en{stage.addresses[name]}", {"code": "MT-9", "wording": "Mục tiêu đã nhập"})
        assert response.status_code == 422
        text = response.content.decode()
        assert "An objective answers at least one clause" in text
        assert "Mục tiêu đã nhập</textarea>" in text
    foreign = makers.make_agreement().clauses.all()[0]
    typed = {"code": "MT-9", "wording": "x", "clauses": [foreign.pk]}
    assert client.post(stage.addresses["objective_new"], typed).status_code == 422
    assert Objective.objects.count() == 1


def test_target_form_reads_figures_of_both_languages_and_asks_why(
    sign_in: SignIn, stage: Stage, officer_hmc: User
) -> None:
    client, address = sign_in(officer_hmc), stage.addresses["target_edit"]
    assert client.post(address, {"value": "1.234,5"}).status_code == 302
    assert client.post(address, {"value": "1300"}).status_code == 422
    for wrong in ("-1", "mười", "NaN", "1,2345", "9" * 30):
        response = client.post(address, {"value": wrong, "reason": "Lý do đã nhập"})
        assert response.status_code == 422
        assert "Lý do đã nhập" in response.content.decode()
    assert client.post(address, {"value": "1,300", "reason": "x" * 3000}).status_code == 422
    assert client.post(f"/en{address}", {"value": "1,300.25", "reason": "Tăng"}).status_code == 302
    assert list(Target.objects.order_by("pk").values_list("value", "reason", "by__username")) == [
        (Decimal("1234.5"), "", "officer_hmc"),
        (Decimal("1300.25"), "Tăng", "officer_hmc"),
    ]
    page = client.get(address)
    assert [target.value for target in page.context["history"]] == [Decimal("1300.25"), Decimal("1234.5")]
    assert 'value="1.300,25"' in page.content.decode()


def test_target_form_takes_emptiness_for_not_measured(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    assert sign_in(officer_hmc).post(stage.addresses["target_edit"], {"value": ""}).status_code == 302
    assert Target.objects.get().value is None


def test_milestone_forms_write_reach_and_refuse(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    typed = {"day": "2026-12-20", "title": "Tổng kết năm", "lead": makers.make_organisation("fsc").pk}
    assert client.post(stage.addresses["milestone_new"], typed).status_code == 302
    assert Milestone.objects.filter(title="Tổng kết năm").count() == 1
    for wrong in ({"day": ""}, {"day": "2031-01-01"}, {"lead": makers.make_organisation("dofa").pk}):
        response = client.post(stage.addresses["milestone_new"], typed | wrong)
        assert response.status_code == 422
        assert 'value="Tổng kết năm"' in response.content.decode()
    assert client.post(stage.addresses["milestone_edit"], typed | {"lead": ""}).status_code == 302
    assert client.post(stage.addresses["milestone_reach"], {"day": "2026-11-24"}).status_code == 422
    assert client.post(stage.addresses["milestone_reach"], {"day": "2026-11-20"}).status_code == 302
    assert client.post(stage.addresses["milestone_reach"], {"day": "2026-11-20"}).status_code == 422
    stage.milestone.refresh_from_db()
    assert (stage.milestone.title, stage.milestone.done_on) == ("Tổng kết năm", date(2026, 11, 20))


def test_milestone_is_changed_by_the_party_that_leads_it(
    sign_in: SignIn, stage: Stage, officer_hmc: User, officer_fsc: User
) -> None:
    edit, reach = stage.addresses["milestone_edit"], stage.addresses["milestone_reach"]
    shown = [
        [page in sign_in(user).get(stage.addresses["plan_detail"]).content.decode() for page in (edit, reach)]
        for user in (officer_hmc, officer_fsc)
    ]
    assert shown == [[True, True], [False, False]]
    assert sign_in(officer_fsc).post(reach, {"day": "2026-11-20"}).status_code == 403
    Milestone.objects.update(lead=None)
    assert sign_in(officer_fsc).post(reach, {"day": "2026-11-20"}).status_code == 302


@pytest.mark.parametrize("wanted", ["²", "x", "-1", "9" * 5000])
def test_addresses_with_a_strange_plan_are_answered(
    sign_in: SignIn, stage: Stage, officer_hmc: User, wanted: str
) -> None:
    assert sign_in(officer_hmc).get("/ban/ke-hoach/", {"plan": wanted}).status_code in {200, 404}


def test_plan_shows_links_of_upper_rooms_as_far_as_one_may(
    monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, stage: Stage, officer_hmc: User, overseer_dofa: User
) -> None:
    declared: list[entries.RecordLink] = [
        entries.IndicatorLink(label="Open", url_name="plans:milestone_edit", order=1),
        entries.PlanLink(label="New indicator here", url_name="plans:plan_edit", order=1, verb="plan"),
    ]
    entries.menu()
    monkeypatch.setattr(entries, "_links", declared)
    page = sign_in(officer_hmc).get(stage.addresses["plan_detail"]).content.decode()
    assert f'<a href="/ban/moc/{stage.indicator.pk}/sua/">' in page
    assert "New indicator here" in page
    page = sign_in(overseer_dofa).get(stage.addresses["plan_detail"]).content.decode()
    assert "New indicator here" not in page


# --- directions ---------------------------------------------------------------------------------
def typed_direction(**more: Any) -> dict[str, Any]:
    """What an officer of the Department of Foreign Affairs types."""
    return {
        "kind": "instruction",
        "issuer": makers.make_organisation("dofa").pk,
        "addressees": [makers.make_organisation("fsc").pk],
        "said_on": "2026-11-20",
        "source": "Công văn số 45/SNgV-VP ngày 20/11/2026",
        "wording": "Báo cáo kết quả giai đoạn 4.",
        **more,
    }


def test_direction_new_warns_and_records(sign_in: SignIn, agreement: Agreement, overseer_dofa: User) -> None:
    client = sign_in(overseer_dofa)
    assert "Do not enter classified material here." in client.get("/en/ban/y-kien/moi/").content.decode()
    response = client.post("/ban/y-kien/moi/", typed_direction())
    direction = Direction.objects.latest("pk")
    assert (response.status_code, response["Location"]) == (302, f"/ban/y-kien/{direction.pk}/")
    assert (direction.kind, direction.issuer.short, direction.due) == ("instruction", "SNgV", None)


def test_direction_new_makes_a_request_of_what_another_unit_is_told(
    sign_in: SignIn, agreement: Agreement, overseer_dofa: User
) -> None:
    before = Direction.objects.count()
    both = [makers.make_organisation("hmc").pk, makers.make_organisation("fsc").pk]
    page = sign_in(overseer_dofa).post("/en/ban/y-kien/moi/", typed_direction(addressees=both), follow=True)
    assert "a request to the others" in page.content.decode()
    made = Direction.objects.order_by("pk")[before:]
    assert [(row.kind, [unit.short for unit in row.addressees.all()]) for row in made] == [
        ("instruction", ["FSC"]),
        ("request", ["HMC"]),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"addressees": []},
        {"said_on": "2026-11-24"},
        {"due": "2026-11-19"},
        {"due": "31/02/2027"},
        {"kind": "order"},
        {"source": ""},
        {"source": "x" * 3000},
        {"issuer": "999999"},
    ],
)
def test_direction_new_keeps_what_was_typed_when_it_refuses(
    sign_in: SignIn, agreement: Agreement, overseer_dofa: User, wrong: dict[str, Any]
) -> None:
    response = sign_in(overseer_dofa).post("/ban/y-kien/moi/", typed_direction(**wrong))
    assert response.status_code == 422
    assert "Báo cáo kết quả giai đoạn 4.</textarea>" in response.content.decode()
    assert Direction.objects.count() == 1


def test_direction_new_lets_a_department_speak_for_itself_only(
    sign_in: SignIn, agreement: Agreement, overseer_dofa: User
) -> None:
    typed = typed_direction(issuer=makers.make_organisation("dic").pk)
    assert sign_in(overseer_dofa).post("/ban/y-kien/moi/", typed).status_code == 422


def test_direction_is_answered_by_an_officer_of_the_addressee(
    sign_in: SignIn, stage: Stage, officer_hmc: User, officer_fsc: User, overseer_dofa: User, reception_hmc: User
) -> None:
    address = stage.addresses["direction"]
    typed = {"answer": "Đã báo cáo.", "day": "2026-11-23"}
    assert "<textarea" not in sign_in(officer_hmc).get(address).content.decode()
    for user in (officer_hmc, overseer_dofa, reception_hmc):
        assert sign_in(user).post(address, typed).status_code == 403
    client = sign_in(officer_fsc)
    for wrong in ({"answer": ""}, {"answer": "x" * 5000}, {"day": "2026-11-24"}, {"day": "1/1/2020"}):
        assert client.post(address, typed | wrong).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed).status_code == 422
    stage.direction.refresh_from_db()
    assert (stage.direction.answer, stage.direction.answered_by) == ("Đã báo cáo.", officer_fsc)


def test_direction_shows_the_objectives_that_answer_it(sign_in: SignIn, stage: Stage, officer_hmc: User) -> None:
    stage.objective.directions.add(stage.direction)
    response = sign_in(officer_hmc).get(stage.addresses["direction"])
    assert response.context["objectives"] == [stage.objective]


def test_directions_are_found_without_marks_and_by_kind(
    sign_in: SignIn, agreement: Agreement, officer_hmc: User, overseer_dofa: User
) -> None:
    made = services.record_direction(
        agreement=agreement, kind="support", issuer=makers.make_organisation("dofa"),
        addressees=[makers.make_organisation("fsc")], said_on=date(2026, 11, 20), wording="Hỗ trợ hội trường.",
        by=overseer_dofa, at=makers.NOW,
    )  # fmt: skip
    client = sign_in(officer_hmc)

    def found(query: str) -> list[Direction]:
        return list(client.get(f"/ban/y-kien/?{query}").context["page_obj"])

    assert found("q=ho+tro+hoi+truong") == [made]
    assert found("kind=support") == [made]
    assert len(found("kind=nonsense")) == 2
    assert found("q=khong+co+gi") == []
    assert found("q=%22%27%00*") == []
    assert client.get("/ban/y-kien/?page=99").status_code == 200


def test_directions_tell_what_is_overdue(sign_in: SignIn, stage: Stage, officer_hmc: User, clock: Any) -> None:
    client = sign_in(officer_hmc)
    assert "answer overdue" not in client.get("/en/ban/y-kien/").content.decode()
    clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=LOCAL))
    assert "answer overdue" in client.get("/en/ban/y-kien/").content.decode()
