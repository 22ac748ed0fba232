"""Where web processes share a Redis, one draws a page for all, and a change made through one is seen by all."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection

from nhipcau.activities.models import Activity
from nhipcau.core import keeping, stamps
from tests import makers
from tests.core.keepers import Server, keeping_pages
from tests.core.redis_server import redis_running

ROOT = Path(__file__).resolve().parents[2]
#: The longest a change may take until every process answers by it.
SOON = 1.0
PROGRAM = """
import json, os, sys, django
from datetime import datetime
django.setup()
from django.conf import settings
settings.DATABASES["default"].update(json.loads(os.environ["OTHER_DATABASE"]))
settings.PUBLIC_PAGE_SECONDS, settings.PUBLIC_STAMPS = 300, True
settings.CACHE_URL = os.environ["OTHER_REDIS"]
settings.CACHES = {"default": {"BACKEND": "nhipcau.core.forgiving_cache.ForgivingRedisCache",
                               "LOCATION": settings.CACHE_URL, "KEY_PREFIX": "nhipcau"}}
from django.core.cache import caches
caches.settings = settings.CACHES
from nhipcau.core import middleware
at = datetime.fromisoformat(os.environ["OTHER_NOW"])
middleware.clock = lambda: at
from nhipcau.activities.models import Activity
from tests.core.keepers import Server
server = Server()
for line in sys.stdin:
    word, _space, rest = line.strip().partition(" ")
    if word == "get":
        answer = server.get(rest)
        print(json.dumps([answer.status, answer.statements, answer.text]), flush=True)
    else:
        print(json.dumps([Activity.objects.update(title=rest)]), flush=True)
"""


@pytest.fixture
def server(
    transactional_ledger: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Server]:
    """A web process that shares a Redis with others and trusts what it read as long as it does in use."""
    trusted = stamps.TRUSTED_SECONDS
    with redis_running(tmp_path) as address, keeping_pages(settings, monkeypatch) as made:
        monkeypatch.setattr(stamps, "TRUSTED_SECONDS", trusted)
        settings.CACHE_URL = address
        settings.CACHES = {
            "default": {
                "BACKEND": "nhipcau.core.forgiving_cache.ForgivingRedisCache",
                "LOCATION": address,
                "KEY_PREFIX": "nhipcau",
            }
        }
        yield made


class Other:
    """A second web process, spoken to by lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def says(self, line: str) -> list[Any]:
        """What it answers to a line."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        for said in self.process.stdout:
            if said.startswith("["):
                return list(json.loads(said))
        raise AssertionError("the other process ended")


@contextmanager
def another(address: str, folder: Path) -> Iterator[Other]:
    """Start it over the same database and the same Redis, with nothing kept of its own."""
    program = folder / "other.py"
    program.write_text(PROGRAM)
    database = {
        name: str(connection.settings_dict[name] or "") for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    }
    environment = os.environ | {
        "OTHER_DATABASE": json.dumps(database), "OTHER_REDIS": address, "OTHER_NOW": makers.NOW.isoformat(),
        "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, str(program)], cwd=ROOT, env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        yield Other(process)
        assert process.stdin
        process.stdin.close()


@pytest.mark.database
def test_what_one_process_drew_another_answers_by_and_a_change_by_it_is_seen_by_both(
    server: Server, settings: Any, tmp_path: Path
) -> None:
    activity = makers.make_activity(makers.make_plan(makers.make_agreement()), topics=["startup"])
    event, narrowed, undrawn = f"/hoat-dong/{activity.slug}/", "/lich/?topic=startup", "/en/lich/"
    drawn = {page: server.get(page) for page in (event, narrowed)}
    assert all(answer.statements > 0 for answer in drawn.values())
    with another(settings.CACHE_URL, tmp_path) as other:
        for page, answer in drawn.items():
            assert other.says(f"get {page}") == [200, 0, answer.text]
        status, statements, _text = other.says(f"get {undrawn}")
        assert (status, statements > 0) == (200, True)
        # And the other way round: what the second drew, the first answers by.
        assert server.get(undrawn).statements == 0

        assert other.says("change Tên mới của tọa đàm") == [1]
        changed = time.monotonic()
        while "Tên mới của tọa đàm" not in server.get(event).text:
            assert time.monotonic() - changed < SOON
            time.sleep(0.02)
        assert "Tên mới của tọa đàm" in server.get(narrowed).text
        # Drawn anew by the first, it is there for the second.
        assert other.says(f"get {event}")[1] == 0

        Activity.objects.update(is_public=False)
        time.sleep(SOON)
        assert (server.get(event).status, other.says(f"get {event}")[0]) == (404, 404)


@pytest.mark.database
def test_pages_go_on_when_the_redis_is_lost(server: Server, settings: Any) -> None:
    activity = makers.make_activity(makers.make_plan(makers.make_agreement()), starts_at=makers.NOW + timedelta(days=9))
    address = f"/hoat-dong/{activity.slug}/"
    assert server.get(address).statements > 0
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert caches["default"].get("x") is None
    assert server.get(address).statements == 0  # what the process itself kept
    keeping.store.clear()
    answer = server.get(address)
    assert (answer.status, answer.statements > 0) == (200, True)
