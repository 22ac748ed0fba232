"""Drafting, freezing and recording the issue of reports."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from nhipcau.agreements.access import standing
from nhipcau.core import files, journal, search
from nhipcau.core.middleware import local_day
from nhipcau.core.uploads import PDF, Upload
from nhipcau.evidence.services import record_evidence
from nhipcau.parties.models import Organisation, Supervision, User
from nhipcau.plans.models import Indicator, Phase, Plan
from nhipcau.reports import figures, findable
from nhipcau.reports.errors import FiguresMoved, ReportRefused
from nhipcau.reports.models import FreezeConsent, Issue, Measurement, MeasurementEvidence, Report

NARRATIVE = ("assessment", "limits", "causes", "next_tasks", "proposals")
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Sections(TypedDict, total=False):
    """The parts of a report that people write, in Vietnamese."""

    assessment: str
    limits: str
    causes: str
    next_tasks: str
    proposals: str


@journal.verb(result=True)
def draft_report(
    *, plan: Plan, phase: Phase | None, kind: str, first_day: date, last_day: date, by: User, at: datetime
) -> Report:
    """Begin a report over a window of days.

    Raises ReportRefused when the days are reversed, lie outside the plan, the phase belongs to another plan, or a
    report of this kind over these days exists.
    """
    if last_day < first_day:
        raise ReportRefused(_("The last day of the data comes before the first day."))
    window = plan.window()
    if first_day < window.first or last_day > window.last:
        raise ReportRefused(
            _("The data window lies outside the plan, which runs from %(first)s to %(last)s.")
            % {"first": f"{window.first:%d/%m/%Y}", "last": f"{window.last:%d/%m/%Y}"}
        )
    if phase is not None and phase.plan_id != plan.pk:
        raise ReportRefused(_("The phase belongs to another plan. Please choose one of this plan."))
    if kind == Report.Kind.PHASE and phase is None:
        raise ReportRefused(_("Please choose the phase this report is about."))
    if kind == Report.Kind.PHASE and phase is not None:
        days = plan.windows()[phase.pk]
        if last_day < days.first or days.last < first_day:
            raise ReportRefused(_("The data window lies outside the phase. Please choose days of this phase."))
        if phase.reports.filter(kind=kind).exists():
            raise ReportRefused(_("This phase already has a report. Please open that one."))
    if Report.objects.filter(plan=plan, kind=kind, first_day=first_day, last_day=last_day).exists():
        raise ReportRefused(_("There is already a report of this kind over these days."))
    report = Report(
        plan=plan,
        phase=phase if kind == Report.Kind.PHASE else None,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        created_by=by,
        created_at=at,
        check_code=get_random_string(10, _CODE_LETTERS),
    )
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:  # somebody began the same one in this very moment
        raise ReportRefused(
            _("This phase already has a report. Please open that one.")
            if kind == Report.Kind.PHASE
            else _("There is already a report of this kind over these days.")
        ) from None
    search.put_text(findable.REPORT, report.pk, findable.report_text(report))
    return report


def _refuse_frozen(report: Report) -> None:
    if report.frozen_at is not None:
        raise ReportRefused(
            _("The figures of this report are frozen. Later corrections appear beside them, never in their place.")
        )


@journal.verb(of="report", parts=("explanations", "consents"), unless_same=True)
def explain(*, report: Report, indicator: Indicator, text: str, by: User, at: datetime) -> Measurement:
    """Say why a target was missed or a figure stands out; part of what is frozen.

    Whoever had frozen the figures before has to look again: other words, another digest.
    """
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    _refuse_frozen(report)
    if indicator.objective.plan_id != report.plan_id:
        raise ReportRefused(_("The indicator belongs to another plan."))
    measurement, _created = Measurement.objects.get_or_create(report=report, indicator=indicator)
    if measurement.explanation != text:
        measurement.explanation = text
        measurement.save(update_fields=["explanation"])
        report.consents.all().delete()
    return measurement


@journal.verb(of="report", unless_same=True)
def revise_narrative(*, report: Report, sections: Sections, by: User, at: datetime) -> Report:
    """Write the report's text, until a unit has issued it.

    It is not part of the digest, because heads of section and administration still polish it after the figures are
    frozen; the signed paper carries it. A section not given stays as it is.
    """
    if report.issues.exists():
        raise ReportRefused(_("A unit has already issued this report, so its text no longer changes."))
    kept: Mapping[str, object] = {**report.narrative, **sections}
    report.narrative = {name: str(kept.get(name, "")) for name in NARRATIVE}
    report.save(update_fields=["narrative"])
    return report


@journal.verb(of="report", parts=("consents",))
def freeze_report(*, report: Report, digest_seen: str, by: User, at: datetime) -> Report:
    """A director freezes the figures he or she saw; once both have frozen the same ones they are kept for good.

    Raises FiguresMoved when the ledger gives other figures than those seen, ReportRefused for anybody but a director
    of a party, for a window that is not over, and when already frozen.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("plan__agreement", "phase").get(pk=report.pk)
    _refuse_frozen(report)
    if report.last_day >= local_day(at):
        raise ReportRefused(
            _("The data window runs until %(day)s; figures can be frozen from the day after.")
            % {"day": f"{report.last_day:%d/%m/%Y}"}
        )
    mine = standing(by, report.plan.agreement, day=local_day(at))
    if not mine.director_of():
        raise ReportRefused(_("Only the director of a party can freeze figures."))
    indicators = figures.indicators_of(report.plan)
    rows = figures.lines(report, indicators=indicators)
    ids = figures.evidence_ids(report, indicators)
    content = figures.payload(report, rows, ids)
    seal = figures.digest(content)
    if seal != digest_seen:
        raise FiguresMoved(
            _("The figures have changed since you opened this page. Nothing was frozen; please look at them once more.")
        )
    report.consents.exclude(digest=seal).delete()
    for organisation in mine.director_of():
        FreezeConsent.objects.update_or_create(
            report=report,
            organisation_id=organisation,
            defaults={"digest": seal, "by": by, "acted_for_id": mine.in_place_of(organisation), "at": at},
        )
    parties = set(report.plan.agreement.parties.values_list("organisation_id", flat=True))
    if parties == set(report.consents.values_list("organisation_id", flat=True)):
        report.payload = content
        report.digest = seal
        report.frozen_at = at
        report.save(update_fields=["payload", "digest", "frozen_at"])
        for place, line in enumerate(rows):
            measurement, _created = Measurement.objects.update_or_create(
                report=report,
                indicator=line.indicator,
                defaults={
                    "value": line.value,
                    "target": line.target,
                    "cumulative": line.cumulative,
                    "counted": len(ids[line.indicator.pk]),
                    "definition": line.indicator.definition(),
                    "explanation": line.explanation,
                    "place": place,
                },
            )
            MeasurementEvidence.objects.bulk_create(
                [MeasurementEvidence(measurement=measurement, evidence_id=pk) for pk in ids[line.indicator.pk]],
                batch_size=5000,
            )
    return report


def draft_digest(report: Report) -> str:
    """The digest of the figures as the ledger gives them now: what a director is asked to freeze."""
    indicators = figures.indicators_of(report.plan)
    return figures.digest(
        figures.payload(report, figures.lines(report, indicators=indicators), figures.evidence_ids(report, indicators))
    )


@files.stores("upload", into=Issue.signed_file.field)
@journal.verb(result=True)
def record_issue(
    *,
    report: Report,
    organisation: Organisation,
    number: int,
    symbol: str,
    issued_on: date,
    signer: str,
    signer_position: str,
    upload: Upload,
    by: User,
    at: datetime,
) -> Issue:
    """Record what the records office did: number, date, signer and the signed file.

    Raises ReportRefused before both directors froze the figures, for a unit that is no party, a date before the
    freezing or still to come, a number already given that year, a file that is no PDF, and when this party's issue is
    recorded.
    """
    report = Report.objects.select_for_update(of=("self",)).select_related("plan", "phase").get(pk=report.pk)
    if report.frozen_at is None:
        raise ReportRefused(_("The figures are not frozen by both directors yet, so there is nothing to issue."))
    if not report.plan.agreement.parties.filter(organisation=organisation).exists():
        raise ReportRefused(_("Only a party of the agreement issues this report."))
    if number < 1:
        raise ReportRefused(_("The number of a paper begins at 01."))
    if issued_on < local_day(report.frozen_at) or issued_on > local_day(at):
        raise ReportRefused(
            _("The date of issue lies between the day the figures were frozen (%(day)s) and today.")
            % {"day": f"{local_day(report.frozen_at):%d/%m/%Y}"}
        )
    if upload.content_type != PDF:
        raise ReportRefused(_("Please upload the signed paper as PDF."))
    if report.issues.filter(organisation=organisation).exists():
        raise ReportRefused(_("The issue by this unit is already recorded."))
    given = ReportRefused(
        _("Number %(number)s was already given to another paper of this unit this year.")
        % {"number": f"{number:02d}/{symbol}"}
    )
    if Issue.objects.filter(organisation=organisation, number=number, symbol=symbol, year=issued_on.year).exists():
        raise given
    issue = Issue(
        report=report,
        organisation=organisation,
        number=number,
        symbol=symbol,
        issued_on=issued_on,
        year=issued_on.year,
        signer=signer,
        signer_position=signer_position,
        sha256=upload.sha256,
        signed_file=upload.stored,
        by=by,
        at=at,
    )
    try:
        with transaction.atomic():
            issue.save()
    except IntegrityError:  # another report of the unit took the number in this very moment
        raise given from None
    _record_sent(issue)
    return issue


def _record_sent(issue: Issue) -> None:
    """A phase report that went out is evidence: on time or not, and to which department.

    The last report of a year goes out after its plan has ended and still belongs to it: it counts on its last day.
    """
    report = issue.report
    if report.phase is None or report.phase.report_due is None:
        return
    above = Supervision.objects.holding(day=issue.issued_on).filter(unit=issue.organisation)
    record_evidence(
        plan=report.plan,
        activity=None,
        kind="report.sent",
        day=min(issue.issued_on, report.plan.last_day),
        source_ref=f"reports.issue:{issue.pk}",
        by=issue.by,
        at=issue.at,
        organisation=issue.organisation,
        dimensions={
            "on_time": ["yes" if issue.issued_on <= report.phase.report_due else "no"],
            "department": list(above.values_list("department__abbreviation", flat=True)),
        },
    )
