"""The ledger as a spreadsheet, written row by row: memory does not grow with the rows."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from nhipcau.core.middleware import LOCAL
from nhipcau.core.papers.render import SAMPLE
from nhipcau.evidence.models import Evidence, EvidenceDimension
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.evidence.words import Words

MOST_ROWS = 100_000
AT_ONCE = 2_000


def with_dimensions(rows: EvidenceQuerySet) -> Iterator[tuple[Evidence, list[Any]]]:
    """The rows of a list one after the other, each with its dimensions; one statement more for each two thousand."""
    coming = rows.iterator(chunk_size=AT_ONCE)
    while some := list(itertools.islice(coming, AT_ONCE)):
        told: dict[int, list[Any]] = {row.pk: [] for row in some}
        pairs = EvidenceDimension.objects.filter(evidence__in=list(told)).order_by("pk")
        for pair in pairs.values_list("evidence_id", "dimension", "value", named=True):
            told[pair.evidence_id].append(pair)
        for row in some:
            yield row, told[row.pk]


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


def ledger_xlsx(rows: EvidenceQuerySet, *, title: str, words: Words, cut: bool, sample: bool) -> bytes:
    """The packed file; days and quantities are true dates and numbers, text is never a formula."""
    with tempfile.TemporaryFile() as kept:
        _write(kept, rows, title=title, words=words, cut=cut, sample=sample)
        kept.seek(0)
        return kept.read()


def _write(kept: IO[bytes], rows: EvidenceQuerySet, *, title: str, words: Words, cut: bool, sample: bool) -> None:
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
    kinds: dict[str, tuple[str, str]] = {}
    grades = {grade.value: str(grade.label) for grade in Evidence.Grade}
    for number, (row, dimensions) in enumerate(with_dimensions(rows), start=3):
        if row.kind_id not in kinds:
            kinds[row.kind_id] = row.kind.text("name"), row.kind.text("unit")
        kind, unit = kinds[row.kind_id]
        sheet.write_datetime(number, 0, row.day, day)
        sheet.write_string(number, 1, kind)
        if row.activity is not None:
            sheet.write_string(number, 2, row.activity.code)
            sheet.write_string(number, 3, row.activity.text("title"))
        sheet.write_number(number, 4, float(row.quantity), amount)
        sheet.write_string(number, 5, unit)
        sheet.write_string(number, 6, state_of(row))
        sheet.write_string(number, 7, grades[row.grade])
        pairs = words.pairs(dimensions)
        sheet.write_string(number, 8, "; ".join(f"{name}: {values}" for name, values in pairs))
        sheet.write_string(number, 9, row.note)
        sheet.write_string(number, 10, row.link)
        sheet.write_string(number, 11, str(row.recorded_by or ""))
        sheet.write_datetime(number, 12, row.recorded_at.astimezone(LOCAL).replace(tzinfo=None), moment)
        sheet.write_string(number, 13, str(row.pk))
    book.close()
