"""Files that people hand in: whole on the disk before a row names them, and gone some time after no row does."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from django.apps import apps
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db.models import FileField

from nhipcau.core.uploads import Upload

P = ParamSpec("P")
R = TypeVar("R")

# A form may be under way, a transaction open, a backup of the database older than the one of the files.
GRACE = timedelta(days=2)


class DurableStorage(FileSystemStorage):
    """Writes beside the place, to the disk, and only then gives the file its name: there is no half file under one."""

    def _save(self, name: str, content: File[Any]) -> str:
        folder = Path(self.path(name)).parent
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{uuid4().hex}.part"
        try:
            with part.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            name = self._give_name(part, name)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(folder)
        return name

    def _give_name(self, part: Path, name: str) -> str:
        while True:
            try:
                os.link(part, self.path(name))  # refuses a name that is taken, unlike a rename
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _sync_folder(folder: Path) -> None:
    """The name itself is on the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stores(keyword: str, *, into: FileField, known_by_name: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have the upload that a service takes under a keyword stored before the service's transaction begins.

    Stands above what opens the transaction: a storage may be another machine, and nobody waits for it with rows locked. The service puts `upload.stored` into its
    row; where no row has it in the end (refused, failed, not needed), the file is taken away again. The stored name cannot be
    guessed, unless the file is `known_by_name`.
    """

    def storing(function: Callable[P, R]) -> Callable[P, R]:
        if not hasattr(function, "__journal__"):
            raise TypeError(f"{function.__name__}: `stores` stands above the decorator that opens the transaction.")

        @functools.wraps(function)
        def stored(*args: P.args, **kwargs: P.kwargs) -> R:
            upload = kwargs.get(keyword)
            if not isinstance(upload, Upload) or upload.stored:
                return function(*args, **kwargs)
            name = upload.name if known_by_name else f"{uuid4().hex}{Path(upload.name).suffix}"
            with _kept(upload, into, name) as kept:
                kwargs[keyword] = kept
                return function(*args, **kwargs)

        return stored

    return storing


@contextmanager
def _kept(upload: Upload, into: FileField, name: str) -> Iterator[Upload]:
    """Keep a file, and let it go again unless a row names it in the end; what that cannot be asked of, the sweep asks."""
    path = into.generate_filename(into.model(), name)
    kept = into.storage.save(path, ContentFile(upload.content), max_length=into.max_length)
    try:
        yield replace(upload, stored=kept)
    finally:
        with suppress(Exception):
            rows = into.model._base_manager.using("default")
            if not rows.filter(**{into.name: kept}).exists():
                into.storage.delete(kept)


def sweep_orphans(*, at: datetime, storage: Storage = default_storage) -> int:
    """Delete files that no row names and that are older than the grace; how many.

    The files are listed before the rows are asked: whatever a row names by then stays.
    """
    old = [name for name in _walk(storage) if at - storage.get_modified_time(name) > GRACE]
    named = _named() if old else set()
    orphans = [name for name in old if name not in named]
    for name in orphans:
        storage.delete(name)
    return len(orphans)


def _walk(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from _walk(storage, f"{folder}{name}/")


def _named() -> set[str]:
    """Every file that a row of any table names; one query for each field of files."""
    named: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                rows = model._default_manager.order_by()  # noqa: SLF001 (its documented name)
                named.update(rows.values_list(field.name, flat=True).iterator())
    return named
