"""Whose attempt it is: told by our own proxies, from the right, whatever the client writes itself."""

from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core import clients

Settings = Any
HALL, PROXY, FORGED = "203.0.113.7", "127.0.0.1", "198.51.100.1"


def told(settings: Settings, proxies: int, forwarded: str, connected: str = PROXY) -> str:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return clients.address(RequestFactory(headers=headers).get("/", REMOTE_ADDR=connected))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "connected", "address"),
    [
        (0, "", HALL, HALL),
        (0, FORGED, HALL, HALL),
        (1, HALL, PROXY, HALL),
        (1, f"{FORGED}, {HALL}", PROXY, HALL),
        (1, "", PROXY, PROXY),
        (2, f"{FORGED}, {HALL}, 10.0.0.2", PROXY, HALL),
        (2, HALL, PROXY, PROXY),
        (1, "unknown", PROXY, PROXY),
        (1, f"{HALL}:51234", PROXY, HALL),
        (1, '"[2001:db8::7]:443"', PROXY, "2001:db8::7"),
        (1, "fe80::1%eth0", PROXY, "fe80::1"),
        (1, f"::ffff:{HALL}", PROXY, HALL),
        (0, "", "", clients.UNKNOWN),
        (1, "x" * 5000, "", clients.UNKNOWN),
    ],
)
def test_address_is_what_the_outermost_trusted_proxy_heard(
    settings: Settings, proxies: int, forwarded: str, connected: str, address: str
) -> None:
    assert told(settings, proxies, forwarded, connected) == address


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=200))
def test_address_cannot_be_forged(written: str) -> None:
    from django.test import override_settings

    with override_settings(TRUSTED_PROXIES=1):
        request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{written}, {HALL}")
        assert clients.address(request) == HALL


def test_household_counts_one_line_together(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    asked = RequestFactory()
    ones = {
        clients.household(asked.get("/", REMOTE_ADDR=address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", HALL)
    }
    assert ones == {"2001:db8:1:2::/64", "2001:db8:1:3::/64", HALL}
