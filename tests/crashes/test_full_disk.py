"""A disk that takes nothing more, and takes again: nobody restarts anything, and what was typed is not typed again."""

import json
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.crashes.house import House, children, wait_until
from tests.crashes.players import Answer, Guest, Visitor

FORM = "application/x-www-form-urlencoded"


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    """No running web process may write a file beyond its first kilobytes, as if there were no more room."""
    assert house.web is not None
    pids = [house.web.pid, *children(house.web.pid)]
    kept = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_soft, hard) in zip(pids, kept, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        for pid, limits in zip(pids, kept, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _when_ready(visitor: Visitor) -> Answer | None:
    """What `/health/ready` says once it lets the process serve again."""
    answer = visitor.ask("GET", "/health/ready")
    return answer if answer.status == 200 else None


@pytest.mark.timeout(900)
def test_full_disk_keeps_the_form_and_takes_it_once_there_is_room(tmp_path: Path) -> None:
    guest = Guest(1)
    with House(tmp_path, database="sqlite") as house:
        told = house.prepare()
        house.start_web()
        visitor, path = Visitor(house.port), f"/dang-ky/{told['slug']}/"
        visitor.form(path)
        typed = {
            "name": "Khách Số Một",
            "phone": guest.phone,
            "email": guest.email,
            "audience": str(told["audience"]),
            "consent": "on",
        }
        with full_disk(house):
            answer = visitor.send(path, **typed)
            live = visitor.ask("GET", "/health/live")
            ready = visitor.ask("GET", "/health/ready")
        assert (answer.status, answer.retry_after) == (503, "120"), answer.text[:2000]
        assert "Ổ đĩa đã đầy hoặc gặp sự cố" in answer.text
        assert live.status == 200
        assert ready.status == 503
        (folder,) = [one for one in json.loads(ready.text)["checks"] if one["name"] == "data_folder"]
        assert folder["status"] == "failed"
        assert folder["sentence"].startswith("Không ghi được vào thư mục dữ liệu: ")
        again = {
            name: unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
        }
        assert {name: again[name] for name in typed} == typed
        sent = [visitor.ask("POST", path, urlencode(again), FORM) for _ in range(2)]
        assert [one.status for one in sent] == [302, 302]
        assert json.loads(wait_until(lambda: _when_ready(visitor)).text)["status"] != "failed"
        assert len({visitor.ask("GET", one.location).status for one in sent}) == 1
