"""What a file carries that nobody would want on a desk: bombs, macros, scripts, two kinds in one, places on a map.

Each check reads the bytes only as far as it needs and raises Unsafe with a sentence that says what to send instead.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from PIL import Image

from nhipcau.core.errors import Refusal

MAX_PIXELS = 65_000_000  # a little more than the largest cameras of a newsroom take
MAX_ENTRIES = 3_000  # parts of an office file
MAX_UNPACKED = 200 * 1024 * 1024  # of an office file
MAX_RATIO = 200  # unpacked to packed, where it is large at all; XML packs well
_LARGE = 20 * 1024 * 1024
_PROLOG = 4096


class Unsafe(Refusal):
    """A file that is what it says, and carries what may not be taken."""


# --- pictures ---------------------------------------------------------------------------------
def picture_format(content: bytes) -> str | None:
    """Pillow's name of a whole, single picture ("JPEG", "PNG"); None where it is none or is cut short.

    Raises Unsafe for too many pixels or frames, which would fill the memory of whoever opens it.
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind = picture.format
            if picture.width * picture.height > MAX_PIXELS:
                raise Unsafe(
                    _("The picture has more than %(limit)d million pixels. Please send a smaller one.")
                    % {"limit": MAX_PIXELS // 1_000_000}
                )
            # Phones put a second view behind the first (MPO); a browser shows the first alone.
            if kind != "MPO" and getattr(picture, "n_frames", 1) > 1:
                raise Unsafe(_("The picture moves. Please send a single one."))
            if kind in ("JPEG", "MPO"):
                # An eighth of each side: reads every byte, and a cut-off end shows, for little memory.
                picture.draft("RGB", (max(picture.width // 8, 1), max(picture.height // 8, 1)))
                picture.load()
            else:
                picture.verify()
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError):
        return None
    return "JPEG" if kind == "MPO" else kind


_MARKUP = re.compile(rb"<(?:script|html|svg|iframe|body|\?php|!doctype)", re.IGNORECASE)


def refuse_second_kind(content: bytes) -> None:
    """Raises Unsafe for a picture or PDF that is an archive or a page as well."""
    if (
        zipfile.is_zipfile(io.BytesIO(content))
        or _MARKUP.search(content[:_PROLOG])
        or _MARKUP.search(content[-_PROLOG:])
    ):
        raise Unsafe(_("The file is of two kinds at once. Please save or print it anew and send that."))


# --- office files -----------------------------------------------------------------------------
# Patterns end at the next bracket: none may take longer than the text is long.
_RELATION = re.compile(rb"<Relationship\b[^<>]*>", re.IGNORECASE)
_EXTERNAL = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
_HYPERLINK = re.compile(rb'Type\s*=\s*["\'][^"\']*/hyperlink["\']', re.IGNORECASE)
_RUNS = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|activex\d*\.(?:bin|xml)|oleobject[^/]*\.bin)$", re.IGNORECASE
)
_COMMAND = re.compile(rb"<(?:\w+:)?instrText[^<>]*>\s*DDE(?:AUTO)?\b|<ddeLink\b", re.IGNORECASE)


def refuse_unsafe_office(content: bytes) -> None:
    """Raises Unsafe for bombs, macros, embedded programs and links that fetch or start something.

    Raises BadZipFile for a damaged archive.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if (
            len(entries) > MAX_ENTRIES
            or unpacked > MAX_UNPACKED
            or (unpacked > _LARGE and unpacked > MAX_RATIO * max(len(content), 1))
        ):
            raise Unsafe(_("The file grows far too large when it is opened. Please save it anew and send that."))
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unsafe(_("The file is locked with a password. Please send it without one."))
        if any(_RUNS.search(entry.filename) for entry in entries):
            raise Unsafe(_("The file contains macros or programs. Please save it as an ordinary DOCX, XLSX or PDF."))
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _refuse_unsafe_part(archive, entry)


def _refuse_unsafe_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as part:
        written = part.read(_PROLOG)
        whole = entry.filename.endswith(".rels") or entry.filename.startswith(
            ("word/document", "[Content", "xl/external")
        )
        if whole:
            written += part.read(_LARGE)
    if b"<!DOCTYPE" in written or b"<!ENTITY" in written:
        raise Unsafe(_("The file grows far too large when it is opened. Please save it anew and send that."))
    if b"macroEnabled" in written and entry.filename.startswith("[Content"):
        raise Unsafe(_("The file contains macros or programs. Please save it as an ordinary DOCX, XLSX or PDF."))
    fetches = any(_EXTERNAL.search(one) and not _HYPERLINK.search(one) for one in _RELATION.findall(written))
    if fetches or _COMMAND.search(written):
        raise Unsafe(_("The file fetches something from elsewhere when it is opened. Please send it as a PDF."))


# --- PDF --------------------------------------------------------------------------------------
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9])")
_DICTIONARY = 1024  # bytes before a stream in which its dictionary stands


def refuse_acting_pdf(content: bytes) -> None:
    """Raises Unsafe for a PDF that runs scripts or starts programs.

    Names are looked for outside streams and inside object streams (PDF 32000-1, 7.5.7), with their escapes undone
    (7.3.5). Whatever an encrypted file hides is handed out only as a download that no browser of ours opens.
    """
    unpacked = 0
    for text in _pdf_objects(content):
        unpacked += len(text)
        if unpacked > MAX_UNPACKED:
            raise Unsafe(_("The file grows far too large when it is opened. Please save it anew and send that."))
        if _ACTS.search(_plain(text)):
            raise Unsafe(
                _("The PDF contains a script or starts a program. Please print it to a new PDF and send that.")
            )


def _pdf_objects(content: bytes) -> Iterator[bytes]:
    """What stands outside streams, then what object streams hold; one way through the file."""
    at = 0
    while True:
        start = content.find(b"stream", at)
        end = content.find(b"endstream", start + 6) if start >= 0 else -1
        if end < 0:
            yield content[at:]
            return
        yield content[at:start]
        dictionary = content[max(at, start - _DICTIONARY) : start]
        if b"ObjStm" in _plain(dictionary):
            try:
                yield zlib.decompressobj().decompress(content[start + 6 : end].lstrip(b"\r\n"), MAX_UNPACKED + 1)
            except zlib.error:
                yield content[start:end]
        at = end + 9


def _plain(names: bytes) -> bytes:
    """Names with their escapes (#4A) undone."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), names)


# --- what a picture tells besides -------------------------------------------------------------
_JPEG_KEPT = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's colour transform
_PNG_DROPPED = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
_ORIENTATION = 0x0112


def without_traces(content: bytes) -> bytes:
    """A JPEG or PNG without place, camera, comments and whatever stands behind it; its pixels and colours untouched.

    Which way up it was taken is kept. Anything else comes back as it was.
    """
    if content.startswith(b"\xff\xd8"):
        return _jpeg_without_traces(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content[:8] + b"".join(
            content[at:end] for at, end, name in _png_chunks(content) if name not in _PNG_DROPPED
        )
    return content


def _png_chunks(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each chunk begins and ends (length, name, data, check sum), up to the last one."""
    at = 8
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        yield at, end, name
        if name == b"IEND":
            return
        at = end


def _upright(content: bytes) -> bytes:
    """A segment that says only which way up the picture is, empty where it says nothing."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            way = picture.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, struct.error):
        return b""
    if way not in range(2, 9):
        return b""
    only = Image.Exif()
    only[_ORIENTATION] = way
    told = only.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told


def _jpeg_without_traces(content: bytes) -> bytes:
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker == 0xDA:  # from here on pixels, up to the end of the first picture
            kept.insert(1, _upright(content))
            return b"".join([*kept, content[at : _end_of_picture(content, at + 2 + length)]])
        if marker in _JPEG_KEPT or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    return content


def _end_of_picture(content: bytes, at: int) -> int:
    """Behind the end marker: in pixels 0xFF is always followed by 0x00 or a restart; other segments may come between."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        marker = content[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0x00 or 0xD0 <= marker <= 0xD7 or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
