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
        for index, (cells, texts) in enumerate(zip(rows[1:], block.rows, strict=True)):
            across = len(texts) == 1 and len(cells) > 1
            if across:
                cells = [cells[0].merge(cells[-1])]
                for empty in cells[0].paragraphs[1:]:
                    empty._p.getparent().remove(empty._p)  # noqa: SLF001 - what the merged cells were born with
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
    """Shares of the line as given, else by the texts: no column narrower than its longest word, long texts get the rest."""
    if block.widths:
        return [room_mm * share / sum(block.widths) for share in block.widths]
    full = [row for row in block.rows if len(row) == len(block.head)]
    needs: list[float] = []
    wishes: list[float] = []
    for column, head in enumerate(block.head):
        needs.append(
            max(
                _longest_word(head, bold=True),
                *(_longest_word(row[column]) for row in full),
                6,
            )
            + 2 * _PAD_MM
            + 1
        )
        wishes.append(max([min(_line(head, bold=True), 26), *(_line(row[column]) for row in full)]) + 2 * _PAD_MM + 1)
    spare = room_mm - sum(needs)
    if spare <= 0:
        return [room_mm * need / sum(needs) for need in needs]
    wants = [max(wish - need, 0.5) for wish, need in zip(wishes, needs, strict=True)]
    return [need + spare * want / sum(wants) for need, want in zip(needs, wants, strict=True)]


def _line(text: str, *, bold: bool = False) -> float:
    return max(width_mm(line, BY_ID["OBang"].size, bold=bold) for line in text.split("\n"))


def _longest_word(text: str, *, bold: bool = False) -> float:
    return max(
        (width_mm(word, BY_ID["OBang"].size, bold=bold) for word in text.split()),
        default=0,
    )
