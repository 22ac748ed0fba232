"""What a file carries that nobody would want on a desk: bombs, macros, scripts, two kinds in one, places on a map.

Each check reads the bytes only as far as it needs and raises Unsafe with a sentence that says what to send instead.
"""

from __future__ import annotations

import codecs
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from defusedxml import ElementTree
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
_RUNS = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|activex\d*\.(?:bin|xml)|oleobject[^/]*\.bin)$", re.IGNORECASE
)
# Patterns end at the next bracket: none may take longer than the text is long.
_COMMAND = re.compile(rb"<(?:\w+:)?instrText[^<>]*>\s*DDE(?:AUTO)?\b|<ddeLink\b", re.IGNORECASE)
_DECLARED = re.compile(rb"\s*<\?xml\b[^<>]*?\bencoding\s*=\s*[\"']([\w.-]+)[\"'][^<>]*\?>", re.IGNORECASE)
# Those in which every ASCII character is the byte it looks like.
_READABLE = re.compile(rb"utf-?8|us-ascii|ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)


def refuse_unsafe_office(content: bytes) -> None:
    """Raises Unsafe for bombs, macros, embedded programs and links that fetch or start something.

    Raises BadZipFile or ValueError for a damaged archive.
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
        if any(_RUNS.search(_part_name(entry)) for entry in entries):
            raise Unsafe(_("The file contains macros or programs. Please save it as an ordinary DOCX, XLSX or PDF."))
        for entry in entries:
            if _part_name(entry).endswith((".xml", ".rels")):
                _refuse_unsafe_part(archive, entry)


def _part_name(entry: zipfile.ZipInfo) -> str:
    """As programs compare it (ECMA-376 part 2, 6.2.2.3): letters of either case are the same."""
    return entry.filename.replace("\\", "/").lower()


def _refuse_unsafe_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = _part_name(entry)
    relations, types = name.endswith(".rels"), name.startswith("[content_types]")
    with archive.open(entry) as part:
        written = part.read(_PROLOG)
        if relations or types or name.startswith(("word/", "xl/external")):
            written += part.read(_LARGE)
    written = _as_utf8(written)
    if b"<!DOCTYPE" in written or b"<!ENTITY" in written:
        raise Unsafe(_("The file grows far too large when it is opened. Please save it anew and send that."))
    if types and any(b"macroenabled" in one or b"vbaproject" in one for one in _values(written)):
        raise Unsafe(_("The file contains macros or programs. Please save it as an ordinary DOCX, XLSX or PDF."))
    if (relations and _fetches(written)) or _COMMAND.search(written):
        raise Unsafe(_("The file fetches something from elsewhere when it is opened. Please send it as a PDF."))


def _as_utf8(written: bytes) -> bytes:
    """A part, or its beginning, so that searching it for words finds them.

    Raises Unsafe for an encoding in which words could hide; office programs write UTF-8, some of their parts UTF-16.
    """
    if written.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0\0" not in written[:4]:
        text = written.decode("utf-16", errors="replace").encode()
        declared = _DECLARED.match(text)
        return text[declared.end() :] if declared else text
    declared = _DECLARED.match(written.removeprefix(codecs.BOM_UTF8))
    if b"\0" in written[:4] or (declared and not _READABLE.fullmatch(declared[1])):
        raise Unsafe(
            _("The file is written in an encoding that cannot be looked into. Please save it anew and send that.")
        )
    return written


def _elements(written: bytes) -> Iterator[dict[str, str]]:
    """The attributes of every element, names and values in small letters.

    Raises ValueError for what is no whole XML.
    """
    try:
        root = ElementTree.fromstring(written, forbid_dtd=True)
    except (ElementTree.ParseError, LookupError) as error:
        raise ValueError("damaged XML") from error
    for one in root.iter():
        yield {name.rpartition("}")[2].lower(): value.strip().lower() for name, value in one.attrib.items()}


def _values(written: bytes) -> Iterator[bytes]:
    for attributes in _elements(written):
        yield from (value.encode() for value in attributes.values())


def _fetches(written: bytes) -> bool:
    """Whether a relation leads out of the file other than by a link that a reader clicks."""
    return any(
        one.get("targetmode") == "external" and not one.get("type", "").endswith("/hyperlink")
        for one in _elements(written)
    )


# --- PDF --------------------------------------------------------------------------------------
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia)(?![A-Za-z0-9])")
# A comment, the beginning of a string, the beginning of an object, the end of a dictionary that begins a stream.
_MARK = re.compile(
    rb"%[^\r\n]*|\(|(?<=[\0\t\n\f\r ])obj(?=[\0\t\n\f\r <(\[/%])|>>(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*stream(?:\r\n|\n|\r)"
)
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_LENGTH = re.compile(rb"/Length[\0\t\n\f\r ]+(\d{1,10})(?:[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R)?(?![0-9A-Za-z])")
_ENDS = re.compile(rb"[\0\t\n\f\r ]{0,4}endstream")
_OBJECT = re.compile(rb"[\0\t\n\f\r ]obj[\0\t\n\f\r <(\[/%]")
# In which nobody packs the objects of an honest file.
_HIDES = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|AHx|A85|LZW|RL|Predictor)(?![A-Za-z])"
)
_MOST_MARKS = 1_000_000


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
    """What stands outside streams, then what object streams hold; one way through the file.

    What a stream holds is passed over only where a reader would do so, too: the word stands behind a dictionary, in no
    comment and no string, and the stream ends where its length says. From the first that does not on, everything is read.
    """
    at = where = begun = 0  # handed out so far, looked at so far, where the object at hand begins
    lengths: dict[int, set[int]] = {}
    for _count in range(_MOST_MARKS):
        mark = _MARK.search(content, where)
        if mark is None:
            break
        where = mark.end()
        if mark[0] == b"(":
            where = _end_of_string(content, where)
        elif mark[0] == b"obj":
            begun = where
        elif mark[0].startswith(b">>"):
            dictionary = _plain(content[begun : mark.start()])
            end = _end_of_stream(content, where, dictionary, lengths)
            if end is None:
                break
            yield content[at:where]
            yield from _of_stream(content[where:end], dictionary)
            at = where = begun = end
    yield content[at:]


def _end_of_string(content: bytes, at: int) -> int:
    """Behind the parenthesis that closes a string (7.3.4.2); they may be nested."""
    depth = 1
    for found in _PARENTHESIS.finditer(content, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(content)


def _end_of_stream(content: bytes, at: int, dictionary: bytes, lengths: dict[int, set[int]]) -> int | None:
    """Where a stream ends by its length, written beside it or in an object of its own; None where that is not so."""
    told = {(int(found[1]), found[2]) for found in _LENGTH.finditer(dictionary)}
    if len(told) != 1:
        return None
    ((number, generation),) = told
    if generation is not None:
        if not lengths:
            for found in re.finditer(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\s+(\d{1,10})\s+endobj", content):
                lengths.setdefault(int(found[1]), set()).add(int(found[2]))
        if len(lengths.get(number, ())) != 1:
            return None
        (number,) = lengths[number]
    return at + number if _ENDS.match(content, at + number) else None


def _of_stream(inside: bytes, dictionary: bytes) -> Iterator[bytes]:
    if b"ObjStm" in dictionary:
        if _HIDES.search(dictionary):
            raise Unsafe(
                _("The PDF contains a script or starts a program. Please print it to a new PDF and send that.")
            )
        try:
            yield zlib.decompressobj().decompress(inside, MAX_UNPACKED + 1)
        except zlib.error:
            yield inside
    elif _OBJECT.search(inside):  # what repairs a damaged file finds objects here
        yield inside


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
