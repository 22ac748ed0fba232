"""What a file really is, told by its bytes; names and types that browsers send are not believed."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from nhipcau.core import inspection
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
_KIND_NAMES = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG", DOCX: "DOCX", XLSX: "XLSX"}


class BadUpload(Refusal):
    """A file that cannot be taken, with the reason."""


@dataclass(frozen=True)
class Upload:
    """A file that was looked into and can be kept. `size` in bytes, `sha256` in hex.

    `stored` is its name in the storage, once `files.stores` has kept it.
    """

    name: str
    content_type: str
    content: bytes
    size: int
    sha256: str
    stored: str = ""


def too_large(most: int) -> BadUpload:
    """The refusal of a file of more than so many bytes."""
    sentence = _("The file is larger than %(megabytes)d MB. Please send a smaller one.")
    return BadUpload(sentence % {"megabytes": most // (1024 * 1024)})


def empty() -> BadUpload:
    """The refusal of a file without content."""
    return BadUpload(_("The file is empty. Please choose it again."))


def _office_type(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    return None


def content_type(content: bytes) -> str | None:
    """The type told by the bytes, None where it is none of those accepted or is cut short.

    Raises `inspection.Unsafe` for a picture of too many pixels or frames.
    """
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return {"PNG": PNG, "JPEG": JPEG}.get(inspection.picture_format(content) or "")


def inspect(content: bytes) -> str | None:
    """The type, once nothing was found in the file that may not be taken.

    Raises `inspection.Unsafe` with a sentence.
    """
    kind = content_type(content)
    if kind in (DOCX, XLSX):
        try:
            inspection.refuse_unsafe_office(content)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error):
            return None
    elif kind is not None:
        inspection.refuse_second_kind(content)
    if kind == PDF:
        inspection.refuse_acting_pdf(content)
    return kind


def read(
    upload: UploadedFile[Any], *, accept: tuple[str, ...] = (PDF, PNG, JPEG, DOCX, XLSX), most: int | None = None
) -> Upload:
    """Look into an uploaded file; `most` bytes where a use allows other than MAX_UPLOAD_BYTES.

    Raises BadUpload when it is too large, empty, not what it says, or carries what may not be taken.
    """
    most = settings.MAX_UPLOAD_BYTES if most is None else most
    if (upload.size or 0) > most:
        raise too_large(most)
    content = upload.read()
    if not content:
        raise empty()
    try:
        kind = inspect(content)
    except inspection.Unsafe as unsafe:
        raise BadUpload(str(unsafe)) from unsafe
    if kind is None or kind not in accept:
        kinds = ", ".join(_KIND_NAMES[kind] for kind in accept)
        raise BadUpload(_("The file is not one of these: %(kinds)s, or it is damaged.") % {"kinds": kinds})
    stem = re.sub(r"[^\w .()-]+", "_", normalise(upload.name or "")).rsplit(".", 1)[0].strip(" .")[:100]
    return Upload(
        name=(stem or "tep") + ENDINGS[kind],
        content_type=kind,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
