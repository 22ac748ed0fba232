"""Start the product and the floor side by side, ask both, and print processor time, statements, rates and memory."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
# CPU milliseconds aimed at, and SQL statements never to be passed; docs/performance.md says where they come from.
LIMITS = {
    "event": (10, 8),
    "article": (14, 12),
    "home": (14, 12),
    "list": (14, 8),
    "ics": (10, 4),
    "feed": (30, 6),
    "registration": (80, 30),
    "check-in": (16, 14),
}
#: Of the requests a second of a bare WSGI "hello", what a kept page reaches at least.
LEAST_SHARE = 1 / 3


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and its children so far."""
    total = 0.0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def memory(pid: int) -> float:
    """MiB of memory of a process and its children, shared pages counted once (PSS)."""
    total = 0
    for one in family(pid):
        match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(match.group(1)) if match else 0
    return total / 1024


@contextmanager
def served(
    target: str, environment: dict[str, str], workers: int, said: int | IO[bytes] = subprocess.DEVNULL
) -> Iterator[tuple[int, int, float]]:
    """Serve a WSGI application, its words going to `said`; gives port, process id and seconds until the first answer."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "error", target],
        cwd=ROOT, env=environment, stdout=said, stderr=said,
    )  # fmt: skip
    try:
        while True:
            try:
                ask(port, "GET", "/")
                break
            except OSError:
                if time.monotonic() - began > 90 or process.poll() is not None:
                    raise SystemExit(f"{target} did not start") from None
                time.sleep(0.05)
        yield port, process.pid, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def ask(
    port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content
    finally:
        connection.close()


def registration(port: int, slug: str, phone: str) -> str:
    """Form, form sent, code: three requests. `seat`, or what stood in the way."""
    address = f"/dang-ky/{slug}/"
    _status, headers, page = ask(port, "GET", address)
    cookie = headers.get("set-cookie", "").split(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        return "closed"
    form = {"csrfmiddlewaretoken": token.group(1).decode(), "name": "Lê Thị Đo Lường", "phone": phone, "consent": "on"}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    status, headers, _page = ask(port, "POST", address, urlencode(form), kind)
    if status != 302:
        return "full" if status == 422 else f"status {status}"
    status, _headers, _page = ask(port, "GET", headers["location"])
    return "seat" if status == 200 else f"status {status}"


def spend(pid: int, job: Callable[[int], object], times: int, clients: int) -> tuple[float, float, list[float]]:
    """Run a job many times; CPU ms of the server and wall seconds a time, and how long each took in ms."""
    taken: list[float] = []

    def timed(n: int) -> None:
        began = time.monotonic()
        job(n)
        taken.append((time.monotonic() - began) * 1000)

    for n in range(-4, 0):
        job(n)
    before, began = cpu(pid), time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(timed, range(times)))
    wall = time.monotonic() - began
    return (cpu(pid) - before) * 1000 / times, wall / times, taken


def crowd(port: int, slug: str, people: int) -> tuple[dict[str, int], float]:
    """All of them at once."""
    gate = threading.Barrier(people)
    results: list[str] = []

    def person(n: int) -> None:
        gate.wait()
        results.append(registration(port, slug, f"09{20_000_000 + n}"))

    threads = [threading.Thread(target=person, args=(n,)) for n in range(people)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return {result: results.count(result) for result in sorted(set(results))}, time.monotonic() - began


def main() -> int:
    """Measure everything; 1 when seats were oversold or a statement count went over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenth", action="store_true", help="a tenth of the requests, for the suite")
    share = 0.1 if parser.parse_args().tenth else 1.0
    times = {name: max(int(n * share), 20) for name, n in
             {"floor": 3000, "event": 600, "article": 400, "home": 400, "list": 300, "ics": 600, "feed": 200, "registration": 300,
              "check-in": 600}.items()}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="nhipcau-bench-") as folder:
        environment = {
            **os.environ,
            "NHIPCAU_DATA": folder,
            "NHIPCAU_SECRET_KEY": secrets.token_urlsafe(48),
            "DJANGO_SETTINGS_MODULE": "nhipcau.config.settings",
            "NHIPCAU_STATIC": str(Path(folder) / "static"),
            "NHIPCAU_PAGE_SECONDS": "0",
            "PYTHONPATH": str(ROOT),
        }

        def python(*words: str) -> str:
            return subprocess.run(
                [sys.executable, *words], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
            ).stdout

        python("manage.py", "migrate", "-v", "0")
        python("manage.py", "collectstatic", "--no-input", "-v", "0")
        given = json.loads(python("-m", "bench.programme", str(times["check-in"] * 2 + 40)))
        statements = json.loads(python("-m", "bench.statements", json.dumps(given)))
        setup = [float(python("-c", "import time; b = time.monotonic(); import django; django.setup(); "
                              "print(time.monotonic() - b)")) for _n in range(3)]  # fmt: skip

        failures: list[str] = []
        rows: list[tuple[str, float, float, int, list[float]]] = []
        with served("bench.floor:application", environment, 2) as (port, pid, _start):
            floor, wall, _taken = spend(pid, lambda _n: ask(port, "GET", "/"), times["floor"], 8)
            print(f"floor  {floor:6.2f} ms CPU a request, {1 / wall:7.0f} requests/s")
        with served("nhipcau.config.wsgi:application", environment, 2) as (port, pid, started):
            idle = memory(pid)
            codes = given["codes"][: times["check-in"] + 4]
            desk = {"Cookie": f"sessionid={given['session']}; csrftoken={'c' * 32}"}
            kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": "c" * 32, **desk}

            def admit(n: int) -> None:
                body = urlencode({"action": "admit", "code": codes[n]})
                status, _headers, page = ask(port, "POST", f"/ban/hoat-dong/{given['door']}/don-tiep/", body, kind)
                if status != 302:
                    raise SystemExit(f"check-in answered {status}: {page[:300]!r}")

            def register(n: int) -> None:
                result = registration(port, given["shown"], f"09{10_000_100 + n}")
                if result != "seat":
                    raise SystemExit(f"registration answered {result}")

            jobs: dict[str, tuple[Callable[[int], object], int]] = {
                "event": (lambda _n: ask(port, "GET", f"/hoat-dong/{given['shown']}/"), 8),
                "article": (lambda _n: ask(port, "GET", given["article"]), 8),
                "home": (lambda _n: ask(port, "GET", "/"), 8),
                "list": (lambda _n: ask(port, "GET", "/lich/"), 8),
                "ics": (lambda _n: ask(port, "GET", f"/hoat-dong/{given['shown']}.ics"), 8),
                "feed": (lambda _n: ask(port, "GET", "/lich.ics"), 8),
                "registration": (register, 16),
                "check-in": (admit, 8),
            }
            for name, (job, clients) in jobs.items():
                milliseconds, wall, taken = spend(pid, job, times[name], clients)
                rows.append((name, milliseconds, wall, statements[name], taken))
            for name, milliseconds, wall, sql, taken in rows:
                most, most_sql = LIMITS[name]
                ratio = milliseconds / floor
                p95 = statistics.quantiles(taken, n=20)[-1]
                note = "" if milliseconds <= most else "  OVER the aim"
                print(
                    f"{name:13}{milliseconds:7.2f} ms CPU (aim {most}){note} = {ratio:5.1f} x floor; "
                    f"{sql} SQL (at most {most_sql}); {1 / wall:6.1f}/s; p50 {statistics.median(taken):.0f} ms, "
                    f"p95 {p95:.0f} ms"
                )
                if sql > most_sql:
                    failures.append(f"{name} takes {sql} SQL statements, {most_sql} at most")
            result, seconds = crowd(port, given["rush"], 300)
            print(f"crowd        300 people for 200 seats: {result} in {seconds:.1f} s")
            if result.get("seat") != 200:
                failures.append(f"the crowd took {result.get('seat')} of 200 seats")
            print(f"memory       {idle:.0f} MiB idle, {memory(pid):.0f} MiB loaded (two web processes, PSS)")
            ratio = started / statistics.median(setup)
            print(f"start        {started:.1f} s to the first answer = {ratio:.1f} x django.setup() (aim 2)")
        with served("bench.hello:application", environment, 2) as (port, pid, _start):
            least, quickest, _taken = spend(pid, lambda _n: ask(port, "GET", "/"), times["floor"], 8)
        print(f"hello        {least:7.2f} ms CPU; {1 / quickest:6.1f}/s  (bare WSGI under the same server)")
        kept = environment | {"NHIPCAU_PAGE_SECONDS": "60"}
        with served("nhipcau.config.wsgi:application", kept, 2) as (port, pid, _start):
            path = f"/hoat-dong/{given['shown']}/"
            milliseconds, wall, _taken = spend(pid, lambda _n: ask(port, "GET", path), times["floor"], 8)
            print(
                f"event, kept  {milliseconds:7.2f} ms CPU = {milliseconds / floor:5.1f} x floor, "
                f"{milliseconds / least:.1f} x hello (aim 3); {1 / wall:6.1f}/s = {quickest / wall:.2f} of hello's"
            )
            if quickest / wall < LEAST_SHARE:
                failures.append(
                    f"a kept page reaches {quickest / wall:.2f} of bare WSGI's rate, {LEAST_SHARE:.2f} at least"
                )
        for failure in failures:
            print(f"FAILED: {failure}")
        return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
