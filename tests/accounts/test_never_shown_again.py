"""What is typed at the entrance is never printed back by the pages that say “later”: neither by 429 nor by 503."""

import errno
import re
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve

from nhipcau.accounts.allauth_urls import urlpatterns
from nhipcau.core import views
from nhipcau.core.limits import TooMany

pytestmark = pytest.mark.django_db
SECRETS = {
    "code": "A1B2C3D4", "otp": "A1B2C3D4", "credential": "A1B2C3D4", "password": "A1B2C3D4", "oldpassword": "A1B2C3D4",
    "password1": "A1B2C3D4", "token": "A1B2C3D4", "client_secret": "A1B2C3D4", "csrfmiddlewaretoken": "A1B2C3D4",
    "recovery-code": "A1B2C3D4", "pin": "A1B2C3D4",
}  # fmt: skip
OPEN = {"login": "can.bo", "name": "Điện thoại", "shipping": "x"}
ADDRESSES = sorted(
    "/tai-khoan/" + re.sub(r"<int:\w+>", "1", str(one.pattern)) for one in urlpatterns if "?P<" not in str(one.pattern)
)


def asked(address: str, data: dict[str, str]) -> HttpRequest:
    """A POST as the pages of errors find it, before its view was reached."""
    request = RequestFactory().post(address, data)
    request.resolver_match = resolve(address)
    request.user = None  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_of_the_entrance_repeats_a_secret(address: str) -> None:
    assert views._typed(asked(address, SECRETS | OPEN)) == list(OPEN.items())


def test_page_nobody_can_tell_repeats_no_code() -> None:
    request = RequestFactory().post("/", SECRETS | OPEN)
    assert views._typed(request) == list(OPEN.items())


def test_code_of_an_activity_is_kept() -> None:
    assert views._typed(asked("/ban/hoat-dong/moi/", {"code": "TD-03", "password": "x"})) == [("code", "TD-03")]


def test_what_a_view_declares_is_not_repeated() -> None:
    request = asked("/ban/hoat-dong/moi/", {"code": "TD-03", "title": "Toạ đàm"})
    request.sensitive_post_parameters = ["code"]  # type: ignore[attr-defined]
    assert views._typed(request) == [("title", "Toạ đàm")]
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
    assert views._typed(request) == []


@pytest.mark.parametrize(("status", "error"), [(429, TooMany(60)), (503, OSError(errno.ENOSPC, "full"))])
def test_second_factor_is_not_printed_back(monkeypatch: pytest.MonkeyPatch, status: int, error: Exception) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("nhipcau.accounts.views.entrance.ShowFactor.dispatch", fail)
    client = Client(raise_request_exception=False)
    answer = client.post("/tai-khoan/2fa/authenticate/", SECRETS | OPEN)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "A1B2C3D4" not in page
    assert 'value="can.bo"' in page
