"""The journal as a file: a spreadsheet for people, comma-separated values for programs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.core.journal import Line
from nhipcau.core.middleware import LOCAL
from nhipcau.core.samples import MARK
from nhipcau.core.templatetags.nhipcau import number

#: Points of a line of text, and the highest row a spreadsheet allows.
LINE, HIGHEST = 15, 409


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Time"), 17), (_("Done by"), 26), (_("What was done"), 50), (_("Kind of thing"), 20), (_("Name"), 30),
        (_("Before"), 36), (_("After"), 36), (_("Reason"), 30),
    ]  # fmt: skip


def _strings(line: Line) -> list[str]:
    before = "\n".join(f"{one.label}: {one.before}" for one in line.shown if one.before)
    after = "\n".join(f"{one.label}: {one.after}" for one in line.shown if one.after)
    return [line.who, line.sentence, line.kind, line.thing, before, after, line.reason]


def _height(strings: list[str]) -> float:
    """Points for a row of these texts: not every program makes a row as high as what it wraps."""
    widths = [width for _label, width in _columns()[1:]]
    lines = (
        sum(max(1, math.ceil(len(part) / width)) for part in text.split("\n"))
        for text, width in zip(strings, widths, strict=True)
    )
    return min(LINE * max(lines), HIGHEST)


def cut_words(left_out: int) -> str:
    """What is said where a file does not hold everything."""
    sentence = ngettext(
        "Only the latest acts: %(count)s older one is not in this file. Narrow the list to get it.",
        "Only the latest acts: %(count)s older ones are not in this file. Narrow the list to get them.",
        left_out,
    )
    return sentence % {"count": number(left_out)}


def journal_xlsx(lines: Iterable[Line], *, title: str, is_sample: bool, left_out: int = 0) -> bytes:
    """One row an act; moments are true dates, text never runs as a formula. What was left out is told above and at the end."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Journal")[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 13}))
    above = [MARK] if is_sample else []
    if left_out:
        above.append(cut_words(left_out))
    if above:
        sheet.write_string(1, 0, " · ".join(above), bold)
    for column, (label, width) in enumerate(_columns()):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, label, head)
    row = 2
    for row, line in enumerate(lines, start=3):
        sheet.write_datetime(row, 0, line.at.astimezone(LOCAL).replace(tzinfo=None), moment)
        strings = _strings(line)
        sheet.set_row(row, _height(strings))
        for column, value in enumerate(strings, start=1):
            sheet.write_string(row, column, value, text)
    sheet.freeze_panes(3, 1)
    if left_out:
        sheet.write_string(row + 1, 0, cut_words(left_out), bold)
    sheet.autofilter(2, 0, max(row, 3), len(_columns()) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return kept.getvalue()


def journal_csv(lines: Iterable[Line], *, is_sample: bool, left_out: int = 0) -> str:
    """The same in UTF-8 with a mark of its encoding; what a spreadsheet would run as a formula is made plain text."""
    kept = io.StringIO()
    kept.write("\ufeff")
    out = csv.writer(kept)
    if is_sample:
        out.writerow([MARK])
    out.writerow([label for label, _width in _columns()])
    for line in lines:
        out.writerow([f"{line.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}", *map(_harmless, _strings(line))])
    if left_out:
        out.writerow([cut_words(left_out)])
    return kept.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
