"""Vietnamese personal names: their parts, their order, and how a person is addressed and signs."""

import re
from dataclasses import dataclass

from .text import collation_text, normalise

# Family names of more than one word, longest first; everything else is one word.
_COMPOUND_FAMILIES = (
    "Công Tằng Tôn Nữ",
    "Công Huyền Tôn Nữ",
    "Huyền Tôn Nữ",
    "Công Tôn Nữ",
    "Tôn Nữ",
    "Tôn Thất",
    "Âu Dương",
    "Tư Mã",
    "Thượng Quan",
    "Đông Phương",
    "Gia Cát",
    "Hoàng Phủ",
)
# Middle words that say nothing by themselves: nobody is called "Thị Lan".
_SILENT_MIDDLES = frozenset({"Thị", "Văn"})


@dataclass(frozen=True)
class NameParts:
    """A name in its written order."""

    family: str
    middle: str
    given: str


def split_name(name: str) -> NameParts:
    """Split a full name written family name first; a single word is a given name."""
    words = normalise(name).split(" ")
    if len(words) == 1:
        return NameParts(family="", middle="", given=words[0])
    width = 1
    for family in _COMPOUND_FAMILIES:
        parts = family.split(" ")
        if len(words) > len(parts) and [w.lower() for w in words[: len(parts)]] == [p.lower() for p in parts]:
            width = len(parts)
            break
    return NameParts(family=" ".join(words[:width]), middle=" ".join(words[width:-1]), given=words[-1])


def person_sort_text(name: str) -> str:
    """Give a key of digits that sorts people by given name, then by the whole name; storable, any collation.

    Namesakes get the same key: break the tie by the record's id.
    """
    whole = normalise(name)
    return collation_text(whole.rpartition(" ")[2]) + collation_text(whole)


@dataclass(frozen=True)
class AddressForm:
    """How a person is named in running text."""

    sentence_start: str
    inside: str


def address_form(name: str, *, sex: str = "", title: str = "") -> AddressForm:
    """Name a person politely; `sex` is "male", "female" or anything else for not known.

    Ông or Bà is never guessed from the name: with sex unknown the title goes before the name, or else "Ông/Bà".
    """
    full, post = normalise(name), normalise(title)
    honorific = _honorific(sex)
    if honorific is None and post:
        return AddressForm(sentence_start=f"{post} {full}", inside=f"{post} {full}")
    word = honorific or "ông/bà"
    start = "Ông/Bà" if honorific is None else word.capitalize()
    return AddressForm(sentence_start=f"{start} {full}" + (f", {post}" if post else ""), inside=f"{word} {full}")


def short_form(name: str, *, sex: str = "", with_middle: bool = True) -> str:
    """Give "ông Phước Anh": the given name and the middle word where that is a name; never the family name."""
    parts = split_name(name)
    middle = parts.middle.rpartition(" ")[2]
    called = f"{middle} {parts.given}" if with_middle and middle and middle not in _SILENT_MIDDLES else parts.given
    honorific = _honorific(sex)
    return f"{honorific} {called}" if honorific else called


def _honorific(sex: str) -> str | None:
    return {"male": "ông", "female": "bà"}.get(sex)


_TITLE_WORDS = (
    "ông", "bà", "ông/bà", "đồng chí", "đ/c",
    "giáo sư", "phó giáo sư", "tiến sĩ", "tiến sỹ", "thạc sĩ", "thạc sỹ", "tiến sĩ khoa học",
    "cử nhân", "kỹ sư", "bác sĩ", "bác sỹ", "luật sư", "mr", "mrs", "ms", "dr", "prof",
)  # fmt: skip
_TITLE = re.compile(
    rf"(?:{'|'.join(sorted(map(re.escape, _TITLE_WORDS), key=len, reverse=True))})\.?\s+", re.IGNORECASE
)
_DEGREE = r"(?:pgs|gs|tskh|ts|ths|cn|ks|bs|bscki|bsckii|ds|ls|nsnd|nsưt|ngnd|ngưt|phd)"
# Often run together: "PGS.TS.", "GS. TSKH.", "ThS.BS".
_DEGREES_BEFORE = re.compile(rf"{_DEGREE}(?:\s*[.,]\s*{_DEGREE})*(?:\.\s*|\s+)", re.IGNORECASE)
_AFTER = rf"(?:{_DEGREE}|mba|msc|ma|ba|md)"
_DEGREES_AFTER = re.compile(rf"\s*,\s*{_AFTER}(?:\s*[.,]\s*{_AFTER})*\.?$", re.IGNORECASE)


def signature_name(name: str) -> str:
    """Strip ông/bà, academic rank and degree, which may not stand before a signer's name (NĐ 30/2020, Phụ lục I).

    A bearer of the rare family name Ông loses it: no rule can tell "Ông Ích Khiêm" from a form of address.
    """
    rest = normalise(name)
    while True:
        before = _TITLE.match(rest) or _DEGREES_BEFORE.match(rest)
        after = _DEGREES_AFTER.search(rest)
        if before and before.end() < len(rest):
            rest = rest[before.end() :]
        elif after and after.start():
            rest = rest[: after.start()]
        else:
            return rest
