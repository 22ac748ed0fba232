"""Figures for Prometheus: what this process answered, added up over all web processes, and what the rooms measure.

Rooms declare in their `measures.py` what is read from the database when somebody asks:

    @measure("nhipcau_outbox_messages", "Mails by state.", labels=("state",))
    def messages() -> Iterator[tuple[tuple[str, ...], float]]: …
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from nhipcau.core.processes import FOLDER

Values = Iterable[tuple[tuple[str, ...], float]]

_REQUESTS = Counter("nhipcau_requests", "Requests answered.", ["view", "method", "status"])
_SECONDS = Histogram(
    "nhipcau_request_seconds", "Time to answer.", ["view"], buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
)
_STATEMENTS = Counter("nhipcau_request_statements", "SQL statements while answering.", ["view"])


def answered(*, view: str, method: str, status: int, seconds: float, statements: int) -> None:
    """Note one answered request; some microseconds. Where there is no room for the figure, the answer goes out without."""
    if method not in {"GET", "POST", "HEAD"}:
        method = "other"  # what a client may invent is no label
    with suppress(OSError):
        _REQUESTS.labels(view, method, str(status)).inc()
        _SECONDS.labels(view).observe(seconds)
        if statements:
            _STATEMENTS.labels(view).inc(statements)


@dataclass(frozen=True)
class Measure:
    """Something counted in the database when asked for."""

    name: str
    words: str
    labels: tuple[str, ...]
    count: Callable[[], Values]


_measures: dict[str, Measure] = {}
_loaded: list[bool] = []


def measure(
    name: str, words: str, *, labels: tuple[str, ...] = ()
) -> Callable[[Callable[[], Values]], Callable[[], Values]]:
    """Declare one; used in a room's `measures.py`."""

    def register(count: Callable[[], Values]) -> Callable[[], Values]:
        _measures[name] = Measure(name, words, labels, count)
        return count

    return register


class Measured(Collector):
    """What the rooms count, and the memory of the web processes."""

    def collect(self) -> Iterator[Metric]:
        """One family a measure; one that cannot be counted now is left out, so that the others are told."""
        if not _loaded:
            autodiscover_modules("measures")
            _loaded.append(True)
        for one in sorted(_measures.values(), key=lambda measure: measure.name):
            family = GaugeMetricFamily(one.name, one.words, labels=one.labels)
            try:
                for labels, value in one.count():
                    family.add_metric(labels, value)
            except DatabaseError:
                continue
            yield family
        memory = GaugeMetricFamily("nhipcau_process_resident_bytes", "Memory of a web process.", labels=("pid",))
        for pid in _processes():
            if (resident := _resident(pid)) is not None:
                memory.add_metric((str(pid),), resident)
        yield memory


def told() -> bytes:
    """Everything, in the text form of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for collector in (_REQUESTS, _SECONDS, _STATEMENTS):
            registry.register(collector)
    registry.register(Measured())
    return generate_latest(registry)


def _processes() -> list[int]:
    folder = os.environ.get(FOLDER)
    if not folder:
        return [os.getpid()]
    return sorted({int(path.stem.rpartition("_")[2]) for path in Path(folder).glob("counter_*.db")})


def _resident(pid: int) -> int | None:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
