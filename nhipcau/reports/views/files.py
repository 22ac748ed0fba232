"""The files of a report: the paper, the spreadsheet, the package for signature, the signed copy."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from nhipcau.core import downloads
from nhipcau.core.middleware import NowRequest
from nhipcau.core.uploads import DOCX, PDF, XLSX
from nhipcau.reports import package as packages
from nhipcau.reports import papers, sheets
from nhipcau.reports.errors import ReportRefused
from nhipcau.reports.rules import access_issue, access_report, may_carry, signing_asked, unit_asked


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """A download; the symbol of a unit in its name may hold letters a header cannot."""
    shown = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": shown})


@require_safe
def report_docx(request: NowRequest, pk: int) -> HttpResponse:
    """The report as the paper of one party, marked as a draft until the figures are frozen."""
    report, standing = access_report(request, pk)
    unit = unit_asked(request, report, standing)
    return _attached(
        papers.docx(report, unit, signing=signing_asked(request)),
        DOCX,
        f"{report.file_stem}-{unit.symbol or unit.pk}.docx",
    )


@require_safe
def report_xlsx(request: NowRequest, pk: int) -> HttpResponse:
    """The figures as a spreadsheet."""
    report, _standing = access_report(request, pk)
    return _attached(sheets.xlsx(report), XLSX, f"{report.file_stem}.xlsx")


@require_safe
def package(request: NowRequest, pk: int) -> HttpResponseBase:
    """The package for signature of one's own unit."""
    report, standing = access_report(request, pk)
    unit = unit_asked(request, report, standing)
    if not may_carry(standing, unit):
        raise PermissionDenied
    try:
        content = packages.package(report, unit, signing=signing_asked(request))
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report", pk=report.pk)
    return _attached(content, "application/zip", f"{report.file_stem}-{unit.symbol or unit.pk}.zip")


@require_safe
def signed_file(request: NowRequest, pk: int) -> FileResponse:
    """The signed paper as the records office uploaded it."""
    issue = access_issue(request, pk)
    name = str(issue).replace("/", "-")
    return downloads.hand_out(issue.signed_file, name=f"{name}.pdf", content_type=PDF)
