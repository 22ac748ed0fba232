"""Files that are what they say and may still not be taken; and pictures that tell nothing but what they show."""

import io
import random
import struct
import time
import zipfile
import zlib
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.opc.constants import RELATIONSHIP_TYPE
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from nhipcau.core import inspection, uploads
from nhipcau.core.uploads import BadUpload

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(stream, kind, **more)
    return stream.getvalue()


def archive(**parts: bytes | str) -> bytes:
    """An office file of these parts; `__` stands for a slash, `_rels` and dots as written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w:document/>")
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(BadUpload) as refused:
        uploads.read(SimpleUploadedFile("a", content))
    return str(refused.value)


# --- pictures ---------------------------------------------------------------------------------
def _png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_a_picture_that_grows_is_refused_before_it_does() -> None:
    begun = time.process_time()
    for size in ((10_000, 6_501), (60_000, 60_000)):
        refusal(_png_of(*size))
    assert time.process_time() - begun < 5
    assert "65 triệu điểm ảnh" in refusal(_png_of(10_000, 6_501))


def test_a_moving_picture_is_refused() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    assert refusal(stream.getvalue()) == "Ảnh này là ảnh động. Vui lòng gửi một ảnh tĩnh."


def test_the_second_view_of_a_phone_is_no_reason() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "MPO", save_all=True, append_images=frames[1:])
    assert uploads.inspect(stream.getvalue()) == uploads.JPEG


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_refused(kind: str, part: float) -> None:
    whole = picture(kind)
    assert uploads.inspect(whole) is not None
    assert "đã bị hỏng" in refusal(whole[: int(len(whole) * part)])


@pytest.mark.parametrize(
    "content",
    [
        picture() + archive(),
        PDF + archive(),
        picture("PNG") + b"<script>alert(1)</script>",
        picture("PNG", pnginfo=None) + b"<?php echo 1;",
        picture(comment=b"<html><body onload=x()>"),
    ],
)
def test_a_file_of_two_kinds_is_refused(content: bytes) -> None:
    assert refusal(content) == "Tệp đồng thời thuộc hai loại khác nhau. Vui lòng lưu hoặc in lại rồi gửi tệp mới."


def test_svg_and_others_are_not_taken() -> None:
    for content in (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><svg/>",
        picture("GIF"),
        picture("BMP"),
    ):
        assert "đã bị hỏng" in refusal(content)


# --- office files -----------------------------------------------------------------------------
def test_ordinary_office_files_are_taken() -> None:
    paper = docx.Document()
    paper.add_heading("Báo cáo")
    paper.part.relate_to("https://example.vn/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    paper.add_picture(io.BytesIO(picture("PNG")))
    book = openpyxl.Workbook()
    book.active.append(["Khách", 1])
    for made, kind in ((paper, uploads.DOCX), (book, uploads.XLSX)):
        stream = io.BytesIO()
        made.save(stream)
        assert uploads.inspect(stream.getvalue()) == kind


EXTERNAL = '<Relationships><Relationship Id="r" Type="http://x/attachedTemplate" Target="http://x" TargetMode="External"/></Relationships>'


LATE = EXTERNAL.replace("><", f">{' ' * 5000}<", 1)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"word/media/a.bin": b"\0" * (201 * 1024 * 1024)}, "quá lớn khi mở"),
        ({"word/media/a.bin": b"\0" * (25 * 1024 * 1024)}, "quá lớn khi mở"),
        ({f"a{number}": "" for number in range(3_001)}, "quá lớn khi mở"),
        ({"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "quá lớn khi mở"),
        ({"word/vbaProject.bin": "x"}, "macro"),
        ({"word/activeX/activeX1.bin": "x"}, "macro"),
        ({"word/embeddings/oleObject1.bin": "x"}, "macro"),
        ({"word/_rels/settings.xml.rels": EXTERNAL}, "tải nội dung từ nơi khác"),
        ({"word/_rels/settings.xml.rels": EXTERNAL.replace('"', "'")}, "tải nội dung từ nơi khác"),
        ({"word/_rels/settings.xml.RELS": LATE}, "tải nội dung từ nơi khác"),
        ({"word\\_rels\\settings.xml.Rels": LATE}, "tải nội dung từ nơi khác"),
        (
            {"word/_rels/a.rels": ('<?xml version="1.0" encoding="UTF-16"?>' + LATE).encode("utf-16")},
            "tải nội dung từ nơi khác",
        ),
        ({"word/_rels/a.rels": LATE.encode("utf-16")}, "tải nội dung từ nơi khác"),
        ({"word/_rels/a.rels": LATE.encode("utf-16-be")}, "bảng mã"),
        ({"word/_rels/a.rels": LATE.encode("utf-32")}, "bảng mã"),
        ({"word/_rels/a.rels": b'<?xml version="1.0" encoding="utf-7"?>' + LATE.encode("utf-7")}, "bảng mã"),
        ({"word/styles.xml": b'<?xml version="1.0" encoding="cp037"?>'}, "bảng mã"),
        ({"word/_rels/a.rels": LATE.replace("External", "Exter&#110;al")}, "tải nội dung từ nơi khác"),
        (
            {
                "word/_rels/a.rels": LATE.replace("<Rel", "<p:Rel")
                .replace("</Rel", "</p:Rel")
                .replace("ships>", 'ships xmlns:p="r">', 1)
            },
            "tải nội dung từ nơi khác",
        ),
        ({"word/_rels/a.rels": "<!DOCTYPE a []>" + LATE}, "quá lớn khi mở"),
        ({"word/_rels/a.rels": LATE[:-9]}, "đã bị hỏng"),
        (
            {
                "[content_types].XML": "<Types><Override ContentType='application/vnd.ms-word.document.macro&#69;nabled.main+xml'/></Types>"
            },
            "macro",
        ),
        (
            {"word/header1.xml": f"<w:hdr>{' ' * 5000}<w:instrText> DDE x</w:instrText></w:hdr>"},
            "tải nội dung từ nơi khác",
        ),
        (
            {"word/document2.xml": '<w:instrText xml:space="preserve"> DDEAUTO c:\\\\x</w:instrText>'},
            "tải nội dung từ nơi khác",
        ),
    ],
)
def test_an_office_file_that_would_do_harm_is_refused(parts: dict[str, Any], words: str) -> None:
    assert words in refusal(archive(**parts))


def test_a_locked_office_file_is_refused() -> None:
    content = bytearray(archive())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "mật khẩu" in refusal(bytes(content))


def test_a_damaged_archive_is_refused_and_nothing_breaks() -> None:
    whole = archive(**{"word/styles.xml": "<a/>" * 500})
    rng = random.Random(1)  # noqa: S311 (the same damage in every run)
    for _turn in range(200):
        broken = bytearray(whole)
        for _byte in range(8):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            uploads.read(SimpleUploadedFile("a.docx", bytes(broken)))
        except BadUpload:
            continue


# --- PDF --------------------------------------------------------------------------------------
def _with(objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + objects + b"\ntrailer<<>>\n%%EOF\n"


def _packed(objects: bytes) -> bytes:
    inside = zlib.compress(b"5 0 " + objects)
    return (
        b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n" % len(inside)
        + inside
        + b"\nendstream endobj"
    )


SCRIPT = b"2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"


@pytest.mark.parametrize(
    "objects",
    [
        b"1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        b"1 0 obj<</S/Launch/F(cmd.exe)>>endobj",
        b"1 0 obj<</S/J#61vaScript/J#53(x)>>endobj",
        b"1 0 obj<</Subtype/RichMedia>>endobj",
        _packed(b"<</S/JavaScript/JS(x)>>"),
        _packed(b"<</S/L#61unch>>").replace(b"/ObjStm", b"/Obj#53tm"),
        b"%stream\n" + SCRIPT + b"\n%endstream",
        b"%>>stream\n" + SCRIPT + b"\n%endstream",
        b"1 0 obj<</Length 66%>>stream\n>>endobj " + SCRIPT + b"\n%endstream",
        b"1 0 obj(<</Length 53>>stream\n)endobj " + SCRIPT + b" 3 0 obj(endstream)endobj",
        b"1 0 obj(\\((a)<</Length 53>>stream\n)endobj " + SCRIPT + b" 3 0 obj(endstream)endobj",
        # One that ends before its length says, and a string that opens in it.
        b"1 0 obj<</Length 40>>stream\nendstream endobj 9 0 obj(                \nendstream endobj\n%)>>stream\n"
        + SCRIPT
        + b"\n%endstream",
        b"1 0 obj<</Length 0 /Length 90>>stream\nendstream " + SCRIPT + b"endstream",
        b"7 0 obj 3 endobj 7 0 obj 90 endobj 1 0 obj<</Length 7 0 R>>stream\nabcendstream endobj "
        + SCRIPT
        + b"endstream",
        # Where a reader that mends a file would find it.
        b"1 0 obj<</Length 60>>stream\n" + SCRIPT.ljust(60) + b"\nendstream endobj",
        _packed(b"<</S/JavaScript/JS(x)>>").replace(b"/FlateDecode", b"[/ASCIIHexDecode/FlateDecode]"),
    ],
)
def test_a_pdf_that_acts_is_refused(objects: bytes) -> None:
    assert refusal(_with(objects)).startswith("Tệp PDF có chứa tập lệnh hoặc khởi chạy chương trình.")


@pytest.mark.parametrize(
    "objects",
    [
        b"",
        _packed(b"<</S/URI/URI(https://example.vn/JSON)>>"),
        b"3 0 obj<</Length 22>>stream\nq /JS /JavaScript Do Q\nendstream endobj",
        b"1 0 obj<</JSX 1/Launcher 2>>endobj",
        b"3 0 obj<</Filter/Standard/Length 128>>endobj 4 0 obj<</Length 5 0 R/A(%\\)(b)<</C/D>>) % >>\n>>\r\nstream\r\nq /JS \r\nendstream endobj 5 0 obj\n6\nendobj",
        b"3 0 obj<</Length1 7/L#65ngth 6>> stream\nq /JS endstream endobj 4 0 obj<</Length 9>>stream\n/JS( /JS)\nendstream",
        b"4 0 obj<</Type/ObjStm>>stream\nno deflate\nendstream",
    ],
)
def test_a_pdf_that_only_says_so_is_taken(objects: bytes) -> None:
    assert uploads.inspect(_with(objects)) == uploads.PDF


def test_a_pdf_that_grows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_UNPACKED", 100_000)
    assert "quá lớn khi mở" in refusal(_with(_packed(b" " * 200_000)))


def test_reading_takes_no_longer_than_the_file_is_long() -> None:
    begun = time.process_time()
    uploads.inspect(_with(b"stream\n" * 400_000))
    uploads.inspect(_with(b"obj" + b"stream\nendstream" * 100_000))
    for piece in (
        b"()",
        b"(",
        b">>",
        b">> ",
        b"%\n",
        b" obj ",
        b"\\(",
        b"/Length 1 ",
        b"1 0 obj<</Length 2 0 R>>stream\n",
    ):
        uploads.inspect(_with(piece * (1_000_000 // len(piece))))
    uploads.inspect(archive(**{"word/_rels/a.rels": b"<Relationship " * 100_000}))
    assert time.process_time() - begun < 20


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b""]),
)
def test_no_bytes_break_the_reading(content: bytes, head: bytes) -> None:
    try:
        uploads.read(SimpleUploadedFile("a", head + content + (b"%%EOF" if head.startswith(b"%PDF") else b"")))
    except BadUpload:
        return


# --- what a picture tells besides -------------------------------------------------------------
def _with_place() -> bytes:
    told = Image.Exif()
    told[0x0112] = 6  # taken upright
    told[0x010F] = "May anh rieng"
    told[0x8825] = {1: "N", 2: (10.0, 46.0, 30.0), 3: "E", 4: (106.0, 42.0, 0.0)}
    return picture(exif=told.tobytes(), comment=b"chup tai nha rieng", icc_profile=b"colours") + b"trailing thumbnail"


def test_a_jpeg_keeps_its_pixels_and_tells_no_place() -> None:
    before = _with_place()
    after = inspection.without_traces(before)
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert dict(old.getexif().get_ifd(0x8825)) != {}
        assert (dict(new.getexif()), dict(new.getexif().get_ifd(0x8825))) == ({0x0112: 6}, {})
        assert (new.tobytes(), new.info.get("icc_profile")) == (old.tobytes(), b"colours")
    for trace in (b"nha rieng", b"trailing", b"May anh rieng"):
        assert trace in before
        assert trace not in after


def test_a_progressive_jpeg_keeps_all_its_scans() -> None:
    before = picture(progressive=True, size=(200, 150))
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(inspection.without_traces(before))) as new:
        assert new.tobytes() == old.tobytes()


def test_a_png_keeps_its_pixels_and_no_words() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "nha rieng")
    told = Image.Exif()
    told[0x010F] = "May anh"
    before = picture("PNG", pnginfo=words, exif=told.tobytes()) + b"behind"
    after = inspection.without_traces(before)
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert new.tobytes() == old.tobytes()
        assert (new.info.get("Comment"), dict(new.getexif())) == (None, {})
    assert not any(trace in after for trace in (b"nha rieng", b"May anh", b"behind"))


def test_what_is_no_picture_comes_back_as_it_was() -> None:
    for content in (PDF, b"", b"\xff\xd8\xff", archive()):
        assert inspection.without_traces(content) == content
