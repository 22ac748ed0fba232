"""Who was erased after a backup was made does not come back with it."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Registration
from nhipcau.core import erasures
from nhipcau.core.holdings import erased
from nhipcau.core.tasks import catch_up_erasures
from nhipcau.parties.models import Person
from tests import makers
from tests.operation.processes import Elsewhere, files_in

TRACES = ("quỳnh giao", "quynh giao", "912345678", "912 345 678", "giao.trinh", "giao quynh")

# A guest with a letter, a link to the own data and a request that waits: then the backup, then the request is done.
LIVE = """
from datetime import timedelta
from pathlib import Path
from nhipcau.attendance import services as attendance
from nhipcau.core.backup import make_backup
from nhipcau.core.middleware import clock
from nhipcau.newsroom.letters import people_who_wrote, receive_enquiry
from nhipcau.newsroom.models import Enquiry
from nhipcau.outbox.services import send_due
from nhipcau.privacy import services
from nhipcau.privacy.models import Access, Notice, Request
from tests import makers
now = clock()
plan = makers.make_plan(makers.make_agreement(), year=now.year)
makers.make_evidence_kind("attendance.checkin")
intake = makers.make_intake(makers.make_activity(plan, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=9, hours=3)))
notice = Notice.objects.get(form="registration", version=1)
officer = makers.make_user("can-bo", ("hmc", "officer"))
email = "giao.trinh@example.vn"
guest = attendance.register(intake=intake, name="Trịnh Quỳnh Giao", phone="+84912345678", email=email, consent=notice, at=now)
other = attendance.register(intake=intake, name="Lâm Hữu Phước", phone="0903111222", consent=notice, at=now)
receive_enquiry(
    reason=Enquiry.Reason.CORRECTION, organisation=intake.activity.lead, language="vi", at=now,
    said={"name": "Trịnh Quỳnh Giao", "email": email, "text": "Tôi là Trịnh Quỳnh Giao."},
)
people_who_wrote(email=email)
access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=now)
asked = services.file_request(
    person=guest.person, access=access, kind=Request.Kind.ERASE, language="vi", at=now, note="Xóa Trịnh Quỳnh Giao"
)
send_due(at=now)
print(make_backup(folder=Path("FOLDER"), at=clock()))
services.accept(request=asked, by=officer, at=clock())
send_due(at=clock())
"""


def _traces(elsewhere: Elsewhere) -> list[str]:
    rows = {name: str(rows) for name, rows in elsewhere.rows().items() if not name.startswith("core_search_fts")}
    texts = rows | {name: held.decode("utf-8", "replace") for name, held in files_in(elsewhere.data / "mail").items()}
    return sorted(name for name, text in texts.items() if any(trace in text.lower() for trace in TRACES))


def _in_the_files(elsewhere: Elsewhere) -> list[str]:
    """Which files of SQLite hold bytes of the person, or words of the index, written from where they differ from the one before."""
    files = list(elsewhere.data.glob("nhipcau.sqlite3*"))
    assert elsewhere.vendor == "postgresql" or "nhipcau.sqlite3-wal" in {path.name for path in files}
    # Read by another process: whoever closes a file gives up every lock of its process on it, SQLite's with it.
    read = {path.name: subprocess.run(["cat", path], check=True, capture_output=True).stdout for path in files}
    held = {name: content.decode("utf-8", "replace").lower() for name, content in read.items()}
    return sorted(name for name, text in held.items() if any(trace in text for trace in (*TRACES, "quynh", "12345678")))


@pytest.mark.database
@pytest.mark.timeout(1500)
def test_erased_person_is_in_no_file_and_in_no_table_of_a_backup_put_back(tmp_path: Path) -> None:
    with Elsewhere(tmp_path, "source") as source, Elsewhere(tmp_path, "target") as target:
        assert source.manage("migrate", "--noinput", "--verbosity", "0").returncode == 0
        with closing(sqlite3.connect(source.data / "nhipcau.sqlite3")) as running:  # as a web process: the log stays
            running.execute("SELECT count(*) FROM sqlite_master").fetchall()
            lived = source.manage("shell", "-c", LIVE.replace("FOLDER", str(tmp_path / "backups")))
            assert lived.returncode == 0, lived.stderr
            assert bool(_in_the_files(source)) == (source.vendor == "sqlite")
            let_go = source.manage("retention")
            assert let_go.returncode == 0, let_go.stderr
            assert (_in_the_files(source), _traces(source)) == ([], [])
        made = lived.stdout.strip().splitlines()[-1]
        noted = source.data / "erasures"
        kinds = [line.split()[2] for line in noted.read_text().splitlines()]
        assert sorted(set(kinds)) == [
            "attendance.registration",
            "newsroom.enquiry",
            "parties.person",
            "privacy.request",
        ]
        assert noted.stat().st_mode & 0o777 == 0o600
        told = target.manage("restore", made, "--erasures", str(noted))
        assert (told.returncode, told.stderr) == (0, "")
        assert "Erased again 3 records of the 4 rows emptied since.\n" in told.stdout
        assert target.manage("retention").returncode == 0
        assert _traces(target) == []
        # Everybody else is there, and an older backup would find the same in the list.
        assert "Lâm Hữu Phước" in str(target.rows()["attendance_registration"])
        assert set(noted.read_text().splitlines()) <= set((target.data / "erasures").read_text().splitlines())


@pytest.fixture
def guest(empty_tables: None, plan: Any, settings: Any, tmp_path: Path) -> Registration:
    """Somebody who registered, and a list of the test's own."""
    settings.ERASURES = tmp_path / "list" / "erasures"
    makers.make_evidence_kind("attendance.checkin")
    return makers.make_registration(makers.make_intake(makers.make_activity(plan)))


def _written(settings: Any) -> list[str]:
    return settings.ERASURES.read_text().splitlines() if settings.ERASURES.exists() else []


@pytest.mark.django_db(transaction=True)
def test_erasure_is_noted_once_it_is_through(guest: Registration, settings: Any, now: datetime) -> None:
    with transaction.atomic():
        attendance.erase_guest(registration=guest, by=None, at=now)
        transaction.set_rollback(True)
    assert _written(settings) == []
    guest.refresh_from_db()
    attendance.erase_guest(registration=guest, by=None, at=now)
    assert _written(settings) == [
        f"{now.astimezone(UTC).isoformat()} {guest.person_id} parties.person",
        f"{now.astimezone(UTC).isoformat()} {guest.pk} attendance.registration",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_again_is_erased_once(guest: Registration, settings: Any, now: datetime) -> None:
    found = {"attendance.registration": {guest.pk, guest.pk + 1}, "parties.person": {guest.person_id}, "gone.kind": {1}}
    # The registration takes its person along.
    assert [erasures.repeat(found, at=now) for _time in range(2)] == [1, 0]
    assert (Registration.objects.get().name, Person.objects.get(pk=guest.person_id).name) == ("—", "—")


def test_list_is_read_from_the_backup_on_and_by_whole_lines(settings: Any, tmp_path: Path, now: datetime) -> None:
    settings.ERASURES = tmp_path / "erasures"
    now = now.astimezone(UTC)
    later = now + timedelta(hours=1)
    settings.ERASURES.write_text(
        f"{now.isoformat()} 1 parties.person\n{later.isoformat()} 2 parties.person\n{later.isoformat()} 34 par"
    )
    # A disk was full in the middle of the last line.
    erasures._append([f"{later.isoformat()} 5 parties.person\n"])
    assert erasures.since([settings.ERASURES], now) == {"parties.person": {1, 2, 5}}
    assert erasures.since([settings.ERASURES], later) == {"parties.person": {2, 5}}
    other = tmp_path / "other"
    other.write_text(f"{later.isoformat()} 5 parties.person\n{later.isoformat()} 6 parties.person\n")
    erasures.take_over([other])
    erasures.take_over([other])
    assert settings.ERASURES.read_text().splitlines()[3:] == [
        f"{later.isoformat()} 5 parties.person", f"{later.isoformat()} 6 parties.person",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_night_writes_down_what_a_process_could_not(
    guest: Registration, settings: Any, tmp_path: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "list").write_text("a file where the folder should be")
    attendance.erase_guest(registration=guest, by=None, at=now)
    assert "An erasure could not be written down." in caplog.text
    (tmp_path / "list").unlink()
    assert [catch_up_erasures.func() for _night in range(2)] == [2, 0]
    assert sorted(line.split()[2] for line in _written(settings)) == ["attendance.registration", "parties.person"]


def test_restore_refuses_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no list of erasures at .*; nothing was changed"):
        call_command("restore", tmp_path / "any.tar.gz", erasures=[tmp_path / "none"])


def test_every_moment_that_tells_an_erasure_is_a_column() -> None:
    columns = {(one.kind, one.moment) for one in erased() if one.moment}
    assert {(one.kind, one.model._meta.get_field(one.moment).name) for one in erased() if one.moment} == columns
    # What a model calls personal and when it was emptied: each such model is in the list.
    from django.apps import apps

    emptied = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.name in {"erased_at", "emptied_at"}
    }
    assert emptied == {kind for kind, _moment in columns}
