"""One line a request, and nothing in it that belongs to a person."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from nhipcau.core import logs
from nhipcau.parties.models import User

CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
SECRET = "1a.0.AbCdEfGhIjKlMnOpQrSt"
PRIVATE = ["0912345678", "Minh Châu", "khach@example.vn", SECRET, "bi-mat", "Nguyễn"]


@pytest.fixture
def written() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the service would write, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter("json"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def broken(settings: Any) -> Client:
    """A client of a product with one broken page."""
    settings.ROOT_URLCONF = "tests.operation.broken_urls"
    return Client(raise_request_exception=False)


def test_a_request_is_one_line_without_its_query(db: None, written: Callable[[], list[dict[str, Any]]]) -> None:
    response = Client().get("/lich/?q=bi-mat")
    (line,) = written()
    assert CODE.fullmatch(line["request_id"])
    assert response["X-Request-ID"] == line["request_id"]
    assert {name: line[name] for name in ("level", "logger", "event", "view", "method", "status")} == {
        "level": "info", "logger": "nhipcau.requests", "event": "answered", "view": "website:calendar",
        "method": "GET", "status": 200,
    }  # fmt: skip
    assert set(line) == {
        "time",
        "level",
        "logger",
        "event",
        "request_id",
        "view",
        "method",
        "status",
        "ms",
        "statements",
    }
    assert line["time"].endswith("+07:00")


def test_who_is_signed_in_is_a_number(
    officer_hmc: User, sign_in: Callable[[User], Client], written: Callable[[], list[dict[str, Any]]]
) -> None:
    sign_in(officer_hmc).get("/ban/")
    (line,) = written()
    assert line["account"] == officer_hmc.pk
    assert "officer_hmc" not in json.dumps(line)


def test_a_broken_page_tells_a_code_and_the_log_tells_no_person(
    db: None, broken: Client, written: Callable[[], list[dict[str, Any]]]
) -> None:
    response = broken.post(f"/hong/{SECRET}/?so=0912345678", {"ten": "Nguyễn Thị Minh Châu"})
    page = response.content.decode()
    error, line = written()
    assert response.status_code == 500
    assert response["X-Request-ID"] == error["request_id"] == line["request_id"]
    assert f'<code class="nowrap" translate="no">{line["request_id"]}</code>' in page
    assert (line["view"], line["status"]) == ("breaks", 500)
    assert (error["level"], error["event"]) == ("error", "An error nobody expected.")
    assert [one["type"] for one in error["error"]] == ["builtins.ValueError", "django.db.utils.IntegrityError"]
    assert error["error"][0]["at"][-1].endswith("broken_urls.py:19 breaks")
    everything = json.dumps([error, line], ensure_ascii=False)
    assert [word for word in PRIVATE if word in everything] == []


def test_a_page_that_is_not_there_tells_the_code(db: None) -> None:
    response = Client().get("/khong-co-trang-nay/")
    assert response["X-Request-ID"] in response.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/khong-co-trang-nay/", 404), (f"/ma/{SECRET}/", 404)])
def test_an_unknown_address_is_not_written_down(
    path: str, status: int, db: None, written: Callable[[], list[dict[str, Any]]]
) -> None:
    response = Client().get(path)
    assert response.status_code == status
    everything = json.dumps(written(), ensure_ascii=False)
    assert path not in everything
    assert SECRET not in everything


def test_a_forged_form_is_refused_without_its_path(db: None, written: Callable[[], list[dict[str, Any]]]) -> None:
    response = Client(enforce_csrf_checks=True).post("/tai-khoan/login/", {"login": "khach@example.vn"})
    (line,) = written()
    assert (response.status_code, line["view"], line["status"]) == (403, "account_login", 403)


@pytest.mark.parametrize(
    ("proxies", "offered", "taken"),
    [
        (1, "8d3c0a52-77aa-4b1e", True),
        (0, "8d3c0a52-77aa-4b1e", False),
        (1, "ngắn", False),
        (1, "a" * 65, False),
        (1, 'x"\n{}', False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_only(
    proxies: int, offered: str, taken: bool, settings: Any, db: None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    response = Client().get("/health/live", headers={"x-request-id": offered})
    assert (response["X-Request-ID"] == offered) is taken
    assert logs.request_id() == ""


@pytest.mark.parametrize(
    ("sentence", "scrubbed"),
    [
        ("Mail to khach.moi@example.vn failed", "Mail to [mail] failed"),
        ("Number 0912 345 678 twice", "Number [number] twice"),
        ("+84912345678", "[number]"),
        (f"Not Found: /ve/{SECRET.rpartition('.')[2]}/", "Not Found: /ve/[token]/"),
        ("GET /tim/?q=chau", "GET /tim/?[query]"),
        ("Task id=42 path=nhipcau.outbox.tasks.send_pending state=FAILED", "Task id=42 path=nhipcau.outbox.tasks.send_pending state=FAILED"),
        ("2026-11-23 09:00:00 took 1234 ms", "2026-11-23 09:00:00 took 1234 ms"),
    ],
)  # fmt: skip
def test_what_others_write_is_scrubbed(sentence: str, scrubbed: str) -> None:
    assert logs.scrub(sentence) == scrubbed


def test_a_person_at_a_terminal_reads_lines() -> None:
    record = logging.LogRecord("nhipcau.tests", logging.WARNING, "", 0, "Something %s", ("happened",), None)
    record.created = 1_795_000_000
    record.told = {"count": 3}
    line = logs.formatter("lines").format(record)
    assert line == "18:06:40 WARNING Something happened count=3"
