"""The cast, the hour and the walls of the suite."""

import hashlib
import ipaddress
import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from nhipcau.agreements.models import Agreement
from nhipcau.parties.models import Membership, Organisation, User
from nhipcau.plans.models import Plan
from tests import makers

Role = Membership.Role
ROOT = Path(__file__).resolve().parents[1]


# --- the hour ---------------------------------------------------------------------------------
class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.moment

    def move(self, **by: float) -> datetime:
        """Go forward by the keywords of timedelta; the new moment."""
        self.moment += timedelta(**by)
        return self.moment

    def set(self, moment: datetime) -> None:
        """Go to a moment."""
        self.moment = moment


@pytest.fixture
def now() -> datetime:
    """09:00 on Monday, 23/11/2026, in Ho Chi Minh City."""
    return makers.NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> HandClock:
    """What every request takes for the present; the one thing tests replace. `clock.move(days=1)`, `clock.set(…)`."""
    hand = HandClock(now)
    monkeypatch.setattr("nhipcau.core.middleware.clock", hand)
    return hand


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    """Every test begins in Vietnamese; an English request leaves its language behind in the thread otherwise."""
    with translation.override("vi"):
        yield


@pytest.fixture(autouse=True)
def counted_from_nothing() -> None:
    """Attempts counted by one test are not held against the next."""
    cache.clear()


# --- the cast ---------------------------------------------------------------------------------
@pytest.fixture
def hmc(db: None) -> Organisation:
    """The Press Centre."""
    return makers.make_organisation("hmc")


@pytest.fixture
def fsc(db: None) -> Organisation:
    """The Foreign-affairs Service and International Conference Centre."""
    return makers.make_organisation("fsc")


@pytest.fixture
def dofa(db: None) -> Organisation:
    """The Department of Foreign Affairs, above FSC."""
    return makers.make_organisation("dofa")


@pytest.fixture
def dic(db: None) -> Organisation:
    """The Department of Information and Communications, above HMC."""
    return makers.make_organisation("dic")


@pytest.fixture
def agreement(db: None) -> Agreement:
    """The memorandum between HMC and FSC."""
    return makers.make_agreement()


@pytest.fixture
def plan(agreement: Agreement) -> Plan:
    """The plan of 2026, in force."""
    return makers.make_plan(agreement)


def _member(username: str, *roles: tuple[str, str], **more: Any) -> User:
    return User.objects.filter(username=username).first() or makers.make_user(username, *roles, **more)


@pytest.fixture
def officer_hmc(agreement: Agreement) -> User:
    """Programme officer of HMC."""
    return _member("officer_hmc", ("hmc", Role.OFFICER))


@pytest.fixture
def officer_fsc(agreement: Agreement) -> User:
    """Programme officer of FSC."""
    return _member("officer_fsc", ("fsc", Role.OFFICER))


@pytest.fixture
def director_hmc(agreement: Agreement) -> User:
    """Director of HMC."""
    return _member("director_hmc", ("hmc", Role.DIRECTOR))


@pytest.fixture
def director_fsc(agreement: Agreement) -> User:
    """Director of FSC."""
    return _member("director_fsc", ("fsc", Role.DIRECTOR))


@pytest.fixture
def records_hmc(agreement: Agreement) -> User:
    """Records office of HMC."""
    return _member("records_hmc", ("hmc", Role.RECORDS))


@pytest.fixture
def reception_hmc(agreement: Agreement) -> User:
    """Reception desk of HMC."""
    return _member("reception_hmc", ("hmc", Role.RECEPTION))


@pytest.fixture
def overseer_dofa(agreement: Agreement) -> User:
    """Officer of the department above FSC."""
    return _member("overseer_dofa", ("dofa", Role.OFFICER))


@pytest.fixture
def overseer_dic(agreement: Agreement) -> User:
    """Officer of the department above HMC."""
    return _member("overseer_dic", ("dic", Role.OFFICER))


@pytest.fixture
def outsider(agreement: Agreement) -> User:
    """Staff of a body that has no part in the agreement."""
    return _member("outsider", ("Sở Du lịch", Role.OFFICER))


@pytest.fixture
def administrator(agreement: Agreement) -> User:
    """Keeper of the system: sees everything, decides nothing in the parties' place."""
    return _member("administrator", is_superuser=True, is_staff=True)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser-like client signed in as somebody: `sign_in(officer_hmc).get(…)`."""

    def signed_in(user: User) -> Client:
        return makers.come_in(Client(), user)

    return signed_in


# --- the walls --------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise PermissionError(f"A test tried to reach {host}.")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


# --- the database -----------------------------------------------------------------------------
def _migrated_copy() -> Path:
    """Where a migrated SQLite database is kept between runs, named by the migrations that made it."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("nhipcau/*/migrations/*.py"), *ROOT.glob("nhipcau/*/guards.py"),
                        ROOT / "requirements/base.lock"]):  # fmt: skip
        digest.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"nhipcau-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest.hexdigest()[:20]}.sqlite3"


_kept: list[Path] = []  # the copy this process began from or left; named once, should a migration come meanwhile


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Start from the migrated copy where there is one; Django then finds nothing left to migrate."""
    if settings.DATABASES["default"]["ENGINE"] != "nhipcau.core.sqlite":
        return False
    _kept.append(_migrated_copy())
    own = Path(settings.DATABASES["default"]["TEST"]["NAME"])
    if _kept[0].exists() and not own.exists():
        shutil.copyfile(_kept[0], own)
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Keep a migrated copy for the next run."""
    from django.db import connection

    if _kept and not _kept[0].exists():
        with django_db_blocker.unblock():
            connection.ensure_connection()
            new = _kept[0].with_suffix(f".{os.getpid()}")
            with closing(sqlite3.connect(new)) as copy:
                connection.connection.backup(copy)
            new.replace(_kept[0])
    yield
    if _kept:
        connection.close()


@pytest.fixture
def _guard_after_emptying(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[bool]]:
    """Raise the guards again once the tables of a transactional test are empty."""
    from django.db import connection

    from nhipcau.core import guards

    lowered: list[bool] = []
    yield lowered
    if not lowered:
        return
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            # What migrations had filled in comes back, and the guard with it.
            connection.ensure_connection()
            with closing(sqlite3.connect(_kept[0])) as copy:
                copy.backup(connection.connection)
        else:
            guards.raise_all(connection)
        connection.close()


@pytest.fixture
def _django_db_helper(_guard_after_emptying: list[bool], _django_db_helper: None) -> Iterator[None]:
    """Around pytest-django's own: tests in real transactions end by emptying tables, which the guards would refuse."""
    from django.db import connection

    from nhipcau.core import guards

    yield
    if not connection.in_atomic_block:
        guards.lower_all(connection)
        _guard_after_emptying.append(True)


@pytest.fixture
def transactional_ledger(transactional_db: None) -> None:
    """Real transactions, with the ledger's guard up while the test runs."""


# --- the last word ----------------------------------------------------------------------------
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nobody looks on, a test that was skipped is a test that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
