"""What a picture's file says about itself (IPTC and XMP), read to prefill the form and written into what is published.

IPTC Photo Metadata Standard: caption, creator, credit line, description for those who do not see it. EXIF is neither read
nor written: it may hold where a photograph was taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET  # nosec B405
from xml.sax.saxutils import escape, quoteattr  # nosec B406

from PIL import Image, IptcImagePlugin
from PIL.ImageFile import ImageFile

from nhipcau.core.vietnamese import normalise

_CAPTION, _CREATOR, _CREDIT = (2, 120), (2, 80), (2, 110)
_CHARSET, _UTF8 = (1, 90), b"\x1b%G"
_NS: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
#: A packet larger than this is no description of a picture.
_LARGEST_PACKET = 256 * 1024


@dataclass(frozen=True)
class Said:
    """What a file says, in stored form; empty where it says nothing. English where it says so in English."""

    caption: str = ""
    caption_en: str = ""
    credit: str = ""
    description: str = ""
    description_en: str = ""


def read(picture: Image.Image) -> Said:
    """What an opened picture says about itself; XMP before IPTC, for it knows languages. Damaged data say nothing."""
    xmp, iptc = _xmp(picture), _iptc(picture)
    creator = xmp.get("creator") or iptc.get("creator", "")
    line = xmp.get("credit") or iptc.get("credit", "")
    credit = creator if not line or line == creator else f"{creator}/{line}" if creator else line
    return Said(
        caption=xmp.get("caption", "") or iptc.get("caption", ""),
        caption_en=xmp.get("caption_en", ""),
        credit=credit,
        description=xmp.get("description", ""),
        description_en=xmp.get("description_en", ""),
    )


def _iptc(picture: Image.Image) -> dict[str, str]:
    if not isinstance(picture, ImageFile):
        return {}
    try:
        found: dict[tuple[int, int], Any] = IptcImagePlugin.getiptcinfo(picture) or {}
    except (SyntaxError, ValueError, KeyError, OSError):
        return {}
    utf8 = found.get(_CHARSET) == _UTF8

    def text(key: tuple[int, int]) -> str:
        value = found.get(key, b"")
        pieces = value if isinstance(value, list) else [value]
        return ", ".join(filter(None, (_decoded(piece, utf8=utf8) for piece in pieces)))

    return {"caption": text(_CAPTION), "creator": text(_CREATOR), "credit": text(_CREDIT)}


def _decoded(value: bytes, *, utf8: bool) -> str:
    try:
        return normalise(value.decode("utf-8"))
    except UnicodeDecodeError:
        return "" if utf8 else normalise(value.decode("cp1258", errors="replace"))


def _xmp(picture: Image.Image) -> dict[str, str]:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode()
    # A document type is where XML attacks live, and XMP has none.
    if not packet or len(packet) > _LARGEST_PACKET or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return {}
    try:
        root = ET.fromstring(packet.rstrip(b"\0 \n"))  # noqa: S314 (no document type, so nothing to expand)  # nosec B314
    except ET.ParseError:
        return {}
    caption = _alternatives(root, "dc:description")
    description = _alternatives(root, "Iptc4xmpCore:AltTextAccessibility")
    return {
        "caption": caption[0],
        "caption_en": caption[1],
        "description": description[0],
        "description_en": description[1],
        "creator": ", ".join(normalise(one.text or "") for one in root.iterfind(".//dc:creator//rdf:li", _NS)),
        "credit": _plain(root, "photoshop:Credit"),
    }


def _alternatives(root: ET.Element, name: str) -> tuple[str, str]:
    """A text in Vietnamese (or in no said language) and in English."""
    first = english = ""
    for one in root.iterfind(f".//{name}//rdf:li", _NS):
        code, text = one.get(_LANG, "x-default").lower(), normalise(one.text or "")
        if code.startswith("en"):
            english = english or text
        elif code.startswith("vi") or not first:
            first = text
    return first, english


def _plain(root: ET.Element, name: str) -> str:
    """A text that stands as an element or as an attribute."""
    prefix, _colon, local = name.partition(":")
    qualified = f"{{{_NS[prefix]}}}{local}"
    for element in root.iter():
        if element.tag == qualified or qualified in element.attrib:
            return normalise(element.attrib.get(qualified) or element.text or "")
    return ""


def packet(said: Said) -> bytes:
    """The XMP that says it."""

    def both(name: str, vi: str, en: str) -> str:
        items = [("x-default", vi), ("vi", vi), ("en", en)]
        lines = "".join(f"<rdf:li xml:lang={quoteattr(code)}>{escape(text)}</rdf:li>" for code, text in items if text)
        return f"<{name}><rdf:Alt>{lines}</rdf:Alt></{name}>" if lines else ""

    namespaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NS.items())
    credit = escape(said.credit)
    creator = f"<dc:creator><rdf:Seq><rdf:li>{credit}</rdf:li></rdf:Seq></dc:creator>" if credit else ""
    line = f"<photoshop:Credit>{credit}</photoshop:Credit>" if credit else ""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {namespaces}><rdf:Description rdf:about="">'
        f"{both('dc:description', said.caption, said.caption_en)}{creator}{line}"
        f"{both('Iptc4xmpCore:AltTextAccessibility', said.description, said.description_en)}"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
