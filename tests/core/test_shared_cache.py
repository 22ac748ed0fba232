"""The cache all processes share: whole values, single statements, no lost count; the same from a real Redis."""

import multiprocessing
import os
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, get_ident
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache

from nhipcau.core.shared_cache import SharedCache
from tests.core.redis_server import redis_running

PROCESSES, TIMES = 8, 200


def _file(tmp_path: Path) -> SharedCache:
    return SharedCache(str(tmp_path / "cache.sqlite3"), {"OPTIONS": {"MAX_ENTRIES": 100}})


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis on loopback that keeps nothing."""
    with redis_running(tmp_path_factory.mktemp("redis")) as address:
        yield address


@pytest.fixture(params=["file", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Each of the two caches a setting chooses between."""
    if request.param == "file":
        yield _file(tmp_path)
        return
    cache = RedisCache(request.getfixturevalue("redis"), {})
    cache.clear()
    yield cache
    cache.clear()


def test_values_come_back_whole(shared: Any) -> None:
    for value in (1, -5, 2**70, True, None, "Vân", [1.5, {"a": (1, 2)}], b"\x00"):
        shared.set("k", value)
        assert (shared.get("k", "none"), type(shared.get("k", "none"))) == (value, type(value))
    assert shared.delete("k")
    assert not shared.delete("k")
    assert shared.get("k", "none") == "none"


def test_add_keeps_the_first_and_incr_counts_only_numbers(shared: Any) -> None:
    assert [shared.add("n", 5), shared.add("n", 7), shared.incr("n"), shared.incr("n", 10)] == [True, False, 6, 16]
    assert shared.decr("n") == 15
    with pytest.raises(ValueError, match="not found"):
        shared.incr("nothing")


def test_what_ran_out_is_gone_and_may_be_added_again(shared: Any) -> None:
    shared.set("k", 1, timeout=1)
    shared.set("touched", 1, timeout=1)
    assert shared.touch("touched", 60)
    time.sleep(1.1)
    assert (shared.get("k"), shared.get("touched")) == (None, 1)
    assert shared.add("k", 2)
    assert not shared.touch("nothing", 60)


def _count(shared_by: tuple[str, str], names: Any) -> None:
    kind, location = shared_by
    cache: Any = SharedCache(location, {}) if kind == "file" else RedisCache(location, {})
    for _turn in range(TIMES):
        cache.add("n", 0, 60)
        cache.incr("n")
    names.put(cache.add("winner", os.getpid(), 60))


@pytest.mark.parametrize("kind", ["file", "redis"])
def test_eight_processes_lose_no_count(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    where = str(tmp_path / "cache.sqlite3") if kind == "file" else str(request.getfixturevalue("redis"))
    context = multiprocessing.get_context("spawn")
    names = context.Queue()
    at_work = [context.Process(target=_count, args=((kind, where), names)) for _number in range(PROCESSES)]
    for process in at_work:
        process.start()
    won = [names.get(timeout=120) for _process in at_work]
    for process in at_work:
        process.join()
    cache: Any = SharedCache(where, {}) if kind == "file" else RedisCache(where, {})
    assert cache.get("n") == PROCESSES * TIMES
    assert won.count(True) == 1


def test_processes_that_start_together_all_open_a_new_file(tmp_path: Path) -> None:
    def start(where: Path, gate: Barrier) -> bool:
        cache = SharedCache(str(where), {})
        gate.wait()
        return cache.add(f"k{get_ident()}", 1, 60)

    with ThreadPoolExecutor(PROCESSES) as pool:
        for turn in range(40):
            gate, where = Barrier(PROCESSES), tmp_path / f"{turn}.sqlite3"
            assert all(pool.map(lambda _n, where=where, gate=gate: start(where, gate), range(PROCESSES)))


def test_the_file_is_for_the_service_alone_and_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = _file(tmp_path)
    monkeypatch.setattr("nhipcau.core.shared_cache._TIDY_EVERY", 1)
    for number in range(300):
        cache.set(f"k{number}", number, timeout=60 + number)
    kept = [number for number in range(300) if cache.get(f"k{number}") is not None]
    assert len(kept) <= 101
    assert kept[-1] == 299
    assert stat.S_IMODE((tmp_path / "cache.sqlite3").stat().st_mode) == 0o600
