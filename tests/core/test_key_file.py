"""The kept key: made once, rotated without breaking what is in use, a wrong file refused and left alone."""

import stat
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from nhipcau.core import key_file, signing
from nhipcau.parties.models import User

DAY = date(2026, 11, 23)
OLD, OLDER = "o" * 40, "p" * 40


def keys(kept: Path, given: str = "", old: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    return key_file.signing_keys(kept=kept, given=given, old=old)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / key_file.FILE


def test_the_first_start_makes_a_key_for_the_service_alone(kept: Path) -> None:
    key, old = keys(kept)
    assert (len(key), old, keys(kept)) == (64, [], (key, []))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_processes_that_start_at_once_read_the_same_key(kept: Path) -> None:
    start = (
        "import sys, pathlib; from nhipcau.core import key_file;"
        "print(key_file.signing_keys(kept=pathlib.Path(sys.argv[1]), given='', old=[])[0])"
    )
    starting = [
        subprocess.Popen([sys.executable, "-c", start, str(kept)], stdout=subprocess.PIPE, text=True)
        for _number in range(4)
    ]
    assert {process.communicate(timeout=60)[0].strip() for process in starting} == {keys(kept)[0]}


def test_rotating_keeps_the_key_before_as_long_as_any_link_lives(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "_today", lambda: DAY)
    first, _old = keys(kept)
    assert key_file.rotate(kept, today=DAY) == 1
    second, old = keys(kept)
    assert (second != first, old) == (True, [first])
    assert key_file.rotate(kept, today=DAY + timedelta(days=1)) == 2
    monkeypatch.setattr(key_file, "_today", lambda: DAY + timedelta(days=400))
    assert keys(kept)[1] == [second, first]
    monkeypatch.setattr(key_file, "_today", lambda: DAY + timedelta(days=401))
    assert keys(kept)[1] == [second]
    assert key_file.rotate(kept, today=DAY + timedelta(days=402)) == 1  # those that ran out went
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_keys_of_the_environment_win_and_the_kept_ones_still_read(kept: Path) -> None:
    kept.write_text(OLD + "\n")
    assert keys(kept, given="g" * 32, old=(OLDER,)) == ("g" * 32, [OLDER, OLD])
    assert keys(kept, old=(OLDER,)) == (OLD, [OLDER])


@pytest.mark.parametrize(
    "written",
    [
        "",
        "\n\n",
        "short",
        f"{OLD} 2027-01-01",
        f"{OLD}\n{OLDER}",
        f"{OLD}\n{OLDER} soon",
        f"{OLD}\nshort 2027-01-01",
        "khóa" * 20,
    ],
)
def test_a_wrong_file_stops_the_start_and_is_left_as_it_was(kept: Path, written: str) -> None:
    kept.write_text(written, encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="is not a key file"):
        keys(kept)
    with pytest.raises(ImproperlyConfigured, match="is not a key file"):
        key_file.rotate(kept, today=DAY)
    assert kept.read_text(encoding="utf-8") == written


def test_short_keys_are_refused(kept: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="NHIPCAU_SECRET_KEY needs at least 32"):
        keys(kept, given="short")
    with pytest.raises(ImproperlyConfigured, match="NHIPCAU_OLD_SECRET_KEYS needs at least 32"):
        keys(kept, given=OLD, old=("short",))


def test_the_command_rotates_or_says_what_to_do(tmp_path: Path, settings: Any) -> None:
    settings.DATA, settings.SECRET_KEY_GIVEN = tmp_path, ""
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("rotate_key")
    kept = tmp_path / key_file.FILE
    kept.write_text(OLD)
    said = StringIO()
    call_command("rotate_key", stdout=said)
    assert "1 older still read, the last one until 28/12/2027" in said.getvalue()
    assert kept.read_text().splitlines()[1] == f"{OLD} 2027-12-28"
    settings.SECRET_KEY_GIVEN = OLD
    with pytest.raises(CommandError, match="NHIPCAU_OLD_SECRET_KEYS"):
        call_command("rotate_key")


# --- what is in use while the key changes ------------------------------------------------------
def test_sessions_resets_and_links_outlive_a_rotation(officer_hmc: User, settings: Any) -> None:
    from allauth.account.forms import default_token_generator

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    client = Client()
    client.force_login(officer_hmc)
    reset, link = default_token_generator.make_token(officer_hmc), signing.sign("ticket", 1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 40, [OLD]
    assert client.get("/ban/").status_code == 200
    assert client.session[SESSION_KEY] == str(officer_hmc.pk)
    assert default_token_generator.check_token(officer_hmc, reset)
    assert signing.read("ticket", link).key == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert not default_token_generator.check_token(officer_hmc, reset)
    assert client.get("/ban/").status_code == 200  # the session was signed anew when it was used


def test_a_key_nobody_kept_ends_what_it_signed(officer_hmc: User, settings: Any) -> None:
    settings.SECRET_KEY = OLD
    client = Client()
    client.force_login(officer_hmc)
    settings.SECRET_KEY = "n" * 40
    assert client.get("/ban/").status_code == 302
