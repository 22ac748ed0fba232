"""`script/server` starts from nothing, answers, says where, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable
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


def _gone(pids: Iterable[int]) -> bool:
    """Whether none is left; what was killed with its parent is put away by process 1, a moment later."""
    for _ in range(50):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Styles and scripts are collected once for all."""
    return tmp_path_factory.mktemp("static")


def _environment(data: Path, port: int, static: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NHIPCAU", "DJANGO", "PYTEST"))}
    kept.pop("DATABASE_URL", None)
    return kept | {"NHIPCAU_DATA": str(data), "NHIPCAU_STATIC": str(static), "PORT": str(port)}


def _wait_for(words: str, log: Path, server: subprocess.Popen[bytes]) -> None:
    """Until the script says it."""
    for _ in range(6000):
        if words in log.read_text():
            return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


def _children(pid: int) -> list[int]:
    """Every process below one, from the kernel's own list."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def _wait_until_both_serve(below: list[int]) -> None:
    """Until both web processes have their threads; one still loading does not hear that it is to end (granian's fork)."""
    web = [pid for pid in below if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes() and not _children(pid)]
    assert len(web) == 2
    for _ in range(600):
        if all(len(list(Path(f"/proc/{pid}/task").iterdir())) > 1 for pid in web):
            return
        time.sleep(0.1)
    raise TimeoutError(web)


@pytest.mark.timeout(900)
def test_server_starts_empty_answers_and_ends(tmp_path: Path, static: Path) -> None:
    port = _free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [ROOT / "script" / "server", "--empty"],
            env=_environment(tmp_path, port, static),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for("Ctrl+C ends it.", log, server)
        below = _children(server.pid)
        _wait_until_both_serve(below)
        with urllib.request.urlopen(f"http://localhost:{port}/kiem-tra/") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Language"] == "vi"
        with urllib.request.urlopen(f"http://localhost:{port}/ban/") as answer:
            assert answer.url == f"http://localhost:{port}/ban/bat-dau/"
        again = subprocess.run(
            [ROOT / "script" / "server"],
            env=_environment(tmp_path, port, static),
            check=False,
            capture_output=True,
            text=True,
        )
        assert (again.returncode, again.stderr) == (
            1,
            f"Port {port} is taken. Choose another one: PORT=8001 script/server\n",
        )
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    said, code = log.read_text(), tmp_path / "first-administrator-code.txt"
    assert code.stat().st_mode & 0o777 == 0o600
    assert said[said.index("Starting two") :] == (
        "Starting two web processes and the worker.\n\nNhịp Cầu is open:\n"
        f"  http://localhost:{port}/      the public face\n  http://localhost:{port}/ban/  the desk\n\n"
        f"The first administrator is made at the desk with the code {code.read_text()}\nCtrl+C ends it.\n"
    )
    assert len(below) >= 4
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.mark.timeout(900)
def test_killed_processes_are_started_again(tmp_path: Path, static: Path) -> None:
    port = _free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [ROOT / "script" / "server", "--empty"],
            env=_environment(tmp_path, port, static),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    seen: set[int] = set()

    def kill(word: str) -> None:
        below = _children(server.pid)
        seen.update(below)
        own = [pid for pid in below if word in _command(pid)]
        os.kill(own[0], signal.SIGKILL)  # the first is the one the script started

    try:
        _wait_for("Ctrl+C ends it.", log, server)
        kill("manage.py worker")
        _wait_for("The worker process ended with code 137; it is started again in 1 s.", log, server)
        kill("granian")
        _wait_for("The web process ended with code 137; it is started again in 1 s.", log, server)
        for _ in range(900):
            commands = [_command(pid) for pid in _children(server.pid)]
            if any("manage.py worker" in one for one in commands) and any("granian" in one for one in commands):
                try:
                    with urllib.request.urlopen(f"http://localhost:{port}/kiem-tra/", timeout=30) as answer:
                        assert answer.status == 200
                    break
                except OSError:
                    pass
            time.sleep(0.2)
        else:
            raise TimeoutError(log.read_text())
        below = _children(server.pid)
        seen.update(below)
        deaf = [pid for pid in below if "granian" in _command(pid) and not _children(pid)]
        os.kill(deaf[0], signal.SIGSTOP)  # it will not hear that it is to end
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    assert "What did not end within twenty seconds is killed." in log.read_text()
    assert _gone(seen)
