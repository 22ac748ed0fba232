"""The words of official papers about a report: always Vietnamese, whatever the language of the page."""

from __future__ import annotations

from decimal import Decimal

from nhipcau.core import vietnamese
from nhipcau.core.papers.numbers import roman
from nhipcau.evidence.counting import PERCENT
from nhipcau.plans.models import Indicator
from nhipcau.reports.figures import Line
from nhipcau.reports.models import Report

RATINGS = {"met": "Đạt", "nearly": "Gần đạt", "missed": "Chưa đạt", "unmeasured": "Chưa đánh giá"}
NOT_MEASURED = "–"


def period(report: Report) -> str:
    """The period as a paper names it inside a sentence: "giai đoạn 1 (Quý I)", "tháng 3 năm 2022", "quý I năm 2022"."""
    last = report.last_day
    match report.kind:
        case Report.Kind.PHASE if report.phase is not None:
            name = report.phase.name.split(":")[0].strip()
            return name[:1].lower() + name[1:]
        case Report.Kind.MONTH:
            return f"tháng {last.month} năm {last.year}"
        case Report.Kind.QUARTER:
            return f"quý {roman((last.month + 2) // 3)} năm {last.year}"
        case Report.Kind.HALF_YEAR:
            return f"6 tháng {'đầu' if last.month <= 6 else 'cuối'} năm {last.year}"
        case _:
            return f"năm {report.plan.year}"


def subject(report: Report) -> str:
    """The trích yếu."""
    title = report.plan.title
    year = f"năm {report.plan.year}"
    told = period(report)
    if told == year and year in title:
        return f"Kết quả thực hiện {title}"
    return f"Kết quả thực hiện {title}, {told}"


def number(value: Decimal | None, decimals: int | None = None) -> str:
    """A figure as papers write it; an en dash where nothing was measured."""
    return NOT_MEASURED if value is None else vietnamese.format_number(value, decimals)


def unit(indicator: Indicator) -> str:
    """The unit of an indicator, % for shares without one."""
    return indicator.unit or ("%" if indicator.measure in PERCENT else "")


def cells(line: Line) -> tuple[str, ...]:
    """A line in the eight columns of an office report."""
    return (
        line.indicator.name,
        unit(line.indicator),
        number(line.target),
        number(line.value),
        number(line.cumulative),
        number(line.forecast),
        number(line.percent),
        number(line.same_percent),
    )


def columns(*, against_year: bool) -> tuple[str, ...]:
    """The heads of these columns; where the period has no plan of its own the year's stands there and says so."""
    return (
        "Chỉ tiêu",
        "ĐVT",
        "Kế hoạch năm" if against_year else "Kế hoạch",
        "Thực hiện kỳ",
        "Lũy kế",
        "Ước thực hiện",
        "% so kế hoạch năm" if against_year else "% so kế hoạch",
        "% so cùng kỳ",
    )
