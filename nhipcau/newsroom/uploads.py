"""What Wagtail takes, looked into before Wagtail reads it, and kept under names nobody guesses."""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

from nhipcau.core import inspection, uploads
from nhipcau.core.errors import Refusal

_ARCHIVES, _PLAIN = {".pptx", ".odt", ".ods", ".zip"}, {".csv", ".txt"}

#: How pictures begin: JPEG, PNG, GIF, WebP; AVIF and HEIC say so after four bytes.
_BEGINNINGS = (b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")


def look_first(field: forms.Field, check: Callable[[bytes, str], None]) -> None:
    """Let a field of Wagtail's see a file only once it was looked into: its own reading stumbles over damaged ones."""
    reading = field.to_python

    def read(data: Any) -> Any:
        if isinstance(data, UploadedFile):
            try:
                if not data.size:
                    raise uploads.empty()
                check(data.read(), PurePath(data.name or "").suffix.lower())
            except Refusal as refused:
                raise forms.ValidationError(str(refused), code="invalid") from refused
            finally:
                data.seek(0)
        return reading(data)

    field.to_python = read  # type: ignore[method-assign, assignment]  # Wagtail makes the field


def check_picture(content: bytes, ending: str) -> None:
    """Raises Refusal for what is no photograph, and for one that is cut off, too large to open or something else besides."""
    if content and not content.startswith(_BEGINNINGS) and content[4:8] != b"ftyp":
        raise uploads.BadUpload(
            _(
                "This file is no picture we can publish. Please send JPEG, PNG, WebP, AVIF or HEIC; a drawing (SVG) as PNG."
            )
        )
    inspection.refuse_second_kind(content)
    if content.startswith((b"\xff\xd8", b"\x89PNG")) and inspection.picture_format(content) is None:
        raise uploads.BadUpload(_("This picture is damaged or was cut off on the way. Please send the file again."))


def check_document(content: bytes, ending: str) -> None:
    """Raises Refusal for what is not the kind its name says, or carries what may not be taken, or is too large."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise uploads.too_large(settings.MAX_UPLOAD_BYTES)
    kind = uploads.inspect(content)
    if kind is not None and uploads.ENDINGS[kind] == ending:
        return
    if ending in _ARCHIVES:
        try:
            inspection.refuse_unsafe_office(content)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as damaged:
            raise uploads.BadUpload(_("The file is damaged. Please send it again.")) from damaged
    elif ending not in _PLAIN or b"\0" in content:
        raise uploads.BadUpload(_("The file is not what its name says, or it is damaged."))


def kept_as(sent: Any) -> Any:
    """A picture as it is stored: without the place it was taken at, under a name nobody guesses."""
    if not isinstance(sent, UploadedFile):
        return sent
    name = PurePath(sent.name or "")
    sent.seek(0)
    content = inspection.without_traces(sent.read())
    kept = SimpleUploadedFile(
        f"{name.stem}-{secrets.token_hex(6)}{name.suffix.lower()}", content, sent.content_type or ""
    )
    kept.called = name.stem  # type: ignore[attr-defined]  # the title, where none was given
    if hasattr(sent, "image"):
        kept.image = sent.image  # type: ignore[attr-defined]  # Wagtail's field reads the picture once and hands it on
    return kept


class DownloadForm(BaseDocumentForm):
    """A document for download, of a kind that people open without harm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # not where several are described at once
            look_first(self.fields["file"], check_document)
