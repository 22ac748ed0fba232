"""Wagtail's pages have a policy of their own, and nothing else has it."""

from django.test import Client

from nhipcau.core.headers import BACK_OFFICE, in_back_office
from nhipcau.parties.models import User


def test_back_office_has_its_own_policy_and_the_rest_has_not(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    told = {}
    for address in ("/bien-tap/", "/en/bien-tap/", "/bien-tap/images/", "/bien-tap/khong-co/", "/"):
        policy = client.get(address)["Content-Security-Policy"]
        told[address] = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    own = {name: " ".join(values) for name, values in BACK_OFFICE.items()}
    assert [told[address] == own for address in told] == [True, True, True, True, False]
    assert "unsafe-eval" not in str(told)
    assert told["/"]["script-src"] == "'self'"
    assert "no-store" in client.get("/bien-tap/")["Cache-Control"]


def test_only_the_address_decides() -> None:
    assert [
        in_back_office(path)
        for path in (
            "/bien-tap/",
            "/en/bien-tap/a/",
            "/en/ban/bien-tap/",
            "/ban/",
            "/bien-tapx/",
            "//bien-tap/",
            "/vi/bien-tap/",
        )
    ] == [True, True, False, False, False, False, True]
