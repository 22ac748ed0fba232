"""Reads a finished DOCX back and asserts Decree 30/2020 on it: one function for each assertion DOC-01 … DOC-33.

Every function takes a `Read` and yields one sentence for each failure, so any room's test can ask the same of its papers:
`assert failures(Read(data)) == {}`. What a file alone cannot tell (was it issued, may the deputy sign) is told to `Read`.
"""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from nhipcau.core.papers import KINDS
from nhipcau.core.papers.metrics import width_mm

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK_DATE = "ngày … tháng … năm …"
_TWIPS = 1440 / 25.4
_BODY = {"NoiDung", "GachDauDong"}
_HEADINGS = {"Heading1", "Heading2", "Heading3", "Dieu"}
_ROMAN = [tens + ones for tens in ("", "X") for ones in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")]
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_CAPACITY = re.compile(r"^(TM|Q|KT|TL|TUQ)\. ")

Failures = Iterator[str]


@dataclass(frozen=True)
class Face:
    """How a run looks once styles are resolved; size in half-points."""

    size: int
    bold: bool
    italic: bool
    colour: str
    fonts: tuple[str | None, ...]
    language: str | None
    caps: bool
    underline: bool


@dataclass
class Para:
    """One paragraph with its resolved properties."""

    element: BaseOxmlElement
    read: "Read"

    @property
    def text(self) -> str:
        """The text, line breaks as such."""
        found = ""
        for node in self.element.iter(qn("w:t"), qn("w:br")):
            found += node.text or "" if node.tag == qn("w:t") else "\n"
        return found

    @property
    def style(self) -> str:
        """The id of its style."""
        return (
            str(self.element.pPr.pStyle.val)
            if self.element.pPr is not None and self.element.pPr.pStyle is not None
            else "Normal"
        )

    def prop(self, path: str, attribute: str = "val") -> str | None:
        """A paragraph property, from the paragraph or the nearest style that has it."""
        for owner in [
            self.element,
            *self.read.chain(self.style),
            self.read.defaults("w:pPrDefault"),
        ]:
            properties = owner.find(qn("w:pPr"))
            node = properties.find(qn(path)) if properties is not None else None
            if node is not None and node.get(qn(f"w:{attribute}")) is not None:
                return str(node.get(qn(f"w:{attribute}")))
        return None

    @property
    def faces(self) -> list[Face]:
        """The face of each run that shows something."""
        return [self.read.face(run, self.style) for run in self.element.iter(qn("w:r"))]

    @property
    def in_table(self) -> bool:
        """Whether it stands in a cell."""
        return any(True for _ in self.element.iterancestors(qn("w:tc")))

    @property
    def row(self) -> BaseOxmlElement | None:
        """The table row it stands in."""
        return next(self.element.iterancestors(qn("w:tr")), None)

    @property
    def column(self) -> int:
        """The place of its cell in the row."""
        cell = next(self.element.iterancestors(qn("w:tc")))
        return len(list(cell.itersiblings(qn("w:tc"), preceding=True)))

    @property
    def room_mm(self) -> float:
        """The width it has: of its cell, or between the margins of the first section."""
        cell = next(self.element.iterancestors(qn("w:tc")), None)
        if cell is not None:
            return int(cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}").get(qn("w:w"))) / _TWIPS
        size, margin = (
            self.read.sections[0].find(qn("w:pgSz")),
            self.read.sections[0].find(qn("w:pgMar")),
        )
        return (int(size.get(qn("w:w"))) - int(margin.get(qn("w:left"))) - int(margin.get(qn("w:right")))) / _TWIPS

    @property
    def widest_mm(self) -> float:
        """The width of its longest line, by its first face."""
        face = self.faces[0]
        return max(width_mm(line, face.size / 2, bold=face.bold, italic=face.italic) for line in self.text.split("\n"))

    @property
    def after(self) -> "Para | None":
        """The paragraph next to it in the same cell or page."""
        following = next(self.element.itersiblings(), None)
        return Para(following, self.read) if following is not None and following.tag == qn("w:p") else None


@dataclass
class Read:
    """A DOCX read back. `issued`, `urgent`, `capacities` say what the file alone cannot."""

    data: bytes
    issued: bool = False
    urgent: bool = False
    capacities: frozenset[str] = frozenset()
    author: str | None = None
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        self.document = docx.Document(io.BytesIO(self.data))

    @cached_property
    def styles(self) -> dict[str, BaseOxmlElement]:
        """Style elements by id."""
        return {style.get(qn("w:styleId")): style for style in self.document.styles.element.iter(qn("w:style"))}

    def chain(self, style: str) -> list[BaseOxmlElement]:
        """A style and those it is based on."""
        found: list[BaseOxmlElement] = []
        at: str | None = style
        while at and at in self.styles:
            found.append(self.styles[at])
            based = self.styles[at].find(qn("w:basedOn"))
            at = based.get(qn("w:val")) if based is not None else None
        return found

    def defaults(self, kind: str) -> BaseOxmlElement:
        """The document's default for runs or paragraphs."""
        found: BaseOxmlElement = self.document.styles.element.find(f"{qn('w:docDefaults')}/{qn(kind)}")
        return found

    def face(self, run: BaseOxmlElement, style: str) -> Face:
        """The resolved look of a run."""
        owners = [run, *self.chain(style), self.defaults("w:rPrDefault")]

        def get(tag: str, attribute: str = "val") -> str | None:
            for owner in owners:
                properties = owner.find(qn("w:rPr"))
                node = properties.find(qn(tag)) if properties is not None else None
                if node is not None:
                    value = node.get(qn(f"w:{attribute}"))
                    if value is not None or attribute == "val":
                        return value if value is not None else "1"
            return None

        def on(tag: str) -> bool:
            return get(tag) in ("1", "true", "on")

        return Face(
            size=int(get("w:sz") or 20),
            bold=on("w:b"),
            italic=on("w:i"),
            colour=get("w:color") or "auto",
            fonts=tuple(get("w:rFonts", name) for name in ("ascii", "hAnsi", "cs", "eastAsia")),
            language=get("w:lang"),
            caps=on("w:caps"),
            underline=get("w:u") not in (None, "none"),
        )

    @cached_property
    def sections(self) -> list[BaseOxmlElement]:
        """Section properties in order."""
        return list(self.document.element.body.iter(qn("w:sectPr")))

    @cached_property
    def paras(self) -> list[Para]:
        """All paragraphs of the text, cells included, in order."""
        return [Para(p, self) for p in self.document.element.body.iter(qn("w:p"))]

    @cached_property
    def furniture(self) -> list[Para]:
        """The paragraphs of heads and feet."""
        parts = [
            part
            for section in self.document.sections
            for part in (
                section.header,
                section.first_page_header,
                section.footer,
                section.first_page_footer,
            )
        ]
        return [Para(p._p, self) for part in parts for p in part.paragraphs]

    def named(self, *styles: str) -> list[Para]:
        """Paragraphs of the text in these styles."""
        return [para for para in self.paras if para.style in styles]

    def one(self, style: str) -> Para | None:
        """The only paragraph of a style, or none."""
        return next(iter(self.named(style)), None)


def _rule_after(para: Para, low: float, high: float) -> Failures:
    """The drawn line under a paragraph is between `low` and `high` of its longest line, and centred."""
    line = para.after
    box = line.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}") if line else None
    if line is None or box is None or line.text:
        yield f"no drawn line under {para.text!r}"
        return
    left, right = (int(line.prop("w:ind", side) or 0) / _TWIPS for side in ("left", "right"))
    share = (line.room_mm - left - right) / para.widest_mm
    if not low <= share <= high:
        yield f"the line under {para.text!r} is {share:.0%} of it"
    if abs(left - right) > 0.5:
        yield f"the line under {para.text!r} is not centred"
    if any(face.underline for face in para.faces):
        yield f"{para.text!r} is underlined"


def _looks(
    para: Para,
    sizes: set[int],
    *,
    bold: bool = False,
    italic: bool = False,
    align: str | None = None,
) -> Failures:
    for face in para.faces:
        if face.size not in sizes or face.bold is not bold or face.italic is not italic:
            yield f"{para.text!r}: size {face.size}, bold {face.bold}, italic {face.italic}"
            break
    if align and para.prop("w:jc") != align:
        yield f"{para.text!r} is set {para.prop('w:jc')}, not {align}"


def doc_01(read: Read) -> Failures:
    """A4, upright unless the section lies across."""
    for section in read.sections:
        size = section.find(qn("w:pgSz"))
        across = size.get(qn("w:orient")) == "landscape"
        sides = (int(size.get(qn("w:w"))), int(size.get(qn("w:h"))))
        width, height = reversed(sides) if across else sides
        if abs(width - 11906) > 5 or abs(height - 16838) > 5:
            yield f"page {width} x {height}"


def doc_02(read: Read) -> Failures:
    """Margins: top and bottom 20–25 mm, left 30–35, right 15–20."""
    limits = {
        "top": (1134, 1418),
        "bottom": (1134, 1418),
        "left": (1701, 1985),
        "right": (850, 1134),
    }
    for section in read.sections:
        margin = section.find(qn("w:pgMar"))
        for side, (low, high) in limits.items():
            if not low <= int(margin.get(qn(f"w:{side}"))) <= high:
                yield f"{side} margin {margin.get(qn(f'w:{side}'))}"


def doc_03(read: Read) -> Failures:
    """Every run is in Times New Roman."""
    for para in read.paras + read.furniture:
        for face in para.faces:
            if set(face.fonts) != {"Times New Roman"}:
                yield f"{para.text!r} in {face.fonts}"


def doc_04(read: Read) -> Failures:
    """Every run is black; only the urgency mark is red."""
    for para in read.paras + read.furniture:
        if para.style != "Khan" and any(face.colour not in ("auto", "000000") for face in para.faces):
            yield f"{para.text!r} is coloured"


def doc_05(read: Read) -> Failures:
    """Text is NFC, with no hard space and no leftovers of older encodings."""
    for para in read.paras + read.furniture:
        text = para.text
        if not unicodedata.is_normalized("NFC", text):
            yield f"{text!r} is not NFC"
        if re.search(r"[\u00a0\ufffd\u00d0\u00f0\x80-\x9f]", text):
            yield f"{text!r} has a foreign character"


def doc_06(read: Read) -> Failures:
    """Quốc hiệu."""
    para = read.one("QuocHieu")
    if para is None or para.text != NATION:
        yield "no Quốc hiệu"
        return
    yield from _looks(para, {24, 26}, bold=True, align="center")
    if any(face.caps for face in para.faces):
        yield "Quốc hiệu is capitalised by formatting"


def doc_07(read: Read) -> Failures:
    """Tiêu ngữ, not smaller than Quốc hiệu."""
    para, nation = read.one("TieuNgu"), read.one("QuocHieu")
    if para is None or para.text != MOTTO:
        yield "no Tiêu ngữ"
        return
    yield from _looks(para, {26, 28}, bold=True, align="center")
    if nation and para.faces[0].size < nation.faces[0].size:
        yield "Tiêu ngữ is smaller than Quốc hiệu"


def doc_08(read: Read) -> Failures:
    """A line as long as the Tiêu ngữ under it."""
    for para in read.named("TieuNgu"):
        yield from _rule_after(para, 0.95, 1.05)


def doc_09(read: Read) -> Failures:
    """Quốc hiệu and each line of the names fit their cells; names break between words."""
    for para in read.named("QuocHieu", "CoQuanChuQuan", "CoQuanBanHanh"):
        if para.widest_mm > para.room_mm:
            yield f"{para.text!r} needs {para.widest_mm:.1f} mm and has {para.room_mm:.1f}"
    for pair in (
        "HỘI NGHỊ",
        "QUỐC TẾ",
        "ĐỐI NGOẠI",
        "DỊCH VỤ",
        "TRUNG TÂM",
        "BÁO CHÍ",
        "NHÂN DÂN",
        "THÔNG TIN",
    ):
        split = pair.replace(" ", "\n")
        if any(split in para.text for para in read.named("CoQuanChuQuan", "CoQuanBanHanh")):
            yield f"{pair} is split"


def doc_10(read: Read) -> Failures:
    """The superior upper and not bold, the issuing unit upper and bold."""
    above, below = read.one("CoQuanChuQuan"), read.one("CoQuanBanHanh")
    if above is None and below is None and read.one("SoKyHieu") is None:
        return
    for para, bold in ((above, False), (below, True)):
        if para is None:
            yield "a line of the issuing unit is missing"
            continue
        yield from _looks(para, {24, 26}, bold=bold, align="center")
        if para.text != para.text.upper():
            yield f"{para.text!r} is not upper"


def doc_11(read: Read) -> Failures:
    """A line under the issuing unit, a third to a half of it."""
    for para in read.named("CoQuanBanHanh"):
        yield from _rule_after(para, 0.33, 0.50)


def doc_12(read: Read) -> Failures:
    """The number line, once issued."""
    for para in read.named("SoKyHieu"):
        yield from _looks(para, {26}, align="center")
        if read.issued and not re.fullmatch(r"Số: (\d{2,})/([A-ZĐ][A-Za-zĐđ]*-)?[A-ZĐ0-9-]+", para.text):
            yield f"{para.text!r} is no number"


def doc_13(read: Read) -> Failures:
    """The symbol says the kind the title says; a công văn has none."""
    number, title = read.one("SoKyHieu"), read.one("TenLoai")
    if number is None:
        return
    given = number.text.partition("/")[2].partition("-")[0]
    expected = KINDS.get(title.text) if title else None
    if (expected and given != expected) or (title is None and given in KINDS.values()):
        yield f"symbol {given} under {title.text if title else 'công văn'}"


def doc_14(read: Read) -> Failures:
    """Place and date in italics, in figures Decree 30 wants."""
    for para in read.named("DiaDanhNgay"):
        yield from _looks(para, {26, 28}, italic=True, align="center")
        wanted = r".+, ngày (0[1-9]|[12]\d|3[01]) tháng (01|02|[3-9]|1[0-2]) năm \d{4}"
        if read.issued and not re.fullmatch(wanted, para.text):
            yield f"{para.text!r} is no date"


def doc_15(read: Read) -> Failures:
    """Number and date on one line."""
    number, day = read.one("SoKyHieu"), read.one("DiaDanhNgay")
    if number and (day is None or number.row is None or number.row is not day.row):
        yield "number and date are not in one row"


def doc_16(read: Read) -> Failures:
    """The kind of paper, its trích yếu, and the line under it."""
    title, subject = read.one("TenLoai"), read.one("TrichYeu")
    if title is None:
        return
    yield from _looks(title, {26, 28}, bold=True, align="center")
    if title.text != title.text.upper():
        yield "the kind is not upper"
    if subject is None:
        yield "no trích yếu"
        return
    yield from _looks(subject, {26, 28}, bold=True, align="center")
    yield from _rule_after(subject, 0.33, 0.50)


def doc_17(read: Read) -> Failures:
    """A công văn has no kind; its trích yếu stands under the number."""
    if read.one("TenLoai"):
        return
    subject, number = read.one("TrichYeuCongVan"), read.one("SoKyHieu")
    if subject is None or not subject.text.startswith("V/v "):
        yield "no V/v"
        return
    yield from _looks(subject, {24, 26}, align="center")
    if number is None or number.after is None or number.after.text != subject.text:
        yield "V/v is not under the number"


def doc_18(read: Read) -> Failures:
    """Bases in italics, each ends with a semicolon, the last with a full stop."""
    bases = read.named("CanCu")
    for index, para in enumerate(bases, 1):
        yield from _looks(para, {26, 28}, italic=True)
        if not para.text.endswith("." if index == len(bases) else ";"):
            yield f"{para.text!r} ends wrongly"


def doc_19(read: Read) -> Failures:
    """The text: one size, justified, first line 1 or 1.27 cm."""
    body = read.named(*_BODY)
    if len({face.size for para in body for face in para.faces}) > 1:
        yield "the text has several sizes"
    for para in body:
        if any(face.size not in (26, 28) for face in para.faces):
            yield f"{para.text!r} has a wrong size"
        if para.prop("w:jc") != "both" or para.prop("w:ind", "firstLine") not in (
            "567",
            "720",
        ):
            yield f"{para.text!r} is set {para.prop('w:jc')}, first line {para.prop('w:ind', 'firstLine')}"


def doc_20(read: Read) -> Failures:
    """6 points between paragraphs, lines single to one and a half."""
    for para in read.named(*_BODY, *_HEADINGS, "CanCu"):
        space = max(int(para.prop("w:spacing", side) or 0) for side in ("before", "after"))
        if space < 120 or not 240 <= int(para.prop("w:spacing", "line") or 0) <= 360:
            yield f"{para.text!r} is spaced {space}, {para.prop('w:spacing', 'line')}"


def doc_21(read: Read) -> Failures:
    """Headings I. / 1. / a) counted without gaps under each head; Điều counted through."""
    counts = [0, 0, 0]
    articles = 0
    for para in read.named(*_HEADINGS, "PhuLuc"):
        if para.style == "PhuLuc":
            counts = [0, 0, 0]
            continue
        if para.style == "Dieu":
            articles, counts = articles + 1, [0, 0, 0]
            wanted = f"Điều {articles}. "
        else:
            level = int(para.style[-1])
            counts[level - 1] += 1
            counts[level:] = [0] * (3 - level)
            count = counts[level - 1]
            wanted = (
                f"{_ROMAN[count - 1]}. ",
                f"{count}. ",
                f"{_LETTERS[(count - 1) % 23]}) ",
            )[level - 1]
        if not para.text.startswith(wanted):
            yield f"{para.text!r} should begin {wanted!r}"
        yield from _looks(para, {26, 28}, bold=para.style != "Heading3")
        if para.style == "Heading1" and para.text != para.text.upper():
            yield f"{para.text!r} is not upper"


def doc_22(read: Read) -> Failures:
    """Authority and position in the right half, upper, bold."""
    lines = read.named("QuyenHan")
    if not lines:
        yield "nobody signs"
    if lines and max(para.column for para in lines) != 1:
        yield "the signature is not in the right half"
    for para in lines:
        yield from _looks(para, {26, 28}, bold=True, align="center")
        if para.text != para.text.upper():
            yield f"{para.text!r} is not upper"


def doc_23(read: Read) -> Failures:
    """KT., TL., TUQ., TM., Q. only for a signer who has that authority, before the own title."""
    for para in read.named("QuyenHan"):
        found = _CAPACITY.match(para.text)
        if not found:
            continue
        if found[1] not in read.capacities:
            yield f"{para.text!r} was not given"
        if found[1] in ("KT", "TL", "TUQ") and (para.after is None or para.after.style != "QuyenHan"):
            yield f"{para.text!r} is not followed by the signer's own title"


def doc_24(read: Read) -> Failures:
    """The signer's name: bold, no courtesy, rank or degree."""
    for para in read.named("NguoiKy"):
        if para.text:
            yield from _looks(para, {26, 28}, bold=True, align="center")
        if re.match(r"(Ông|Bà|TS|ThS|GS|PGS|Đ/c)\b", para.text) or (
            para.text and para.text in (para.text.upper(), para.text.lower())
        ):
            yield f"{para.text!r} is no plain name"


def doc_25(read: Read) -> Failures:
    """Nơi nhận and its lines."""
    head, lines = (
        read.one("NoiNhan"),
        [para for para in read.named("NoiNhanMuc") if para.text],
    )
    if head is None:
        if lines:
            yield "recipients without Nơi nhận"
        return
    if head.text != "Nơi nhận:":
        yield f"{head.text!r}"
    yield from _looks(head, {24}, bold=True, italic=True)
    for index, para in enumerate(lines, 1):
        last = index == len(lines)
        yield from _looks(para, {22})
        if not para.text.startswith("- Lưu: VT" if last else "- ") or not para.text.endswith("." if last else ";"):
            yield f"{para.text!r} in Nơi nhận"


def doc_26(read: Read) -> Failures:
    """Nơi nhận level with the signature (under it when two sign), rows not split."""
    head, signs = read.one("NoiNhan"), read.named("QuyenHan")
    alone = {para.column for para in signs} == {1}
    if head and signs and alone and head.row is not signs[0].row:
        yield "Nơi nhận is not level with the signature"
    for para in [*signs, *read.named("NguoiKy"), *([head] if head else [])]:
        if para.row is None or para.row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None:
            yield f"the row of {para.text!r} may be split"


def doc_27(read: Read) -> Failures:
    """The page number centred in the head from page 2."""
    for section in read.document.sections:
        if not section.different_first_page_header_footer:
            yield "page 1 shows its number"
        fields = [p for p in section.header.paragraphs if "PAGE" in p._p.xml]
        if not fields:
            yield "no page number"
        for paragraph in fields:
            yield from _looks(Para(paragraph._p, read), {26, 28}, align="center")
        if any("PAGE" in p._p.xml for p in section.first_page_header.paragraphs):
            yield "page 1 shows its number"


def doc_28(read: Read) -> Failures:
    """Appendices: numbered when several, titles upper, (Kèm theo …) in italics."""
    heads = read.named("PhuLuc")
    for index, para in enumerate(heads, 1):
        yield from _looks(para, {28}, bold=True, align="center")
        if para.text != (f"Phụ lục {_ROMAN[index - 1]}" if len(heads) > 1 else "Phụ lục"):
            yield f"{para.text!r}"
    for para in read.named("TenPhuLuc"):
        yield from _looks(para, {26, 28}, bold=True, align="center")
        if para.text != para.text.upper():
            yield f"{para.text!r} is not upper"
    for para in read.named("KemTheo"):
        yield from _looks(para, {26, 28}, italic=True, align="center")
        if not para.text.startswith("(Kèm theo "):
            yield f"{para.text!r}"
    if not len(heads) == len(read.named("TenPhuLuc")) == len(read.named("KemTheo")):
        yield "an appendix lacks its head"


def doc_29(read: Read) -> Failures:
    """Table text of 11 points or more; the head row is repeated."""
    for para in read.named("OBang", "DauBang"):
        if any(face.size < 22 for face in para.faces):
            yield f"{para.text!r} is too small"
    for para in read.named("DauBang"):
        if para.row is None or para.row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"{para.text!r} is not repeated"


def doc_30(read: Read) -> Failures:
    """The urgency mark: only when asked for, one of three, framed and red."""
    marks = read.named("Khan")
    if bool(marks) is not read.urgent:
        yield f"{len(marks)} urgency marks"
    for para in marks:
        box = para.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
        if para.text not in ("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN") or box is None or len(box) != 4:
            yield f"{para.text!r} is no framed mark"
        if any(face.colour != "FF0000" or not face.bold for face in para.faces):
            yield f"{para.text!r} is not red"


def doc_31(read: Read) -> Failures:
    """Number and date stay blank until issued."""
    number, day = read.one("SoKyHieu"), read.one("DiaDanhNgay")
    if read.issued or number is None or day is None:
        return
    if not number.text.startswith("Số:      /"):
        yield f"{number.text!r} in a draft"
    if not day.text.endswith(f", {BLANK_DATE}"):
        yield f"{day.text!r} in a draft"


def doc_33(read: Read) -> Failures:
    """Core properties and the language of every run."""
    core = read.document.core_properties
    subject = read.one("TrichYeu") or read.one("TrichYeuCongVan")
    if subject and core.title != subject.text.removeprefix("V/v ").replace("\n", " "):
        yield f"title {core.title!r}"
    if read.author is not None and core.author != read.author:
        yield f"author {core.author!r}"
    for para in read.paras + read.furniture:
        if any(face.language != "vi-VN" for face in para.faces):
            yield f"{para.text!r} is not marked as Vietnamese"


# DOC-32 and DOC-34 … DOC-38 ask about the database and the words of one kind of paper, DOC-39 and DOC-40 about an office suite.
ASSERTIONS: tuple[Callable[[Read], Failures], ...] = (
    doc_01, doc_02, doc_03, doc_04, doc_05, doc_06, doc_07, doc_08, doc_09, doc_10, doc_11, doc_12, doc_13, doc_14, doc_15, doc_16,
    doc_17, doc_18, doc_19, doc_20, doc_21, doc_22, doc_23, doc_24, doc_25, doc_26, doc_27, doc_28, doc_29, doc_30, doc_31, doc_33,
)  # fmt: skip


def failures(read: Read) -> dict[str, list[str]]:
    """All failures by assertion: {} when the paper is in form."""
    found = {check.__name__.upper().replace("_", "-"): list(check(read)) for check in ASSERTIONS}
    return {name: sentences for name, sentences in found.items() if sentences}


def heads_filled(read: Read, *wanted: str) -> Failures:
    """DOC-35: each wanted word stands in a heading of the first level that is followed by something."""
    for word in wanted:
        found = next((para for para in read.named("Heading1") if word.upper() in para.text), None)
        if found is None:
            yield f"no heading with {word!r}"
        else:
            following = next(
                (node for node in found.element.itersiblings() if "".join(node.itertext()).strip()),
                None,
            )
            if following is None or (following.tag == qn("w:p") and Para(following, read).style == "Heading1"):
                yield f"nothing under {found.text!r}"


def comes_before(read: Read, first: str, then: str) -> Failures:
    """DOC-36: the first text with `first` stands before the first text with `then`."""
    texts = [para.text for para in read.paras]
    places = [next((at for at, text in enumerate(texts) if word in text), -1) for word in (first, then)]
    if -1 in places or places[0] >= places[1]:
        yield f"{first!r} at {places[0]}, {then!r} at {places[1]}"


def table_texts(read: Read) -> list[list[list[str]]]:
    """DOC-37: the cells of every table with a repeated head, to compare with the figures of the database."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in read.document.tables
        if table._tbl.find(f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    ]
