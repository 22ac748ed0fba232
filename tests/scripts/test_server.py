"""`script/server` starts from nothing, answers, says where, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    path for path in [*(ROOT / "script").iterdir(), ROOT / ".ci" / "run"] if path.is_file() and path.suffix == ""
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_can_be_run_and_read(path: Path) -> None:
    first = path.read_text().split("\n", 1)[0]
    assert os.access(path, os.X_OK)
    assert first.startswith("#!/usr/bin/env ")
    if first.endswith("bash"):
        assert "set -euo pipefail" in path.read_text()
        assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NHIPCAU", "DJANGO", "PYTEST"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"NHIPCAU_DATA": str(data), "NHIPCAU_STATIC": str(data / "static"), "PORT": str(port)}


def _children(pid: int) -> list[int]:
    """Every process below one, from the kernel's own list."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def test_server_starts_empty_answers_and_ends(tmp_path: Path) -> None:
    port = _free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [ROOT / "script" / "server", "--empty"],
            env=_environment(tmp_path, port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        for _ in range(900):
            if "Ctrl+C ends it." in log.read_text():
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        below = _children(server.pid)
        with urllib.request.urlopen(f"http://localhost:{port}/kiem-tra/") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Language"] == "vi"
        with urllib.request.urlopen(f"http://localhost:{port}/ban/") as answer:
            assert answer.url == f"http://localhost:{port}/ban/bat-dau/"
        again = subprocess.run(
            [ROOT / "script" / "server"], env=_environment(tmp_path, port), check=False, capture_output=True, text=True
        )
        assert (again.returncode, again.stderr) == (
            1,
            f"Port {port} is taken. Choose another one: PORT=8001 script/server\n",
        )
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    said = log.read_text()
    assert said[said.index("Starting two") :] == (
        "Starting two web processes and the worker.\n\nNhịp Cầu is open:\n"
        f"  http://localhost:{port}/      the public face\n  http://localhost:{port}/ban/  the desk\n\nCtrl+C ends it.\n"
    )
    assert len(below) >= 4
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []
