"""What a file is, told by its bytes."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from nhipcau.core import uploads
from nhipcau.core.uploads import BadUpload


def picture(kind: str, size: tuple[int, int] = (4, 4)) -> bytes:
    """A small real picture."""
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def office(inside: str) -> bytes:
    """A ZIP with one member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(inside, "<xml/>")
    return stream.getvalue()


PDF = b"%PDF-1.4\ntrailer<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, uploads.PDF),
        (picture("PNG"), uploads.PNG),
        (picture("JPEG"), uploads.JPEG),
        (office("word/document.xml"), uploads.DOCX),
        (office("xl/workbook.xml"), uploads.XLSX),
        (office("script.exe"), None),
        (picture("GIF"), None),
        (b"%PDF-1.4 cut off", None),
        (b"PK\x03\x04 no archive", None),
        (picture("PNG")[:40], None),
        (b"<svg onload='x()'/>", None),
        (b"MZ\x90\x00", None),
    ],
)
def test_content_type_is_told_by_bytes(content: bytes, kind: str | None) -> None:
    assert uploads.content_type(content) == kind


def test_name_is_made_safe_and_gets_the_true_ending() -> None:
    read = uploads.read(SimpleUploadedFile("../../Da\u0301nh sa\u0301ch <ky\u0301>.exe", PDF, "image/png"))
    assert (read.name, read.content_type, read.size) == ("Dánh sách _ký_.pdf", uploads.PDF, len(PDF))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp rỗng. Vui lòng chọn lại."),
        (b"MZ", "Tệp không thuộc các loại PDF, PNG, JPEG, DOCX, XLSX hoặc đã bị hỏng."),
        (b"x" * 2048, "Tệp lớn hơn 0 MB. Vui lòng gửi tệp nhỏ hơn."),
    ],
)
def test_bad_files_are_refused_with_a_sentence(content: bytes, sentence: str, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024
    with pytest.raises(BadUpload) as refusal:
        uploads.read(SimpleUploadedFile("a.pdf", content))
    assert str(refusal.value) == sentence
