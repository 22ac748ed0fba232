"""Numbers, percentages and Vietnamese money: written, read back and spelled out."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from .text import canon_key

Number = int | float | str | Decimal
ZeroWord = Literal["lẻ", "linh"]


def _decimal(value: Number) -> Decimal:
    """Read through str, so that 0.1 stays 0.1."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def format_number(value: Number, decimals: int | None = None, language: str = "vi") -> str:
    """Give "1.234,5", in English "1,234.5"; without `decimals` at most three places, no trailing zero. Half goes up."""
    exact = _decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-(3 if decimals is None else decimals)), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text if language == "en" else text.translate({ord(","): ".", ord("."): ","})


def percent(value: Number, decimals: int | None = None, language: str = "vi") -> str:
    """Give the share 0.125 as "12,5%"; without `decimals` at most one place."""
    shown = _decimal(value) * 100
    if decimals is None:
        shown = shown.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return format_number(shown, decimals, language) + "%"


def vnd_document(amount: Number, language: str = "vi") -> str:
    """Give whole đồng as official papers write them: "1.250.000 đồng"; in English "VND 1,250,000"."""
    figure = format_number(amount, 0, language)
    return f"VND {figure}" if language == "en" else f"{figure} đồng"


def vnd_screen(amount: Number, language: str = "vi") -> str:
    """Give whole đồng with the sign behind a no-break space: "1.250.000 ₫"; in English "₫1,250,000"."""
    figure = format_number(amount, 0, language)
    return f"₫{figure}" if language == "en" else f"{figure}\u00a0₫"


def document_number(n: int) -> str:
    """Give the number of a paper: a zero before 1 to 9 (NĐ 30/2020/NĐ-CP)."""
    return f"{n:02d}"


# Beyond any budget, and still within a 64-bit column.
_LARGEST = 10**17
_SCALES = {"trăm": 10**2, "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_FIGURE = re.compile(
    r"(?P<sign>[-\u2212]?)\s*(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<part>\d+))?"
    r"\s*(?P<scale>(?:(?:trăm|nghìn|ngàn|triệu|tr|tỷ|tỉ)\s*)*)(?P<unit>%|đồng|đ|₫|vnđ|vnd)?"
)


def parse_number(s: str) -> Decimal:
    """Read "1.234,5", "12,5%" (0.125), "350 triệu đồng", "1,2 tỷ đồng".

    Raises ValueError for anything else, "1.5" included: it could be one and a half or a slip in fifteen.
    """
    found = _FIGURE.fullmatch(canon_key(s))
    if not found:
        raise ValueError(f"not a number: {s!r}")
    try:
        value = Decimal(found["whole"].replace(".", "") + "." + (found["part"] or "0"))
    except InvalidOperation as bad:
        raise ValueError(f"not a number: {s!r}") from bad
    for word in found["scale"].split():
        value *= _SCALES[word]
    if found["unit"] == "%":
        value /= 100
    if value > _LARGEST:
        raise ValueError(f"too large a number: {s!r}")
    if found["sign"]:
        value = -value
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def parse_vnd(s: str) -> int:
    """Read money as whole đồng; raises ValueError also where a đồng would be broken or the text is a percentage."""
    value = parse_number(s)
    if s.rstrip().endswith("%") or value != value.to_integral_value():
        raise ValueError(f"not whole đồng: {s!r}")
    return int(value)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
_BILLION = 10**9


def in_words(n: int, zero_word: ZeroWord = "lẻ") -> str:
    """Spell a whole number as documents do; `zero_word` is "lẻ" in the South and "linh" in the North."""
    if n < 0:
        return "âm " + in_words(-n, zero_word)
    if n == 0:
        return _DIGITS[0]
    return " ".join(_words(n, zero_word, padded=False))


def vnd_in_words(amount: int, zero_word: ZeroWord = "lẻ") -> str:
    """Spell money for the line "Bằng chữ": "Một triệu hai trăm năm mươi nghìn đồng"."""
    text = in_words(amount, zero_word)
    return text[0].upper() + text[1:] + " đồng"


def _words(n: int, zero_word: str, *, padded: bool) -> list[str]:
    if n >= _BILLION:
        head, rest = divmod(n, _BILLION)
        return [*_words(head, zero_word, padded=padded), "tỷ", *(_words(rest, zero_word, padded=True) if rest else [])]
    out: list[str] = []
    for power in (2, 1, 0):
        group = n // 1000**power % 1000
        if group:
            out += _group(group, zero_word, padded=padded or bool(out))
            out += [_GROUPS[power]] if power else []
    return out


def _group(n: int, zero_word: str, *, padded: bool) -> list[str]:
    """Spell 1 to 999; `padded` says the missing hundreds too, as after a higher group."""
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    out: list[str] = []
    if hundreds or padded:
        out += [_DIGITS[hundreds], "trăm"]
    if tens == 1:
        out.append("mười")
    elif tens:
        out += [_DIGITS[tens], "mươi"]
    elif ones and out:
        out.append(zero_word)
    if ones == 1 and tens > 1:
        out.append("mốt")
    elif ones == 5 and tens:
        out.append("lăm")
    elif ones:
        out.append(_DIGITS[ones])
    return out
