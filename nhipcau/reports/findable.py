"""How reports are found."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import override

from nhipcau.core import search
from nhipcau.core.search import Text
from nhipcau.reports.models import Report

REPORT = "reports.report"


def report_text(report: Report) -> Text:
    """By plan, days, check code, phase and kind, in both languages."""
    kinds = []
    for language in ("vi", "en"):
        with override(language):
            kinds.append(str(report.get_kind_display()))
    return Text(
        body=(
            report.plan.title,
            f"{report.first_day:%d/%m/%Y}",
            f"{report.last_day:%d/%m/%Y}",
            report.check_code,
            *((report.phase.name, report.phase.name_en) if report.phase else ()),
            *kinds,
        )
    )


@search.source(REPORT)
def reports() -> Iterator[tuple[int, Text]]:
    """All of them."""
    for row in Report.objects.select_related("plan", "phase").iterator(500):
        yield row.pk, report_text(row)
