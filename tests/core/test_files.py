"""Files are whole before they have a name, and gone some time after no row names them."""

import os
import resource
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from pytest_django import Settings

from nhipcau.core import uploads
from nhipcau.core.files import DurableStorage, sweep_orphans
from nhipcau.evidence.models import Attachment
from nhipcau.evidence.services import attach_file
from nhipcau.parties.models import User
from tests import makers


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
    upload = uploads.Upload(name="tin.pdf", content_type=uploads.PDF, content=b"%PDF-", size=5, sha256="0" * 64)
    attach_file(evidence=makers.make_evidence(), upload=upload, by=officer_hmc, at=now)
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
