"""The ledger as a spreadsheet, written row by row: memory does not grow with the rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from nhipcau.core.middleware import LOCAL
from nhipcau.core.papers.render import SAMPLE
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.words import Words

MOST_ROWS = 100_000


def state_of(evidence: Evidence) -> str:
    """The state of a record in words; needs the annotations of `for_lists`."""
    if evidence.void:
        return _("withdrawn")
    if evidence.superseded_by_id is not None:
        return _("replaced")
    if not evidence.needs_verification:
        return _("counted")
    if evidence.is_verified:  # type: ignore[attr-defined]  # annotated by for_lists
        return _("verified")
    return _("sent back") if evidence.is_returned else _("awaiting verification")  # type: ignore[attr-defined]  # as above


def ledger_xlsx(rows: Iterable[Evidence], *, title: str, words: Words, cut: bool, sample: bool) -> bytes:
    """The packed file; days and quantities are true dates and numbers, text is never a formula."""
    with tempfile.TemporaryFile() as kept:
        _write(kept, rows, title=title, words=words, cut=cut, sample=sample)
        kept.seek(0)
        return kept.read()


def _write(kept: IO[bytes], rows: Iterable[Evidence], *, title: str, words: Words, cut: bool, sample: bool) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, options)
    sheet = book.add_worksheet((f"{_('Evidence')} – {SAMPLE}" if sample else _("Evidence"))[:31])
    bold = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
    amount = book.add_format({"num_format": "#,##0.##"})
    columns = [
        (_("Day"), 12), (_("Kind of evidence"), 34), (_("Code"), 10), (_("Activity"), 44), (_("Quantity"), 14), (_("Unit"), 14),
        (_("State of the record"), 18), (_("Grade"), 20), (_("Dimensions"), 60), (_("What proves it"), 50), (_("Link"), 40),
        (_("Recorded by"), 24), (_("Recorded at"), 17), (_("Number"), 22),
    ]  # fmt: skip
    for column, (_label, width) in enumerate(columns):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    if sample:
        sheet.set_header(f"&C{SAMPLE}")
    sheet.write_string(0, 0, f"{SAMPLE} – {title}" if sample else title, bold)
    if cut:
        sheet.write_string(
            1,
            0,
            _("Only the first %(n)s records; narrow the list for the rest.")
            % {"n": f"{MOST_ROWS:_}".replace("_", " ")},
        )
    for column, (label, _width) in enumerate(columns):
        sheet.write_string(2, column, label, head)
    for number, row in enumerate(rows, start=3):
        sheet.write_datetime(number, 0, row.day, day)
        sheet.write_string(number, 1, row.kind.text("name"))
        if row.activity is not None:
            sheet.write_string(number, 2, row.activity.code)
            sheet.write_string(number, 3, row.activity.text("title"))
        sheet.write_number(number, 4, float(row.quantity), amount)
        sheet.write_string(number, 5, row.kind.text("unit"))
        sheet.write_string(number, 6, state_of(row))
        sheet.write_string(number, 7, row.get_grade_display())
        pairs = words.pairs(row.dimensions.all())
        sheet.write_string(number, 8, "; ".join(f"{name}: {values}" for name, values in pairs))
        sheet.write_string(number, 9, row.note)
        sheet.write_string(number, 10, row.link)
        sheet.write_string(number, 11, str(row.recorded_by or ""))
        sheet.write_datetime(number, 12, row.recorded_at.astimezone(LOCAL).replace(tzinfo=None), moment)
        sheet.write_string(number, 13, str(row.pk))
    book.close()
