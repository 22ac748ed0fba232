"""The product as it runs in service: web, worker and database as processes of their own, killed and started again."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType, TracebackType
from typing import Any, Self

from tests.conftest import _migrated_copy

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
# Several signs of life within a lease, as in service, but shorter.
WORKER = ("--interval", "0.2", "--pause", "1", "--lease", "8")


def wait_until(condition: Callable[[], Any], *, seconds: float = PATIENCE, what: str = "") -> Any:
    """What the condition gives once it is true; slow machines are waited for.

    Raises TimeoutError.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(what or "It did not come to pass.")


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody answers at a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children(pid: int) -> list[int]:
    """The processes one process has started, from the kernel's own list."""
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def _postgres() -> ModuleType:
    loader = SourceFileLoader("script_postgres", str(ROOT / "script" / "postgres"))
    spec = spec_from_loader("script_postgres", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


class House:
    """Used as a context: whatever happens inside, every process is ended by its id."""

    def __init__(self, folder: Path, *, database: str, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.data = folder / "data"
        self.data.mkdir()
        self.postgres: Any = None
        self.web: subprocess.Popen[bytes] | None = None
        self.before_words: tuple[str, ...] = ()  # what the web processes are started by
        self.worker: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NHIPCAU", "DJANGO"))}
        for name in ("DATABASE_URL", "EMAIL_URL"):
            kept.pop(name, None)
        static = folder / "static"
        static.mkdir()
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "tests.crashes.settings",
            "NHIPCAU_DATA": str(self.data),
            "NHIPCAU_STATIC": str(static),
            "NHIPCAU_SECRET_KEY": "only-for-tests-" + "0" * 32,
            "NHIPCAU_PAGE_SECONDS": "0",
            # One address stands for a whole city here.
            "NHIPCAU_RATE_LIMITS": "registration=100000/m,registration.subject=10000/m,links=100000/m",
            "PORT": str(self.port),
        }
        self.environment |= environment
        if database == "postgresql":
            # Beside the test's own folder: the server may run as somebody else, who has to reach it.
            self.postgres = _postgres().Server(Path(mkdtemp(prefix="nhipcau-postgres-")), durable=True)
            self.environment["DATABASE_URL"] = self.postgres.address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self.worker, self.web):
            self._kill(process)
        if self.postgres is not None:
            self.postgres.stop()
            shutil.rmtree(self.postgres.folder, ignore_errors=True)
        if error is not None:
            for log in sorted(self.folder.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-6000:]}")  # noqa: T201 (pytest shows it)

    # --- beginning ----------------------------------------------------------------------------
    def prepare(self) -> dict[str, Any]:
        """Database, tables, one activity of today with its desk; what the stage tells about it."""
        if self.postgres is not None:
            self.start_database()
        elif _migrated_copy().exists():
            shutil.copyfile(_migrated_copy(), self.data / "nhipcau.sqlite3")
        self.run("manage.py", "migrate", "--noinput", "--verbosity", "0")
        if self.postgres is None and not _migrated_copy().exists():
            self._keep_copy()
        told: dict[str, Any] = json.loads(self.run("-m", "tests.crashes.stage"))
        return told

    def _keep_copy(self) -> None:
        """Migrated tables for the next house, and for the suite's own database."""
        new = _migrated_copy().with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(self.data / "nhipcau.sqlite3")) as made, closing(sqlite3.connect(new)) as copy:
            made.backup(copy)
        new.replace(_migrated_copy())

    def run(self, *words: str, given: object = None) -> str:
        """What one of our own programs prints."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT, env=self.environment, input=json.dumps(given), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def start_database(self) -> None:
        """Until it answers; after a kill the dead server's children may hold its memory for a moment."""
        for _attempt in range(60):
            try:
                self.postgres.start()
            except SystemExit:
                time.sleep(0.5)
            else:
                return
        raise TimeoutError((self.postgres.folder / "log").read_text()[-3000:])

    def start_web(self) -> None:
        """Two web processes; returns once they answer."""
        self.web = self._start(
            "web",
            *self.before_words,
            str(Path(sys.executable).with_name("granian")),
            "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws",
            "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning",
            "--respawn-failed-workers", "--respawn-interval", "0.5", "nhipcau.config.wsgi:application",
        )  # fmt: skip
        wait_until(lambda: listens(self.port), what="The web processes did not start.")

    def start_worker(self) -> None:
        """One worker that gives signs of life every second."""
        self.worker = self._start("worker", sys.executable, "manage.py", "worker", *WORKER)

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                words, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    # --- ending -------------------------------------------------------------------------------
    @staticmethod
    def _kill(process: subprocess.Popen[bytes] | None) -> bool:
        """Kill -9 of a process and of those it started; whether it still lived."""
        if process is None:
            return False
        lived = process.poll() is None
        below = children(process.pid) if lived else []
        process.kill() if lived else None
        for pid in below:
            _kill_one(pid)
        process.wait(timeout=30)
        return lived

    def keep(self) -> None:
        """Start what ended by itself, as a service manager does."""
        if self.web is not None and self.web.poll() is not None:
            self.start_web()
        if self.worker is not None and self.worker.poll() is not None:
            self.start_worker()

    # Each says whether there was something to kill.
    def kill_web(self) -> bool:
        """All of it, and start it anew."""
        killed = self._kill(self.web)
        wait_until(lambda: not listens(self.port), what="The port stayed taken.")
        self.start_web()
        return killed

    def kill_web_process(self, pick: Callable[[list[int]], int]) -> bool:
        """One of the two; the other one goes on and granian starts a new one."""
        assert self.web is not None
        below = children(self.web.pid)
        return bool(below) and _kill_one(pick(below))

    def kill_worker(self) -> bool:
        """In the middle of whatever it does, and start it anew."""
        killed = self._kill(self.worker)
        self.start_worker()
        return killed

    def kill_database(self) -> bool:
        """The server itself; its children notice and end."""
        process = self.postgres.process
        lived = process.poll() is None
        process.kill()
        process.wait(timeout=30)
        self.start_database()
        return lived

    def kill_database_process(self, pick: Callable[[list[int]], int]) -> bool:
        """One of the server's children: it ends all connections and recovers by itself."""
        below = children(self.postgres.process.pid)
        return bool(below) and _kill_one(pick(below))


def _kill_one(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it was quicker
        return False
    return True
