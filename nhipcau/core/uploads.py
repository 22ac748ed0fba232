"""What a file really is, told by its bytes; names and types that browsers send are not believed."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from nhipcau.core.errors import Refusal
from nhipcau.core.vietnamese import normalise

PDF, PNG, JPEG, DOCX, XLSX = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
ENDINGS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx"}
MAX_PIXELS = 60_000_000


class BadUpload(Refusal):
    """A file that cannot be taken, with the reason."""


@dataclass(frozen=True)
class Upload:
    """A file that was looked into and can be kept. `size` in bytes, `sha256` in hex."""

    name: str
    content_type: str
    content: bytes
    size: int
    sha256: str


def _office_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return None
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    return None


def _picture_type(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            kind = picture.format
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return {"PNG": PNG, "JPEG": JPEG}.get(kind or "")


def content_type(content: bytes) -> str | None:
    """The type told by the bytes, None where it is none of those accepted."""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return _picture_type(content)


def read(upload: UploadedFile[Any], *, accept: tuple[str, ...] = (PDF, PNG, JPEG, DOCX, XLSX)) -> Upload:
    """Look into an uploaded file.

    Raises BadUpload when it is too large, empty, or not what it says.
    """
    if (upload.size or 0) > settings.MAX_UPLOAD_BYTES:
        raise BadUpload(
            _("The file is larger than %(megabytes)d MB. Please send a smaller one.")
            % {"megabytes": settings.MAX_UPLOAD_BYTES // (1024 * 1024)}
        )
    content = upload.read()
    if not content:
        raise BadUpload(_("The file is empty. Please choose it again."))
    kind = content_type(content)
    if kind is None or kind not in accept:
        raise BadUpload(_("The file is not one of these: PDF, PNG, JPEG, DOCX, XLSX, or it is damaged."))
    stem = re.sub(r"[^\w .()-]+", "_", normalise(upload.name or "")).rsplit(".", 1)[0].strip(" .")[:100]
    return Upload(
        name=(stem or "tep") + ENDINGS[kind],
        content_type=kind,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
