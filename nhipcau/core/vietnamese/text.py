"""Vietnamese text as it is stored, searched, compared and put in order."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, assert_never

LegacyEncoding = Literal["tcvn3", "cp1258", "vni", "mojibake"]

_VOWELS = "aăâeêioôơuưy"

# Characters that show nothing and come in with pasted text.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"\s+")

# Đ only ever begins a syllable, so an eth inside a word (Icelandic) is left alone.
_VOWEL_NFC = "".join(
    unicodedata.normalize("NFC", letter + tone)
    for letter in _VOWELS + _VOWELS.upper()
    for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
)
_ETH = re.compile(rf"(?<![^\W\d_])[\u00d0\u00f0](?=[{_VOWEL_NFC}])")
_ETH_TO_D = {"\u00d0": "Đ", "\u00f0": "đ"}


def normalise(s: str) -> str:
    """Give the form in which text is stored: NFC, single spaces, trimmed, a mistyped eth made Đ.

    Idempotent. Nothing a reader can see is changed beyond that; tone marks stay where they were typed.
    """
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", s))
    spaced = _SPACES.sub(" ", composed).strip()
    return _ETH.sub(lambda found: _ETH_TO_D[found.group()], spaced)


# Latin letters that Unicode does not take apart; the first four are Vietnamese or mistyped Vietnamese.
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "Đ": "D", "\u00f0": "d", "\u00d0": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss"}
)


def fold(s: str) -> str:
    """Give the search key without diacritics: lower case, đ as d, punctuation kept. Idempotent."""
    lowered = unicodedata.normalize("NFD", normalise(s).lower())
    bare = "".join(c for c in lowered if not unicodedata.category(c).startswith("M"))
    return normalise(unicodedata.normalize("NFC", bare.translate(_UNDECOMPOSED)))


_TONE_NAMES = "\u0300\u0309\u0303\u0301\u0323"
_TONE = f"[{_TONE_NAMES}]"
_LETTER = r"[^\W\d_]"
# Working form for these patterns: letters composed, the tone mark alone directly after its letter.
_OPEN_LATE = re.compile(rf"(?<![qQ])([oO])([aAeE])({_TONE})(?!{_LETTER})|(?<![qQ])([uU])([yY])({_TONE})(?!{_LETTER})")
_CLOSED_EARLY = re.compile(rf"([oO])({_TONE})([aAăĂeE])(?={_LETTER})|(?<![qQ])([uU])({_TONE})([yYêÊ])(?={_LETTER})")
_QU_EARLY = re.compile(rf"([qQ][uU])({_TONE})([{_VOWELS}{_VOWELS.upper()}])(?!{_TONE})")


def _with_tone_apart(s: str) -> str:
    """Compose every letter but keep its tone mark behind it as a separate character."""
    out: list[str] = []
    base, shape, tone = "", "", ""
    for c in unicodedata.normalize("NFD", s) + "\0":
        if unicodedata.combining(c):
            if c in _TONE_NAMES and not tone:
                tone = c
            else:
                shape += c
            continue
        out.append(unicodedata.normalize("NFC", base + shape) + tone)
        base, shape, tone = c, "", ""
    return "".join(out)


def canonical(s: str) -> str:
    """Give the comparison form: normalised, tone marks placed as in HÒA (hòa, khỏe, thủy), case kept.

    Never written over a stored name. The tone slips of typists (hòan, qúy) are put right as well.
    """
    apart = _with_tone_apart(normalise(s))
    apart = _OPEN_LATE.sub(lambda m: (m[1] or m[4]) + (m[3] or m[6]) + (m[2] or m[5]), apart)
    apart = _CLOSED_EARLY.sub(lambda m: (m[1] or m[4]) + (m[3] or m[6]) + (m[2] or m[5]), apart)
    apart = _QU_EARLY.sub(r"\1\3\2", apart)
    return unicodedata.normalize("NFC", apart)


def canon_key(s: str) -> str:
    """Give the key for exact search: accented, tone marks in their canonical place, lower case."""
    return canonical(normalise(s).lower())


@dataclass(frozen=True)
class Match:
    """How a text answers a query: letters alone (`folded`), diacritics as well (`exact`)."""

    folded: bool
    exact: bool

    def __bool__(self) -> bool:
        return self.folded


_WORD = re.compile(r"\w+")


def _begins_words(query: str, text: str) -> bool:
    words = _WORD.findall(text)
    return all(any(word.startswith(asked) for word in words) for asked in _WORD.findall(query))


def matches(query: str, text: str) -> Match:
    """Tell whether every word of the query begins some word of the text; an empty query matches all."""
    return Match(
        folded=_begins_words(fold(query), fold(text)),
        exact=_begins_words(canon_key(query), canon_key(text)),
    )


# --- order: CLDR root with the tailoring for vi (common/collation/vi.xml) ---------------------------------
# Every primary weight is two decimal digits, "00" ends the level and "99" opens a character that has no weight here.
_ORDER = " _-‐–—,;:!?.…·'\"«»()[]{}§@*/\\&#%•`^°+×<=>|~$₫€0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PRIMARY = {c: f"{weight:02d}" for weight, c in enumerate(_ORDER, start=1)}
_OTHER = "99"
# Typographic twins of a plain character: the same place in the order, told apart last of all.
_TWINS = {"‘": ("'", "2"), "’": ("'", "3"), "“": ('"', "2"), "”": ('"', "3"), "‑": ("‐", "2")}
_PLAIN_WEIGHT = "1"
_TONE_WEIGHT = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_FOREIGN_MARK = "9"
_OWN_LETTERS = frozenset(_ORDER)


def _primary_letters(s: str) -> list[tuple[str, str]]:
    """Split into (letter of the Vietnamese alphabet or any other character, marks that only break ties)."""
    letters: list[tuple[str, str]] = []
    for c in unicodedata.normalize("NFD", s):
        if not unicodedata.combining(c):
            letters.append((c, ""))
            continue
        if not letters:
            continue
        letter, marks = letters[-1]
        joined = unicodedata.normalize("NFC", letter + c)
        if joined.lower() in _OWN_LETTERS:
            letters[-1] = (joined, marks)
        else:
            letters[-1] = (letter, marks + c)
    return letters


def collation_text(s: str) -> str:
    """Give a key of decimal digits only that sorts as CLDR `vi` does, under any collation of any database.

    Letters decide first (a < ă < â, d < đ, a space before all), then tones (ngang, huyền, hỏi, ngã, sắc, nặng),
    then small before capital. About 2.3 digits a character.
    """
    primary: list[str] = []
    secondary: list[str] = []
    tertiary: list[str] = []
    for letter, marks in _primary_letters(normalise(s)):
        plain = letter if letter.lower() in _OWN_LETTERS else letter.translate(_UNDECOMPOSED)
        for c in plain:
            if unicodedata.category(c) in {"Cc", "Cf", "Cs"}:
                continue
            small, rank = _TWINS.get(c) or (c.lower(), "1" if c == c.lower() else "2")
            primary.append(_PRIMARY.get(small) or f"{_OTHER}{ord(small[0]):07d}")
            secondary.append(_PLAIN_WEIGHT)
            tertiary.append(rank)
        if plain != letter:
            secondary.append(f"{_FOREIGN_MARK}{ord(letter.lower()[0]):07d}")
        secondary.extend(_TONE_WEIGHT.get(mark) or f"{_FOREIGN_MARK}{ord(mark):07d}" for mark in marks)
    # Trailing plain weights carry nothing: a "0" that ends the level is lower than every weight.
    tones = "".join(secondary).rstrip(_PLAIN_WEIGHT)
    cases = "".join(tertiary).rstrip("1")
    return "".join(primary) + "00" + tones + "0" + cases + "0"


def collation_key(s: str) -> bytes:
    """Give the same order as `collation_text`, as bytes for `sorted(key=…)`."""
    return collation_text(s).encode("ascii")


# --- legacy encodings, met only at import -------------------------------------------------------------------
# TCVN 5712:1993, second half; the first half is ASCII but for capitals that the ABC fonts do not use.
_TCVN3_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)

_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = {
    "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "ñ": "đ", "Ñ": "Đ", "æ": "ỉ", "Æ": "Ỉ",
    "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị", "î": "ỵ", "Î": "Ỵ",
}  # fmt: skip
_VNI_BASES = frozenset("aAeEoOuUyYôÔöÖ")


def _as_bytes(raw: str | bytes) -> bytes:
    """Undo a reading as Windows-1252, in which five bytes have no character and pass through as controls."""
    if isinstance(raw, bytes):
        return raw
    out = bytearray()
    for c in raw:
        try:
            out += c.encode("cp1252")
        except UnicodeEncodeError as no_such_byte:
            if ord(c) > 0xFF:
                raise ValueError(f"not text of a one-byte encoding: {c!r}") from no_such_byte
            out.append(ord(c))
    return bytes(out)


def _from_vni(text: str) -> str:
    out: list[str] = []
    open_vowel = False
    for c in text:
        if open_vowel and c.lower() in _VNI_MARKS:
            out.append(_VNI_MARKS[c.lower()])
            open_vowel = False
            continue
        out.append(_VNI_SINGLE.get(c, c))
        open_vowel = c in _VNI_BASES
    return "".join(out)


def decode_legacy(raw: str | bytes, encoding: LegacyEncoding) -> str:
    """Turn text of an old encoding into stored form; a `str` is taken as bytes once read as Windows-1252.

    `mojibake` is UTF-8 that was read as Windows-1252. Raises ValueError where the bytes cannot be of that encoding.
    """
    data = _as_bytes(raw)
    match encoding:
        case "tcvn3":
            text = "".join(_TCVN3_HIGH[byte - 0x80] if byte >= 0x80 else chr(byte) for byte in data)
        case "cp1258":
            text = data.decode("cp1258")
        case "vni":
            text = _from_vni(data.decode("cp1252", errors="replace"))
        case "mojibake":
            text = data.decode("utf-8")
        case _:
            assert_never(encoding)
    return normalise(text)
