"""The package for signature: the paper, its annex as a spreadsheet, the slip, and what proves the figures."""

import io
import zipfile

from django.utils.translation import gettext as _

from nhipcau.core.papers import render
from nhipcau.core.papers.render import SAMPLE
from nhipcau.parties.models import Organisation
from nhipcau.reports import figures, papers, sheets
from nhipcau.reports.errors import ReportRefused
from nhipcau.reports.models import MeasurementEvidence, Report

_DAY = (1980, 1, 1, 0, 0, 0)


def package(report: Report, unit: Organisation, *, signing: str = papers.Signing.DIRECTOR) -> bytes:
    """Everything one party's director needs to sign, as ZIP; the same frozen report gives the same figures.json.

    Raises ReportRefused until the figures are frozen.
    """
    if report.payload is None:
        raise ReportRefused(_("The package for signature is made once both directors have frozen the figures."))
    rows, activities = figures.with_clauses(figures.frozen_lines(report)), figures.frozen_held(report)
    drawn = papers.paper(report, unit, rows=rows, activities=activities, signing=signing)
    names = (f"{report.file_stem}.docx", "phu-luc-so-lieu.xlsx", "figures.json", "figures.sha256", "evidence.csv")
    content = (
        render(drawn),
        sheets.workbook(report, rows=rows, activities=activities),
        figures.canonical(report.payload),
        f"{report.digest}  figures.json\n".encode(),
        _evidence_list(report),
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            *zip(names, content, strict=True),
            ("phieu-trinh.docx", papers.cover_slip(drawn, attachments=names)),
        ):
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return kept.getvalue()


def _evidence_list(report: Report) -> bytes:
    """Which records each figure counted: indicator code and key, the order of the digests in figures.json."""
    assert report.payload is not None
    codes = dict(enumerate(line["code"] for line in report.payload["lines"]))
    pairs = (
        MeasurementEvidence.objects.filter(measurement__report=report, measurement__place__isnull=False)
        .order_by("measurement__place", "evidence_id")
        .values_list("measurement__place", "evidence_id")
    )
    rows = [f"{codes[place]},{pk}\r\n" for place, pk in pairs if place is not None]
    mark = [f"{SAMPLE}\r\n"] if report.plan.agreement.is_sample else []
    return "".join([*mark, "ma_chi_tieu,ban_ghi\r\n", *rows]).encode()
