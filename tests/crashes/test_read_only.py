"""A disk that can only be read, and a database that takes no more connections: told, and over by itself when they are."""

import json
import re
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.closed_place import bound_by_modes, read_only
from tests.crashes.house import House
from tests.crashes.players import Answer, Guest, Visitor

FORM = "application/x-www-form-urlencoded"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
EDGE = "giua-hai-phan"


def _again(answer: Answer) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in found}


def _typed(told: dict[str, str]) -> dict[str, str]:
    guest = Guest(1)
    return {
        "name": "Khách Số Một",
        "phone": guest.phone,
        "email": guest.email,
        "audience": str(told["audience"]),
        "consent": "on",
    }


def _state(visitor: Visitor, name: str) -> tuple[int, str]:
    ready = visitor.ask("GET", "/health/ready")
    states = {one["name"]: one["status"] for one in json.loads(ready.text)["checks"]}
    return ready.status, states[name]


@pytest.mark.timeout(900)
def test_read_only_disk_is_told_and_the_form_goes_in_once_it_can_be_written(tmp_path: Path) -> None:
    with House(tmp_path, database="sqlite") as house:
        told = house.prepare()
        house.before_words = bound_by_modes()
        house.start_web()
        visitor, path = Visitor(house.port), f"/dang-ky/{told['slug']}/"
        visitor.form(path)
        typed = _typed(told)
        with read_only(house.data):
            answer = visitor.send(path, **typed)
            live, ready = visitor.ask("GET", "/health/live"), _state(visitor, "data_folder")
        assert answer.status == 503, answer.text[:2000]
        assert "chỉ cho xem" in answer.text
        assert "Gửi lại" in answer.text
        assert (live.status, ready) == (200, (503, "failed"))
        again = _again(answer)
        assert {name: again[name] for name in typed} == typed
        sent = [visitor.ask("POST", path, urlencode(again), FORM) for _ in range(2)]
        assert [one.status for one in sent] == [302, 302]
        assert len({visitor.ask("GET", one.location).status for one in sent}) == 1
        assert _state(visitor, "data_folder")[1] != "failed"


@pytest.mark.timeout(900)
def test_folder_of_files_that_cannot_be_written_costs_only_the_upload(tmp_path: Path) -> None:
    with House(tmp_path, database="sqlite") as house:
        told = house.prepare()
        house.before_words = bound_by_modes()
        house.start_web()
        files = house.data / "files"
        files.mkdir(exist_ok=True)
        officer = Visitor(house.port, {"sessionid": told["officer"]})
        path = f"/ban/hoat-dong/{told['activity']}/danh-sach-ky/"

        def upload() -> Answer:
            token = officer.form(path)
            parts = [
                f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                for name, value in (("csrfmiddlewaretoken", token), ("signatures", "12"))
            ]
            parts.append(
                f'--{EDGE}\r\nContent-Disposition: form-data; name="scan"; filename="ky.pdf"\r\n'
                "Content-Type: application/pdf\r\n\r\n".encode()
                + PDF
                + f"\r\n--{EDGE}--\r\n".encode()
            )
            return officer.ask("POST", path, b"".join(parts).decode(), f"multipart/form-data; boundary={EDGE}")

        with read_only(files):
            refused = upload()
            looked = officer.ask("GET", path)
        assert (refused.status, looked.status) == (503, 200), refused.text[:2000]
        assert "chỉ cho xem" in refused.text
        assert "tệp cần được nhập" in refused.text
        assert "ky.pdf" not in looked.text
        assert list(files.rglob("*.pdf")) == []
        assert upload().status == 302
        assert len(list(files.rglob("*.pdf"))) == 1


@pytest.mark.timeout(900)
def test_database_without_free_connections_is_told_and_serves_again(tmp_path: Path) -> None:
    with House(tmp_path, database="postgresql") as house:
        told = house.prepare()
        house.start_web()
        visitor, path = Visitor(house.port), f"/dang-ky/{told['slug']}/"
        with ExitStack() as taken:
            while True:
                try:
                    taken.enter_context(psycopg.connect(house.environment["DATABASE_URL"]))
                except psycopg.OperationalError:
                    break
            opened = visitor.ask("GET", path)
            ready = _state(visitor, "database")
        assert (opened.status, opened.retry_after) == (503, "20"), opened.text[:2000]
        assert "Cơ sở dữ liệu không trả lời" in opened.text
        assert ready == (503, "failed")
        visitor.form(path)
        assert visitor.send(path, **_typed(told)).status == 302
        assert _state(visitor, "database")[1] == "ok"
