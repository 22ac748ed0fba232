"""Lays a paper out as an editable Word file by Decree 30/2020: `render` gives the bytes."""

from collections.abc import Iterable

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.section import Section
from docx.shared import Pt
from docx.table import _Cell as Cell

from nhipcau.core.papers import sheet
from nhipcau.core.papers.blocks import Writer
from nhipcau.core.papers.metrics import width_mm
from nhipcau.core.papers.model import Appendix, Letterhead, Paper, Signature, Urgency
from nhipcau.core.papers.numbers import roman
from nhipcau.core.papers.phrases import even, wrap
from nhipcau.core.papers.styles import BY_ID

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
SAMPLE = "DỮ LIỆU MẪU"
SAMPLE_FOOT = "DỮ LIỆU MẪU – Bản mẫu, không có giá trị"
# The right column holds the motto, and place and date of a long place name, on one line each.
NAME_MM, MOTTO_MM = 64, 101
_RULE = 0.42
_FRAME_MM = {Urgency.FLASH: 30, Urgency.IMMEDIATE: 40, Urgency.URGENT: 20}


def render(paper: Paper) -> bytes:
    """The paper as DOCX; the same paper always gives the same bytes."""
    document = sheet.begin(paper.language)
    furnish(document.sections[0], sample=paper.sample, contact=paper.contact)
    if paper.letterhead:
        _draw_letterhead(document, paper, paper.letterhead)
    else:
        motto(document, sheet.LINE_MM)
    _draw_title(document, paper)
    for number, base in enumerate(paper.bases, 1):
        sheet.write(
            document,
            "CanCu",
            base.rstrip(" .;,") + (";" if number < len(paper.bases) else "."),
        )
    Writer(document, sheet.LINE_MM).draw(paper.body)
    _hold_to_next(document)
    _draw_signing(document, paper)
    for index, appendix in enumerate(paper.appendices, 1):
        _draw_appendix(document, paper, appendix, roman(index) if len(paper.appendices) > 1 else "")
    return sheet.finish(
        document,
        title=paper.subject.replace("\n", " "),
        author=paper.author or issuer_name(paper),
        language=paper.language,
        made=paper.made or paper.day,
    )


def issuer_name(paper: Paper) -> str:
    """The issuing unit in ordinary letters where known, else as in the letterhead, else nothing."""
    heads = [head for head in (paper.letterhead, paper.partner) if head]
    return ", ".join((head.name or head.issuer).replace("\n", " ") for head in heads)


def furnish(section: Section, *, sample: bool, contact: str = "", first_differs: bool = True) -> None:
    """Head and foot: the page number from page 2, the sample mark on every page, the address under page 1."""
    section.different_first_page_header_footer = first_differs
    parts = (
        section.header,
        section.first_page_header,
        section.footer,
        section.first_page_footer,
    )
    for part in parts:
        part.is_linked_to_previous = False
        for paragraph in part.paragraphs:
            paragraph._p.getparent().remove(paragraph._p)
    head, first_head, foot, first_foot = parts
    sheet.page_number(sheet.write(head, "SoTrang"))
    sheet.write(first_head, "DuLieuMau", SAMPLE if sample else "")
    if contact:
        line = sheet.write(first_foot, "LienHe", contact)
        sheet.border(line, "top")
    for part in (foot, first_foot):
        if sample or not part.paragraphs:
            sheet.write(part, "DuLieuMau", SAMPLE_FOOT if sample else "")


def motto(holder: sheet.Holder, room_mm: float, nation_points: float = 13) -> None:
    """Quốc hiệu, Tiêu ngữ and the line as long as the Tiêu ngữ."""
    sheet.write(holder, "QuocHieu", NATION, points=nation_points)
    sheet.write(holder, "TieuNgu", MOTTO)
    sheet.rule(holder, width_mm(MOTTO, BY_ID["TieuNgu"].size, bold=True), room_mm)


def names(cell: Cell, heads: Iterable[Letterhead], room_mm: float = NAME_MM) -> None:
    """The superior and the issuing unit, broken between words, at 13 points or at 12 where that saves a line."""
    drawn = list(heads)
    superior = " -\n".join(head.superior for head in drawn)
    issuer = " -\n".join(head.issuer for head in drawn)

    def lines(points: float) -> tuple[list[str], list[str]]:
        return (
            wrap(sheet.clean(superior), room_mm - 1, lambda text: width_mm(text, points)),
            wrap(
                sheet.clean(issuer),
                room_mm - 1,
                lambda text: width_mm(text, points, bold=True),
            ),
        )

    points = min((13, 12), key=lambda size: (sum(map(len, lines(size))), -size))
    above, below = lines(points)
    sheet.fill(cell, "CoQuanChuQuan", "\n".join(above), points=points)
    sheet.write(cell, "CoQuanBanHanh", "\n".join(below), points=points)
    sheet.rule(cell, _RULE * max(width_mm(line, points, bold=True) for line in below), room_mm)


def _draw_letterhead(document: Document, paper: Paper, letterhead: Letterhead) -> None:
    table = sheet.grid(document, 2, (NAME_MM, MOTTO_MM), ruled=False)
    names(table.cell(0, 0), [head for head in (letterhead, paper.partner) if head])
    right = table.cell(0, 1)
    right._tc.remove(right.paragraphs[0]._p)
    motto(right, MOTTO_MM)
    low_left, low_right = table.cell(1, 0), table.cell(1, 1)
    # Not through `fill`, which would close the room left for the number.
    sheet.fill(low_left, "SoKyHieu").add_run(paper.number_line)
    if not paper.kind:
        sheet.write(low_left, "TrichYeuCongVan", f"V/v {paper.subject}")
    if paper.urgency:
        mark = sheet.write(low_left, "Khan", paper.urgency.value)
        side = (NAME_MM - _FRAME_MM[paper.urgency]) / 2
        sheet.indent(mark, side, side)
        sheet.border(mark, "top", "left", "bottom", "right", size=8, colour="FF0000")
    sheet.fill(low_right, "DiaDanhNgay", f"{letterhead.place}, {paper.date_words}")
    for index in (0, 1):
        sheet.whole_row(table, index)


def _draw_title(document: Document, paper: Paper) -> None:
    if paper.kind:
        sheet.write(document, "TenLoai", paper.kind)
        draw_subject(document, paper.subject)
    if len(paper.addressees) == 1:
        sheet.write(document, "KinhGui", f"Kính gửi: {paper.addressees[0]}")
    elif paper.addressees:
        sheet.write(document, "KinhGui", "Kính gửi:")
        for number, addressee in enumerate(paper.addressees, 1):
            end = ";" if number < len(paper.addressees) else "."
            sheet.write(document, "KinhGuiMuc", f"- {addressee.rstrip(' .;')}{end}")


def draw_subject(document: Document, subject: str) -> None:
    """The trích yếu in lines of even length, broken between words, and the line under it."""
    points = BY_ID["TrichYeu"].size

    def measure(text: str) -> float:
        return width_mm(text, points, bold=True)

    lines = even(sheet.clean(subject), sheet.LINE_MM - 20, measure)
    sheet.write(document, "TrichYeu", "\n".join(lines))
    sheet.rule(document, _RULE * max(map(measure, lines)), sheet.LINE_MM)


def _hold_to_next(document: Document) -> None:
    """The signature never stands alone on a page: the last words of the text go with it."""
    last = document.element.body.inner_content_elements[-1]
    if last.tag.endswith("}p"):
        document.paragraphs[-1].paragraph_format.keep_with_next = True


def _authority(cell: Cell, signature: Signature) -> None:
    for line in filter(None, (signature.party, *signature.authority_lines)):
        lines = wrap(
            sheet.clean(line.upper()),
            sheet.LINE_MM / 2 - 3,
            lambda text: width_mm(text, 14, bold=True),
        )
        sheet.fill(cell, "QuyenHan", "\n".join(lines))


def _name(cell: Cell, signature: Signature) -> None:
    sheet.fill(cell, "ChoKy")
    sheet.fill(cell, "NguoiKy", signature.name)


def _recipients(cell: Cell, paper: Paper) -> None:
    sheet.fill(cell, "NoiNhan", "Nơi nhận:")
    lines = [f"- {place.rstrip(' .;')};" for place in paper.recipients]
    if paper.archive:
        lines.append(f"- Lưu: {paper.archive.rstrip(' .;')}.")
    for line in lines:
        sheet.fill(cell, "NoiNhanMuc", line)


def _draw_signing(document: Document, paper: Paper) -> None:
    gap = sheet.write(document, "Dem").paragraph_format
    gap.space_before, gap.keep_with_next = Pt(12), True
    if len(paper.signatures) == 1:
        _sign_alone(document, paper, paper.signatures[0])
    else:
        _sign_side_by_side(document, paper)
    if not paper.appendices:
        sheet.write(document, "Dem")


def _sign_alone(document: Document, paper: Paper, signature: Signature) -> None:
    """Nơi nhận at the left and the signature at the right, in one row that is never split."""
    table = sheet.grid(document, 1, (sheet.LINE_MM / 2, sheet.LINE_MM / 2), ruled=False)
    left, right = table.rows[0].cells
    if paper.recipients or paper.archive:
        _recipients(left, paper)
    else:
        sheet.fill(left, "NoiNhanMuc")
    _authority(right, signature)
    _name(right, signature)
    sheet.whole_row(table, 0)


def _sign_side_by_side(document: Document, paper: Paper) -> None:
    """Authorities in one row and names in the next, so that the names stand level; Nơi nhận below them at the left."""
    listed = bool(paper.recipients or paper.archive)
    table = sheet.grid(document, 2 + listed, (sheet.LINE_MM / 2, sheet.LINE_MM / 2), ruled=False)
    for column, signature in enumerate(paper.signatures):
        _authority(table.cell(0, column), signature)
        _name(table.cell(1, column), signature)
    if listed:
        _recipients(table.cell(2, 0), paper)
        table.cell(2, 0).paragraphs[0].paragraph_format.space_before = Pt(12)
        sheet.fill(table.cell(2, 1), "NoiNhanMuc")
        for cell in table.rows[1].cells:
            cell.paragraphs[-1].paragraph_format.keep_with_next = True
    for index in range(len(table.rows)):
        sheet.whole_row(table, index)


def _draw_appendix(document: Document, paper: Paper, appendix: Appendix, number: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    sheet.dress(document.paragraphs[-1], "Dem")
    sheet.hide_mark(document.paragraphs[-1])  # else it alone makes a page when the one before is just full
    sheet.shape(section, landscape=appendix.landscape)
    sheet.count_from_one(section)
    furnish(section, sample=paper.sample)
    sheet.write(document, "PhuLuc", f"Phụ lục {number}".strip())
    sheet.write(document, "TenPhuLuc", appendix.title.upper())
    kind = (paper.kind or "CÔNG VĂN").capitalize()
    words = paper.date_words
    issuer = issuer_name(paper) if paper.letterhead and paper.letterhead.name else ""
    of = f" của {issuer}" if issuer else ""
    attached = f"(Kèm theo {kind} số {paper.cited_number} {words}{of})" if paper.symbol else f"(Kèm theo {kind})"
    room = sheet.LONG_SIDE - sheet.LEFT - sheet.RIGHT if appendix.landscape else sheet.LINE_MM
    lines = even(
        sheet.clean(attached),
        room,
        lambda text: width_mm(text, BY_ID["KemTheo"].size, italic=True),
    )
    sheet.write(document, "KemTheo", "\n".join(lines))
    Writer(document, room).draw(appendix.body)
    sheet.write(document, "Dem")
