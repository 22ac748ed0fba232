"""The public site: the same for everybody, cheap, complete in both languages."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from nhipcau.activities import services
from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement, Audience, Topic
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import Organisation, Supervision, User
from nhipcau.plans.models import Plan
from nhipcau.reports.models import Snapshot
from nhipcau.reports.services import prepare_snapshot
from tests import makers
from tests.conftest import HandClock

PAGES = ("/", "/lich/", "/ban-ghi-nho/", "/ket-qua/", "/kiem-tra/", "/gioi-thieu/", "/rieng-tu/", "/tiep-can/")
VOID = {"meta", "link", "input", "br", "img", "path", "circle", "hr", "line", "rect"}


class Texts(HTMLParser):
    """The visible texts of a page with the language each stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = [("", "")]
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a screen reader says of an element, and the language inside it."""
        given = dict(attrs)
        language = given.get("lang") or self.stack[-1][1]
        for name in ("title", "aria-label", "placeholder", "alt"):
            self.found.append((language, given.get(name) or ""))
        if tag not in VOID:
            self.stack.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        """Go back to the language around."""
        while len(self.stack) > 1:
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if self.stack[-1][0] != "script":
            self.found.append((self.stack[-1][1], data))


def texts(html: str) -> list[tuple[str, str]]:
    """(language, text) of everything a reader meets."""
    parser = Texts()
    parser.feed(html)
    return parser.found


@pytest.fixture
def activity(plan: Plan) -> Activity:
    """A public talk with everything an event page can show, registration open."""
    made = makers.make_activity(plan)
    made.topics.add(Topic.objects.create(slug="startup", name="Khởi nghiệp", name_en="Start-ups"))
    made.audiences.add(Audience.objects.create(slug="youth", name="Giới trẻ", name_en="Young people"))
    made.speakers.create(name="Le Minh An", position="Nhà sáng lập", position_en="Founder")
    made.sessions.create(starts_at=made.starts_at, title="Khai mạc", title_en="Opening", in_charge="Phòng Hành chính")
    makers.make_intake(made)
    return made


def event(activity: Activity) -> str:
    """The address of an event page."""
    return f"/hoat-dong/{activity.slug}/"


# --- the same for everybody -------------------------------------------------------------------
def test_public_pages_set_no_cookie_and_may_be_kept(activity: Activity, officer_hmc: User) -> None:
    addresses = [*PAGES, event(activity), f"/hoat-dong/{activity.slug}.ics", "/lich.ics", "/robots.txt", "/sitemap.xml"]
    for address in addresses + ["/en" + page for page in addresses[:8]]:
        response = Client().get(address)
        assert (address, response.status_code, dict(response.cookies)) == (address, 200, {})
        assert "cookie" not in response.headers.get("Vary", "").lower()
        assert re.fullmatch(r"public, max-age=\d+|max-age=\d+, public", response["Cache-Control"])
        assert response["ETag"]
        signed_in = Client()
        makers.come_in(signed_in, officer_hmc)
        assert signed_in.get(address).content == response.content
        assert Client().get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
        assert Client().head(address).status_code == 200
        assert Client().post(address).status_code == 405


def test_public_pages_work_before_anything_was_signed(db: None) -> None:
    assert {page: Client().get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200) | {
        "/ban-ghi-nho/": 404
    }


def test_no_page_carries_inline_style_or_handlers(activity: Activity) -> None:
    for address in [*PAGES, event(activity)]:
        page = Client().get(address).content.decode()
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"(application/ld\+json\"|module\" src=))", page
        )


def test_sample_data_are_marked_on_every_page(agreement: Agreement, activity: Activity) -> None:
    for address in [*PAGES, event(activity)]:
        assert "DỮ LIỆU MẪU" not in Client().get(address).content.decode()
    agreement.is_sample = True
    agreement.save()
    for address in [*PAGES, event(activity), "/en" + event(activity)]:
        assert "DỮ LIỆU MẪU" in Client().get(address).content.decode()


def test_english_pages_hold_no_vietnamese_outside_marked_parts(activity: Activity) -> None:
    names = {"Nhịp Cầu", " · Nhịp Cầu"}
    vietnamese = re.compile("[àáãèéìíòóõùúýăđĩũơưạ-ỹÀÁÃÈÉÌÍÒÓÕÙÚÝĂĐĨŨƠƯẠ-Ỹ]")
    people = {"Lê Minh An", "Trần Gia Bảo", "Đặng Quốc Ưng"}
    for page in [*PAGES, "/lich/?khi=qua", event(activity), "/kiem-tra/KHONGCO/"]:
        html = Client().get("/en" + page).content.decode()
        left = [
            text.strip()
            for language, text in texts(html)
            if language == "en" and vietnamese.search(text.replace("Nhịp Cầu", ""))
            if text.strip() not in names | people
        ]
        assert (page, left) == (page, [])


# --- what a page asks of the database ---------------------------------------------------------
def queries(address: str) -> int:
    """How many statements a page takes."""
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


def test_event_page_asks_six_queries(activity: Activity, officer_hmc: User, clock: HandClock) -> None:
    # activity with units, kind, intake, agreement, first move and what was released; topics; audiences; speakers; sessions; news
    assert queries(event(activity)) == 6
    for number in (1, 2):
        for index in range(number):
            activity.speakers.create(name="Lê Minh An")
            activity.sessions.create(starts_at=activity.starts_at, title="Nghỉ")
            activity.topics.add(Topic.objects.create(slug=f"t{number}{index}", name="Chủ đề"))
            activity.changes.create(
                kind="moved", reason="Bận", old_start=makers.NOW, new_start=makers.NOW, by=officer_hmc, at=makers.NOW
            )
        assert queries(event(activity)) == 6
    clock.move(days=40)
    assert queries(event(activity)) == 6


def test_lists_ask_the_same_queries_for_one_and_three_rows(plan: Plan, activity: Activity) -> None:
    expected = {
        "/": 6,  # agreement, parties, clauses with areas, snapshot, activities, news
        "/lich/": 6,  # three filters, count, rows, the units with calendars
        "/lich.ics": 1,
        "/sitemap.xml": 3,  # articles, activities, sections
    }
    assert {address: queries(address) for address in expected} == expected
    for _row in range(2):
        makers.make_activity(plan)
    assert {address: queries(address) for address in expected} == expected


# --- the event page ---------------------------------------------------------------------------
def page_of(activity: Activity, prefix: str = "") -> str:
    """An event page with spaces folded."""
    return " ".join(Client().get(prefix + event(activity)).content.decode().split())


def test_event_page_tells_when_where_for_whom_and_by_whom(activity: Activity) -> None:
    page = page_of(activity)
    for told in (
        "<h1>Tọa đàm khởi nghiệp số</h1>",
        'Thứ Năm, 10/12/2026, <span class="nowrap">14:00–17:00</span>',
        "Hội trường A, FSC",
        "Giới trẻ",
        "Trung tâm Báo chí Thành phố Hồ Chí Minh",
        "Nhà sáng lập",
        "Khai mạc",
        f'href="/dang-ky/{activity.slug}/"',
        '<progress max="50" value="0"',
    ):
        assert told in page
    assert "Phòng Hành chính" not in page
    english = page_of(activity, "/en")
    for told in ("Thursday, 10 December 2026", "Founder", "50 seats left", f'href="/en/dang-ky/{activity.slug}/"'):
        assert told in english


def test_event_page_describes_itself_to_search_engines(activity: Activity) -> None:
    activity.title = "Kinh tế số </script><b>"
    activity.save()
    page = Client().get(event(activity)).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    assert json.loads(found[1]) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Kinh tế số </script><b>",
        "url": f"http://localhost:8000{event(activity)}",
        "startDate": "2026-12-10T14:00:00+07:00",
        "endDate": "2026-12-10T17:00:00+07:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": {"@type": "Organization", "name": "Trung tâm Báo chí Thành phố Hồ Chí Minh"},
        "inLanguage": ["vi"],
        "isAccessibleForFree": True,
        "image": [f"http://localhost:8000/hoat-dong/{activity.slug}.png"],
        "description": "Từ ý tưởng đến thị trường khu vực.",
        "location": {"@type": "Place", "name": "Hội trường A, FSC", "address": "Hội trường A, FSC"},
        "performer": [{"@type": "Person", "name": "Le Minh An"}],
    }


@pytest.mark.parametrize(
    ("changes", "now", "state"),
    [
        ({}, makers.NOW, "open"),
        ({"taken": 50}, makers.NOW, "full"),
        ({}, datetime(2026, 10, 1, 8, 0, tzinfo=LOCAL), "soon"),
        ({}, datetime(2026, 12, 10, 14, 0, tzinfo=LOCAL), "closed"),
        ({"closes_at": datetime(2026, 11, 20, 8, 0, tzinfo=LOCAL)}, makers.NOW, "closed"),
    ],
)
def test_event_page_knows_whether_one_can_register(
    activity: Activity, clock: HandClock, changes: dict[str, Any], now: datetime, state: str
) -> None:
    clock.set(now)
    for name, value in changes.items():
        setattr(activity.intake, name, value)
    activity.intake.save()
    response = Client().get(event(activity))
    assert response.context["seats"].state == state
    assert (f'href="/dang-ky/{activity.slug}/"' in response.content.decode()) == (state in {"open", "full"})


def test_event_without_registration_offers_none(plan: Plan) -> None:
    response = Client().get(event(makers.make_activity(plan)))
    assert response.context["seats"].state == "none"
    assert "/dang-ky/" not in response.content.decode()


def test_moved_event_tells_the_time_first_announced(activity: Activity, officer_hmc: User) -> None:
    for days in (1, 2):
        services.move_activity(
            activity=activity, starts_at=activity.starts_at + timedelta(days=days),
            ends_at=activity.ends_at + timedelta(days=days), reason="Hội trường bận việc riêng", by=officer_hmc,
            at=makers.NOW + timedelta(hours=days),
        )  # fmt: skip
    response = Client().get("/en" + event(activity))
    page = " ".join(response.content.decode().split())
    assert "It was first announced for 14:00, Thursday, 10 December 2026." in page
    assert "EventRescheduled" in page
    assert "việc riêng" not in page_of(activity)


def test_cancelled_event_stays_with_its_notice(activity: Activity, officer_hmc: User) -> None:
    services.cancel_activity(activity=activity, reason="Lý do nội bộ", by=officer_hmc, at=makers.NOW)
    page = page_of(activity, "/en")
    assert "This activity has been cancelled." in page
    assert "EventCancelled" in page
    assert "/dang-ky/" not in page
    assert "nội bộ" not in page
    assert [a.slug for a, _seats in Client().get("/lich/").context["rows"]] == [activity.slug]
    assert Client().get("/").context["upcoming"] == []


def test_what_is_under_way_is_told_apart_from_what_is_coming(activity: Activity, clock: HandClock) -> None:
    for at, told in (
        (activity.starts_at - timedelta(minutes=1), False),
        (activity.starts_at, True),
        (activity.ends_at, False),
    ):
        clock.set(at)
        assert ("đang diễn ra" in Client().get("/").content.decode()) is told


def test_past_event_says_what_happened(activity: Activity, officer_hmc: User, clock: HandClock) -> None:
    clock.set(activity.ends_at + timedelta(hours=1))
    assert "The time of this activity is over." in page_of(activity, "/en")
    services.hold_activity(activity=activity, by=officer_hmc, at=clock.moment)
    page = page_of(activity, "/en")
    assert "This activity has taken place." in page
    assert "attended" not in page


def test_what_is_not_public_is_not_found(plan: Plan) -> None:
    hidden = makers.make_activity(plan, is_public=False, title="Họp nội bộ")
    draft = makers.make_activity(makers.make_plan(plan.agreement, year=2025, state=Plan.State.DRAFT),
                                 starts_at=datetime(2025, 12, 10, 14, 0, tzinfo=LOCAL))  # fmt: skip
    for activity in (hidden, draft):
        assert Client().get(event(activity)).status_code == 404
        assert Client().get(f"/hoat-dong/{activity.slug}.ics").status_code == 404
    for address in ("/", "/lich/", "/lich/?khi=qua", "/lich.ics", "/sitemap.xml"):
        content = Client().get(address).content.decode()
        assert hidden.slug not in content
        assert draft.slug not in content
    assert Client().get("/hoat-dong/khong-co/").status_code == 404


# --- the calendar -----------------------------------------------------------------------------
def shown(query: str) -> list[str]:
    """Codes of the calendar's rows."""
    return [activity.code for activity, _seats in Client().get("/lich/" + query).context["rows"]]


def test_calendar_is_narrowed_by_words_and_filters(plan: Plan, activity: Activity) -> None:
    indicator = makers.make_indicator(makers.make_objective(plan))
    makers.make_activity(plan, code="B", title="Hội nghị truyền thông đối ngoại", indicators=[indicator])
    makers.make_activity(plan, code="C", starts_at=datetime(2026, 10, 10, 9, 0, tzinfo=LOCAL), kind="panel")
    assert shown("") == [activity.code, "B"]
    assert shown("?khi=qua") == ["C"]
    assert shown("?q=doi+ngoai") == ["B"]
    assert shown("?q=%C4%91%E1%BB%91i%20ngo%E1%BA%A1i") == ["B"]
    assert shown("?q=digital") == [activity.code, "B"]
    assert shown("?topic=startup") == [activity.code]
    assert shown("?audience=youth") == [activity.code]
    assert shown("?area=promotion") == ["B"]
    assert shown("?area=press") == []
    assert shown("?topic=la&audience=%00&area=-1&page=99&q=%22*%22&khi=x") == []


def test_calendar_ignores_filters_it_does_not_offer(activity: Activity) -> None:
    assert shown("?topic=khong-co&audience=%00&area=-1&page=nhieu") == [activity.code]


def test_calendar_turns_pages(plan: Plan) -> None:
    for _row in range(21):
        makers.make_activity(plan)
    assert [len(shown("")), len(shown("?page=2"))] == [20, 1]


# --- calendar files ---------------------------------------------------------------------------
def test_event_calendar_file_is_complete(activity: Activity, officer_hmc: User) -> None:
    services.move_activity(
        activity=activity, starts_at=activity.starts_at + timedelta(days=1),
        ends_at=activity.ends_at + timedelta(days=1), reason="Bận", by=officer_hmc, at=makers.NOW,
    )  # fmt: skip
    response = Client().get(f"/hoat-dong/{activity.slug}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (found,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert {name: found.decoded(name) for name in ("UID", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "SEQUENCE")} == {
        "UID": f"activity-{activity.pk}@localhost",
        "SUMMARY": "Tọa đàm khởi nghiệp số",
        "LOCATION": "Hội trường A, FSC",
        "DTSTART": datetime(2026, 12, 11, 14, 0, tzinfo=LOCAL),
        "DTEND": datetime(2026, 12, 11, 17, 0, tzinfo=LOCAL),
        "SEQUENCE": 1,
    }
    assert str(found["STATUS"]) == "CONFIRMED"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    (english,) = Calendar.from_ical(Client().get(f"/en/hoat-dong/{activity.slug}.ics").content).walk("VEVENT")
    assert str(english["SUMMARY"]) == "Talk on digital start-ups"
    assert english["UID"] == found["UID"]


def test_feed_holds_what_is_ahead_and_lately_over(plan: Plan, activity: Activity, officer_hmc: User) -> None:
    for code, days in (("GAN", -100), ("XA", -300)):
        makers.make_activity(plan, code=code, title=code, starts_at=makers.NOW + timedelta(days=days))
    services.cancel_activity(activity=activity, reason="Bận", by=officer_hmc, at=makers.NOW)
    calendar = Calendar.from_ical(Client().get("/lich.ics").content)
    assert [(str(e["SUMMARY"]), str(e["STATUS"])) for e in calendar.walk("VEVENT")] == [
        ("GAN", "CONFIRMED"), ("Tọa đàm khởi nghiệp số", "CANCELLED"),
    ]  # fmt: skip
    assert str(calendar["METHOD"]) == "PUBLISH"


# --- the agreement and the rest ---------------------------------------------------------------
def test_agreement_page_names_parties_officials_and_clauses_in_both_languages(agreement: Agreement) -> None:
    for prefix in ("", "/en"):
        page = Client().get(prefix + "/ban-ghi-nho/").content.decode()
        for told in (
            "Lê Minh An", "Trần Gia Bảo", "Đặng Quốc Ưng",
            "Hai bên cùng thực hiện nội dung quảng bá.", "Both sides work together on promotion.",
        ):  # fmt: skip
            assert told in page
    assert "Điều" not in page


def test_progress_page_says_that_nothing_was_released(agreement: Agreement) -> None:
    assert "Nothing has been released yet" in Client().get("/en/ket-qua/").content.decode()


@pytest.fixture
def snapshot(activity: Activity, officer_hmc: User) -> Snapshot:
    """A snapshot with one talk of 42 guests, prepared but not released."""
    objective = makers.make_objective(activity.plan)
    indicator = makers.make_indicator(objective)
    activity.indicators.add(indicator)
    makers.make_target(indicator, phase=activity.plan.phases.get(order=4), value=84)
    activity.state = Activity.State.HELD
    activity.save()
    for _guest in range(42):
        makers.make_evidence(activity)
    return prepare_snapshot(plan=activity.plan, by=officer_hmc, at=activity.ends_at + timedelta(days=1))


def test_figures_are_public_only_while_a_snapshot_is_released(
    snapshot: Snapshot, activity: Activity, clock: HandClock
) -> None:
    def told() -> list[bool]:
        pages = [Client().get("/en" + page).content.decode() for page in ("/", "/ket-qua/", event(activity))]
        return ["50%" in pages[0], "50%" in pages[1], "42 people attended." in pages[2]]

    clock.set(activity.ends_at + timedelta(days=2))
    assert told() == [False, False, False]
    snapshot.released_at = clock.moment
    snapshot.save()
    assert told() == [True, True, True]
    progress = Client().get("/en/ket-qua/").context["told"]
    assert [(clause.name, clause.percent, clause.held) for clause in progress.clauses] == [
        ("Promotion of the City", 50, 1), ("Training of the City", None, 0), ("Talks of the City", None, 0),
        ("Press of the City", None, 0),
    ]  # fmt: skip
    assert [(row.title, row.attended) for row in progress.activities] == [("Talk on digital start-ups", 42)]
    # agreement, snapshot with its plan, areas
    assert queries("/ket-qua/") == 3
    assert queries(event(activity)) == 6
    snapshot.withdrawn_at, snapshot.withdrawn_reason = clock.moment, "Số liệu cần rà soát lại"
    snapshot.save()
    assert told() == [False, False, False]


def test_privacy_page_shows_the_wording_in_use(agreement: Agreement) -> None:
    page = Client().get("/en/rieng-tu/").content.decode()
    assert "The organisers use the name, organisation, position" in page
    assert "20 days" in page
    assert "Ho Chi Minh City Press Centre" in page


def test_about_page_says_whose_site_it_is_and_whom_to_write_to(agreement: Agreement) -> None:
    unit = agreement.parties.all()[0].organisation
    Organisation.objects.filter(pk=unit.pk).update(address="Số 5 Đường Thử, phường Sài Gòn")
    former = Organisation.objects.create(name="Sở đã sáp nhập")
    Supervision.objects.create(unit=unit, department=former, first_day=date(2020, 1, 1), last_day=date(2021, 12, 31))
    department = Supervision.objects.holding(day=date(2026, 11, 23)).filter(unit=unit)[0].department
    page = Client().get("/gioi-thieu/").content.decode()
    for shown in (unit.name, department.name, "Số 5 Đường Thử"):
        assert shown in page
    assert former.name not in page
    assert {"/lien-he/dinh-chinh/", "/lien-he/bao-chi/", "/ban-ghi-nho/", "/tin.rss"} <= set(
        re.findall(r'href="([^"#]+)"', page)
    )
    with CaptureQueriesContext(connection) as asked:
        Client().get("/gioi-thieu/")
    assert len(asked) == 3  # the agreement, its parties, who supervises them


def test_about_page_stands_before_there_is_an_agreement(db: None) -> None:
    assert Client().get("/en/gioi-thieu/").status_code == 200


def test_check_form_sends_on_to_the_answer(agreement: Agreement) -> None:
    response = Client().get("/kiem-tra/", {"ma": " ab12 cd34 "})
    assert (response.status_code, response["Location"]) == (302, "/kiem-tra/AB12CD34/")
    assert Client().get("/kiem-tra/", {"ma": " <> "}).status_code == 200
    for code in ("KHONGCO", "%00", "a" * 500, "..%2F", "<script>"):
        assert Client().get(f"/kiem-tra/{code}/").status_code == 404


def test_robots_and_sitemap(activity: Activity) -> None:
    robots = Client().get("/robots.txt")
    assert robots["Content-Type"] == "text/plain; charset=utf-8"
    assert robots.content.decode().splitlines()[:2] == ["User-agent: *", "Disallow: /ban/"]
    root = ET.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314 (our own page)
    found = [element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert found[:2] == ["http://localhost:8000/", "http://localhost:8000/en/"]
    assert found[-2:] == [f"http://localhost:8000{event(activity)}", f"http://localhost:8000/en{event(activity)}"]
    assert len(found) == 2 * (len(PAGES) + 1)


def test_language_switch_leads_to_the_same_page(activity: Activity) -> None:
    assert f'href="/en{event(activity)}"' in Client().get(event(activity)).content.decode()
    assert f'href="{event(activity)}"' in Client().get("/en" + event(activity)).content.decode()
    assert 'href="/en/lich/?q=a"' in Client().get("/lich/?q=a").content.decode()
    page = Client().get("/lich/?q=%22%3E%3Cscript%3E").content.decode()
    assert "<script>" not in page
