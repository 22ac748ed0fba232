"""Draws paragraphs, lines and tables on a Word file; knows measures, not what a paper says."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Protocol

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm
from docx.table import Table as Grid
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as Drawn

from nhipcau.core.papers.styles import BY_ID, style_sheet
from nhipcau.core.vietnamese import normalise

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
SHORT_SIDE, LONG_SIDE = 210, 297
LINE_MM = SHORT_SIDE - LEFT - RIGHT
TWIPS = 1440 / 25.4
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Nhịp Cầu</Application></Properties>"
)
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_UNUSED = (
    RT.CUSTOM_XML,
    RT.THUMBNAIL,
    RT.NUMBERING,
    RT.THEME,
    RT.WEB_SETTINGS,
    RT.FONT_TABLE,
)


class Holder(Protocol):
    """What a paragraph can be added to: the paper, a cell, a header."""

    def add_paragraph(self, text: str = ..., style: None = ...) -> Drawn:
        """Add an empty paragraph at the end."""


def clean(text: str) -> str:
    """Composed letters and single ordinary spaces, line breaks kept, nothing that a Word file cannot hold."""
    return "\n".join(normalise(_UNWRITABLE.sub("", line)) for line in text.split("\n"))


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """An empty WordprocessingML element with attributes of the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    return made


def begin(language: str) -> Document:
    """An empty A4 file with our style sheet and nothing of the template's theme, pictures and identifiers."""
    document = docx.Document()
    part = document.part
    styles = part._styles_part  # python-docx has no public way to replace the style sheet
    styles._element = style_sheet(language)
    for owner in (part, part.package):
        for key, rel in list(owner.rels.items()):
            if rel.reltype in _UNUSED or rel.reltype.endswith(("customXml", "thumbnail", "stylesWithEffects")):
                del owner.rels[key]
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    settings.append(element("zoom", percent=100))
    settings.append(element("defaultTabStop", val=720))
    compat = element("compat")
    compat.append(
        element(
            "compatSetting",
            name="compatibilityMode",
            uri="http://schemas.microsoft.com/office/word",
            val=15,
        )
    )
    settings.append(compat)
    settings.append(element("themeFontLang", val=language))
    shape(document.sections[0], landscape=False)
    return document


def shape(section: Section, *, landscape: bool) -> None:
    """A4 with the margins of Decree 30, upright or across."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width = Mm(LONG_SIDE if landscape else SHORT_SIDE)
    section.page_height = Mm(SHORT_SIDE if landscape else LONG_SIDE)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(9)


def write(holder: Holder, style: str, text: str = "", *, points: float | None = None) -> Drawn:
    """A paragraph in one of our styles; a line break in the text is a line break in the paragraph."""
    paragraph = holder.add_paragraph()
    dress(paragraph, style)
    for number, line in enumerate(clean(text).split("\n")):
        run = paragraph.add_run(line) if text else None
        if run is not None:
            if number:
                run._r.insert(0, OxmlElement("w:br"))  # a break before the text of the same run
            if points and points != BY_ID[style].size:
                half = round(points * 2)
                properties = run._r.get_or_add_rPr()
                properties.append(element("sz", val=half))
                properties.append(element("szCs", val=half))
    return paragraph


def dress(paragraph: Drawn, style: str) -> None:
    """Give a paragraph one of our styles."""
    paragraph._p.get_or_add_pPr().style = style  # by id: looking up the name would parse the sheet anew


def hide_mark(paragraph: Drawn) -> None:
    """Let a paragraph that only carries a section's end take no room."""
    mark = element("rPr")
    mark.append(element("vanish"))
    paragraph._p.get_or_add_pPr().insert_element_before(mark, "w:sectPr", "w:pPrChange")


def indent(paragraph: Drawn, left_mm: float, right_mm: float) -> None:
    """Narrow a paragraph from both sides."""
    paragraph.paragraph_format.left_indent = Mm(left_mm)
    paragraph.paragraph_format.right_indent = Mm(right_mm)


def border(paragraph: Drawn, *sides: str, size: int = 6, colour: str = "000000", space: int = 1) -> None:
    """Draw lines at the sides of a paragraph (top, left, bottom, right); size in eighths of a point."""
    box = element("pBdr")
    for side in sides:
        box.append(element(side, val="single", sz=size, space=space, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(  # python-docx has no borders
        box,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:rPr",
        "w:sectPr",
    )


def rule(holder: Holder, length_mm: float, room_mm: float) -> Drawn:
    """A drawn line of a given length in the middle of `room_mm`; not an underline, so it may be shorter than the words."""
    paragraph = write(holder, "Ke")
    side = (room_mm - length_mm) / 2
    indent(paragraph, side, side)
    border(paragraph, "top")
    return paragraph


def grid(
    document: Document,
    rows: int,
    widths_mm: Sequence[float],
    *,
    ruled: bool,
    pad_mm: float = 0,
) -> Grid:
    """A table of fixed column widths whose cells hold one empty paragraph each."""
    table: Grid = document.add_table(rows, len(widths_mm))
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblLook")):
        properties.remove(old)
    total = sum(round(width * TWIPS) for width in widths_mm)
    properties.insert(0, element("tblW", w=total, type_="dxa"))
    sides = ("top", "left", "bottom", "right")
    if ruled:
        lines = element("tblBorders")
        for side in (*sides, "insideH", "insideV"):
            lines.append(element(side, val="single", sz=4, space=0, color="000000"))
        properties.insert(1, lines)
    margins = element("tblCellMar")
    for side in sides:
        margins.append(
            element(
                side,
                w=round(pad_mm * TWIPS) if side in ("left", "right") else 0,
                type_="dxa",
            )
        )
    properties.append(margins)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def fill(cell: Cell, style: str, text: str = "", **options: float) -> Drawn:
    """Write in a cell; the first text takes the empty paragraph every cell is born with."""
    first = cell.paragraphs[0]
    if len(cell.paragraphs) == 1 and not first.runs and first._p.pPr is None:
        cell._tc.remove(first._p)
    return write(cell, style, text, **options)


def whole_row(row: Grid, index: int, *, head: bool = False) -> None:
    """Keep a row on one page; a head row is repeated on each."""
    properties = row.rows[index]._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))


def page_number(paragraph: Drawn) -> None:
    """Put the field that shows the number of the page."""
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>')
    )


def count_from_one(section: Section) -> None:
    """Number the pages of a section anew."""
    section._sectPr.insert_element_before(element("pgNumType", start=1), "w:cols", "w:titlePg", "w:docGrid")


def finish(document: Document, *, title: str, author: str, language: str, made: date | None) -> bytes:
    """The bytes of the file: the same input gives the same bytes, so a digest of them means something."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.language = (
        clean(title)[:255],
        author[:255],
        author[:255],
        language,
    )
    core.comments, core.revision = "", 1
    if made:
        core.created = core.modified = datetime.combine(made, time(0), UTC)
    else:
        for name in ("created", "modified"):
            for old in core._element.findall(qn(f"dcterms:{name}")):
                core._element.remove(old)
    raw = io.BytesIO()
    document.save(raw)
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, _APPLICATION if name == "docProps/app.xml" else source.read(name))
    return fixed.getvalue()
