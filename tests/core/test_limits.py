"""Attempts: counted by address and by what is tried, over all processes; past the limit a sentence and what was typed."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory

from nhipcau.config import settings as standard
from nhipcau.config.rates import merged
from nhipcau.core import limits
from nhipcau.core.limits import Rate, TooMany
from nhipcau.core.middleware import NowRequest
from tests.conftest import HandClock

Settings = Any
HALL, HOME = "203.0.113.7", "198.51.100.1"


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"registration": "5/10m", "registration.subject": "2/10m"}


def ask(now: datetime, address: str = HALL) -> NowRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.now = now  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


def passed(times: int, now: datetime, address: str = HALL, **more: Any) -> int:
    """How many of so many attempts went through."""
    through = 0
    for _turn in range(times):
        try:
            limits.count(ask(now, address), "registration", **more)
        except TooMany:
            continue
        through += 1
    return through


def test_count_lets_so_many_through_and_begins_anew(clock: HandClock) -> None:
    assert passed(9, clock()) == 5
    assert passed(9, clock(), HOME) == 5
    assert passed(9, clock.move(minutes=9)) == 0
    assert passed(9, clock.move(minutes=1)) == 5


def test_count_holds_one_subject_without_holding_its_neighbours(clock: HandClock) -> None:
    assert passed(3, clock(), subject="+84912345678") == 2
    assert passed(1, clock(), subject="+84903111222") == 1
    assert passed(1, clock(), HOME, subject="+84912345678") == 1
    assert passed(9, clock()) == 1  # four of five from this address were used


def test_a_hall_of_three_hundred_registers_behind_one_address(clock: HandClock, settings: Settings) -> None:
    settings.RATE_LIMITS = dict(standard.RATE_LIMITS)
    for guest in range(300):
        for _attempt in range(3):  # a slip of the finger or two
            limits.count(ask(clock()), "registration", subject=f"+8491{guest:07}")


def test_refuse_counts_nothing_and_holds_once_the_number_is_used_up(clock: HandClock) -> None:
    for _turn in range(20):
        limits.refuse(ask(clock()), "registration")
    passed(5, clock())
    with pytest.raises(TooMany) as refused:
        limits.refuse(ask(clock()), "registration")
    assert (refused.value.seconds, str(refused.value)) == (
        600,
        "Đã có quá nhiều lần thử trong thời gian ngắn. Vui lòng thử lại sau 10 phút.",
    )


def test_a_cache_out_of_order_lets_everybody_in_and_says_so(
    clock: HandClock, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert passed(9, clock()) == 9
    assert "registration" in caplog.records[0].getMessage()
    assert HALL not in caplog.text


def test_nothing_in_the_cache_tells_who_tried(clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    real = limits._add

    def noted(counters: Any, key: str, seconds: int) -> int:
        kept.append(key)
        return real(counters, key, seconds)

    monkeypatch.setattr(limits, "_add", noted)
    passed(1, clock(), subject="+84912345678")
    assert len(kept) == 2
    assert not any(HALL in key or "912345678" in key for key in kept)


@pytest.mark.parametrize(
    ("written", "read"),
    [("20/m", Rate(20, 60)), ("600/10m", Rate(600, 600)), (" 5/2h ", Rate(5, 7200)), ("1/d", Rate(1, 86400))],
)
def test_rate_reads(written: str, read: Rate) -> None:
    assert limits.rate(written) == read


@pytest.mark.parametrize("written", ["", "5", "0/m", "-1/m", "5/m/ip", "5/w", "five/m"])
def test_rate_refuses(written: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        limits.rate(written)


def test_an_operator_changes_single_rates_and_is_told_of_a_slip() -> None:
    from django.core.exceptions import ImproperlyConfigured

    assert merged({"a": "1/m", "b": "2/m"}, "b = 9/h, ") == {"a": "1/m", "b": "9/h"}
    for wrong, sentence in (
        ("c=1/m", "names 'c'; known are a"),
        ("a=often", "write a=600/10m"),
        ("a", "write a=600/10m"),
    ):
        with pytest.raises(ImproperlyConfigured, match=sentence):
            merged({"a": "1/m"}, wrong)


# --- the page ---------------------------------------------------------------------------------
def test_too_many_page_keeps_what_was_typed_but_no_password(db: None, client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    typed = {"email": "van@example.vn", "password": "rất-mật", "lines": 'một\n"hai"'}
    answers = [client.post("/tai-khoan/password/reset/", typed) for _turn in range(2)]
    page = answers[-1]
    assert (page.status_code, page["Retry-After"]) == (429, "600")
    assert "no-store" in page["Cache-Control"]
    assert page.context["typed"] == list(typed.items())[::2]
    assert "rất-mật" not in page.content.decode()
    assert 'value="một\n&quot;hai&quot;"' in page.content.decode()
