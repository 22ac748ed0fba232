"""Mixed load on three arrangements in one run, side by side.

One web process on SQLite, one on PostgreSQL, and three with two workers behind a proxy on PostgreSQL.

The absolute rates are this machine's, which also runs the database and who asks; read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.measure import ROOT, ask, cpu, free_port, registration, served

#: How often each kind comes in a hundred requests: mostly looking, some registering, a reception desk at work.
MIX = {
    "home": 8, "calendar": 10, "event": 22, "feed": 6, "registration": 12, "check-in": 18, "guest list": 8, "ledger": 4,
    "trace": 6, "report": 3, "search": 3,
}  # fmt: skip
CLIENTS = 12
SECONDS_AT_MOST = 240


@dataclass
class Outcome:
    """What one arrangement did under the load."""

    name: str
    seconds: float = 0.0
    server: float = 0.0  # seconds of processor time of web processes, workers and proxy
    own: float = 0.0  # of who asks
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # by the web processes, where something was wrong

    @property
    def done(self) -> int:
        """How many were answered."""
        return sum(map(len, self.taken.values()))

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.done / self.seconds


def environment(folder: str, database: str | None) -> dict[str, str]:
    """The settings of an arrangement, with pages drawn anew each time."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        **kept,
        **({"DATABASE_URL": database} if database else {}),
        "NHIPCAU_DATA": folder,
        "NHIPCAU_SECRET_KEY": secrets.token_urlsafe(48),
        "DJANGO_SETTINGS_MODULE": "nhipcau.config.settings",
        "NHIPCAU_STATIC": str(Path(folder) / "static"),
        "NHIPCAU_PAGE_SECONDS": "0",
        "NHIPCAU_PROXIES": "1",
        # Everybody asks from one address here.
        "NHIPCAU_RATE_LIMITS": "registration=1000000/10m, registration.subject=1000000/10m, search=1000000/m",
        "PYTHONPATH": str(ROOT),
    }


def prepared(settings: dict[str, str], guests: int) -> dict[str, Any]:
    """An empty database filled with the programme of the benchmarks."""

    def python(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    python("manage.py", "migrate", "-v", "0")
    python("manage.py", "collectstatic", "--no-input", "-v", "0")
    found: dict[str, Any] = json.loads(python("-m", "bench.programme", str(guests)))
    return found


@contextmanager
def working(settings: dict[str, str]) -> Iterator[int]:
    """A background worker; gives its process id."""
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=settings,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def proxied(folder: str, ports: list[int]) -> Iterator[tuple[int, int | None]]:
    """A proxy (nginx) before the web processes, on a loopback port; gives the port and the process id.

    Without nginx on this machine the first web process is asked directly, and a sentence says so.
    """
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        print("nginx is not installed: the requests go to the first web process directly, so read no gain here.")
        yield ports[0], None
        return
    port = free_port()
    upstream = " ".join(f"server 127.0.0.1:{one};" for one in ports)
    home = Path(folder) / "nginx"
    home.mkdir()
    (home / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log warn; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;\n"
        f"  fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;\n"
        f"  upstream web {{ least_conn; {upstream} keepalive 16; }}\n"
        f"  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://web; proxy_http_version 1.1;\n"
        '    proxy_set_header Connection ""; proxy_set_header Host 127.0.0.1;\n'
        "    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } } }\n",
        encoding="ascii",
    )
    process = subprocess.Popen(
        [binary, "-p", str(home), "-c", "nginx.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _n in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise SystemExit(f"nginx did not start: {(home / 'error.log').read_text()}")
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)


class Asker:
    """Every kind of request of the mix, asked at one port."""

    def __init__(self, port: int, given: dict[str, Any]) -> None:
        self.port, self.given = port, given
        self.codes = iter(given["codes"])
        self.phones = iter(range(10_000_000))
        self.lock = threading.Lock()
        self.cookie = {"Cookie": f"sessionid={given['session']}; csrftoken={'c' * 32}"}
        desk = f"/ban/hoat-dong/{given['door']}"
        self.jobs: dict[str, Callable[[], str]] = {
            "home": self._page("/"),
            "calendar": self._page("/lich/"),
            "event": self._page(f"/hoat-dong/{given['shown']}/"),
            "feed": self._page("/lich.ics"),
            "registration": self._register,
            "check-in": self._admit,
            "guest list": self._page(f"{desk}/khach/", desk=True),
            "ledger": self._page("/ban/minh-chung/", desk=True),
            "trace": self._page("/ban/cam-ket/", desk=True),
            "report": self._page(f"/ban/bao-cao/{given['report']}/", desk=True),
            "search": self._page("/ban/tim/?q=nguyen+van", desk=True),
        }

    def _page(self, path: str, *, desk: bool = False) -> Callable[[], str]:
        def look() -> str:
            status, _headers, _page = ask(self.port, "GET", path, headers=self.cookie if desk else None)
            return "" if status == 200 else f"{path} answered {status}"

        return look

    def _register(self) -> str:
        with self.lock:
            phone = f"09{next(self.phones) + 10_000_000}"
        result = registration(self.port, self.given["shown"], phone)
        return "" if result == "seat" else f"registration: {result}"

    def _admit(self) -> str:
        with self.lock:
            code = next(self.codes)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": "c" * 32, **self.cookie}
        path = f"/ban/hoat-dong/{self.given['door']}/don-tiep/"
        status, _headers, _page = ask(self.port, "POST", path, urlencode({"action": "admit", "code": code}), headers)
        return "" if status == 302 else f"check-in answered {status}"


def burdened(name: str, asker: Asker, kinds: list[str], pids: list[int]) -> Outcome:
    """Ask everything with a few clients at once; stops after four minutes whatever is left."""
    outcome = Outcome(name)
    coming = iter(kinds)
    lock = threading.Lock()
    for job in asker.jobs.values():  # once each beforehand, so that nobody pays for what is loaded first
        job()

    def client() -> None:
        while time.monotonic() - began < SECONDS_AT_MOST:
            with lock:
                kind = next(coming, "")
            if not kind:
                return
            start = time.monotonic()
            try:
                wrong = asker.jobs[kind]()
            except OSError as error:
                wrong = f"{kind}: {error}"
            outcome.taken[kind].append((time.monotonic() - start) * 1000)
            if wrong:
                outcome.wrong.append(wrong)

    before, own = sum(map(cpu, pids)), time.process_time()
    began = time.monotonic()
    threads = [threading.Thread(target=client) for _n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - began
    outcome.server, outcome.own = sum(map(cpu, pids)) - before, time.process_time() - own
    return outcome


def arrangement(name: str, database: str | None, kinds: list[str], *, processes: int, workers: int) -> Outcome:
    """One arrangement from its empty database to its outcome."""
    guests = kinds.count("check-in") + 20
    with tempfile.TemporaryDirectory(prefix="nhipcau-load-") as folder, ExitStack() as started:
        settings = environment(folder, database)
        given = prepared(settings, guests)
        ports, pids = [], []
        log = started.enter_context((Path(folder) / "log").open("w+b"))
        for _n in range(processes):
            port, pid, _start = started.enter_context(served("nhipcau.config.wsgi:application", settings, 1, log))
            ports.append(port)
            pids.append(pid)
        pids += [started.enter_context(working(settings)) for _n in range(workers)]
        port = ports[0]
        if processes > 1:
            port, proxy = started.enter_context(proxied(folder, ports))
            pids += [proxy] if proxy else []
        outcome = burdened(name, Asker(port, given), kinds, pids)
        if outcome.wrong:
            log.flush()
            log.seek(0)
            outcome.said = [
                line for line in log.read().decode().splitlines() if "Error" in line or '"status": 5' in line
            ]
        return outcome


def printed(outcomes: list[Outcome]) -> None:
    """The table: rates, times and processor time, each beside the first arrangement's."""
    first = outcomes[0]
    for one in outcomes:
        print(
            f"{one.name}: {one.done} in {one.seconds:.1f} s = {one.rate:.1f}/s ({one.rate / first.rate:.2f} of the first); "
            f"server {1000 * one.server / one.done:.1f} ms CPU a request without the database, asking {1000 * one.own / one.done:.1f}; "
            f"{len(one.wrong)} wrong"
        )
    print(f"{'p50 · p95 in ms':16}" + "".join(f"{one.name[:26]:>28}" for one in outcomes))
    for kind in MIX:
        cells = []
        for one in outcomes:
            taken = sorted(one.taken.get(kind, []))
            if len(taken) < 2:
                cells.append("–")
                continue
            cells.append(f"{statistics.median(taken):.0f} · {statistics.quantiles(taken, n=20)[-1]:.0f}")
        print(f"{kind:16}" + "".join(f"{cell:>28}" for cell in cells))


def another_database(url: str, name: str) -> str:
    """A second empty database on the same server; its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.rsplit("/", 1)[0] + f"/{name}"


def main() -> int:
    """Burden all three; 1 when anything was answered wrongly."""
    parser = argparse.ArgumentParser(prog="script/bench load", description=__doc__)
    parser.add_argument("--tenth", action="store_true", help="a tenth of the requests")
    parser.add_argument("--only", type=int, choices=[1, 2, 3], help="one arrangement only")
    asked = parser.parse_args()
    if "NHIPCAU_BENCH_POSTGRESQL" not in os.environ:
        words = [sys.executable, "-m", "bench.load", *sys.argv[1:]]
        return subprocess.run(
            [sys.executable, "script/postgres", "--", "env", "NHIPCAU_BENCH_POSTGRESQL=1", *words],
            cwd=ROOT,
            check=False,
        ).returncode
    number = 150 if asked.tenth else 1500
    kinds = [kind for kind, share in MIX.items() for _n in range(number * share // 100)]
    random.Random(1).shuffle(kinds)  # noqa: S311 (the same order for all)
    url = os.environ["DATABASE_URL"]
    ways: list[tuple[str, Callable[[], str | None], int, int]] = [
        ("one, SQLite", lambda: None, 1, 0),
        ("one, PostgreSQL", lambda: url, 1, 0),
        ("three and two, PostgreSQL", lambda: another_database(url, "three"), 3, 2),
    ]
    outcomes = [
        arrangement(name, database(), kinds, processes=processes, workers=workers)
        for number, (name, database, processes, workers) in enumerate(ways, start=1)
        if asked.only in (None, number)
    ]
    printed(outcomes)
    wrong = sorted({wrong for one in outcomes for wrong in one.wrong})
    for one in wrong[:10]:
        print(f"FAILED: {one}")
    for said in [said for one in outcomes for said in one.said][:10]:
        print(f"  {said[:2000]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
