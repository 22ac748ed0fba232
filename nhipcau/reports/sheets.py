"""The figures as a spreadsheet: one clean row an indicator, numbers as numbers, nothing merged."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from nhipcau.core.middleware import LOCAL
from nhipcau.reports import figures, wording
from nhipcau.reports.figures import Held, Line
from nhipcau.reports.models import Report

SAMPLE = "DỮ LIỆU MẪU"
_LEAD = (("Mã", 9), ("Nội dung", 13), ("Kỳ báo cáo", 24))
_WIDTHS = (46, 14, 12, 13, 12, 14, 13, 12)
_TAIL = (("Đánh giá", 13), ("Số bản ghi", 11), ("Giải trình", 50))


def _clauses(line: Line) -> str:
    return ", ".join(str(clause.order) for clause in line.indicator.objective.clauses.all())


class _Book:
    """A workbook with the few formats of this room."""

    def __init__(self, *, sample: bool, made: date) -> None:
        self.kept = io.BytesIO()
        self.sample = sample
        # Numbers keep their 15 digits; text never runs as a formula or turns into a link.
        self.book = xlsxwriter.Workbook(
            self.kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties({"created": datetime.combine(made, time(0), LOCAL).replace(tzinfo=None)})
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1,
                                          "bg_color": "#EDEDED"})  # fmt: skip
        self.text = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.day = self.book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        # Separators follow the reader's own setting: 1.234,5 where Excel speaks Vietnamese.
        self.numbers = {
            places: self.book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else ""),
                                          "valign": "top"})
            for places in (0, 1, 2)
        }  # fmt: skip

    def sheet(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:
        """A sheet with its head in the first row, kept in sight."""
        sheet = self.book.add_worksheet(f"{name} – {SAMPLE}" if self.sample else name)
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self.head)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&C{SAMPLE}" if self.sample else "")
        sheet.set_footer("&C&P/&N")
        return sheet

    def number(self, sheet: Any, row: int, column: int, value: Decimal | int | None) -> None:
        """A figure with as many places as it has; the cell stays empty where nothing was measured."""
        if value is None:
            return
        places = max(-int(Decimal(value).normalize().as_tuple().exponent), 0)
        sheet.write_number(row, column, float(value), self.numbers[min(places, 2)])

    def close(self) -> bytes:
        """The file."""
        self.book.close()
        return self.kept.getvalue()


def workbook(report: Report, *, rows: Sequence[Line], activities: Iterable[Held]) -> bytes:
    """Indicators in the columns of an office report with code, clause, period and explanation; then the activities."""
    book = _Book(sample=report.plan.agreement.is_sample, made=figures.reported_on(report))
    heads = wording.columns(against_year=any(line.against_year for line in rows))
    columns = [*_LEAD, *zip(heads, _WIDTHS, strict=True), *_TAIL]
    sheet = book.sheet("Chỉ tiêu", columns)
    period = wording.period(report)
    at = 0
    for at, line in enumerate(rows, 1):
        strings = (line.indicator.code, _clauses(line), period, line.indicator.name, wording.unit(line.indicator))
        for column, text in enumerate(strings):
            sheet.write_string(at, column, text, book.text)
        numbers = (line.target, line.value, line.cumulative, line.forecast, line.percent, line.same_percent)
        for column, value in enumerate(numbers, len(strings)):
            book.number(sheet, at, column, value)
        sheet.write_string(at, 11, wording.RATINGS[line.rating], book.text)
        book.number(sheet, at, 12, line.counted)
        if line.explanation:
            sheet.write_string(at, 13, line.explanation, book.text)
    sheet.autofilter(0, 0, max(at, 1), len(columns) - 1)
    listed = book.sheet(
        "Hoạt động",
        [("Mã", 10), ("Hoạt động", 60), ("Ngày bắt đầu", 14), ("Ngày kết thúc", 14), ("Địa điểm", 34),
         ("Chủ trì", 12), ("Nội dung", 12)],
    )  # fmt: skip
    for at, one in enumerate(activities, 1):
        listed.write_string(at, 0, one.code, book.text)
        listed.write_string(at, 1, one.title, book.text)
        listed.write_datetime(at, 2, datetime.combine(one.day, time(0)), book.day)
        listed.write_datetime(at, 3, datetime.combine(one.last_day, time(0)), book.day)
        listed.write_string(at, 4, one.venue, book.text)
        listed.write_string(at, 5, one.lead, book.text)
        listed.write_string(at, 6, ", ".join(map(str, one.clauses)), book.text)
    return book.close()


def xlsx(report: Report) -> bytes:
    """The spreadsheet of a report as it stands."""
    rows = figures.told_lines(report)
    return workbook(report, rows=figures.with_clauses(rows), activities=figures.told_held(report))
