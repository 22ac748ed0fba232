"""Files are whole before they have a name, and gone some time after no row names them."""

import os
import resource
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import connection, transaction
from pytest_django import Settings

from nhipcau.attendance.services import record_signed_list
from nhipcau.core import uploads
from nhipcau.core.files import DurableStorage, stores, sweep_orphans
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.models import Attachment, Evidence, EvidenceKind
from nhipcau.evidence.services import attach_file, declare_evidence, revise_evidence
from nhipcau.parties.models import User
from tests import makers

PROOF = uploads.Upload("tin.pdf", uploads.PDF, b"%PDF-", 5, "0" * 64)
#: Whether a transaction was open whenever a file was stored or deleted.
opened: list[bool] = []


class Listening(DurableStorage):
    """A storage that notes whether a transaction was open when it was spoken to."""

    def _save(self, name: str, content: File[bytes]) -> str:
        opened.append(connection.in_atomic_block)
        return super()._save(name, content)

    def delete(self, name: str) -> None:
        """Let a file go."""
        opened.append(connection.in_atomic_block)
        super().delete(name)


@pytest.fixture
def listening(settings: Settings, tmp_path: Path) -> Path:
    """The product's files in an empty folder, behind a storage that listens."""
    backend = {"BACKEND": f"{__name__}.Listening", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": backend}
    opened.clear()
    return tmp_path


@pytest.fixture
def storage(tmp_path: Path) -> DurableStorage:
    return DurableStorage(location=tmp_path)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond a thousand bytes: what a full disk is to whoever writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_file_is_kept_whole_and_a_second_of_the_same_name_beside_it(storage: DurableStorage, tmp_path: Path) -> None:
    first = storage.save("a/b.pdf", ContentFile(b"one"))
    second = storage.save("a/b.pdf", ContentFile(b"two"))
    assert first == "a/b.pdf"
    assert second != first
    assert [(tmp_path / name).read_bytes() for name in (first, second)] == [b"one", b"two"]
    assert len(_files(tmp_path)) == 2


@pytest.mark.usefixtures("small_disk")
def test_file_that_does_not_fit_leaves_nothing_behind(storage: DurableStorage, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File too large"):
        storage.save("a/b.pdf", ContentFile(b"x" * 5000))
    assert _files(tmp_path) == []
    assert storage.save("a/b.pdf", ContentFile(b"x" * 500)) == "a/b.pdf"


@pytest.mark.django_db
def test_files_without_a_row_go_after_the_grace_and_those_with_one_never(
    officer_hmc: User, now: datetime, tmp_path: Path, settings: Settings
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "nhipcau.core.files.DurableStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    makers.make_evidence_kind("press.item", by_hand=True)
    attach_file(evidence=makers.make_evidence(), upload=PROOF, by=officer_hmc, at=now)
    proof = str(Attachment.objects.get().file.name)
    storage = storages["default"]
    forgotten = storage.save("evidence/2026/01/forgotten.pdf", ContentFile(b"never named"))
    part = tmp_path / "evidence" / ".dead.part"
    part.write_bytes(b"half")
    young = storage.save("evidence/young.pdf", ContentFile(b"its form is under way"))
    for path in (tmp_path / proof, tmp_path / forgotten, part):
        os.utime(path, ((now - timedelta(days=3)).timestamp(),) * 2)
    os.utime(tmp_path / young, ((now - timedelta(days=1)).timestamp(),) * 2)
    assert sweep_orphans(at=now) == 2
    assert _files(tmp_path) == sorted([proof, young])
    assert sweep_orphans(at=now + timedelta(days=30)) == 1
    assert _files(tmp_path) == [proof]


@pytest.mark.django_db(transaction=True)
def test_a_proof_is_stored_before_its_transaction_and_gone_again_where_no_row_names_it(
    listening: Path, now: datetime
) -> None:
    """A bucket is another machine: nobody waits for it with rows locked; and what failed leaves no file behind."""
    plan, by = makers.make_plan(makers.make_agreement()), makers.make_user("hmc")
    activity = makers.make_activity(plan, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=2, hours=-2))
    kind: EvidenceKind = makers.make_evidence_kind("press.item", by_hand=True)
    makers.make_evidence_kind("attendance.signed_list", by_hand=True)
    told: dict[str, Any] = {"plan": plan, "activity": None, "kind": kind, "by": by, "at": now, "upload": PROOF}
    row = declare_evidence(day=now.date(), **told)
    changed = revise_evidence(
        evidence=row, day=row.day, quantity=row.quantity, note="", link="", by=by, at=now, upload=PROOF
    )
    listed = record_signed_list(activity=activity, upload=PROOF, signatures=3, by=by, at=now)
    kept = sorted({str(one.file.name) for one in Attachment.objects.all()})
    assert (_files(listening), changed.attachments.count(), listed.attachments.count()) == (kept, 2, 1)
    assert opened == [False] * 3
    with pytest.raises(EvidenceRefused):
        declare_evidence(day=now.date() + timedelta(days=1), **told)
    with pytest.raises(EvidenceRefused, match="người khác thay đổi"):
        revise_evidence(evidence=row, day=row.day, quantity=row.quantity, note="", link="", by=by, at=now, upload=PROOF)
    record_signed_list(activity=activity, upload=PROOF, signatures=3, by=by, at=now)
    assert (_files(listening), Evidence.objects.count(), Attachment.objects.count()) == (kept, 3, 4)
    assert opened == [False] * 9


@pytest.mark.django_db
def test_a_file_whose_fate_cannot_be_asked_waits_for_the_sweep(listening: Path, officer_hmc: User) -> None:
    """A row may name it: the connection may have died while it was committed."""
    row = makers.make_evidence()

    def lose() -> None:
        with transaction.atomic():
            transaction.set_rollback(True)
            attach_file(evidence=row, upload=PROOF, by=officer_hmc, at=makers.NOW)

    with pytest.raises(transaction.TransactionManagementError):
        lose()
    assert len(_files(listening)) == 1
    assert sweep_orphans(at=makers.NOW + timedelta(days=90_000)) == 1


def test_a_service_that_would_store_within_its_transaction_is_refused() -> None:
    def plain(*, upload: uploads.Upload) -> None:
        """A service whose transaction is not open to be seen."""

    with pytest.raises(TypeError, match="plain: `stores` stands above"):
        stores("upload", into=Attachment.file.field)(plain)
