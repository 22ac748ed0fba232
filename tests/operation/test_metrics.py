"""Figures for Prometheus: right over several processes, for watchers only, and cheap."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from nhipcau.core import metrics
from nhipcau.core.processes import FOLDER, share_figures
from nhipcau.outbox import services as outbox
from tests.operation.processes import ROOT, environment, free_port, manage


def _values(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(value for _label, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_was_answered_is_counted_by_view_and_status(db: None) -> None:
    def seen() -> float:
        told = _values(metrics.told().decode())
        return told.get(("nhipcau_requests_total", ("GET", "200", "website:calendar")), 0)

    before = seen()
    Client().get("/lich/?q=bi-mat")
    Client().get("/lich/")
    assert seen() - before == 2
    told = _values(metrics.told().decode())
    assert told["nhipcau_request_seconds_count", ("website:calendar",)] >= 2
    assert told["nhipcau_request_statements_total", ("website:calendar",)] >= 2
    Client().generic("BIA-DAT", "/lich/")
    assert ("nhipcau_requests_total", ("other", "405", "website:calendar")) in _values(metrics.told().decode())


def test_rooms_measure_their_tables(db: None, now: datetime) -> None:
    outbox.queue_mail(key="tests", to="khach@example.vn", subject="Thư", body="Kính gửi", at=now)
    told = _values(metrics.told().decode())
    assert told["nhipcau_outbox_messages", ("queued",)] == 1
    assert told["nhipcau_outbox_messages", ("uncertain",)] == 0
    assert told["nhipcau_check_ins", ()] == 0
    assert told["nhipcau_process_resident_bytes", (str(os.getpid()),)] > 10_000_000
    assert "khach@example.vn" not in str(told)


def test_only_watchers_read_them(db: None, settings: Any) -> None:
    assert Client().get("/metrics").status_code == 200
    far: dict[str, Any] = {"REMOTE_ADDR": "203.0.113.7"}
    assert Client().get("/metrics", **far).status_code == 404
    settings.MONITOR_TOKEN = "mot-chuoi-bi-mat"
    assert Client().get("/metrics", headers={"authorization": "Bearer mot-chuoi-bi-mat"}, **far).status_code == 200


def test_folders_of_servers_that_are_gone_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "metrics" / str(gone.pid)).mkdir(parents=True)
    share_figures(tmp_path, memory=tmp_path / "nowhere")
    assert [path.name for path in (tmp_path / "metrics").iterdir()] == [str(os.getppid())]
    assert os.environ[FOLDER] == str(tmp_path / "metrics" / str(os.getppid()))


def test_figures_are_kept_in_memory_where_there_is_such_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, "")
    memory, data = tmp_path / "memory", tmp_path / "data"
    memory.mkdir()
    share_figures(data, memory=memory)
    (place,) = memory.iterdir()
    assert (place.stat().st_mode & 0o777, os.environ[FOLDER]) == (0o700, str(place / str(os.getppid())))
    # A link somebody else put in its way is not followed.
    shutil.rmtree(place)
    place.symlink_to(tmp_path)
    share_figures(data, memory=memory)
    assert os.environ[FOLDER] == str(data / "metrics" / str(os.getppid()))


@pytest.mark.timeout(600)
def test_two_web_processes_add_up(tmp_path: Path) -> None:
    assert manage("migrate", "--verbosity", "0", data=tmp_path).returncode == 0
    port = free_port()
    server = subprocess.Popen(
        [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1",
         "--no-ws", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
         "nhipcau.config.wsgi:application"],
        cwd=ROOT, env=environment(tmp_path),
    )  # fmt: skip

    def get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    try:
        for _ in range(300):
            try:
                get("/health/live")
                break
            except OSError:
                time.sleep(0.2)
        before = _values(get("/metrics")).get(("nhipcau_requests_total", ("GET", "200", "machines:live")), 0)
        for _ in range(40):
            get("/health/live")
        told = _values(get("/metrics"))
        assert told["nhipcau_requests_total", ("GET", "200", "machines:live")] - before == 40
        assert len([labels for name, labels in told if name == "nhipcau_process_resident_bytes"]) == 2
    finally:
        server.terminate()
        server.wait(timeout=60)
