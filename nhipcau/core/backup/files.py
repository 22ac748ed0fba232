"""The files in a backup: what people sent in, wherever the storage keeps it, and the small things of the data folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, default_storage

from nhipcau.core.backup.archive import Reader, Writer

STORED, KEPT = "files/", "kept/"
SPOOLED = 8 * 1024 * 1024  # a larger file passes through a temporary one, not through memory
# Of the data folder; the database and the files go their own way, and the rest can be made again.
OF_THE_FOLDER = ("secret-key", "demo-accounts.txt", "started", "mail")


def dump(writer: Writer) -> None:
    """Append every stored file and the small things. A file erased since it was listed is left out."""
    for name in _stored(default_storage):
        try:
            stream, size = default_storage.open(name, "rb"), default_storage.size(name)
        except FileNotFoundError:
            continue
        with stream:
            writer.add(f"{STORED}{name}", stream, size)
    for path in _small_things():
        writer.add_path(f"{KEPT}{path.relative_to(settings.DATA)}", path)


def is_empty() -> bool:
    """Whether no file was stored here yet. A signing key that was only just made signed nothing and does not count."""
    return next(_stored(default_storage), None) is None and not any(
        path.name != "secret-key" for path in _small_things()
    )


def load(reader: Reader) -> None:
    """Put every file back."""
    for name, stream in reader.members():
        if name.startswith(STORED):
            _store(name.removeprefix(STORED), stream)
        elif name.startswith(KEPT):
            _write(settings.DATA / name.removeprefix(KEPT), stream)


def _stored(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        if name.startswith(".") and name.endswith(".part"):
            continue  # being written at this moment; no row knows it yet (core/files.py)
        yield f"{folder}{name}"
    for one in sorted(folders):
        yield from _stored(storage, f"{folder}{one}/")


def _small_things() -> Iterator[Path]:
    for name in OF_THE_FOLDER:
        path: Path = settings.DATA / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())


def _store(name: str, stream: IO[bytes]) -> None:
    """Hand a file to the storage. A member is read once from front to back; a bucket goes back and forth in what it sends."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as spool:
        shutil.copyfileobj(stream, spool)
        spool.seek(0)
        default_storage.save(name, File(spool))


def _write(path: Path, stream: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as target:
        shutil.copyfileobj(stream, target)
    part.chmod(0o600)
    part.replace(path)
