"""Draws the blocks of a text (headings, paragraphs, lists, tables) and counts their numbers."""

from collections.abc import Iterable

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from nhipcau.core.papers import sheet
from nhipcau.core.papers.metrics import width_mm
from nhipcau.core.papers.model import Article, Block, Heading, Items, Paragraph, Table
from nhipcau.core.papers.numbers import letter, roman
from nhipcau.core.papers.styles import BY_ID

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_PAD_MM = 1.3
_ORDINARY_MM = 60


class Writer:
    """Writes blocks one after another on a line of `room_mm`; numbers run without gaps and start anew under each head."""

    def __init__(self, document: Document, room_mm: float) -> None:
        self.document = document
        self.room = room_mm
        self.counts = [0, 0, 0]
        self.articles = 0

    def draw(self, blocks: Iterable[Block]) -> None:
        """Draw the blocks in order."""
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Article():
                    self.articles += 1
                    self.counts = [0, 0, 0]
                    sheet.write(self.document, "Dieu", f"Điều {self.articles}. {block.text}")
                case Paragraph():
                    self._paragraph(block)
                case Items():
                    self._items(block)
                case Table():
                    self._table(block)

    def _heading(self, block: Heading) -> None:
        at = block.level - 1
        self.counts[at] += 1
        self.counts[at + 1 :] = [0] * (2 - at)
        count = self.counts[at]
        text = {
            1: f"{roman(count) if block.level == 1 else ''}. {block.text.upper()}",
            2: f"{count}. {block.text}",
            3: f"{letter(count)}) {block.text}",
        }[block.level]
        sheet.write(self.document, f"Heading{block.level}", text)

    def _paragraph(self, block: Paragraph) -> None:
        drawn = sheet.write(self.document, "NoiDung", block.text)
        for run in drawn.runs:
            run.bold = block.bold or None
            run.italic = block.italic or None

    def _items(self, block: Items) -> None:
        for count, text in enumerate(block.items, 1):
            mark = {"dash": "-", "number": f"{count}.", "letter": f"{letter(count)})"}[block.style]
            sheet.write(self.document, "GachDauDong", f"{mark} {text}")

    def _table(self, block: Table) -> None:
        if block.caption:
            sheet.write(self.document, "TenBang", block.caption)
        else:
            sheet.write(self.document, "Dem").paragraph_format.space_before = Mm(2)
        widths = column_widths(block, self.room)
        table = sheet.grid(self.document, 1 + len(block.rows), widths, ruled=True, pad_mm=_PAD_MM)
        rows = [list(row.cells) for row in table.rows]
        for cell, text in zip(rows[0], block.head, strict=True):
            sheet.fill(cell, "DauBang", text)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        for index, (row_cells, texts) in enumerate(zip(rows[1:], block.rows, strict=True)):
            across = len(texts) == 1 and len(row_cells) > 1
            cells = [row_cells[0].merge(row_cells[-1])] if across else row_cells
            if across:
                for empty in cells[0].paragraphs[1:]:
                    empty._p.getparent().remove(empty._p)  # what the merged cells were born with
            for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
                drawn = sheet.fill(cell, "OBang", text)
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
                if block.align and not across:
                    drawn.alignment = _ALIGN[block.align[column]]
                for run in drawn.runs:
                    run.bold = (across or index in block.strong) or None
                drawn.paragraph_format.keep_with_next = True if across else None
        for index in range(1 + len(block.rows)):
            sheet.whole_row(table, index, head=index == 0)
        sheet.write(self.document, "Dem")


def column_widths(block: Table, room_mm: float) -> list[float]:
    """Shares of the line as given, else by the texts.

    Each column first gets its longest word, then a text of ordinary length, then its head on one line, then its longest
    text, as far as the room goes.
    """
    if block.widths:
        return [room_mm * share / sum(block.widths) for share in block.widths]
    around = 2 * _PAD_MM + 1
    columns = [[row[at] for row in block.rows if len(row) == len(block.head)] for at in range(len(block.head))]
    heads = list(block.head)
    widths = [
        max(6, _longest_word(head, bold=True), *map(_longest_word, texts)) + around
        for head, texts in zip(heads, columns, strict=True)
    ]
    by_text = [max([0, *map(_line, texts)]) + around for texts in columns]
    by_head = [_line(head, bold=True) + around for head in heads]
    ordinary = [min(wish, _ORDINARY_MM) for wish in by_text]
    for wishes in (ordinary, by_head, by_text):
        gaps = [max(wish - width, 0) for wish, width in zip(wishes, widths, strict=True)]
        spare = max(room_mm - sum(widths), 0)
        share = min(1, spare / sum(gaps)) if sum(gaps) else 0
        widths = [width + gap * share for width, gap in zip(widths, gaps, strict=True)]
    return [room_mm * width / sum(widths) for width in widths]


def _line(text: str, *, bold: bool = False) -> float:
    return max(width_mm(line, BY_ID["OBang"].size, bold=bold) for line in text.split("\n"))


def _longest_word(text: str, *, bold: bool = False) -> float:
    return max(
        (width_mm(word, BY_ID["OBang"].size, bold=bold) for word in text.split()),
        default=0,
    )
