"""Reports of the sample: drafted by an officer, explained, frozen by both directors, issued by both records offices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from nhipcau.core import days
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Organisation, Supervision
from nhipcau.plans.models import Phase
from nhipcau.reports import figures
from nhipcau.reports.models import Issue, Report, Snapshot
from nhipcau.reports.services import (
    NARRATIVE,
    Sections,
    draft_digest,
    draft_report,
    explain,
    freeze_report,
    mark_seen,
    prepare_snapshot,
    record_issue,
    release_snapshot,
    revise_narrative,
)
from nhipcau.sample import content, dates, proofs
from nhipcau.sample.programme import Programme


def reports(programme: Programme, order: int, phase: Phase) -> Iterator[Callable[[], None]]:
    """What is still to be done about a phase's report: a draft while the phase runs, the issued paper afterwards."""
    today = local_day(programme.now)
    if phase.first_day > today:
        return
    over = phase.report_due is not None and phase.report_due < today
    report = Report.objects.filter(plan=programme.plan, phase=phase).first()
    if report is None:
        yield partial(_draft, programme, order, phase, over=over)
    if over:
        if report is None or report.frozen_at is None:
            yield partial(_freeze, programme, order, phase)
        issued = set(Issue.objects.filter(report__phase=phase).values_list("organisation_id", flat=True))
        for told in _told(programme, order)["issued"]:
            if _party(programme, told["party"]).pk in issued:
                continue
            yield partial(_issue, programme, phase, told)


def publication(programme: Programme) -> Iterator[Callable[[], None]]:
    """What the public may see: as of the last phase reported, seen by both departments, released by both directors."""
    if Snapshot.objects.filter(plan=programme.plan).exists():
        return
    frozen = Report.objects.frozen().filter(plan=programme.plan, kind=Report.Kind.PHASE).order_by("-last_day").first()
    if frozen is not None and frozen.issues.count() == len(programme.parties):
        yield partial(_publish, programme, frozen)


def _publish(programme: Programme, report: Report) -> None:
    day = days.next_working_day(max(report.issues.values_list("issued_on", flat=True)))
    at = dates.moment(day, 9)
    if at + timedelta(hours=8) > programme.now:
        return
    with transaction.atomic():
        snapshot = prepare_snapshot(plan=programme.plan, by=programme.officer(programme.parties[0]), at=at)
        above = Supervision.objects.holding(day=day).filter(unit__in=programme.parties)
        for number, symbol in enumerate(above.values_list("department__symbol", flat=True), start=1):
            mark_seen(snapshot=snapshot, by=programme.users[f"canbo.{symbol.lower()}"], at=at + timedelta(hours=number))
        for number, party in enumerate(programme.parties, start=5):
            release_snapshot(snapshot=snapshot, by=programme.director(party), at=at + timedelta(hours=number))


def _told(programme: Programme, order: int) -> dict[str, Any]:
    """What the officers wrote about a phase; nothing for those no copy has come to the end of."""
    for row in content.read(f"results-{programme.key}")["reports"]:
        if row["phase"] == order:
            told: dict[str, Any] = row
            return told
    return {"issued": []}


def _day(programme: Programme, written: date | str) -> date:
    """A written day as it lies in this year."""
    if isinstance(written, date):
        return written
    planned = date(content.PLANNED_YEAR, *map(int, written.split("-")))
    return programme.timetable.office_day(planned)


def _report(programme: Programme, phase: Phase) -> Report:
    return Report.objects.select_related("plan__agreement", "phase").get(plan=programme.plan, phase=phase)


def _draft(programme: Programme, order: int, phase: Phase, *, over: bool) -> None:
    """Begin it on the working day after the phase, or two days ago while the phase runs."""
    window = programme.plan.windows()[phase.pk]
    told = _told(programme, order)
    at = dates.moment(window.last + timedelta(days=1), 9) if over else programme.now - timedelta(days=2)
    officer = programme.officer(programme.parties[0])
    sections: Sections = {"assessment": content.read("texts")["draft"]["assessment"]}
    if over:
        sections = {name: "\n".join(told.get(name, [])) for name in NARRATIVE}  # type: ignore[assignment]  # its five keys
    with transaction.atomic():
        report = draft_report(
            plan=programme.plan,
            phase=phase,
            kind=Report.Kind.PHASE,
            first_day=window.first,
            last_day=window.last,
            by=officer,
            at=at,
        )
        revise_narrative(report=report, sections=sections, by=officer, at=at)


def _freeze(programme: Programme, order: int, phase: Phase) -> None:
    """Say why each target was missed, then both directors freeze what they saw."""
    report = _report(programme, phase)
    if report.frozen_at is not None:
        return
    at = dates.moment(_day(programme, _told(programme, order)["frozen_on"]), 10)
    whys = content.read("texts")["explanations"]
    with transaction.atomic():
        for line in figures.lines(report, indicators=figures.indicators_of(programme.plan)):
            if line.met is False:
                explain(
                    report=report,
                    indicator=line.indicator,
                    text=whys.get(line.indicator.code, whys["other"]),
                    by=programme.officer(programme.parties[0]),
                    at=at - timedelta(hours=1),
                )
        for party, later in zip(programme.parties, (0, 35), strict=True):
            freeze_report(
                report=report,
                digest_seen=draft_digest(_report(programme, phase)),
                by=programme.director(party),
                at=at + timedelta(minutes=later),
            )


def _issue(programme: Programme, phase: Phase, told: dict[str, Any]) -> None:
    """A records office enters number, date and signer, with the signed paper."""
    report = _report(programme, phase)
    party = _party(programme, told["party"])
    if report.issues.filter(organisation=party).exists():
        return
    number, symbol = told["number"].split("/")
    day = max(_day(programme, told["date"]), local_day(report.frozen_at)) if report.frozen_at else None
    if day is None:
        return
    position = told["block"][-1].capitalize()
    at = min(dates.moment(day, 15), programme.now)
    record_issue(
        report=report,
        organisation=party,
        number=int(number),
        symbol=symbol,
        issued_on=day,
        signer=told["signer"],
        signer_position=_position(position),
        upload=proofs.paper(
            name=f"{int(number):02}-{symbol}",
            unit=party.name,
            title=f"BÁO CÁO {phase.name}",
            lines=[
                f"Số: {told['number']}",
                f"Ngày ban hành: {day:%d/%m/%Y}",
                f"Kỳ số liệu: {report.first_day:%d/%m/%Y} đến {report.last_day:%d/%m/%Y}",
                f"Mã kiểm tra: {report.check_code}",
                *told["block"],
                told["signer"],
            ],
        ),
        by=programme.records(party),
        at=at,
    )


def _party(programme: Programme, slug: str) -> Organisation:
    return next(party for party in programme.parties if party.abbreviation.lower() == slug)


def _position(block: str) -> str:
    """A line of the signature block as a position: "PHÓ GIÁM ĐỐC" is "Phó Giám đốc"."""
    return {"Giám đốc": "Giám đốc", "Phó giám đốc": "Phó Giám đốc"}.get(block, block)


def closing_moment(programme: Programme) -> datetime:
    """When the planned year was closed: the week after its last report."""
    return dates.moment(programme.plan.last_day + timedelta(days=16), 9)
