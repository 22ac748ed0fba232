"""Guessing at passwords: held by address and account; the office next door and the colleague go on."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from nhipcau.parties.models import User

PASSWORD, WRONG = "mot-mat-khau-dai", "sai"
THERE, HERE = "198.51.100.1", "203.0.113.7"


@pytest.fixture(autouse=True)
def two(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "50/10m/ip,2/5m/key"}


def sign_in(client: Client, name: str, password: str = WRONG, address: str = THERE, **more: Any) -> HttpResponse:
    return client.post("/tai-khoan/login/", {"login": name, "password": password}, REMOTE_ADDR=address, **more)  # type: ignore[return-value]


def test_guessing_is_held_with_our_page(client: Client, officer_hmc: User) -> None:
    answers = [sign_in(client, "officer_hmc") for _turn in range(3)]
    assert [answer.status_code for answer in answers[-1:]] == [429]
    held = answers[-1].content.decode()
    assert "Vui lòng thử lại sau" in held
    assert answers[-1]["Retry-After"].isdigit()
    assert 'value="officer_hmc"' in held
    assert "sai" not in [value for _name, value in answers[-1].context["typed"]]  # type: ignore[attr-defined]


def test_nobody_locks_a_colleague_out(client: Client, officer_hmc: User, officer_fsc: User) -> None:
    for _turn in range(5):
        sign_in(client, "officer_hmc")
    assert sign_in(client, "officer_hmc", PASSWORD).status_code == 429
    assert sign_in(client, "officer_fsc", PASSWORD).status_code == 302
    assert sign_in(Client(), "officer_hmc", PASSWORD, HERE).status_code == 302


def test_a_forged_address_does_not_begin_anew(client: Client, officer_hmc: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    answers = [
        sign_in(client, "officer_hmc", headers={"X-Forwarded-For": f"10.0.0.{turn}, {THERE}"}).status_code
        for turn in range(4)
    ]
    assert answers[2:] == [429, 429]


def test_a_good_password_is_not_counted(client: Client, officer_hmc: User) -> None:
    assert {sign_in(Client(), "officer_hmc", PASSWORD).status_code for _turn in range(5)} == {302}
