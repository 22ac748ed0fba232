"""A wrong setting stops the start with a sentence, in every process, without a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from nhipcau.config.environment import known_names, must_make_sense
from tests.operation.processes import MANAGE, ROOT, environment, manage

WRONG = [
    ({"DATABASE_URL": "mysql://u:p@h/name"}, "DATABASE_URL must name SQLite or PostgreSQL and begin with sqlite:// or postgresql://. Example: DATABASE_URL=postgresql://user:password@host:5432/name"),
    ({"DATABASE_URL": "postgresql://u:p@h:5432/"}, "DATABASE_URL names no database. Example: DATABASE_URL=postgresql://user:password@host:5432/name"),
    ({"PORT": "tám nghìn"}, "PORT must be a number from 1 to 65535, not 'tám nghìn'. Example: PORT=8000"),
    ({"PORT": "65536"}, "PORT must be a number from 1 to 65535, not '65536'. Example: PORT=8000"),
    ({"NHIPCAU_BASE_URL": "nhipcau.example.vn"}, "NHIPCAU_BASE_URL must begin with https:// (or http://) and name a host, unlike 'nhipcau.example.vn'. Example: NHIPCAU_BASE_URL=https://nhipcau.example.vn"),
    ({"NHIPCAU_BASE_URL": "https://nhipcau.example.vn/ban/"}, "NHIPCAU_BASE_URL is a host and nothing behind it, not even a slash, unlike 'https://nhipcau.example.vn/ban/'. Example: NHIPCAU_BASE_URL=https://nhipcau.example.vn"),
    ({"NHIPCAU_BASE_URL": "https://nhipcau.example.vn", "NHIPCAU_PROXIES": "1"}, "NHIPCAU_HOSTS lacks nhipcau.example.vn, the host of NHIPCAU_BASE_URL: every visitor would be refused. Example: NHIPCAU_HOSTS=nhipcau.example.vn"),
    ({"NHIPCAU_HOSTS": "localhost, nhipcau.gov.vn"}, "NHIPCAU_HOSTS names nhipcau.gov.vn but NHIPCAU_BASE_URL is not set: links in mails would lead to localhost. Example: NHIPCAU_BASE_URL=https://nhipcau.gov.vn"),
    ({"NHIPCAU_HOSTS": "*"}, "NHIPCAU_HOSTS names * but NHIPCAU_BASE_URL is not set: links in mails would lead to localhost. Example: NHIPCAU_BASE_URL=https://nhipcau.example.vn"),
    ({"NHIPCAU_BASE_URL": "https://a.vn", "NHIPCAU_HOSTS": "a.vn"}, "NHIPCAU_PROXIES is not set, but NHIPCAU_BASE_URL begins with https://: behind a proxy everybody would count as one visitor. Example: NHIPCAU_PROXIES=1 (0 where no proxy stands in front)"),
    ({"NHIPCAU_DEBUG": "yes", "NHIPCAU_BASE_URL": "https://a.vn", "NHIPCAU_HOSTS": "a.vn", "NHIPCAU_PROXIES": "1"}, "NHIPCAU_DEBUG shows every visitor the inside of the program and does not go with an https:// address. Example: NHIPCAU_DEBUG=no"),
    ({"NHIPCAU_BACKUPS_BY": "cron"}, "NHIPCAU_BACKUPS_BY must be worker or timer, not 'cron'. Example: NHIPCAU_BACKUPS_BY=timer"),
    ({"NHIPCAU_BACKUPS_BY": "timer"}, "NHIPCAU_BACKUPS_BY=timer without NHIPCAU_BACKUPS: nobody sees how old the backups are. Example: NHIPCAU_BACKUPS=/var/backups/nhipcau"),
    ({"NHIPCAU_DATA": "/etc/hostname"}, "NHIPCAU_DATA: /etc/hostname cannot be read and written by this user. Example: NHIPCAU_DATA=/var/lib/nhipcau"),
    ({"NHIPCAU_ERASURES": "/etc"}, "NHIPCAU_ERASURES: /etc is no file this user can read and write. Example: NHIPCAU_ERASURES=/var/backups/nhipcau/erasures"),
    ({"NHIPCAU_ERASURES": "/etc/hostname/erasures"}, "NHIPCAU_ERASURES: /etc/hostname/erasures is no file this user can read and write. Example: NHIPCAU_ERASURES=/var/backups/nhipcau/erasures"),
    ({"EMAIL_URL": "imap://mail.example.vn"}, "EMAIL_URL must begin with smtp://, smtp+tls://, smtps://, smtp+ssl://. Example: EMAIL_URL=smtp+tls://user:password@mail.example.vn:587"),
    ({"EMAIL_URL": "smtp+tls://user@mail.example.vn:587"}, "EMAIL_URL has a user without a password or a password without a user. Example: EMAIL_URL=smtp+tls://user:password@mail.example.vn:587"),
    ({"EMAIL_URL": "smtp+tls://u:p@mail.example.vn:465"}, "EMAIL_URL: port 465 speaks TLS from the first byte; write smtp+ssl:// for it, smtp+tls:// for 587."),
    ({"NHIPCAU_MAIL_FROM": "Nhịp Cầu"}, "NHIPCAU_MAIL_FROM is no sender. Example: NHIPCAU_MAIL_FROM=Nhịp Cầu <khong-tra-loi@example.vn>"),
    ({"EMAIL_URL": "smtp://m", "NHIPCAU_BASE_URL": "https://a.vn", "NHIPCAU_HOSTS": "a.vn", "NHIPCAU_PROXIES": "0"}, "EMAIL_URL sends mail but NHIPCAU_MAIL_FROM is not set: mail from localhost is refused everywhere. Example: NHIPCAU_MAIL_FROM=Nhịp Cầu <khong-tra-loi@example.vn>"),
    ({"NHIPCAU_WEBSUB_HUB": "ftp://h/"}, "NHIPCAU_WEBSUB_HUB must be the web address of a hub. Example: NHIPCAU_WEBSUB_HUB=https://hub.example.vn/"),
    ({"NHIPCAU_CACHE_URL": "memcached://h"}, "NHIPCAU_CACHE_URL must name a Redis or Valkey server. Example: NHIPCAU_CACHE_URL=redis://127.0.0.1:6379/0"),
    ({"NHIPCAU_BASEURL": "https://a.vn"}, "NHIPCAU_BASEURL is no setting; did you mean NHIPCAU_BASE_URL?"),
    ({"NHIPCAU_XYZZY": "1"}, "NHIPCAU_XYZZY is no setting."),
    ({"NHIPCAU_DEBUG": "maybe"}, "NHIPCAU_DEBUG must be yes or no, not 'maybe'. Example: NHIPCAU_DEBUG=no"),
    ({"NHIPCAU_LOG_LEVEL": "loud"}, "NHIPCAU_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'loud'. Example: NHIPCAU_LOG_LEVEL=INFO"),
    ({"NHIPCAU_LOG_FORM": "xml"}, "NHIPCAU_LOG_FORM must be json or lines, not 'xml'. Example: NHIPCAU_LOG_FORM=json"),
    ({"NHIPCAU_PROXIES": "một"}, "NHIPCAU_PROXIES must be a whole number, not 'một'. Example: NHIPCAU_PROXIES=1"),
    ({"NHIPCAU_BACKUP_KEEP": "7,4"}, "NHIPCAU_BACKUP_KEEP must be three whole numbers: days, weeks, months. Example: NHIPCAU_BACKUP_KEEP=7,4,12"),
    ({"NHIPCAU_MONITOR_TOKEN": "ngan"}, "NHIPCAU_MONITOR_TOKEN needs at least 20 characters. Example: the output of openssl rand -hex 24"),
    ({"NHIPCAU_MONITOR_ADDRESSES": "10.0.0.300"}, "NHIPCAU_MONITOR_ADDRESSES: '10.0.0.300' is no address or network. Example: NHIPCAU_MONITOR_ADDRESSES=127.0.0.0/8,10.0.0.5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "sentence"), WRONG, ids=lambda value: "-".join(value) if isinstance(value, dict) else ""
)
def test_a_wrong_setting_is_told_in_a_sentence(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        must_make_sense(values)
    assert str(refused.value) == sentence


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        must_make_sense({"PORT": "x", "NHIPCAU_DEBUG": "maybe"})
    assert len(str(refused.value).split("\n")) == 2


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"DATABASE_URL": "sqlite:////var/lib/nhipcau/a.sqlite3"},
        {"DATABASE_URL": "postgresql://nhipcau@/nhipcau?host=/run/postgresql"},
        {"NHIPCAU_BASE_URL": "https://nhipcau.example.vn:8443", "NHIPCAU_HOSTS": ".example.vn", "NHIPCAU_PROXIES": "0"},
        {"NHIPCAU_BASE_URL": "http://localhost:8001"},
        {"NHIPCAU_HOSTS": "localhost,127.0.0.1"},
        {"NHIPCAU_DEBUG": "yes", "NHIPCAU_BASE_URL": "http://localhost:8001"},
        {"EMAIL_URL": "smtp+ssl://u:p@mail.example.vn:465", "NHIPCAU_MAIL_FROM": "a@example.vn"},
        {"NHIPCAU_CACHE_URL": "unix:///run/valkey/valkey.sock?db=0"},
        {"NHIPCAU_MONITOR_ADDRESSES": "10.0.0.0/8, ::1"},
    ],
)
def test_what_is_sound_passes(values: dict[str, str]) -> None:
    must_make_sense(values)


def test_the_guide_names_every_setting() -> None:
    guide = "".join(path.read_text() for path in [*ROOT.glob("docs/operators*.md"), *ROOT.glob("docs/operators/*.md")])
    assert sorted(name for name in known_names() - {"NHIPCAU_PO", "NHIPCAU_PICTURES", "NHIPCAU_CRASH_SEED", "NHIPCAU_BENCH_POSTGRESQL"} if name not in guide) == []  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        [*MANAGE, "worker"],
        [*MANAGE, "migrate"],
        [sys.executable, "-m", "nhipcau.config.start"],
        [str(ROOT / "script" / "server")],
    ],
    ids=["worker", "manage", "start", "server"],
)
def test_no_process_starts_on_a_wrong_setting(command: list[str], tmp_path: Path) -> None:
    told = subprocess.run(
        command, env=environment(tmp_path, PORT="x"), cwd=ROOT, check=False, capture_output=True, text=True, timeout=120
    )
    assert (told.returncode, told.stdout, told.stderr) == (
        2, "", "PORT must be a number from 1 to 65535, not 'x'. Example: PORT=8000\n",
    )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_a_weak_key_is_refused(tmp_path: Path) -> None:
    told = manage("check", data=tmp_path, NHIPCAU_SECRET_KEY="ngan")
    assert (told.returncode, told.stderr) == (2, "NHIPCAU_SECRET_KEY needs at least 32 characters.\n")
