"""The same pages where conditions are poor: no script, no network, only a keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from nhipcau.attendance.models import CheckIn, Registration
from tests import makers
from tests.conftest import HandClock
from tests.e2e.fixtures import OpenWindow
from tests.e2e.harness import PHONE
from tests.e2e.persons import Person
from tests.scenarios.programme import local, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_tables"),
]


def test_guest_registers_without_script(open_as: OpenWindow) -> None:
    intake = makers.make_intake()
    page = open_as(size=PHONE, java_script_enabled=False).page
    page.goto(open_as().address + reverse("attendance:register", args=[intake.activity.slug]))
    page.locator("[name=name]").fill("Nguyễn Thị Minh Châu")
    page.locator("[name=phone]").fill("0912 345 678")
    page.locator("[name=consent]").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".short-code")).to_have_text(Registration.objects.get().code)


def test_guest_registers_by_keyboard_alone(open_as: OpenWindow) -> None:
    intake = makers.make_intake()
    window = open_as()
    window.go(reverse("attendance:register", args=[intake.activity.slug]))
    page = window.page
    typed = {"name": "Nguyễn Thị Minh Châu", "unit": "Báo Tuổi Trẻ", "position": "Phóng viên", "phone": "0912345678"}
    for _step in range(40):
        page.keyboard.press("Tab")
        name = window.run("document.activeElement.name || document.activeElement.type || ''")
        if name in typed:
            page.keyboard.type(typed[name])
        elif name == "consent":
            page.keyboard.press("Space")
        elif name == "submit" and window.run("!!document.activeElement.closest('main')"):  # not the search's
            assert window.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
            page.keyboard.press("Enter")
            break
    expect(page.locator(".short-code")).to_be_visible()
    expect(page.locator(".short-code")).to_have_text(Registration.objects.get().code)


def test_reception_goes_on_without_a_network(open_as: OpenWindow, clock: HandClock) -> None:
    cast = make_cast()
    registration = makers.make_registration(makers.make_intake(), code="K7M-4QX")
    clock.set(local(12, 10, 13, 45))
    window = open_as(cast["reception_hmc"], size=PHONE)
    window.page.clock.set_fixed_time(clock.moment)  # a scan kept on the machine carries the machine's own time
    desk = Person(window, "reception")
    desk.go(reverse("attendance:reception", args=[registration.intake.activity_id]))
    window.context.set_offline(True)
    desk.page.locator("#code").fill("k7m4qx")
    desk.page.locator("#code").press("Enter")
    expect(desk.page.locator("[data-offline]")).to_be_visible()
    assert not CheckIn.objects.exists()
    window.complaints.clear()  # that the network is gone is no fault of the page
    window.context.set_offline(False)
    expect(desk.page.locator("[data-offline]")).to_contain_text(
        desk.t("The network is back; all kept arrivals have been sent.")
    )
    desk.hears("Arrived %(arrived)s/%(expected)s", arrived="1", expected="1")
    assert CheckIn.objects.get().registration == registration
