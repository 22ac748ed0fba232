"""The list of activities as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import LOCAL
from nhipcau.core.samples import MARK


def activities_xlsx(activities: Iterable[Activity], *, title: str, is_sample: bool) -> bytes:
    """One row an activity, the mark over them where they are sample data; days and money as true dates and numbers; text never runs as a formula."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Activities")[:31])
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
    money = book.add_format({"num_format": "#,##0", "valign": "top"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 13}))
    if is_sample:
        sheet.write_string(1, 0, MARK, book.add_format({"bold": True}))
    columns = [
        (_("Code"), 9), (pgettext("activity", "Title"), 46), (_("Kind"), 18), (_("Phase"), 24), (_("Starts"), 16), (_("Ends"), 16),
        (_("Venue"), 28), (_("Lead unit"), 12), (_("Supporting unit"), 12), (_("State"), 16),
        (_("Expected guests"), 11), (_("Estimate, VND"), 15), (_("Spent, VND"), 15), (_("Result"), 46), (_("Language"), 20),
    ]  # fmt: skip
    for column, (label, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, label, head)
    row = 2
    for row, activity in enumerate(activities, start=3):
        strings = {
            0: activity.code,
            1: activity.text("title"),
            2: activity.kind.text("name"),
            3: activity.phase.text("name"),
            6: activity.text("venue"),
            7: activity.lead.short,
            8: activity.partner.short if activity.partner else "",
            9: activity.get_state_display(),
            13: activity.result,
            14: activity.get_language_display(),
        }
        for column, value in strings.items():
            sheet.write_string(row, column, value, text)
        sheet.write_datetime(row, 4, activity.starts_at.astimezone(LOCAL).replace(tzinfo=None), moment)
        sheet.write_datetime(row, 5, activity.ends_at.astimezone(LOCAL).replace(tzinfo=None), moment)
        sheet.write_number(row, 10, activity.expected, money)
        sheet.write_number(row, 11, activity.estimate, money)
        if activity.spent is not None:
            sheet.write_number(row, 12, activity.spent, money)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, max(row, 3), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    book.close()
    return kept.getvalue()
