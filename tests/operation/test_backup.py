"""A copy made while people write, put back into an empty place and compared row by row and file by file."""

import gzip
import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks_db.models import DBTaskResult

from nhipcau.core.backup import archive, keeping, make_backup
from nhipcau.core.errors import Refusal
from nhipcau.core.tasks import nightly_backup
from tests.operation.processes import Elsewhere, files_in, manage

NIGHT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.DATA / "secret-key").write_text("khoa-" * 10)
    return tmp_path


# In a process of its own: somebody goes on queueing mails, each with a place in the search and a file, while the copy is made.
WRITE = """
import json, threading
from datetime import UTC, datetime
from pathlib import Path
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections
from nhipcau.core.backup import make_backup
from nhipcau.outbox import services as outbox
from tests.scenarios.programme import make_programme
NIGHT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
programme = make_programme()
stopped, began, written = threading.Event(), threading.Event(), []
def write():
    while not stopped.is_set():
        number = len(written) + 1
        default_storage.save(f"thu/{number:05}.txt", ContentFile(str(number).encode()))
        outbox.queue_mail(key=f"ghi.{number}", to="khach@example.vn", subject=f"Thư {number}", body="Thư", at=NIGHT)
        written.append(number)
        if number == 20:
            began.set()
    connections.close_all()
writer = threading.Thread(target=write)
writer.start()
assert began.wait(120)
before = len(written)
made = make_backup(folder=Path("FOLDER"), at=NIGHT)
after = len(written)
stopped.set()
writer.join()
print(json.dumps([before, after, len(written), str(made), programme.reports["issued"].check_code]))
"""
TASKS = DBTaskResult._meta.db_table


@pytest.mark.database
@pytest.mark.timeout(1500)
def test_copy_made_while_people_write_comes_back_whole(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with Elsewhere(tmp_path, "source") as source, Elsewhere(tmp_path, "target") as target:
        assert source.manage("migrate", "--noinput", "--verbosity", "0").returncode == 0
        wrote = source.manage("shell", "-c", WRITE.replace("FOLDER", str(folder)))
        assert wrote.returncode == 0, wrote.stderr
        before, after, written, path, code = json.loads(wrote.stdout.strip().splitlines()[-1])
        made = Path(path)
        assert made.name == "nhipcau-20261126-013000.tar.gz"
        assert made.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in folder.iterdir()] == [made.name]
        told = target.manage("restore", str(made))
        assert (told.returncode, told.stderr) == (0, "")
        here, restored = source.rows(), target.rows()
        files, stored = files_in(source.data / "files"), files_in(target.data / "files")
        assert (target.data / "secret-key").read_text() == (source.data / "secret-key").read_text()
        assert target.manage("migrate", "--check").returncode == 0
        looked = target.manage("shell", "-c", LOOK.format(code=code), NHIPCAU_DEBUG="yes")
        assert looked.stdout.split("\n")[-4:-1] == ["200 True", "refused", "new key"], looked.stdout + looked.stderr
        again = target.manage("restore", str(made))
        assert (again.returncode, again.stderr) == (
            1,
            "CommandError: The database is not empty. Restore into a new, empty one; nothing was changed.\n",
        )
    # What was written meanwhile is there or not there, but never by halves.
    missing = {}
    for name in ("outbox_message", "core_searchentry", TASKS):
        then, now = set(map(repr, restored.pop(name))), set(map(repr, here.pop(name)))
        assert then <= now
        missing[name] = len(now - then)
    assert len(set(missing.values())) == 1, missing  # a mail, its place in the search and the nudge come together
    kept = written - missing["outbox_message"]
    assert before <= kept <= after + 1
    assert {path: content for path, content in files.items() if path in stored} == stored
    assert [path for path in files if path not in stored and not path.startswith("thu/")] == []
    assert {f"thu/{number:05}.txt" for number in range(1, kept + 1)} <= stored.keys()
    # Everything else is the same, row by row; the pages of SQLite's own search index follow from the entries above, and the
    # stamps count what was written.
    assert _without_index(restored) == _without_index(here)


def _without_index(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows for name, rows in tables.items() if not name.startswith(("core_search_fts", "core_publicstamp"))}


# In the restored place: the frozen digest verifies, the ledger is guarded, and counters go on where they stood.
LOOK = """
from django.db import DatabaseError, transaction
from django.test import Client
from nhipcau.evidence.models import Evidence
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import queue_mail
from nhipcau.reports.models import Report
from nhipcau.reports.services import *
from datetime import datetime, UTC
report = Report.objects.get(check_code="{code}")
page = Client(HTTP_HOST="localhost").get(f"/kiem-tra/{{report.check_code}}/")
print(page.status_code, report.digest in page.content.decode())
try:
    with transaction.atomic():
        Evidence.objects.filter(pk=Evidence.objects.first().pk).update(quantity=99)
    print("changed")
except DatabaseError:
    print("refused")
before = set(Message.objects.values_list("pk", flat=True))
mail = queue_mail(key="sau", to="khach@example.vn", subject="Sau", body="Sau", at=datetime.now(UTC))
print("new key" if mail.pk not in before else "the same key")
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_tables")
def test_a_file_still_being_written_is_left_out(own_folder: Path) -> None:
    default_storage.save("a.txt", ContentFile(b"mot tep"))
    (own_folder / "data" / "files" / ".0a1b.part").write_bytes(b"mot")
    made = make_backup(folder=own_folder / "backups", at=NIGHT)
    assert sorted(archive.verify(made).members.keys() & {"files/a.txt", "files/.0a1b.part"}) == ["files/a.txt"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_tables")
def test_damaged_archive_is_refused_before_anything_is_written(own_folder: Path) -> None:
    default_storage.save("a.txt", ContentFile(b"mot tep"))
    made = make_backup(folder=own_folder / "backups", at=NIGHT)
    whole = made.read_bytes()

    def refused(content: bytes) -> str:
        made.write_bytes(content)
        with pytest.raises(Refusal) as refusal:
            archive.verify(made)
        return str(refusal.value)

    cut = "Bản sao lưu bị hỏng hoặc không đầy đủ; chưa có gì bị thay đổi."
    assert refused(whole[: len(whole) // 2]) == cut
    unpacked = gzip.decompress(whole)
    assert refused(gzip.compress(unpacked.replace(b"mot tep", b"hai tep"))) == (
        "Bản sao lưu bị hỏng: files/a.txt không còn đúng như khi được ghi; chưa có gì bị thay đổi."
    )
    assert refused(b"") == cut
    nothing = "Đây không phải bản sao lưu của Nhịp Cầu, hoặc bản sao lưu không đầy đủ; chưa có gì bị thay đổi."
    assert refused(_without_manifest(unpacked)) == nothing
    assert refused(_with_member(unpacked, "../ra-ngoai")) == "Bản sao lưu bị hỏng: có thành phần không phải là tệp."


def _without_manifest(unpacked: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as target, tarfile.open(fileobj=io.BytesIO(unpacked)) as source:
        for member in source:
            if member.name != archive.MANIFEST:
                target.addfile(member, source.extractfile(member))
    return out.getvalue()


def _with_member(unpacked: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as target, tarfile.open(fileobj=io.BytesIO(unpacked)) as source:
        entry = tarfile.TarInfo(name)
        entry.size = 1
        target.addfile(entry, io.BytesIO(b"x"))
        for member in source:
            target.addfile(member, source.extractfile(member))
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_tables")
def test_archive_of_a_newer_version_or_another_database_is_refused(own_folder: Path) -> None:
    made = make_backup(folder=own_folder / "backups", at=NIGHT)
    newer, other = made.with_name("newer.tar.gz"), made.with_name("other.tar.gz")

    def rewritten(path: Path, change: Any) -> None:
        with tarfile.open(made) as source, tarfile.open(path, "w:gz") as target:
            for member in source:
                content = source.extractfile(member).read()  # type: ignore[union-attr]
                if member.name == "manifest.json":
                    manifest = json.loads(content)
                    change(manifest)
                    content = json.dumps(manifest).encode()
                member.size = len(content)
                target.addfile(member, io.BytesIO(content))

    rewritten(
        newer, lambda told: told["database"]["migrations"].append(["core", "9999_later"]) or told.update(release="9.0")
    )
    rewritten(other, lambda told: told.update(vendor="oracle"))
    with Elsewhere(own_folder) as elsewhere:
        assert elsewhere.manage("restore", str(newer)).stderr == (
            "CommandError: The backup was made by a newer version (9.0); install that version first.\n"
        )
        assert "oracle" in elsewhere.manage("restore", str(other)).stderr
        (elsewhere.data / "files").mkdir()
        (elsewhere.data / "files" / "co-san.txt").write_text("có sẵn")
        told = elsewhere.manage("restore", str(made))
        assert told.stderr == (
            f"CommandError: There already are files in {elsewhere.data}. Restore into an empty data folder; "
            "nothing was changed.\n"
        )
        assert (
            not (elsewhere.data / "nhipcau.sqlite3").exists() or not (elsewhere.data / "nhipcau.sqlite3").stat().st_size
        )


def test_backup_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    told = manage("backup", str(tmp_path / "folder" / "inner"), data=tmp_path)
    assert (told.returncode, told.stderr) == (
        1,
        f"CommandError: The backup could not be written to {tmp_path}/folder/inner: Not a directory.\n",
    )
    assert manage("backup", data=tmp_path).returncode == 2


@pytest.mark.parametrize(("by_worker", "made"), [(True, 1), (False, 0)])
def test_worker_leaves_backups_to_the_timer_where_there_is_one(
    by_worker: bool, made: int, settings: Any, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_FOLDER, settings.BACKUPS_BY_WORKER = tmp_path / "backups", by_worker
    written: list[Path] = []

    def make(*, folder: Path, at: datetime) -> Path:
        written.append(folder / keeping.archive_name(at))
        return written[-1]

    monkeypatch.setattr("nhipcau.core.tasks.make_backup", make)
    assert nightly_backup.func() == "".join(path.name for path in written)
    assert len(written) == made


def test_rule_keeps_days_weeks_and_months(tmp_path: Path) -> None:
    start = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
    for nights in range(500):
        (tmp_path / keeping.archive_name(start - timedelta(days=nights))).touch()
    (tmp_path / keeping.archive_name(start - timedelta(hours=1))).touch()
    (tmp_path / "ghi-chu.txt").touch()
    keeping.discard(tmp_path, keeping.Rule(days=7, weeks=4, months=12))
    days = [f"{keeping.made_at(path):%Y-%m-%d %H:%M}" for path in keeping.backups(tmp_path)]
    assert days == [
        *(f"2026-11-{day} 01:30" for day in (26, 25, 24, 23, 22, 21, 20)),
        "2026-11-15 01:30", "2026-11-08 01:30",
        "2026-10-31 01:30", "2026-09-30 01:30", "2026-08-31 01:30", "2026-07-31 01:30", "2026-06-30 01:30",
        "2026-05-31 01:30", "2026-04-30 01:30", "2026-03-31 01:30", "2026-02-28 01:30", "2026-01-31 01:30",
        "2025-12-31 01:30",
    ]  # fmt: skip
    assert (tmp_path / "ghi-chu.txt").exists()
    assert keeping.superfluous(keeping.backups(tmp_path), keeping.Rule(0, 0, 0)) == keeping.backups(tmp_path)[1:]
