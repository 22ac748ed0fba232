"""How wide a text is in Times letters, so that lines can be drawn as long as the words above them."""

import unicodedata

from nhipcau.core.papers import widths

MM_PER_POINT = 25.4 / 72
_EM = 2048
_HORN = "\u031b"


def _flat(table: dict[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in table.items() for letter in letters}


_TABLES = {
    (False, False): _flat(widths.ROMAN),
    (True, False): _flat(widths.BOLD),
    (False, True): _flat(widths.ITALIC),
    (True, True): _flat(widths.BOLD_ITALIC),
}


def _bare(text: str) -> str:
    """The text without the marks that do not change a width; the horn of ơ and ư stays."""
    marked = unicodedata.normalize("NFD", text.replace("\u00a0", " "))
    kept = "".join(c for c in marked if c == _HORN or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


def width_mm(text: str, points: float, *, bold: bool = False, italic: bool = False) -> float:
    """The width of one line of text in millimetres; an unknown letter counts as wide as M."""
    table = _TABLES[bold, italic]
    units = sum(table.get(letter, table["M"]) for letter in _bare(text))
    return units / _EM * points * MM_PER_POINT
