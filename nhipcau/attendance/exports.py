"""The guest list as a spreadsheet: streamed as CSV, written row by row as XLSX."""

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from django.utils.translation import gettext as _

from nhipcau.attendance.models import Registration
from nhipcau.attendance.querysets import RegistrationQuerySet
from nhipcau.core import vietnamese

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back each line it is given."""

    def write(self, line: str) -> str:
        return line


def _plain(value: str) -> str:
    """Keep a spreadsheet from taking what a guest typed for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def headings() -> list[str]:
    """The columns, in the language of the page."""
    return [
        _("No."), _("Full name"), _("Organisation"), _("Position"), _("Mobile number"), _("E-mail"), _("Audience"),
        _("Admission code"), _("State"), _("Channel"), _("Seat"), _("Guest of honour"), _("Arrived at"), _("Documents"),
    ]  # fmt: skip


def rows(registrations: RegistrationQuerySet) -> Iterator[list[str]]:
    """The guests as text, by given name; two queries a thousand guests."""
    states = {state.value: str(state.label) for state in Registration.State}
    channels = {channel.value: str(channel.label) for channel in Registration.Channel}
    wanted = registrations.select_related("audience").prefetch_related("check_ins")
    for number, guest in enumerate(wanted.iterator(chunk_size=1000), start=1):
        arrival = next((row for row in guest.check_ins.all() if row.undone_at is None), None)
        yield [
            str(number),
            _plain(guest.name),
            _plain(guest.unit),
            _plain(guest.position),
            guest.phone_shown.replace("+", "00", 1),
            _plain(guest.email),
            str(guest.audience or ""),
            guest.code,
            states[guest.state],
            channels[guest.channel],
            _plain(guest.seat),
            _("yes") if guest.of_honour else "",
            f"{vietnamese.clock(arrival.at)} {vietnamese.short_date(arrival.at)}" if arrival else "",
            _("yes") if arrival and arrival.took_documents else "",
        ]


def as_csv(registrations: RegistrationQuerySet) -> Iterator[str]:
    """Lines of a CSV that spreadsheets read as UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(headings())
    for row in rows(registrations):
        yield writer.writerow(row)


def as_xlsx(registrations: RegistrationQuerySet, *, title: str) -> io.BytesIO:
    """A workbook, at its beginning; the rows go through a temporary file of the library, not through memory."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Guests")[:31])
    bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((6, 28, 32, 24, 15, 28, 18, 13, 16, 20, 14, 14, 18, 10)):
        sheet.set_column(column, column, width, wrap)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 13}))
    for column, heading in enumerate(headings()):
        sheet.write_string(2, column, heading, bold)
    for line, row in enumerate(rows(registrations), start=3):
        for column, value in enumerate(row):
            sheet.write_string(line, column, value)
    sheet.freeze_panes(3, 2)
    book.close()
    out.seek(0)
    return out
