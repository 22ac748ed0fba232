"""The second factor in a real browser: an invited director makes a passkey and comes in with it; an officer types a code."""

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import Browser, expect

from nhipcau.accounts import links, services
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.e2e.harness import DESKTOP, PHONE, Window, open_window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_tables"),
]
PASSWORD = "mot-mat-khau-rat-dai"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(params=[PHONE, DESKTOP], ids=["390", "1280"])
def window(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window with a device that makes and shows passkeys; passkeys want a name, so the server is called localhost."""
    opened = open_window(browser, server.replace("127.0.0.1", "localhost"), size=request.param)
    device = opened.context.new_cdp_session(opened.page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield opened
    opened.context.close()


def press(window: Window, name: str) -> None:
    """Press a button or follow a link by its words."""
    words = window.t(name)
    page = window.page
    page.locator("main").get_by_role("button", name=words).or_(
        page.locator("main").get_by_role("link", name=words)
    ).first.click()
    page.wait_for_load_state("load")


def test_invited_director_makes_a_passkey_and_comes_in_with_it(window: Window) -> None:
    plan = makers.make_plan()
    administrator = makers.make_user("administrator", is_superuser=True)
    link = services.invite_person(
        name="Lê Minh An",
        organisation=makers.make_organisation("hmc"),
        role=Membership.Role.DIRECTOR,
        first_day=makers.NOW.date(),
        by=administrator,
        at=makers.NOW,
    )
    page = window.page
    window.go(reverse("accounts:link", args=[links.token(link)]))
    window.check("invited")
    page.fill("[name=username]", "minh.an")
    page.fill("[name=password]", PASSWORD)
    press(window, "Accept and sign in")
    expect(page).to_have_url(window.address + reverse("mfa_index"))
    window.check("factor owed")
    press(window, "Add a passkey")
    page.fill("[name=password]", PASSWORD)
    window.check("password again")
    page.locator("main form button[type=submit]").first.click()
    page.fill("[name=name]", "Máy cơ quan")
    page.locator("[name=passwordless]").check()
    window.check("passkey")
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(window.address + reverse("mfa_view_recovery_codes"))
    window.check("recovery codes")
    for name in ("mfa_index", "mfa_list_webauthn", "mfa_generate_recovery_codes"):
        window.go(reverse(name))
        window.check(name)
    kept = Authenticator.objects.get(type="webauthn")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        window.go(reverse(name, args=[kept.pk]))
        window.check(name)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(window.address + reverse("mfa_list_webauthn"))
    assert Authenticator.objects.filter(pk=kept.pk).exists()  # the last one stays with a director
    window.go(reverse("account_logout"))
    page.locator("main form button[type=submit]").click()
    window.go(reverse("account_login"))
    window.check("sign in")
    page.locator("#passkey_login").click()
    expect(page).to_have_url(window.address + reverse("desk:today"))
    expect(page.locator("h1")).to_have_text(window.t("Today"))
    assert User.objects.get(username="minh.an").memberships.get().organisation in [
        party.organisation for party in plan.agreement.parties.all()
    ]


def test_officer_types_the_code_of_an_app(window: Window) -> None:
    makers.make_plan()
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))
    TOTP.activate(officer, SECRET)
    page = window.page
    window.go(reverse("account_login"))
    page.fill("[name=login]", "officer_hmc")
    page.fill("[name=password]", "mot-mat-khau-dai")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(window.address + reverse("mfa_authenticate"))
    window.check("second factor")
    page.fill("[name=code]", format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(window.address + reverse("desk:today"))
    window.go(reverse("mfa_deactivate_totp"))
    window.check("password or code again")
    for name in ("mfa_reauthenticate", "usersessions_list"):
        window.go(reverse(name))
        window.check(name)


def test_app_is_set_up(window: Window) -> None:
    makers.make_plan()
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))
    page = window.page
    window.go(reverse("account_login") + "?next=" + reverse("mfa_activate_totp"))
    page.fill("[name=login]", "officer_hmc")
    page.fill("[name=password]", "mot-mat-khau-dai")
    page.locator("main form button[type=submit]").first.click()
    page.fill("[name=password]", "mot-mat-khau-dai")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(window.address + reverse("mfa_activate_totp"))
    window.check("set up an app")
    secret = page.locator("code").inner_text()
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(window.address + reverse("mfa_view_recovery_codes"))
    assert Authenticator.objects.filter(user=officer).count() == 2
