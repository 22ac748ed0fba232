"""A copy of everything while the server runs, in one archive; and everything back from it, into an empty place."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from nhipcau import __version__
from nhipcau.core.backup import archive, files, postgresql, sqlite
from nhipcau.core.backup.archive import Manifest
from nhipcau.core.backup.errors import BackupRefused
from nhipcau.core.backup.keeping import archive_name

__all__ = ["make_backup", "restore_backup"]


def make_backup(*, folder: Path, at: datetime) -> Path:
    """Write one archive into `folder` and return its path; readers and writers go on meanwhile.

    The database is copied first, as of one moment; files are only ever added under names of their own, so every file
    that moment knows is still there afterwards (but for what was erased in between, which is meant to be gone).
    Raises BackupRefused when the folder cannot be written to or the copy is not sound.
    """
    target = folder / archive_name(at)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():
            raise BackupRefused(_("There is already a backup named %(name)s.") % {"name": target.name})
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as workshop:
            part = Path(workshop) / target.name
            with archive.Writer(part) as writer:
                database = (sqlite if connection.vendor == "sqlite" else postgresql).dump(writer, Path(workshop))
                files.dump(writer)
                writer.finish(
                    Manifest(
                        release=__version__,
                        made_at=at.isoformat(),
                        vendor=connection.vendor,
                        key_is_kept=(settings.DATA / "secret-key").exists(),
                        database=database,
                    )
                )
            part.replace(target)
            archive.sync_folder(folder)
    except OSError as error:
        told = {"folder": folder, "reason": error.strerror or type(error).__name__}
        raise BackupRefused(_("The backup could not be written to %(folder)s: %(reason)s.") % told) from error
    return target


def restore_backup(*, source: Path) -> Manifest:
    """Put back what `make_backup` wrote; the database comes last, so a half-restored place never looks whole.

    Raises BackupRefused, before anything is written, when the archive is damaged, was made on the other kind of
    database or by a newer version, or when there already is something here.
    """
    try:
        manifest = archive.verify(source)
    except OSError as error:
        told = {"archive": source, "reason": error.strerror or type(error).__name__}
        raise BackupRefused(_("The backup %(archive)s cannot be read: %(reason)s.") % told) from error
    if manifest.vendor != connection.vendor:
        told = {"made": manifest.vendor, "here": connection.vendor}
        raise BackupRefused(
            _("The backup was made on %(made)s and DATABASE_URL names %(here)s; restore it on the same kind.") % told
        )
    database = sqlite if manifest.vendor == "sqlite" else postgresql
    if not database.is_empty():
        raise BackupRefused(_("The database is not empty. Restore into a new, empty one; nothing was changed."))
    if not files.is_empty():
        raise BackupRefused(
            _("There already are files in %(folder)s. Restore into an empty data folder; nothing was changed.")
            % {"folder": settings.DATA}
        )
    unknown = _unknown_migrations(manifest)
    if unknown:
        raise BackupRefused(
            _("The backup was made by a newer version (%(release)s); install that version first.")
            % {"release": manifest.release}
        )
    old = os.umask(0o077)
    try:
        with archive.Reader(source) as reader:
            files.load(reader)
        with archive.Reader(source) as reader:
            database.load(reader, manifest.database)
    finally:
        os.umask(old)
    return manifest


def _unknown_migrations(manifest: Manifest) -> list[str]:
    """What the backup's database went through and this version does not know."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return [f"{app}.{name}" for app, name in manifest.database["migrations"] if (app, name) not in known]
