"""What an official paper is made of, before it is laid out: plain frozen values, no database."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from nhipcau.core.vietnamese import document_number, long_date

# Decree 30/2020, Annex III: the abbreviation of each kind of paper that stands in its symbol. A công văn has none.
KINDS = {
    "NGHỊ QUYẾT": "NQ",
    "QUYẾT ĐỊNH": "QĐ",
    "QUY CHẾ": "QC",
    "QUY ĐỊNH": "QyĐ",
    "THÔNG CÁO": "TC",
    "THÔNG BÁO": "TB",
    "HƯỚNG DẪN": "HD",
    "CHƯƠNG TRÌNH": "CTr",
    "KẾ HOẠCH": "KH",
    "PHƯƠNG ÁN": "PA",
    "ĐỀ ÁN": "ĐA",
    "DỰ ÁN": "DA",
    "BÁO CÁO": "BC",
    "BIÊN BẢN": "BB",
    "TỜ TRÌNH": "TTr",
    "HỢP ĐỒNG": "HĐ",
    "CÔNG ĐIỆN": "CĐ",
    "BẢN GHI NHỚ": "BGN",
    "BẢN GHI NHỚ HỢP TÁC": "BGN",
    "BẢN THỎA THUẬN": "BTT",
    "GIẤY ỦY QUYỀN": "GUQ",
    "GIẤY MỜI": "GM",
    "GIẤY GIỚI THIỆU": "GGT",
    "GIẤY NGHỈ PHÉP": "GNP",
    "PHIẾU GỬI": "PG",
    "PHIẾU CHUYỂN": "PC",
    "PHIẾU BÁO": "PB",
}
_COURTESY = re.compile(r"^(Ông|Bà|TS|ThS|GS|PGS|BS|KS|LS|Đ/c|Đồng chí)\b\.?", re.IGNORECASE)


def symbol_for(kind: str, *units: str) -> str:
    """The symbol of a kind issued by one or several units: BÁO CÁO, TTBC gives BC-TTBC."""
    return "-".join((KINDS[kind], *units))


class Urgency(StrEnum):
    """The three urgency marks; a paper has one only when somebody asked for it."""

    FLASH = "HỎA TỐC"
    IMMEDIATE = "THƯỢNG KHẨN"
    URGENT = "KHẨN"


@dataclass(frozen=True)
class Letterhead:
    """The issuing unit as it stands top left; `name` is its name in ordinary letters, for "(Kèm theo … của …)".

    A line break in `superior` or `issuer` is kept; otherwise the name is broken between words.
    """

    superior: str
    issuer: str
    place: str
    name: str = ""


@dataclass(frozen=True)
class Signature:
    """One signing place; `party` (BÊN A) stands above the authority in a paper of two parties. The name may be blank."""

    authority_lines: tuple[str, ...]
    name: str
    party: str = ""

    def __post_init__(self) -> None:
        if _COURTESY.match(self.name):
            raise ValueError("A signer's name stands without courtesy, rank or degree")


@dataclass(frozen=True)
class Heading:
    """A heading numbered by the layout: I. TÊN PHẦN, 1. Tên mục, a) Tên điểm."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True)
class Article:
    """Điều 1. Tên điều; counted through the whole paper."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Items:
    """A list: dashes, or numbers 1. 2. 3., or letters a) b) c)."""

    items: tuple[str, ...]
    style: Literal["dash", "number", "letter"] = "dash"


Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Table:
    """A table whose head repeats on each page; `widths` are shares of the line, taken from the texts when not given.

    A row of one cell in a table of several columns is a bold line across it. Rows whose index is in `strong` are bold.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] | None = None
    align: tuple[Align, ...] | None = None
    caption: str = ""
    strong: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        columns = len(self.head)
        if any(len(row) not in (1, columns) for row in self.rows):
            raise ValueError("Each row has as many cells as the head, or one across")
        if any(given is not None and len(given) != columns for given in (self.widths, self.align)):
            raise ValueError("widths and align have one value a column")


Block = Heading | Article | Paragraph | Items | Table


@dataclass(frozen=True)
class Appendix:
    """An appendix: its own section, so that it may lie across (landscape) and count its own pages."""

    title: str
    body: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """An official paper. Number and day stay None until the records office has issued it.

    `kind` is upper case, or "" for a công văn. `letterhead` None draws the motto over the full width (a memorandum of
    two parties). `partner` is the second issuing unit of a joint paper. `made` dates the file when no day is known yet.
    """

    kind: str
    symbol: str
    subject: str
    letterhead: Letterhead | None
    body: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    number: int | None = None
    day: date | None = None
    bases: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    archive: str = ""
    appendices: tuple[Appendix, ...] = ()
    urgency: Urgency | None = None
    partner: Letterhead | None = None
    contact: str = ""
    sample: bool = False
    language: str = "vi-VN"
    author: str = ""
    made: date | None = None

    def __post_init__(self) -> None:
        if not self.subject.strip():
            raise ValueError("A paper says what it is about")
        if (self.number is None) != (self.day is None):
            raise ValueError("The records office gives number and day together")
        if len(self.signatures) not in (1, 2):
            raise ValueError("A paper has one signature, or two side by side")
        if self.partner and not self.letterhead:
            raise ValueError("A partner unit needs a first unit")
        expected = KINDS.get(self.kind)
        given = self.symbol.partition("-")[0]
        if self.symbol and (given != expected if expected else given in KINDS.values()):
            raise ValueError("The symbol belongs to another kind of paper")

    @property
    def issued(self) -> bool:
        """Whether the records office has given it number and day."""
        return self.number is not None

    @property
    def number_line(self) -> str:
        """Số: 05/BC-TTBC, or with room for the number while it is a draft."""
        return f"Số: {self.bare_number}"

    @property
    def bare_number(self) -> str:
        """05/BC-TTBC, or blank before the stroke."""
        return f"{document_number(self.number) if self.number is not None else '     '}/{self.symbol}"

    @property
    def cited_number(self) -> str:
        """The number as another page cites it: dots stand for what is not given yet."""
        return self.bare_number.replace("     ", "…")

    @property
    def date_words(self) -> str:
        """Ngày 05 tháng 3 năm 2022 in small letters, or with dots to fill in."""
        if self.day is None:
            return "ngày … tháng … năm …"
        return long_date(self.day)
