"""The archive itself: a compressed tar whose last member is a manifest with the digest of every other one."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Self

from django.utils.translation import gettext as _

from nhipcau.core.backup.errors import BackupRefused

MANIFEST = "manifest.json"
FORM = 1  # raised when an older program could no longer read what a newer one writes
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """What a member must be: its length and digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the archive holds and where it comes from. `database` is the business of the module that wrote it."""

    release: str
    made_at: str
    vendor: str
    key_is_kept: bool
    database: dict[str, Any]
    form: int = FORM
    members: dict[str, Member] = field(default_factory=dict)

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """From what `Writer.finish` wrote.

        Raises ValueError, KeyError or TypeError for anything else.
        """
        told = json.loads(text)
        members = {name: Member(**one) for name, one in told.pop("members").items()}
        return cls(**told, members=members)


class Hashing(io.RawIOBase):
    """A stream that notes the digest of what was read through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self.stream.read(size)
        self.digest.update(block)
        return block


class Writer:
    """Writes an archive only its owner may read; on the disk for good once `finish` returned."""

    def __init__(self, path: Path) -> None:
        self.members: dict[str, Member] = {}
        self.file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.zipped = gzip.GzipFile(fileobj=self.file, mode="wb", compresslevel=6, mtime=0)
        self.tar = tarfile.open(fileobj=self.zipped, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        """Append what the stream holds under a name."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashing = Hashing(stream)
        self.tar.addfile(entry, hashing)
        self.members[name] = Member(size, hashing.digest.hexdigest())

    def add_path(self, name: str, path: Path) -> None:
        """Append a file of this machine."""
        with path.open("rb") as stream:
            self.add(name, stream, path.stat().st_size)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and bring everything onto the disk."""
        told = asdict(manifest) | {"members": {name: asdict(one) for name, one in self.members.items()}}
        text = json.dumps(told, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self.tar.addfile(entry, io.BytesIO(text))
        self.tar.close()
        self.zipped.close()
        self.file.flush()
        os.fsync(self.file.fileno())


class Reader:
    """Reads an archive from its beginning to its end, once."""

    def __init__(self, path: Path) -> None:
        self.tar = tarfile.open(path, "r|gz")  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tar.close()

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Every member's name and content, in order; each content is read before the next one is asked for."""
        for entry in self.tar:
            stream = self.tar.extractfile(entry)
            if stream is None or entry.name.startswith("/") or ".." in PurePosixPath(entry.name).parts:
                raise BackupRefused(_("The backup is damaged: it holds something that is not a file."))
            yield entry.name, stream


def verify(path: Path) -> Manifest:
    """Read all of it and compare every digest; what it says of itself.

    Raises BackupRefused with what is wrong, OSError when it cannot be opened.
    """
    found: dict[str, Member] = {}
    text = b""
    try:
        with Reader(path) as reader:
            for name, stream in reader.members():
                if name == MANIFEST:
                    text = stream.read()
                    continue
                hashing, size = Hashing(stream), 0
                while block := hashing.read(BLOCK):
                    size += len(block)
                found[name] = Member(size, hashing.digest.hexdigest())
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupRefused(_("The backup is damaged or was cut short; nothing was changed.")) from error
    try:
        manifest = Manifest.read(text)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(_("This is no backup of Nhịp Cầu, or it was cut short; nothing was changed.")) from error
    wrong = sorted(
        name for name in found.keys() | manifest.members.keys() if found.get(name) != manifest.members.get(name)
    )
    if wrong:
        raise BackupRefused(
            _("The backup is damaged: %(name)s is not what was written; nothing was changed.") % {"name": wrong[0]}
        )
    return manifest


def sync_folder(folder: Path) -> None:
    """Bring a renaming inside a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
