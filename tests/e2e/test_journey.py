"""From the promise to the proof and back, played by those who would: guests and reception on the phone, offices at a desk."""

import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import expect

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause
from nhipcau.attendance.models import CheckIn, Registration
from nhipcau.core import keeping
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Objective, Phase, Plan
from nhipcau.reports.models import Issue, Report, Snapshot
from tests import makers
from tests.conftest import HandClock
from tests.e2e.fixtures import OpenWindow
from tests.e2e.harness import DESKTOP, PHONE
from tests.e2e.persons import Person
from tests.scenarios.programme import a_pdf, local, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHAU, AN = "Nguyễn Thị Minh Châu", "Đặng Hoài Ân"
PLAN_DAY, TALK_DAY, NEXT_DAY = (11, 23), (11, 24), (11, 25)


class Story:
    """The cast of one journey in one language, and where it stands."""

    def __init__(self, open_as: OpenWindow, clock: HandClock, language: str, folder: Path) -> None:
        self.open_as, self.clock, self.language, self.folder = open_as, clock, language, folder
        self.users = make_cast()
        self.persons: dict[str, Person] = {}
        agreement = makers.make_agreement()
        self.plan = makers.make_plan(agreement)
        self.clause = Clause.objects.filter(agreement=agreement)[0]

    def person(self, username: str) -> Person:
        """Somebody's window: reception and guests hold a telephone, offices sit at a desk."""
        if username not in self.persons:
            size = PHONE if username in {"guest", "reception_hmc"} else DESKTOP
            user: User | None = self.users.get(username)
            self.persons[username] = Person(self.open_as(user, self.language, size), username)
        return self.persons[username]

    @property
    def activity(self) -> Activity:
        """The talk."""
        return Activity.objects.get(code="TD-01")

    def said(self, vietnamese: str, english: str) -> str:
        """Data as it reads in the language of this journey."""
        return english if self.language == "en" else vietnamese


# --- 1 and 2: the plan ----------------------------------------------------------------------------
def _plans(story: Story) -> None:
    officer = story.person("officer_hmc")
    officer.go(reverse("plans:plan"))
    officer.follow("Add a phase")
    officer.fill(name="Giai đoạn cuối năm", name_en="Year-end phase", first_day="2026-11-24", report_due="2026-12-20")
    officer.press("Save")
    officer.hears("The phase has been added.")
    officer.follow("Add an objective")
    officer.fill(code="MT-1", wording="Đưa hình ảnh Thành phố ra thế giới.", wording_en="Bring the City to the world.")
    officer.press("Save")  # nothing chosen that it would answer
    officer.hears(
        "An objective answers at least one clause of the agreement or one direction from above. Please choose which."
    )
    assert officer.page.locator("[name=code]").input_value() == "MT-1"
    officer.tick(f"1. {story.clause.text('name', story.language)}")
    officer.press("Save")
    officer.hears("The objective has been added.")
    officer.follow("Add an indicator")
    phase = Phase.objects.get(name="Giai đoạn cuối năm")
    officer.page.locator("[name=kinds][value='attendance.checkin']").check()
    officer.page.locator("[name=objective]").select_option(index=1)
    officer.fill(code="CT-01", name="Lượt người dự", name_en="Attendances", unit="lượt", unit_en="visits")
    officer.fill(**{f"target_{phase.pk}": "3"})
    officer.press("Save the indicator")
    indicator = Indicator.objects.get(code="CT-01")
    assert indicator.kinds == ["attendance.checkin"]
    assert [(target.phase_id, target.value) for target in indicator.targets.filter(value__isnull=False)] == [
        (phase.pk, 3)
    ]
    officer.go(reverse("plans:target_edit", args=[indicator.pk, phase.pk]))
    officer.fill(value="2")
    officer.press("Save")  # in force: a target does not change without a reason
    officer.hears("The plan is in force. Please say why this target changes.")
    officer.fill(value="2", reason="Hội trường nhỏ hơn dự kiến.")
    officer.press("Save")
    officer.hears("The target has been saved.")


# --- 3: the activity, its guests -------------------------------------------------------------------
def _schedules(story: Story) -> None:
    officer = story.person("officer_hmc")
    officer.go(reverse("activities:activity_new"))
    officer.page.locator("[name=kind]").select_option(label=story.said("Talkshow", "Talk show"))
    officer.fill(
        code="TD-01",
        title="Tọa đàm khởi nghiệp số",
        title_en="Talk on digital start-ups",
        venue="Hội trường A",
        venue_en="Hall A",
        starts_at="2026-11-24T14:00",
        ends_at="2026-11-24T17:00",
        expected="50",
        estimate="20000000",
    )
    officer.page.locator("[name=lead]").select_option(value=str(makers.make_organisation("hmc").pk))
    officer.page.locator("[name=indicators]").check()
    officer.page.locator("[name=is_public]").check()
    officer.press("Save")
    assert story.activity.phase.name == "Giai đoạn cuối năm"
    officer.follow("Registration", officer.page.locator("main nav"))
    officer.fill(capacity="40", opens_at="2026-11-23T08:00", closes_at="2026-11-24T14:00", note="Gửi xe tại cổng số 2.")
    officer.press("Open registration")
    officer.hears("The settings of registration have been saved.")


def _registers(story: Story) -> str:
    guest = story.person("guest")
    guest.go("/")
    guest.follow_text(story.said("Tọa đàm khởi nghiệp số", "Talk on digital start-ups"), guest.page.locator("main"))
    asked: list[str] = []
    guest.page.on("request", lambda request: asked.append(request.method) if request.is_navigation_request() else None)
    guest.follow("Register", guest.page.locator("main"))
    guest.fill(name="Nguyễn Thị Minh Châu", unit="Báo Tuổi Trẻ", position="Phóng viên", phone="091234567")
    guest.page.locator("[name=consent]").check()
    guest.press("Keep a seat for me")
    guest.hears("A mobile number has 10 digits, for example 0912 345 678. Everything else has been kept.")
    assert guest.page.locator("[name=unit]").input_value() == "Báo Tuổi Trẻ"
    asked.clear()
    guest.page.locator("[name=phone]").fill("0912 345 678")
    guest.press("Keep a seat for me")
    assert asked == ["POST", "GET"]  # with the form itself three requests from the button to the code
    guest.hears("You are registered")
    code = guest.page.locator(".short-code").inner_text()
    picture = guest.saves("Save as a picture", story.folder)
    with Image.open(picture) as opened:
        assert opened.format == "PNG"
    guest.follow("Give the seat to somebody who is waiting")
    guest.press("Give the seat up")
    guest.hears("This code is no longer valid")
    guest.go(reverse("attendance:register", args=[story.activity.slug]))
    guest.fill(name=CHAU, unit="Báo Tuổi Trẻ", position="Phóng viên", phone="0912345678")
    guest.page.locator("[name=consent]").check()
    guest.press("Keep a seat for me")
    again = guest.page.locator(".short-code").inner_text()
    assert again != code
    assert guest.page.context.cookies() == [] or {c["name"] for c in guest.page.context.cookies()} == {"csrftoken"}
    return again


def _on_behalf(story: Story) -> None:
    officer = story.person("officer_hmc")
    officer.go(reverse("attendance:guests", args=[story.activity.pk]))
    officer.follow("Register on behalf")
    officer.fill(name="Trần Quốc Đạt", phone="0987654321")
    officer.page.locator("[name=channel][value=zalo]").check()
    officer.page.locator("form details summary").last.click()  # what more is known of the guest
    officer.fill(unit="Đài Truyền hình Thành phố", position="Biên tập viên")
    officer.press("Keep a seat")
    registration = Registration.objects.get(name="Trần Quốc Đạt")
    officer.hears("%(name)s has a seat; admission code %(code)s.", name=registration.name, code=registration.code)
    officer.page.get_by_text(officer.t("Somebody comes in this guest's place")).click()
    officer.fill(**{"instead-name": AN, "instead-phone": "0977333444"})
    officer.press("Pass the seat on")
    substitute = Registration.objects.get(name=AN)
    assert substitute.substitute_for == registration
    assert substitute.unit == "Đài Truyền hình Thành phố"


# --- 4: the door ------------------------------------------------------------------------------------
def _finds(desk: Person, typed: str, name: str) -> None:
    desk.page.locator("#find").fill(typed)
    expect(desk.page.locator("#found b").first).to_contain_text(name)


def _receives(story: Story, code: str) -> None:
    desk = story.person("reception_hmc")
    desk.go(reverse("attendance:reception", args=[story.activity.pk]))
    for typed in ("minh chau", "5678", "tuoi tre", code):
        _finds(desk, typed, CHAU)
    verdict = desk.page.locator(".verdict")

    def admit(typed: str) -> None:
        desk.page.locator("#code").fill(typed)
        desk.page.locator("#code").press("Enter")

    admit(code.lower().replace("-", ""))
    expect(verdict).to_have_text(desk.t("Welcome"))
    expect(desk.page.locator(".answer .name")).to_contain_text(CHAU)
    desk.hears("Arrived %(arrived)s/%(expected)s", arrived="1", expected="2")
    story.clock.move(minutes=2)
    admit(code)
    expect(verdict).to_contain_text(
        desk.t(
            "This code was already taken at %(clock)s. Please show the guest to the help desk.",
            clock=story.said("13g50", "13:50"),
        )
    )
    desk.page.get_by_role("button", name=desk.t("Undo"), exact=True).click()
    expect(verdict).to_have_text(desk.t("Not arrived yet"))
    admit(code)
    expect(verdict).to_have_text(desk.t("Welcome"))
    _finds(desk, "hoai an", AN)
    desk.page.locator("#found").get_by_role("button", name=desk.t("Let in")).first.click()
    expect(desk.page.locator(".answer .name")).to_contain_text(AN)
    desk.hears("Arrived %(arrived)s/%(expected)s", arrived="2", expected="2")
    desk.window.check("journey-reception-answer")
    assert CheckIn.objects.filter(registration__name=CHAU).count() == 2
    assert CheckIn.objects.standing().count() == 2
    assert Evidence.objects.current().filter(kind="attendance.checkin").count() == 2


def _signed_list(story: Story) -> None:
    officer = story.person("officer_hmc")
    officer.go(reverse("attendance:sign_in_sheet", args=[story.activity.pk]))
    names = officer.page.locator("table.sheet tbody tr td:nth-child(2)").all_inner_texts()
    assert [name for name in names if name] == [AN, CHAU]  # by given name
    assert officer.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    officer.page.set_input_files(
        "[name=scan]", {"name": "danh-sach.pdf", "mimeType": "application/pdf", "buffer": a_pdf("Chữ ký")}
    )
    officer.fill(signatures="2")
    officer.press("Keep as proof")
    officer.hears("The signed list has been kept. It counts once another person has verified it.")
    officer.go(reverse("activities:activity", args=[story.activity.pk]))
    officer.follow("Confirm as held")
    officer.press("Confirm as held")
    assert story.activity.state == Activity.State.HELD


# --- 5: evidence ------------------------------------------------------------------------------------
def _declares(story: Story) -> None:
    officer, other = story.person("officer_hmc"), story.person("officer_fsc")
    kind = EvidenceKind.objects.get(pk="contact.made")
    officer.go(reverse("evidence:activity_evidence", args=[story.activity.pk]))
    officer.follow("Declare evidence", officer.page.locator("main"))
    officer.follow_text(kind.text("name", story.language), officer.page.locator("main"))
    officer.fill(day="2026-11-24", quantity="1", note="Hai quỹ đầu tư trao đổi danh thiếp.")
    officer.press("Declare")
    officer.hears("Recorded. It counts once another person has verified it.")
    other.go(reverse("evidence:inbox"))
    card = other.page.locator("article", has_text=kind.text("name", story.language))
    card.locator("summary").click()
    card.locator("[name=reason]").fill("Thiếu biên bản ghi nhớ.")
    card.locator("[name=due]").fill("2026-11-30")
    other.press("Send back", card)
    other.hears("Sent back with your reason; it does not count until it is completed.")
    officer.go(reverse("evidence:inbox"))
    officer.reads("Thiếu biên bản ghi nhớ.")
    officer.follow("Complete it")
    officer.page.set_input_files(
        "[name=upload]", {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": a_pdf("Biên bản")}
    )
    officer.press("Save the correction")
    officer.hears("Corrected. It counts again once another person has verified it.")
    other.go(reverse("evidence:inbox"))
    for _each in range(2):  # the contact and the signed list
        other.press("Verify")
        other.hears("Verified. It counts from now on.")
    other.hears("Nothing waits for you")
    assert Evidence.objects.current().filter(kind=kind).counted().count() == 1


def _traces(story: Story) -> None:
    director = story.person("director_hmc")
    director.go(reverse("evidence:trace"))
    director.follow_text(story.clause.text("name", story.language), director.page.locator("main article.clause").first)
    kind = EvidenceKind.objects.get(pk="attendance.checkin")
    director.follow_text(kind.text("name", story.language), director.page.locator("main table").last)
    director.hears("The way back to the promise")
    director.follow_text(story.clause.text("name", story.language), director.page.locator(".way"))
    assert director.path() == reverse("evidence:clause", args=[story.clause.pk])


# --- 6: the report ----------------------------------------------------------------------------------
def _reports(story: Story) -> Report:
    officer = story.person("officer_hmc")
    officer.go(reverse("reports:report_new"))
    officer.page.locator("[name=kind]").select_option("month")
    officer.fill(first_day="2026-11-24", last_day="2026-11-24")
    officer.press("Draft", context="report")
    report = Report.objects.get()
    officer.page.locator(f"#i{Indicator.objects.get().pk} td a").first.click()
    officer.page.wait_for_url("**/so-lieu/**")
    officer.look()
    assert officer.page.locator("main table tbody tr").count() == 2
    officer.follow("Open", officer.page.locator("main table"))
    officer.hears("The way back to the promise")
    officer.go(reverse("reports:report", args=[report.pk]))
    paper = officer.saves("DOCX", story.folder)
    words = "\n".join(p.text for p in Document(io.BytesIO(paper.read_bytes())).paragraphs)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words + "".join(
        cell.text for table in Document(str(paper)).tables for row in table.rows for cell in row.cells
    )
    sheet = officer.saves("XLSX", story.folder)
    assert load_workbook(sheet).worksheets[0].max_row > 1
    return report


def _freezes(story: Story, report: Report) -> None:
    for username in ("director_hmc", "director_fsc"):
        director = story.person(username)
        director.go(reverse("reports:report", args=[report.pk]))
        director.follow("Freeze the figures")
        director.press("Freeze the figures")
        director.hears("Please confirm that you have looked at the figures.")
        director.page.locator("[name=confirmed]").check()
        director.press("Freeze the figures")
    report.refresh_from_db()
    assert report.frozen_at is not None
    assert report.payload is not None


def _drifts(story: Story, report: Report) -> None:
    desk = story.person("reception_hmc")
    guest = Registration.objects.get(name=AN)
    desk.go(reverse("attendance:reception", args=[story.activity.pk]) + f"?khach={guest.pk}")
    desk.page.get_by_role("button", name=desk.t("Undo"), exact=True).click()
    expect(desk.page.locator(".verdict")).to_have_text(desk.t("Not arrived yet"))
    officer = story.person("officer_hmc")
    officer.go(reverse("reports:figure", args=[report.pk, Indicator.objects.get().pk]))
    officer.hears("%(frozen)s was frozen; the ledger gives %(now)s today.", frozen="2", now="1")
    officer.hears("Frozen with the figure, no longer counted")


def _issues(story: Story, report: Report) -> None:
    records = story.person("records_hmc")
    records.go(reverse("reports:report", args=[report.pk]))
    records.follow("Record the issue")
    records.fill(number="46", symbol="BC-TTBC", issued_on="2026-11-25", signer="Lê Minh An", signer_position="Giám đốc")
    records.page.set_input_files(
        "[name=upload]", {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": a_pdf("Báo cáo")}
    )
    records.press("Record")
    issue = Issue.objects.get()
    assert (issue.number, issue.symbol, issue.signer) == (46, "BC-TTBC", "Lê Minh An")
    guest = story.person("guest")
    guest.go(reverse("website:check"))
    guest.page.locator("[name=ma]").fill(report.check_code.lower())
    guest.press("Check")
    guest.hears("The figures kept here are unchanged since they were frozen. Please compare them with the paper.")
    guest.reads("46/BC-TTBC")


# --- 7: what the public and those above see ------------------------------------------------------------
def _publishes(story: Story) -> None:
    guest, officer = story.person("guest"), story.person("officer_hmc")
    guest.go(reverse("website:progress"))
    guest.hears("Nothing has been released yet")
    officer.go(reverse("reports:snapshot"))
    officer.press("Prepare a snapshot")
    director = story.person("director_hmc")
    director.go(reverse("reports:snapshot"))
    director.hears("The departments have to see it first.")
    for username, button in (
        ("overseer_dic", "Mark as seen by my department"),
        ("overseer_dofa", "Mark as seen by my department"),
        ("director_hmc", "Release for my unit"),
        ("director_fsc", "Release for my unit"),
    ):
        person = story.person(username)
        person.go(reverse("reports:snapshot"))
        person.press(button)
    assert Snapshot.objects.public().count() == 1
    keeping.forget()  # the server keeps a page for everybody for some seconds, a browser for half a minute
    guest.go(reverse("website:progress"))
    guest.page.reload()
    guest.reads(story.clause.text("name", story.language))
    guest.reads(story.said("Tọa đàm khởi nghiệp số", "Talk on digital start-ups"))
    assert CHAU not in guest.page.content()


def _above_and_outside(story: Story) -> None:
    above = story.person("overseer_dofa")
    for name in ("desk:today", "evidence:trace", "evidence:ledger", "reports:reports", "plans:plan"):
        above.go(reverse(name))
    above.go(reverse("activities:activity", args=[story.activity.pk]))
    expect(above.page.get_by_role("link", name=above.t("Move"), exact=True)).to_have_count(0)
    outsider = story.person("outsider")
    outsider.go(reverse("desk:today"))
    assert story.activity.title not in outsider.page.content()
    for path in (
        reverse("activities:activity", args=[story.activity.pk]),
        reverse("reports:report", args=[Report.objects.get().pk]),
        reverse("evidence:evidence", args=[Evidence.objects.current().order_by("pk")[0].pk]),
        reverse("attendance:guests", args=[story.activity.pk]),
    ):
        answer = outsider.page.goto(outsider.window.address + path)
        assert answer is not None
        assert answer.status == 404
        assert not re.search(CHAU, outsider.page.content())


@pytest.mark.timeout(280)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_journey_from_promise_to_proof(
    open_as: OpenWindow, clock: HandClock, language: str, tmp_path: Path, empty_tables: None
) -> None:
    story = Story(open_as, clock, language, tmp_path)
    assert Plan.objects.count() == 1
    assert not Objective.objects.exists()
    clock.set(local(*PLAN_DAY, 9))
    _plans(story)
    _schedules(story)
    code = _registers(story)
    _on_behalf(story)
    clock.set(local(*TALK_DAY, 13, 50))
    _receives(story, code)
    clock.set(local(*TALK_DAY, 17, 30))
    _signed_list(story)
    _declares(story)
    _traces(story)
    clock.set(local(*NEXT_DAY, 9))
    report = _reports(story)
    _freezes(story, report)
    _drifts(story, report)
    _issues(story, report)
    _publishes(story)
    _above_and_outside(story)


def test_officer_signs_in_with_a_password(open_as: OpenWindow, empty_tables: None) -> None:
    make_cast()
    makers.make_agreement()
    window = open_as(size=PHONE)
    person = Person(window, "officer")
    person.go("/ban/")
    assert person.path() == reverse("account_login")
    person.fill(login="officer_hmc", password="khong-phai-mat-khau")
    person.press("Sign in")
    expect(person.page.get_by_role("alert").first).to_be_visible()
    person.fill(login="officer_hmc", password="mot-mat-khau-dai")
    person.press("Sign in")
    assert person.path() == "/ban/"
