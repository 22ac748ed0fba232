"""The cover slip (phiếu trình) of a package for signature: one page with rows to be signed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.shared import Mm

from nhipcau.core.papers import sheet
from nhipcau.core.papers.model import Paper
from nhipcau.core.papers.render import (
    MOTTO_MM,
    NAME_MM,
    draw_subject,
    furnish,
    issuer_name,
    motto,
    names,
)


@dataclass(frozen=True)
class Step:
    """One hand the paper goes through: what is done, and by which position where known."""

    action: str
    position: str = ""


STEPS = (
    Step("Soạn thảo", "Chuyên viên"),
    Step("Duyệt nội dung", "Trưởng phòng"),
    Step("Kiểm tra thể thức", "Bộ phận Hành chính"),
    Step("Ký ban hành", "Lãnh đạo đơn vị"),
)
_HEAD = ("TT", "Công đoạn", "Chức vụ", "Họ và tên", "Ý kiến", "Ký, ngày tháng")
_SHARES = (10, 30, 32, 33, 30, 30)
_ROW_MM = 24


def slip(paper: Paper, steps: Sequence[Step] = STEPS, *, attachments: Sequence[str] = ()) -> bytes:
    """The slip of `paper` as DOCX; names, opinions and signatures are left blank for the hand."""
    document = sheet.begin(paper.language)
    furnish(document.sections[0], sample=paper.sample)
    if paper.letterhead:
        table = sheet.grid(document, 1, (NAME_MM, MOTTO_MM), ruled=False)
        names(
            table.cell(0, 0),
            [head for head in (paper.letterhead, paper.partner) if head],
        )
        right = table.cell(0, 1)
        right._tc.remove(right.paragraphs[0]._p)
        motto(right, MOTTO_MM)
    else:
        motto(document, sheet.LINE_MM)
    sheet.write(document, "TenLoai", "PHIẾU TRÌNH")
    draw_subject(document, f"Ký ban hành {(paper.kind or 'công văn').lower()}")
    kind = (paper.kind or "CÔNG VĂN").capitalize()
    facts = [f"Văn bản: {kind}", f"Trích yếu: {paper.subject.replace(chr(10), ' ')}"]
    if paper.symbol:
        facts.append(f"Ký hiệu: {paper.symbol} (số và ngày do văn thư ghi khi ban hành)")
    facts.append(f"Phụ lục: {len(paper.appendices):02d}" if paper.appendices else "Phụ lục: không")
    for fact in facts:
        sheet.write(document, "NoiDung", fact)
    for attachment in attachments:
        sheet.write(document, "GachDauDong", f"- {attachment}")
    sheet.write(document, "Dem").paragraph_format.space_before = Mm(3)
    total = sum(_SHARES)
    grid = sheet.grid(
        document,
        1 + len(steps),
        [sheet.LINE_MM * s / total for s in _SHARES],
        ruled=True,
        pad_mm=1.3,
    )
    for cell, text in zip(grid.rows[0].cells, _HEAD, strict=True):
        sheet.fill(cell, "DauBang", text)
    for index, step in enumerate(steps, 1):
        row = grid.rows[index]
        row.height = Mm(_ROW_MM)
        for cell, text in zip(row.cells, (str(index), step.action, step.position, "", "", ""), strict=True):
            sheet.fill(cell, "OBang", text)
    for index in range(1 + len(steps)):
        sheet.whole_row(grid, index, head=index == 0)
    sheet.write(document, "Dem")
    return sheet.finish(
        document,
        title=f"Phiếu trình: {paper.subject}".replace("\n", " "),
        author=paper.author or issuer_name(paper),
        language=paper.language,
        made=paper.made or paper.day,
    )
