"""The report as an official paper: each party issues its own, with the same frozen figures and annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Clause
from nhipcau.core import vietnamese
from nhipcau.core.papers import (
    Appendix,
    Block,
    Heading,
    Items,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    Table,
    render,
    slip,
    symbol_for,
)
from nhipcau.parties.models import Organisation
from nhipcau.reports import figures, wording
from nhipcau.reports.figures import Held, Line
from nhipcau.reports.models import Report
from nhipcau.reports.watermark import watermarked

KIND = "BÁO CÁO"
DOTS = "…"  # what the officer still has to write
SECTIONS = (("assessment", "Hiệu quả"), ("limits", "Tồn tại, hạn chế"), ("causes", "Nguyên nhân"))


@dataclass(frozen=True)
class Sender:
    """Who issues a paper, to whom above, beside whom, on the day it stands for."""

    unit: Organisation
    departments: tuple[Organisation, ...]
    partners: tuple[Organisation, ...]


def check_address(report: Report) -> str:
    """Where anybody may compare a printed report with the frozen figures."""
    return f"{settings.BASE_URL}/kiem-tra/{report.check_code}/"


def sender(report: Report, unit: Organisation) -> Sender:
    """The issuing party with the department above it on the day the paper stands for; two queries."""
    day = figures.reported_on(report)
    parties = report.plan.agreement.parties.select_related("organisation")
    return Sender(
        unit=unit,
        departments=tuple(Organisation.objects.supervising(unit, day=day).distinct()),
        partners=tuple(party.organisation for party in parties if party.organisation_id != unit.pk),
    )


class Signing(TextChoices):
    """Who signs for a unit."""

    DIRECTOR = "giam-doc", _("the director")
    DEPUTY = "pho-giam-doc", _("a deputy for the director")


_AUTHORITY = {
    Signing.DIRECTOR: (("GIÁM ĐỐC",), "Giám đốc (mẫu)"),
    Signing.DEPUTY: (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Phó Giám đốc (mẫu)"),
}


def _signature(signing: str, *, sample: bool) -> Signature:
    lines, name = _AUTHORITY[Signing(signing)]
    return Signature(lines, name if sample else "")


# --- the table --------------------------------------------------------------------------------------


def _grouped(rows: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The lines under the wording of their objectives."""
    seen: dict[int, list[Line]] = {}
    for line in rows:
        seen.setdefault(line.indicator.objective_id, []).append(line)
    for at, group in enumerate(seen.values(), 1):
        yield f"Mục tiêu {at}. {group[0].indicator.objective.wording}", group


def results_table(rows: Sequence[Line]) -> Table:
    """The eight columns of an office report, one row an indicator."""
    return Table(
        head=wording.columns(against_year=_against_year(rows)),
        rows=tuple(wording.cells(line) for line in rows),
        widths=(44, 20, 17, 18, 17, 18, 16, 15),
        align=("left", "center", "right", "right", "right", "right", "right", "right"),
        caption="Bảng 1. Kết quả thực hiện so với kế hoạch",
    )


def _against_year(rows: Sequence[Line]) -> bool:
    return any(line.against_year for line in rows)


def _indicators_appendix(rows: Sequence[Line]) -> Appendix:
    name, unit, target, value, cumulative, forecast, percent, same = wording.columns(against_year=_against_year(rows))
    table: list[tuple[str, ...]] = []
    count = 0
    for objective, group in _grouped(rows):
        table.append((objective,))
        for line in group:
            count += 1
            cells = wording.cells(line)
            table.append(
                (str(count), line.indicator.code, *cells, wording.RATINGS[line.rating],
                 vietnamese.format_number(line.counted), line.explanation)
            )  # fmt: skip
    head = ("TT", "Mã", name, unit, target, value, cumulative, forecast, percent, same, "Đánh giá", "Số bản ghi",
            "Giải trình")  # fmt: skip
    return Appendix(
        "Kết quả thực hiện các chỉ tiêu",
        (
            Table(
                head=head,
                rows=tuple(table),
                widths=(9, 16, 42, 19, 18, 18, 18, 18, 17, 16, 19, 15, 37),
                align=("center", "left", "left", "center", *("right",) * 6, "center", "right", "left"),
            ),
        ),
        landscape=True,
    )


def _day(one: Held) -> str:
    first = vietnamese.weekday_short(one.day)
    return first if one.day == one.last_day else f"{first} – {vietnamese.weekday_short(one.last_day)}"


def _activities_appendix(activities: Sequence[Held]) -> Appendix:
    body: Block
    if activities:
        body = Table(
            head=("TT", "Mã", "Hoạt động", "Thời gian", "Địa điểm", "Chủ trì"),
            rows=tuple(
                (str(count), one.code, one.title, _day(one), one.venue, one.lead)
                for count, one in enumerate(activities, 1)
            ),
            widths=(10, 20, 90, 45, 60, 25),
            align=("center", "left", "left", "left", "left", "center"),
        )
    else:
        body = Paragraph("Trong kỳ chưa tổ chức hoạt động nào.")
    return Appendix("Các hoạt động đã tổ chức trong kỳ", (body,), landscape=True)


# --- the text ---------------------------------------------------------------------------------------


def _summary(rows: Sequence[Line]) -> str:
    counts = {rating: sum(1 for line in rows if line.rating == rating) for rating in wording.RATINGS}
    measured = len(rows) - counts["unmeasured"]
    if not measured:
        return f"Trong kỳ có {len(rows):02d} chỉ tiêu được theo dõi; chưa có chỉ tiêu đến kỳ đánh giá."
    parts = [f"{counts['met']:02d} chỉ tiêu đạt"]
    parts += [f"{counts[key]:02d} chỉ tiêu {word}" for key, word in (("nearly", "gần đạt"), ("missed", "chưa đạt"))
              if counts[key]]  # fmt: skip
    said = f"Trong kỳ có {measured:02d} chỉ tiêu được đánh giá, trong đó {', '.join(parts)}"
    return f"{said}; {counts['unmeasured']:02d} chỉ tiêu chưa đến kỳ đánh giá." if counts["unmeasured"] else f"{said}."


def _results(rows: Sequence[Line]) -> Iterator[Block]:
    yield Heading(1, "Kết quả thực hiện mục tiêu, chỉ tiêu")
    yield Paragraph(_summary(rows))
    if rows:
        yield results_table(rows)
    missed = [line for line in rows if line.met is False]
    if missed:
        yield Paragraph("Các chỉ tiêu chưa đạt kế hoạch:")
        yield Items(tuple(_missed(line) for line in missed))
    yield Paragraph("Kết quả chi tiết từng chỉ tiêu và số bản ghi minh chứng được nêu tại Phụ lục I.")


def _missed(line: Line) -> str:
    said = f"{line.indicator.name}: {wording.number(line.value)}/{wording.number(line.target)} {wording.unit(line.indicator)}"
    return f"{said}. {line.explanation.rstrip('.')}." if line.explanation else f"{said}."


def _by_clause(report: Report, activities: Sequence[Held]) -> Iterator[Block]:
    yield Heading(1, "Kết quả thực hiện các nội dung hợp tác")
    clauses = Clause.objects.in_force().filter(agreement=report.plan.agreement_id).order_by("order")
    for clause in clauses:
        yield Heading(2, clause.name)
        yield from _listed([one for one in activities if clause.order in one.clauses])
    rest = [one for one in activities if not one.clauses]
    if rest:
        yield Heading(2, "Tổ chức thực hiện")
        yield from _listed(rest)


def _listed(activities: Sequence[Held]) -> Iterator[Block]:
    if not activities:
        yield Paragraph("Trong kỳ chưa tổ chức hoạt động nào.")
        return
    yield Paragraph(f"Đã tổ chức {len(activities):02d} hoạt động:")
    yield Items(tuple(f"{_day(one)}: {one.title} ({one.code}, {one.lead} chủ trì)." for one in activities))


def _written(text: str) -> Iterator[Block]:
    """What people wrote: lines that begin with a dash become a list, the others paragraphs."""
    items: list[str] = []
    for line in [*(text or DOTS).split("\n"), ""]:
        said = line.strip()
        if said.startswith(("- ", "– ", "+ ", "* ")):
            items.append(said[2:].strip())
            continue
        if items:
            yield Items(tuple(items))
            items = []
        if said:
            yield Paragraph(said)


def _body(report: Report, from_: Sender, rows: Sequence[Line], activities: Sequence[Held]) -> Iterator[Block]:
    said: dict[str, str] = report.narrative
    first, last = vietnamese.short_date(report.first_day), vietnamese.short_date(report.last_day)
    yield Paragraph(
        f"{from_.unit.name} báo cáo kết quả thực hiện Kế hoạch trong {wording.period(report)}, "
        f"số liệu tính từ ngày {first} đến ngày {last}, như sau:"
    )
    yield from _results(rows)
    yield from _by_clause(report, activities)
    yield Heading(1, "Đánh giá chung")
    for name, title in SECTIONS:
        yield Heading(2, title)
        yield from _written(said.get(name, ""))
    yield Heading(1, "Phương hướng, nhiệm vụ thời gian tới")
    yield from _written(said.get("next_tasks", ""))
    yield Heading(1, "Đề xuất, kiến nghị")
    yield from _written(said.get("proposals", ""))
    above = " và ".join(department.name for department in from_.departments)
    to = f", kính báo cáo {above} xem xét, chỉ đạo" if above else ""
    yield Paragraph(
        f"Trên đây là báo cáo kết quả thực hiện Kế hoạch trong {wording.period(report)} của {from_.unit.name}{to}./."
    )


def _bases(report: Report) -> tuple[str, ...]:
    plan = report.plan
    bases = [f"Căn cứ {plan.agreement.title}, ký {vietnamese.long_date(plan.agreement.signed_on)}"]
    adopted = f", được các bên thống nhất {vietnamese.long_date(plan.adopted_on)}" if plan.adopted_on else ""
    bases.append(f"Căn cứ {plan.title}{adopted}")
    return tuple(bases)


def _contact(report: Report) -> str:
    """Where to compare the figures, and once they are frozen the digits that must stand there."""
    said = f"Kiểm tra số liệu: {check_address(report)} – mã {report.check_code}"
    return f"{said} – mã đối chiếu {report.mark}" if report.mark else said


def paper(
    report: Report,
    unit: Organisation,
    *,
    rows: Sequence[Line],
    activities: Sequence[Held],
    signing: str = Signing.DIRECTOR,
) -> Paper:
    """The report of one party as a paper; number and day stay blank for its records office. Three queries."""
    from_ = sender(report, unit)
    sample = report.plan.agreement.is_sample
    recipients = [f"{department.name} (để báo cáo)" for department in from_.departments]
    recipients += [f"{partner.name} (để phối hợp)" for partner in from_.partners]
    return Paper(
        kind=KIND,
        symbol=symbol_for(KIND, unit.symbol or unit.abbreviation or "…"),
        subject=wording.subject(report),
        letterhead=Letterhead(
            superior="\n".join(department.name.upper() for department in from_.departments),
            issuer=unit.name.upper(),
            place=unit.place or DOTS,
            name=unit.name,
        ),
        bases=_bases(report),
        body=tuple(_body(report, from_, rows, activities)),
        signatures=(_signature(signing, sample=sample),),
        recipients=tuple(recipients),
        archive="VT",
        appendices=(_indicators_appendix(rows), _activities_appendix(activities)),
        contact=_contact(report),
        sample=sample,
        made=figures.reported_on(report),
    )


def docx(report: Report, unit: Organisation, *, signing: str = Signing.DIRECTOR) -> bytes:
    """The paper as DOCX: with DỰ THẢO across every page until the figures are frozen."""
    drawn = paper(report, unit, rows=figures.told_lines(report), activities=figures.told_held(report), signing=signing)
    content = render(drawn)
    return content if report.frozen_at else watermarked(content)


def cover_slip(drawn: Paper, *, attachments: Sequence[str]) -> bytes:
    """The slip that goes with the paper from hand to hand."""
    return slip(drawn, attachments=attachments)
