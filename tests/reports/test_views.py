"""The pages of this room, asked by the whole cast."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.evidence.services import void_evidence
from nhipcau.parties.models import Organisation, User
from nhipcau.reports import services
from nhipcau.reports.models import FreezeConsent, Issue, Report, Snapshot
from tests import makers
from tests.reports import stage
from tests.reports.stage import AT, Stage, freeze, set_stage

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NOW = makers.NOW


@pytest.fixture
def on(agreement: Agreement) -> Stage:
    return set_stage()


@pytest.fixture
def member(request: pytest.FixtureRequest, sign_in: SignIn) -> Callable[[str], Client]:
    """A client of somebody of the cast by name; without a name, nobody."""

    def client(name: str) -> Client:
        if not name:
            return Client()
        return sign_in(request.getfixturevalue(name))

    return client


def paths(on: Stage) -> dict[str, str]:
    pk, ind = on.report.pk, on.visits.pk
    hmc, fsc = makers.make_organisation("hmc").pk, makers.make_organisation("fsc").pk
    return {
        "list": "/ban/bao-cao/",
        "new": "/ban/bao-cao/moi/",
        "report": f"/ban/bao-cao/{pk}/",
        "text": f"/ban/bao-cao/{pk}/noi-dung/",
        "explain": f"/ban/bao-cao/{pk}/giai-trinh/{ind}/",
        "figure": f"/ban/bao-cao/{pk}/so-lieu/{ind}/",
        "freeze": f"/ban/bao-cao/{pk}/chot/",
        "docx": f"/ban/bao-cao/{pk}/bao-cao.docx",
        "xlsx": f"/ban/bao-cao/{pk}/so-lieu.xlsx",
        "package": f"/ban/bao-cao/{pk}/ho-so-trinh.zip",
        "issue": f"/ban/bao-cao/{pk}/ban-hanh/{hmc}/",
        "issue other": f"/ban/bao-cao/{pk}/ban-hanh/{fsc}/",
        "snapshot": "/ban/cong-bo/",
    }


READ = {"list": 200, "report": 200, "figure": 200, "docx": 200, "xlsx": 200, "snapshot": 200}
CAST = {
    "": {},
    "outsider": {},
    "administrator": READ,
    "overseer_dofa": READ,
    "reception_hmc": READ,
    "officer_hmc": READ | {"new": 200, "text": 200, "explain": 200, "package": 302},
    "officer_fsc": READ | {"new": 200, "text": 200, "explain": 200, "package": 302},
    "director_hmc": READ | {"new": 200, "text": 200, "explain": 200, "package": 302, "freeze": 200},
    "records_hmc": READ | {"issue": 200, "package": 302},
}


@pytest.mark.parametrize("who", CAST)
def test_who_may_open_what(who: str, on: Stage, member: Callable[[str], Client]) -> None:
    client = member(who)
    otherwise = {"": 302, "outsider": 404}.get(who, 403)
    expected = {name: 302 if not who else CAST[who].get(name, otherwise) for name in paths(on)}
    assert {name: client.get(path).status_code for name, path in paths(on).items()} == expected


@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_speak_both_languages(language: str, on: Stage, sign_in: SignIn, director_hmc: User) -> None:
    client = sign_in(director_hmc)
    for name, path in paths(on).items():
        if name in {"issue", "issue other", "package"}:
            continue
        answer = client.get(language + path)
        assert answer.status_code == 200, path
        if answer["Content-Type"].startswith("text/html"):
            assert f'<html lang="{"en" if language else "vi"}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["list", "report", "figure", "docx", "xlsx", "package", "snapshot"])
def test_reading_pages_refuse_posts(name: str, on: Stage, sign_in: SignIn, director_hmc: User) -> None:
    assert sign_in(director_hmc).post(paths(on)[name]).status_code == 405


@pytest.mark.parametrize("step", ["chuan-bi", "1/da-xem", "1/dong-y", "1/rut"])
def test_snapshot_steps_refuse_gets(step: str, on: Stage, sign_in: SignIn, director_hmc: User) -> None:
    assert sign_in(director_hmc).get(f"/ban/cong-bo/{step}/").status_code == 405


def grow(on: Stage) -> None:
    """Three times as much of everything the pages show."""
    for number in (3, 4):
        code = f"CT-{on.visits.objective.indicators.count() + 1}"
        one = makers.make_indicator(on.visits.objective, code=code, name=f"Chỉ tiêu {number}")
        makers.make_target(one, on.phase, value=5)
        on.talk.indicators.add(one)
        makers.make_evidence(on.talk)
        makers.make_evidence(on.talk, needs_verification=True)
        makers.make_activity(
            on.plan, code=f"TĐ-1{number}", starts_at=stage.moment(8, number), state=Activity.State.HELD
        )
        makers.make_direction(due=date(2026, 8, number))
        makers.make_milestone(on.plan, day=date(2026, 8, number))


# What the frame of every desk page asks, as many times as other rooms and the sidebar need.
FRAME = (
    'FROM "outbox_message"',
    'COUNT(*) AS "__count" FROM "plans_direction"',
    'COUNT(*) AS "__count" FROM "evidence_awaiting" INNER JOIN "plans_plan"',
    'COUNT(*) AS "__count" FROM "privacy_request"',
    '"parties_membership"."id", ',
    'SELECT DISTINCT "agreements_agreement"."id"',
)


def own_queries(client: Client, path: str) -> int:
    """How many statements a page takes besides the frame of the desk."""
    with CaptureQueriesContext(connection) as taken:
        assert client.get(path).status_code == 200
    return sum(1 for query in taken.captured_queries if not any(part in query["sql"] for part in FRAME))


def test_report_takes_the_same_queries_however_much_it_tells(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client, path = sign_in(officer_hmc), paths(on)["report"]
    few = own_queries(client, path)
    grow(on)
    # Session, account; report with plan and agreement, phases; parties and departments, roles; indicators with their
    # explanations, cube, activities of indicators, targets; parties with consents; evidence waiting, the rest open.
    assert (few, own_queries(client, path)) == (13, 13)


def test_frozen_report_takes_the_same_queries(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client, path = sign_in(officer_hmc), paths(on)["report"]
    grow(on)
    freeze(on.report)
    few = own_queries(client, path)
    for _number in range(3):
        makers.make_evidence(on.talk)
    # As above without what is open, and with the frozen lines, the explanations of the drift and the issues.
    assert (few, own_queries(client, path)) == (13, 13)


def test_list_takes_the_same_queries_for_one_and_three(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    one = own_queries(client, "/ban/bao-cao/")
    for month in (1, 2):
        services.draft_report(
            plan=on.plan, phase=None, kind="month", first_day=date(2026, month, 1), last_day=date(2026, month, 28),
            by=on.officer, at=AT,
        )  # fmt: skip
    # Session, account; parties and departments, roles; count, page.
    assert (one, own_queries(client, "/ban/bao-cao/")) == (6, 6)


def test_figure_takes_the_same_queries_for_one_and_more_records(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client, path = sign_in(officer_hmc), paths(on)["figure"]
    few = own_queries(client, path)
    grow(on)
    # Session, account; report, phases; parties and departments, roles; the indicator; lines (4); count, page.
    assert (few, own_queries(client, path)) == (13, 13)


def test_list_finds_without_marks(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    for query, found in (("giai doan III", 1), (on.report.check_code[:6], 1), ("2025", 0), ("phase III", 1)):
        answer = client.get("/ban/bao-cao/", {"q": query})
        assert len(answer.context["rows"]) == found, query
    assert len(client.get("/ban/bao-cao/", {"kind": "month"}).context["rows"]) == 0


# --- drafting and writing ---------------------------------------------------------------------------
def test_draft_takes_the_days_of_the_phase(on: Stage, sign_in: SignIn, officer_fsc: User) -> None:
    client = sign_in(officer_fsc)
    phase = on.plan.phases.get(order=2)
    answer = client.post("/en/ban/bao-cao/moi/", {"kind": "phase", "phase": phase.pk})
    made = Report.objects.get(phase=phase)
    assert (answer.status_code, answer["Location"]) == (302, f"/en/ban/bao-cao/{made.pk}/")
    assert (made.first_day, made.last_day) == (date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "phase"}, "Please choose the phase this report is about."),
        ({"kind": "month"}, "Please choose a day."),
        ({"kind": "hour"}, "This choice is not offered here. Please choose from the list."),
        (
            {"kind": "month", "first_day": "2026-05-31", "last_day": "2026-05-01"},
            "The last day of the data comes before the first day.",
        ),
        (
            {"kind": "month", "first_day": "31/02/2026", "last_day": "2026-05-01"},
            "This is not a day in the calendar. Please write it like 20/01/2022.",
        ),
    ],
)
def test_draft_keeps_what_was_typed(
    typed: dict[str, str], sentence: str, on: Stage, sign_in: SignIn, officer_hmc: User
) -> None:
    answer = sign_in(officer_hmc).post("/en/ban/bao-cao/moi/", typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_officer_explains_and_writes(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    page = client.get("/en" + paths(on)["report"]).content.decode()
    assert "1 thing left before the figures are frozen" in page
    assert client.post(paths(on)["explain"], {"text": ""}).status_code == 422
    assert client.post(paths(on)["explain"], {"text": "Một buổi dời lịch."}).status_code == 302
    assert client.post(paths(on)["text"], {"limits": "Thiếu 07 lượt."}).status_code == 302
    assert client.post(paths(on)["text"], {"limits": "x" * 9000}).status_code == 422
    page = client.get("/en" + paths(on)["report"]).content.decode()
    assert "Nothing is left to settle" in page
    assert "Một buổi dời lịch." in page
    assert "Thiếu 07 lượt." in page


def test_another_plans_indicator_is_not_here(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    other = makers.make_indicator(makers.make_objective(makers.make_plan(on.plan.agreement, year=2025)))
    for place in ("giai-trinh", "so-lieu"):
        assert sign_in(officer_hmc).get(f"/ban/bao-cao/{on.report.pk}/{place}/{other.pk}/").status_code == 404


# --- freezing ---------------------------------------------------------------------------------------
def test_directors_freeze_on_the_page(on: Stage, sign_in: SignIn, director_hmc: User, director_fsc: User) -> None:
    path = paths(on)["freeze"]
    for director in (director_hmc, director_fsc):
        client = sign_in(director)
        seal = client.get(path).context["digest"]
        unconfirmed = client.post("/en" + path, {"digest": seal})
        assert unconfirmed.status_code == 422
        assert "Please confirm that you have looked at the figures." in unconfirmed.content.decode()
        assert client.post(path, {"digest": seal, "confirmed": "on"}).status_code == 302
    assert Report.objects.get(pk=on.report.pk).frozen_at == NOW
    assert sign_in(director_hmc).get(path).status_code == 302


def test_moved_figures_are_shown_again(on: Stage, sign_in: SignIn, director_hmc: User) -> None:
    client, path = sign_in(director_hmc), "/en" + paths(on)["freeze"]
    seal = client.get(path).context["digest"]
    makers.make_evidence(on.talk)
    answer = client.post(path, {"digest": seal, "confirmed": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing was frozen; please look at them once more." in page
    assert f'name="digest" value="{answer.context["digest"]}"' in page
    assert answer.context["digest"] != seal
    assert not FreezeConsent.objects.exists()


def test_other_partys_stale_consent_is_told(on: Stage, sign_in: SignIn, director_fsc: User) -> None:
    freeze(on.report, "hmc")
    client, path = sign_in(director_fsc), "/en" + paths(on)["freeze"]
    assert "froze these figures on 2 Oct 2026" in client.get(path).content.decode()
    makers.make_evidence(on.talk)
    assert "froze other figures on 2 Oct 2026 and has to look again" in client.get(path).content.decode()


def test_window_not_over(on: Stage, sign_in: SignIn, director_hmc: User) -> None:
    report = services.draft_report(
        plan=on.plan, phase=None, kind="month", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30),
        by=on.officer, at=NOW,
    )  # fmt: skip
    client = sign_in(director_hmc)
    page = client.get(f"/en/ban/bao-cao/{report.pk}/chot/")
    assert "The data window runs until 30 Nov 2026" in page.content.decode()
    answer = client.post(f"/en/ban/bao-cao/{report.pk}/chot/", {"digest": page.context["digest"], "confirmed": "on"})
    assert answer.status_code == 422


def test_frozen_figure_stands_beside_the_ledger(on: Stage, sign_in: SignIn, overseer_dofa: User) -> None:
    freeze(on.report)
    gone = on.plan.evidence.filter(kind="attendance.checkin").first()
    assert gone is not None
    void_evidence(kind="attendance.checkin", source_ref=gone.source_ref, by=None, at=NOW, note="")
    for _number in range(3):
        makers.make_evidence(on.talk)
    client = sign_in(overseer_dofa)
    report = client.get("/en" + paths(on)["report"]).content.decode()
    assert '5 <span class="small">(+2)</span>' in report
    answer = client.get("/en" + paths(on)["figure"])
    assert "3 was frozen; the ledger gives 5 today." in answer.content.decode()
    assert (
        answer.context["page_obj"].paginator.count, len(answer.context["later"]), len(answer.context["gone"])
    ) == (3, 3, 1)  # fmt: skip


# --- files and issuing ------------------------------------------------------------------------------
def test_package_belongs_to_ones_own_unit(on: Stage, sign_in: SignIn, officer_hmc: User, overseer_dofa: User) -> None:
    freeze(on.report)
    path, fsc = paths(on)["package"], makers.make_organisation("fsc")
    answer = sign_in(officer_hmc).get(path)
    assert (answer.status_code, answer["Content-Disposition"]) == (
        200, 'attachment; filename="bao-cao-20260701-20260930-TTBC.zip"'
    )  # fmt: skip
    assert sign_in(officer_hmc).get(path, {"unit": fsc.pk}).status_code == 403
    assert sign_in(overseer_dofa).get(path).status_code == 403
    assert sign_in(officer_hmc).get(path, {"unit": "x"}).status_code == 404
    assert sign_in(officer_hmc).get(paths(on)["docx"], {"unit": fsc.pk}).status_code == 200


def form(**more: object) -> dict[str, object]:
    return {
        "number": "12", "symbol": "BC-TTBC", "issued_on": "2026-11-23", "signer": "Ông Lê Minh An",
        "signer_position": "Giám đốc", "upload": SimpleUploadedFile("bc.pdf", stage.PDF, "application/pdf"),
    } | more  # fmt: skip


def test_records_office_records_and_others_read(
    on: Stage, sign_in: SignIn, records_hmc: User, overseer_dofa: User, outsider: User
) -> None:
    freeze(on.report)
    client, path = sign_in(records_hmc), "/en" + paths(on)["issue"]
    assert client.post(path, form()).status_code == 302
    issue = Issue.objects.get()
    assert (str(issue), issue.signer) == ("12/BC-TTBC", "Lê Minh An")
    answer = sign_in(overseer_dofa).get(f"/ban/bao-cao/ban-ky/{issue.pk}/")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, stage.PDF)  # type: ignore[attr-defined]
    assert sign_in(outsider).get(f"/ban/bao-cao/ban-ky/{issue.pk}/").status_code == 404
    page = client.get("/en" + paths(on)["report"]).content.decode()
    assert "Issued: No. 12/BC-TTBC of 23 Nov 2026, signed by Lê Minh An (Giám đốc)" in page
    again = client.post(path, form())
    assert (again.status_code, Issue.objects.count()) == (422, 1)
    assert "The issue by this unit is already recorded." in again.content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"symbol": "KH-TTBC"}, "The symbol of a report is written like BC-TTBC."),
        ({"issued_on": "2026-12-01"}, "The date of issue lies between"),
        ({"upload": SimpleUploadedFile("bc.pdf", b"no", "application/pdf")}, "or it is damaged."),
        ({"number": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_issue_form_says_what_is_wrong(
    more: dict[str, object], sentence: str, on: Stage, sign_in: SignIn, records_hmc: User
) -> None:
    freeze(on.report)
    answer = sign_in(records_hmc).post("/en" + paths(on)["issue"], form(**more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Lê Minh An" in answer.content.decode()


# --- snapshots --------------------------------------------------------------------------------------
def test_snapshot_through_the_pages(
    on: Stage, sign_in: SignIn, officer_hmc: User, overseer_dofa: User, overseer_dic: User, director_hmc: User,
    director_fsc: User,
) -> None:  # fmt: skip
    officer = sign_in(officer_hmc)
    assert officer.post("/en/ban/cong-bo/chuan-bi/").status_code == 302
    assert officer.post("/en/ban/cong-bo/chuan-bi/").status_code == 422
    snapshot = Snapshot.objects.get()
    base = f"/en/ban/cong-bo/{snapshot.pk}"
    assert officer.post(f"{base}/da-xem/").status_code == 403
    assert sign_in(director_hmc).post(f"{base}/dong-y/").status_code == 422
    for overseer in (overseer_dofa, overseer_dic):
        assert sign_in(overseer).post(f"{base}/da-xem/").status_code == 302
        assert sign_in(overseer).post(f"{base}/dong-y/").status_code == 403
    for director in (director_hmc, director_fsc):
        assert sign_in(director).post(f"{base}/dong-y/").status_code == 302
    assert Snapshot.objects.public().count() == 1
    assert sign_in(director_hmc).post(f"{base}/rut/", {"reason": ""}).status_code == 422
    assert sign_in(director_hmc).post(f"{base}/rut/", {"reason": "Sửa tên"}).status_code == 302
    assert "Withdrawn on 23 Nov 2026" in officer.get(f"/en/ban/cong-bo/?snapshot={snapshot.pk}").content.decode()
    assert Snapshot.objects.public().count() == 0


def test_snapshot_page_takes_the_same_queries(
    on: Stage, sign_in: SignIn, officer_hmc: User, director_hmc: User
) -> None:
    client = sign_in(officer_hmc)
    counts = []
    for wanted in (1, 3):
        while Snapshot.objects.count() < wanted:
            for old in Snapshot.objects.prepared():
                services.withdraw_snapshot(snapshot=old, reason="Cũ", by=director_hmc, at=NOW)
            services.prepare_snapshot(plan=on.plan, by=officer_hmc, at=NOW)
        counts.append(own_queries(client, "/ban/cong-bo/"))
    # Session, account; parties and departments, roles; count, page; consents, departments above, parties.
    assert counts == [9, 9]


# --- what is missing, who signs, what the paper is compared with ------------------------------------
def test_things_left_are_for_staff_of_the_parties(
    on: Stage, sign_in: SignIn, officer_fsc: User, overseer_dofa: User
) -> None:
    path = "/en" + paths(on)["report"]
    assert "left before the figures are frozen" in sign_in(officer_fsc).get(path).content.decode()
    page = sign_in(overseer_dofa).get(path)
    assert page.context["open"] == []
    assert 'id="open"' not in page.content.decode()


def test_paper_is_signed_by_whom_one_asks(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    client = sign_in(officer_hmc)
    assert "ky=pho-giam-doc" in client.get(paths(on)["report"]).content.decode()
    assert client.get(paths(on)["docx"], {"ky": "pho-giam-doc"}).content != client.get(paths(on)["docx"]).content
    assert client.get(paths(on)["docx"], {"ky": "ai-do"}).status_code == 404


def test_download_keeps_its_name_with_letters_of_ours(on: Stage, sign_in: SignIn, officer_hmc: User) -> None:
    Organisation.objects.filter(abbreviation="HMC").update(symbol="BĐ")
    said = sign_in(officer_hmc).get(paths(on)["docx"])["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8")


@pytest.mark.parametrize("sample", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_check_page_tells_sample_and_figures_apart(agreement: Agreement, sample: bool, changed: bool) -> None:
    report = freeze(set_stage(sample=sample).report)
    assert report.payload is not None
    if changed:
        Report.objects.filter(pk=report.pk).update(payload={**report.payload, "lines": []})
    page = Client().get(f"/en/kiem-tra/{report.check_code}/").content.decode()
    told = ("A sample, without legal value." in page, "unchanged since they were frozen" in page,
            "no longer give the digest" in page)  # fmt: skip
    assert told == (sample, not changed, changed)
    assert f"<code>{report.digest[:16]}</code>" in page
