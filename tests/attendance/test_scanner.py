"""The camera at the reception desk: the vendored reader, the page's policy, and a code before a real browser's lens."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright
from whitenoise.storage import CompressedManifestStaticFilesStorage

from nhipcau.attendance.models import CheckIn, Registration
from nhipcau.core.headers import PERMISSIONS
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from tests import makers
from tests.conftest import HandClock
from tests.e2e.fixtures import _django_db_helper, empty_tables, server, tables
from tests.e2e.harness import FLAGS, PHONE, Window, one_of_few, open_window

__all__ = ["_django_db_helper", "empty_tables", "server", "tables"]
ROOT = Path(__file__).resolve().parents[2]
STATIC = {"vendor": ROOT / "nhipcau/core/static", "attendance": ROOT / "nhipcau/attendance/static"}
READER = ("vendor/zxing-wasm/zxing_reader.js", "vendor/zxing-wasm/zxing_reader.wasm")
DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
LENS = (640, 480)


# --- the files --------------------------------------------------------------------------------
def test_vendored_files_are_as_published() -> None:
    folder = STATIC["vendor"] / "vendor"
    noted = re.findall(r"^\| ([0-9a-f]{64}) \| `(.+)` \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert {name: digest for digest, name in noted} == found


def test_reader_keeps_its_bytes_under_hashed_names(tmp_path: Path) -> None:
    source, storage = StaticFilesStorage(location=tmp_path), CompressedManifestStaticFilesStorage(location=tmp_path)
    paths: dict[str, tuple[StaticFilesStorage, str]] = {}
    for name, folder in STATIC.items():
        shutil.copytree(folder / name, tmp_path / name)
        paths |= {
            str(path.relative_to(tmp_path)): (source, str(path.relative_to(tmp_path)))
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
    failed = [(name, done) for name, _hashed, done in storage.post_process(paths) if isinstance(done, Exception)]
    assert not failed
    for name in READER:
        hashed = storage.stored_name(name)
        assert hashed != name
        assert (tmp_path / hashed).read_bytes() == (STATIC["vendor"] / name).read_bytes()
        assert (tmp_path / f"{hashed}.br").exists()


# --- the policy -------------------------------------------------------------------------------
@pytest.fixture
def guest(empty_tables: None, clock: HandClock) -> Registration:
    """Somebody with a seat, on the day."""
    clock.set(DAY)
    makers.make_evidence_kind("attendance.checkin")
    activity = makers.make_activity(makers.make_plan(makers.make_agreement()))
    return makers.make_registration(makers.make_intake(activity), "Nguyễn Thị Minh Châu", code="K7M-4QX", seat="A-12")


@pytest.fixture
def receptionist(guest: Registration) -> User:
    """Sits at the desk of HMC."""
    return makers.make_user("reception_hmc", ("hmc", "reception"))


def address(guest: Registration) -> str:
    """The desk of the guest's activity."""
    return f"/ban/hoat-dong/{guest.intake.activity_id}/don-tiep/"


@pytest.mark.django_db(transaction=True)
def test_only_the_desk_may_compile_a_reader(
    guest: Registration, receptionist: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(receptionist)
    script_src = {}
    for name, url in {"desk": address(guest), "guests": address(guest).replace("don-tiep", "khach")}.items():
        response = client.get(url)
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        script_src[name] = (policy["script-src"], response.get("Permissions-Policy"))
    assert script_src == {
        "desk": ("'self' 'wasm-unsafe-eval'", "camera=(self), microphone=(), geolocation=()"),
        "guests": ("'self'", PERMISSIONS),
    }
    refused = client.post(address(guest), {"code": "XXX-XXX"})
    assert (refused.status_code, "'wasm-unsafe-eval'" in refused["Content-Security-Policy"]) == (422, True)


# --- before the lens --------------------------------------------------------------------------
def film(code: str, path: Path) -> None:
    """One frame of video, shown over and over: a code on a dim screen, held a little askew."""
    out = BytesIO()
    segno.make(code, error="h", micro=False).save(out, kind="png", scale=9, border=3, dark="#303030", light="#909090")
    picture = Image.new("L", LENS, 70)
    screen = Image.open(out).convert("L").rotate(7, expand=True, fillcolor=70)
    picture.paste(screen, ((LENS[0] - screen.width) // 2, (LENS[1] - screen.height) // 2))
    grey = bytes([128]) * (LENS[0] * LENS[1] // 2)
    path.write_bytes(
        f"YUV4MPEG2 W{LENS[0]} H{LENS[1]} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + picture.tobytes() + grey
    )


@contextmanager
def a_browser_that_sees(path: Path) -> Iterator[Browser]:
    """Debian's Chromium with a film for its camera; whether a page may use it is the window's own permission."""
    program = shutil.which("chromium")
    assert program, "The tests that drive a browser need Debian's chromium."
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}")
    with one_of_few(), sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *camera])
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def lens(guest: Registration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser before whose camera the guest's code is held."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
    film(guest.code, tmp_path / "code.y4m")
    with a_browser_that_sees(tmp_path / "code.y4m") as running:
        yield running


# Heard from outside the page's own scripts: what the desk says of each code.
HEAR = """document.addEventListener('DOMContentLoaded', () => {
  window.heard = [];
  document.querySelector('[data-reception]').addEventListener('desk:answer', (event) => heard.push(event.detail));
})"""


def at_the_desk(lens: Browser, server: str, receptionist: User, guest: Registration, *, language: str = "vi") -> Window:
    """The receptionist's telephone, the desk open."""
    window = open_window(lens, server, user=receptionist, language=language, size=PHONE)
    window.context.add_init_script(HEAR)
    window.go(("/en" if language == "en" else "") + address(guest))
    return window


def fetched(window: Window) -> list[str]:
    """Which of the reader's files the page has asked for."""
    names = window.run("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)")
    return sorted({name.removeprefix("/static/") for name in names if "zxing" in name})


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_code_before_the_lens_lets_the_guest_in_once(
    lens: Browser, server: str, receptionist: User, guest: Registration
) -> None:
    window = at_the_desk(lens, server, receptionist, guest)
    window.context.grant_permissions(["camera"])
    page, scan = window.page, window.page.locator("[data-scan]")
    assert window.run("'BarcodeDetector' in window") is False
    assert fetched(window) == []
    expect(scan).to_have_text(window.t("Scan a code"))

    scan.click()
    expect(page.locator(".answer .verdict")).to_have_text(window.t("Welcome"))
    expect(page.locator(".answer .name")).to_contain_text("Nguyễn Thị Minh Châu")
    expect(page.locator(".arrived")).to_have_text(
        window.t("Arrived %(arrived)s/%(expected)s", arrived="1", expected="1")
    )
    expect(scan).to_have_text(window.t("Stop scanning"))
    assert fetched(window) == list(READER)

    page.wait_for_timeout(5000)  # longer than a code is taken for the same guest's; it is still before the lens
    assert window.run("heard") == ["ok"]
    assert CheckIn.objects.count() == Evidence.objects.filter(kind="attendance.checkin").count() == 1
    window.check("scanner-admitted")
    assert window.run("document.querySelector('[data-finder] video').getBoundingClientRect().bottom <= innerHeight")

    page.locator("#took").check()  # neither a tick nor an undone arrival closes the camera
    expect(page.locator("#took")).to_be_checked()
    page.get_by_role("button", name=window.t("Undo"), exact=True).click()
    expect(page.locator(".answer .verdict")).to_have_text(window.t("Not arrived yet"))
    page.locator("#find").fill("minh chau")
    page.locator("#found").get_by_role("button").first.click()
    expect(page.locator(".answer .verdict")).to_have_text(window.t("Welcome"))
    expect(page.locator("#found b")).to_have_count(0)
    expect(page.locator("[data-finder]")).to_be_visible()
    assert [check_in.took_documents for check_in in CheckIn.objects.order_by("pk")] == [True, False]
    assert CheckIn.objects.standing().count() == 1
    assert window.run("heard") == ["ok", "ok"]

    scan.click()
    expect(page.locator("[data-finder]")).to_be_hidden()
    expect(scan).to_have_text(window.t("Scan a code"))
    assert window.run("document.querySelector('[data-finder] video').srcObject") is None

    scan.click()  # the same code again, later: amber, and still one arrival
    expect(page.locator(".answer.wait .verdict")).to_contain_text("13g45")
    assert window.run("heard") == ["ok", "ok", "wait"]
    assert CheckIn.objects.standing().count() == 1
    assert not window.complaints


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_camera_refused_leaves_the_typed_code(
    language: str, lens: Browser, server: str, receptionist: User, guest: Registration
) -> None:
    window = at_the_desk(lens, server, receptionist, guest, language=language)
    window.page.locator("[data-scan]").click()
    expect(window.page.locator("#camera-trouble")).to_have_text(
        window.t(
            "The browser may not use the camera. Please type the code below; or allow the camera in the browser's "
            "settings, then press Scan a code again."
        )
    )
    expect(window.page.locator("#code")).to_be_focused()
    expect(window.page.locator("[data-finder]")).to_be_hidden()
    assert fetched(window) == []
    window.check("scanner-refused")
    window.page.keyboard.type("k7m4qx")
    window.page.keyboard.press("Enter")
    expect(window.page.locator(".answer .verdict")).to_have_text(window.t("Welcome"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_reader_that_cannot_be_fetched_is_told_and_tried_again(
    lens: Browser, server: str, receptionist: User, guest: Registration
) -> None:
    window = at_the_desk(lens, server, receptionist, guest)
    window.context.grant_permissions(["camera"])
    page, scan = window.page, window.page.locator("[data-scan]")
    for part in READER:
        page.route(f"**/{part}", lambda route: route.abort())
        scan.click()
        expect(page.locator("#camera-trouble")).to_be_visible()
        expect(page.locator("#code")).to_be_focused()
        page.unroute(f"**/{part}")
    scan.click()
    expect(page.locator(".answer .verdict")).to_have_text(window.t("Welcome"))
    expect(page.locator("#camera-trouble")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_codes_wait_on_the_machine_while_the_network_is_gone(
    lens: Browser, server: str, receptionist: User, guest: Registration
) -> None:
    window = at_the_desk(lens, server, receptionist, guest)
    page = window.page
    page.clock.set_fixed_time(DAY)  # the telephone says when it scanned
    page.goto(f"{page.url}?khach={guest.pk}")
    notice = page.locator("[data-offline]")
    window.context.set_offline(True)
    page.locator("[data-part=answer]").get_by_role("button", name=window.t("Let in")).click()
    expect(notice).to_have_text(
        window.t(
            "No network now: this step was not recorded. Please type the guest's code; it is kept on this machine."
        )
    )
    page.locator("#code").fill(guest.code)
    page.locator("#code").press("Enter")
    expect(notice).to_contain_text(" 1 ")
    assert window.run("heard") == ["lost", "kept"]
    window.context.set_offline(False)
    expect(page.locator(".arrived")).to_have_text(
        window.t("Arrived %(arrived)s/%(expected)s", arrived="1", expected="1")
    )
    expect(notice).to_have_text(window.t("The network is back; all kept arrivals have been sent."))
    assert CheckIn.objects.standing().count() == 1


# The film has no lamp and headless windows are never hidden: the device's part is played here, the desk's is its own.
LAMP = """window.lamp = []; window.sounds = 0; window.away = false;
MediaStreamTrack.prototype.getCapabilities = () => ({torch: true});
MediaStreamTrack.prototype.applyConstraints = async (wanted) => { lamp.push(wanted.advanced[0].torch); };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { sounds += 1; start.call(this, at); };
Object.defineProperty(document, 'hidden', {get: () => away});"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_torch_sound_and_a_camera_that_leaves_with_the_page(
    lens: Browser, server: str, receptionist: User, guest: Registration
) -> None:
    window = open_window(lens, server, user=receptionist, size=PHONE)
    window.context.grant_permissions(["camera"])
    window.context.add_init_script(HEAR)
    window.context.add_init_script(LAMP)
    window.go(address(guest))
    page = window.page
    page.locator("[data-scan]").click()
    expect(page.locator(".answer .verdict")).to_have_text(window.t("Welcome"))
    torch = page.get_by_role("button", name=window.t("Torch"))
    for lit in ("true", "false", "true"):
        torch.click()
        expect(torch).to_have_attribute("aria-pressed", lit)
    assert window.run("lamp") == [True, False, True]
    assert window.run("sounds") == 1

    window.run("away = true; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-finder]")).to_be_hidden()
    assert window.run("document.querySelector('[data-finder] video').srcObject") is None
    window.run("away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-finder]")).to_be_visible()
    expect(torch).to_have_attribute("aria-pressed", "false")
    window.check("scanner-torch")
    assert not window.complaints
