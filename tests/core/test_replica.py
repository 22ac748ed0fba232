"""Pages that may lag read the copy; who has just written, rights and transactions read what was written to."""

import copy
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.core import health_checks, stamps
from nhipcau.core import replica as replicas
from nhipcau.core.health import State
from nhipcau.core.models import DueRun
from nhipcau.core.replica import COOKIE, Router, lagging, may_lag
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers
from tests.operation.processes import free_port

pytestmark = pytest.mark.database
SignIn = Callable[[User], Client]


def known_as_copy(settings: Any, **more: Any) -> Any:
    """A connection under the name of the copy, with the settings of the database and what differs."""
    connections.databases["replica"] = copy.deepcopy(connections.databases["default"]) | more
    settings.DATABASE_ROUTERS = ["nhipcau.core.replica.Router"]
    connections["replica"].connect()  # Django's tests let nobody connect to a database they do not know
    return connections["replica"]


@pytest.fixture
def _forgotten() -> Iterator[None]:
    """Afterwards nobody knows of a copy."""
    replicas._copy.again_at = None
    stamps.forget()
    yield
    replicas._copy.again_at = None
    stamps.forget()
    if "replica" in connections.databases:
        vars(connections["replica"]).pop("close", None)
        connections["replica"].close()
        del connections["replica"]
        del connections.databases["replica"]


@pytest.fixture
def replica(transactional_db: None, _forgotten: None, settings: Any) -> Any:
    """A copy that lags by nothing: a second connection to the same rows."""
    return known_as_copy(settings)


@pytest.fixture
def fall_behind(transactional_db: None, _forgotten: None, settings: Any, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Take a copy now that hears of nothing afterwards."""
    name = f"{connection.settings_dict['NAME']}_behind"
    server = {**connection.get_connection_params(), "dbname": "postgres"} if connection.vendor == "postgresql" else {}
    server.pop("cursor_factory", None)
    server.pop("context", None)

    def taken() -> Any:
        if server:
            connection.close()
            with psycopg.connect(**server, autocommit=True) as other:
                other.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
            return known_as_copy(settings, NAME=name)
        path = tmp_path / "behind.sqlite3"
        with closing(sqlite3.connect(path)) as there:
            connection.connection.backup(there)
        return known_as_copy(settings, NAME=str(path))

    yield taken
    if server:
        connections["replica"].close()
        with psycopg.connect(**server, autocommit=True) as other:
            other.execute(f'DROP DATABASE IF EXISTS "{name}"')


def asked(client: Client, path: str, replica: Any, **cookies: str) -> tuple[list[str], list[str]]:
    """The statements one visit sends to the database and to its copy."""
    client.cookies.load(cookies)
    with CaptureQueriesContext(connection) as here, CaptureQueriesContext(replica) as there:
        assert client.get(path).status_code == 200
    return [q["sql"] for q in here.captured_queries], [q["sql"] for q in there.captured_queries]


def about(statements: list[str], table: str) -> bool:
    """Whether one of them reads a table first of all."""
    return any(f'FROM "{table}"' in statement for statement in statements)


def test_trace_counts_in_the_copy_and_asks_for_rights_where_they_are_written(
    replica: Any, plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    makers.make_evidence(makers.make_activity(plan, indicators=[makers.make_indicator(makers.make_objective(plan))]))
    here, there = asked(sign_in(officer_hmc), reverse("evidence:trace"), replica)
    assert about(there, "evidence_evidence")
    assert not about(here, "evidence_evidence")
    assert about(here, "parties_membership")
    assert not about(there, "parties_membership")
    assert not about(there, "django_session")


def test_who_has_just_written_reads_what_was_written(
    replica: Any, plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    client = sign_in(officer_hmc)
    sent = client.post(reverse("evidence:declare"), {})
    assert sent.cookies[COOKIE]["max-age"] == 10
    _here, there = asked(client, reverse("evidence:trace"), replica)
    assert there == []


def test_public_page_reads_the_copy(replica: Any, plan: Plan, client: Client) -> None:
    makers.make_activity(plan)
    here, there = asked(client, reverse("website:calendar"), replica)
    assert about(there, "activities_activity")
    assert not about(here, "activities_activity")


def test_public_pages_over_a_copy_that_lags_are_sane(
    fall_behind: Callable[[], Any], plan: Plan, client: Client
) -> None:
    """What the copy has not heard of is not there yet; nothing breaks, and whoever wrote it sees it."""
    old = makers.make_activity(plan, title="Đã có trên bản sao")
    fall_behind()
    new = makers.make_activity(plan, title="Chưa tới bản sao")
    calendar = client.get(reverse("website:calendar")).content.decode()
    assert old.title in calendar
    assert new.title not in calendar
    assert client.get(reverse("website:event", args=[new.slug])).status_code == 404
    assert client.get(reverse("website:home")).status_code == 200
    client.cookies[COOKIE] = "1"
    assert client.get(reverse("website:event", args=[new.slug])).status_code == 200


def test_a_transaction_never_reads_the_copy(replica: Any) -> None:
    request = HttpRequest()
    request.method = "GET"
    with lagging(request):
        assert Router().db_for_read(Evidence) == "replica"
        assert Router().db_for_read(User) == "default"
        with transaction.atomic():
            assert Router().db_for_read(Evidence) == "default"
    assert Router().db_for_read(Evidence) == "default"
    assert Router().db_for_write(Evidence) == "default"


@pytest.fixture
def away(transactional_db: None, _forgotten: None, settings: Any, tmp_path: Path) -> Any:
    """A copy that cannot be reached, and the moments somebody tried to."""
    nowhere = {"HOST": "127.0.0.1", "PORT": str(free_port())} if connection.vendor == "postgresql" else {}
    connections.databases["replica"] = copy.deepcopy(connections.databases["default"]) | nowhere
    settings.DATABASE_ROUTERS = ["nhipcau.core.replica.Router"]
    there: Any = connections["replica"]
    if not nowhere:
        there.settings_dict["NAME"] = str(tmp_path / "nowhere" / "a.sqlite3")
    there.tries = []

    def ensure_connection() -> None:  # as it is outside of Django's tests, which let nobody connect elsewhere
        if there.connection is None:
            there.tries.append(1)
            with there.wrap_database_errors:
                there.connect()

    there.ensure_connection = ensure_connection
    return there


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock of `replica` shows."""
    shown = [1000.0]
    monkeypatch.setattr(replicas, "monotonic", lambda: shown[0])
    return shown


def test_a_copy_that_is_away_is_left_alone_for_a_while(
    away: Any, seconds: list[float], plan: Plan, officer_hmc: User, sign_in: SignIn
) -> None:
    makers.make_activity(plan)
    client = sign_in(officer_hmc)
    assert client.get(reverse("website:calendar")).status_code == 200
    assert client.get(reverse("evidence:trace")).status_code == 200
    assert stamps.current() is not None
    assert len(away.tries) == 1
    seconds[0] += replicas.AWAY_SECONDS - 1
    assert health_checks.replica(at=makers.NOW).sentence.startswith("Bản sao cơ sở dữ liệu không trả lời")
    assert len(away.tries) == 1
    seconds[0] += 2
    assert client.get(reverse("evidence:trace")).status_code == 200
    assert len(away.tries) == 2
    away.settings_dict |= connections["default"].settings_dict
    seconds[0] += replicas.AWAY_SECONDS
    _here, there = asked(client, reverse("website:calendar"), away)
    assert about(there, "activities_activity")
    assert (len(away.tries), replicas.is_reachable()) == (3, True)


def test_nobody_waits_for_the_one_who_tries_a_copy_again(
    replica: Any, seconds: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    began, end, tries = Event(), Event(), []

    def connect() -> None:
        tries.append(1)
        began.set()
        assert end.wait(30)
        raise OperationalError("timeout expired")

    monkeypatch.setattr(replicas, "_connect", connect)
    replicas._copy.again_at = seconds[0]
    stamps.forget()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(_stamp_read)
        assert began.wait(30)
        assert threads.submit(_stamp_read).result(30) is not None  # while the first still waits
        assert not first.done()
        end.set()
        assert first.result(30) is not None
    assert len(tries) == 1


def _stamp_read() -> stamps.Mark | None:
    try:
        return stamps.current()
    finally:
        connections.close_all()


def test_a_copy_that_breaks_off_half_way_costs_no_page(replica: Any) -> None:
    read: list[str] = []

    @may_lag
    def view(_request: HttpRequest) -> HttpResponse:
        read.append(Router().db_for_read(Evidence))
        if read[-1] == "replica":
            raise OperationalError("canceling statement due to conflict with recovery")
        return HttpResponse("read")

    request = HttpRequest()
    request.method = "GET"
    # Django's tests let nobody connect again.
    replica.close = lambda: None
    assert view(request).content == b"read"
    assert read == ["replica", "default"]

    @may_lag
    def broken(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("the database itself")

    with pytest.raises(OperationalError):
        broken(request)


def test_how_far_a_copy_is_behind_is_told(fall_behind: Callable[[], Any], now: datetime) -> None:
    DueRun.objects.create(job="tests", minute=now)
    fall_behind()
    assert health_checks.replica(at=now + timedelta(minutes=5)).state is State.OK
    DueRun.objects.create(job="tests", minute=now + timedelta(minutes=6))
    assert health_checks.replica(at=now + timedelta(minutes=6, seconds=9)).state is State.OK  # as far as it may lag
    late = health_checks.replica(at=now + timedelta(minutes=7))
    assert (late.state, late.figures) == (State.WARNING, {"behind_seconds": 60.0})


def test_without_a_copy_nothing_changes(db: None, client: Client) -> None:
    request = HttpRequest()
    request.method = "GET"
    with lagging(request):
        assert Router().db_for_read(Evidence) == "default"
    assert COOKIE not in client.post(reverse("account_login"), {}).cookies


def test_replica_is_reached_like_the_database_it_follows(tmp_path: Path) -> None:
    """The settings of both, as a process reads them: bounded waits, and no statement compiled before it counts."""
    script = (
        "from nhipcau.config import settings as s; import json; "
        "print(json.dumps([s.DATABASE_ROUTERS, [(d['HOST'], d['OPTIONS']) for d in s.DATABASES.values()]]))"
    )
    environment = {
        "NHIPCAU_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://nhipcau@primary:5432/nhipcau",
        "NHIPCAU_REPLICA_URL": "postgresql://nhipcau@copy:5432/nhipcau",
    }
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    routers, databases = json.loads(told.stdout)
    assert routers == ["nhipcau.core.replica.Router"]
    assert [host for host, _options in databases] == ["primary", "copy"]
    assert databases[1][1] == databases[0][1] | {"connect_timeout": 2, "tcp_user_timeout": 5000}
    assert databases[1][1]["options"].endswith("-c jit=off")
