"""What waits today: drawn from every room, sorted by day, each line one step from being done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb
from nhipcau.core.middleware import LOCAL, local_day
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.evidence.models import Awaiting, Evidence
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from nhipcau.plans.models import Direction, Milestone, Phase, Plan
from nhipcau.privacy.models import Request
from nhipcau.privacy.rules import answers_for
from nhipcau.reports.models import Report

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Due:
    """One line of Today. `at` is shown only where the hour matters."""

    day: date
    title: str
    note: str
    url: str
    action: str
    at: datetime | None = None

    def late(self, today: date) -> int:
        """Days overdue, 0 when it is not."""
        return max((today - self.day).days, 0)


def _activities(plan: Plan, standing: Standing, now: datetime) -> Iterator[Due]:
    """Activities soon to come, and those over whose file is still open: of one's own party where one has one."""
    today = local_day(now)
    rows = (
        Activity.objects.filter(plan=plan).exclude(state__in=["closed", "cancelled"]).select_related("lead", "intake")
    )
    if standing.parties:
        rows = rows.filter(Q(lead__in=standing.parties) | Q(partner__in=standing.parties))
    for activity in rows.filter(starts_at__lt=now + AHEAD).order_by("starts_at", "pk"):
        url = reverse("activities:activity", args=[activity.pk])
        if activity.ends_at < now:
            if standing.can(Verb.LEAD, party=activity.lead_id):
                held = activity.state == Activity.State.HELD
                yield Due(
                    local_day(activity.ends_at) + timedelta(days=7),
                    _("Close the file: %(title)s") % {"title": activity.text("title")}
                    if held
                    else _("Record the result: %(title)s") % {"title": activity.text("title")},
                    f"{activity.code} · {activity.lead.short}",
                    url,
                    _("Open"),
                )
        elif local_day(activity.starts_at) >= today:
            if local_day(activity.starts_at) == today and hasattr(activity, "intake") and standing.can(Verb.RECEIVE):
                yield Due(
                    today,
                    _("Reception desk: %(title)s") % {"title": activity.text("title")},
                    _("%(taken)d guests registered") % {"taken": activity.intake.taken},
                    reverse("attendance:reception", args=[activity.pk]),
                    _("Receive"),
                    at=activity.starts_at.astimezone(LOCAL),
                )
            yield Due(
                local_day(activity.starts_at),
                activity.text("title"),
                " · ".join(part for part in (activity.code, activity.text("venue"), activity.lead.short) if part),
                url,
                _("Open"),
                at=activity.starts_at.astimezone(LOCAL),
            )


def _evidence(plan: Plan, user: User, standing: Standing, today: date) -> Iterator[Due]:
    counts = Awaiting.objects.filter(plan=plan).aggregate(
        others=Count("pk", filter=~Q(recorded_by=user)), back=Count("pk", filter=Q(recorded_by=user, returned=True))
    )
    waiting = counts["others"]
    if waiting and standing.can(Verb.VERIFY):
        yield Due(
            today,
            ngettext(
                "%(count)d declared piece of evidence waits for verification",
                "%(count)d declared pieces of evidence wait for verification",
                waiting,
            )
            % {"count": waiting},
            _("It counts in reports only once another person has verified it."),
            reverse("evidence:inbox"),
            _("Verify"),
        )
    if not counts["back"]:
        return
    for row in (
        Evidence.objects.sent_back()
        .filter(plan=plan, recorded_by=user)
        .select_related("kind", "activity")
        .prefetch_related("verifications")[:20]
    ):
        last = [v for v in row.verifications.all() if v.due][-1]
        assert last.due is not None
        yield Due(
            last.due,
            _("Complete the evidence sent back: %(kind)s") % {"kind": row.kind},
            last.reason,
            reverse("evidence:evidence", args=[row.pk]),
            _("Complete"),
        )


def _directions(plan: Plan, standing: Standing, today: date) -> Iterator[Due]:
    for row in (
        Direction.objects.awaiting_answer()
        .filter(agreement=plan.agreement, due__isnull=False, due__lte=today + AHEAD)
        .filter(addressees__in=standing.parties)
        .select_related("issuer")
        .distinct()
    ):
        assert row.due is not None
        yield Due(
            row.due,
            _("Answer the %(kind)s: %(wording)s") % {"kind": row.get_kind_display(), "wording": row.text("wording")},
            str(row.issuer),
            reverse("plans:directions"),
            _("Answer"),
        )


def _reports(plan: Plan, standing: Standing, today: date) -> Iterator[Due]:
    """Phase reports due soon or overdue whose figures are not frozen, and what was frozen and waits to be issued."""
    reports = {report.phase_id: report for report in Report.objects.filter(plan__agreement=plan.agreement)}
    due: list[Phase] = list(plan.phases.all()) if sees_gaps(standing) else []  # read with the plan
    for phase in due:
        if phase.report_due is None or phase.report_due > today + AHEAD:
            continue
        report = reports.get(phase.pk)
        if report is not None and report.frozen_at is not None:
            continue
        yield Due(
            phase.report_due,
            _("Phase report: %(phase)s") % {"phase": phase},
            _("The figures are drafted and not frozen yet.") if report else _("Not drafted yet."),
            reverse("reports:report", args=[report.pk]) if report else reverse("reports:reports"),
            _("Open") if report else pgettext("report", "Draft"),
        )
    for organisation in standing.records_of():
        frozen = Report.objects.frozen().filter(plan=plan).exclude(issues__organisation=organisation)
        for report in frozen:
            assert report.frozen_at is not None
            yield Due(
                local_day(report.frozen_at) + timedelta(days=1),
                _("Record the issue: %(report)s") % {"report": report},
                _("Number, date, signer and the signed file, once the paper has gone out."),
                reverse("reports:report", args=[report.pk]),
                _("Record"),
            )


def _milestones(plan: Plan, standing: Standing, today: date) -> Iterator[Due]:
    rows = Milestone.objects.open().filter(plan=plan, day__lte=today + AHEAD)
    if not sees_gaps(standing):
        rows = rows.filter(day__gte=today)
    for milestone in rows:
        yield Due(
            milestone.day,
            _("Milestone: %(title)s") % {"title": milestone.text("title")},
            "",
            reverse("plans:plan_detail", args=[plan.pk]),
            _("Open"),
        )


def _mail(plan: Plan, standing: Standing, today: date) -> Iterator[Due]:
    stuck = Message.objects.of(plan.agreement).undecided().count() if standing.can(Verb.MAIL) else 0
    if stuck:
        yield Due(
            today,
            ngettext("%(count)d mail did not go out", "%(count)d mails did not go out", stuck) % {"count": stuck},
            _("Please check with the recipients and send again where needed."),
            reverse("outbox:outbox"),
            _("Look"),
        )


def _data_requests(standing: Standing, today: date) -> Iterator[Due]:
    """What people ask about their own data, with the day the law wants an answer."""
    parties = answers_for(standing)
    if not parties:
        return
    for row in Request.objects.of(parties).open().select_related("organisation", "owner")[:20]:
        yield Due(
            row.due if row.checked else min(row.due, row.confirm_due),
            _("Data request: %(kind)s") % {"kind": row.get_kind_display()},
            " · ".join(
                part
                for part in (
                    row.organisation.short,
                    "" if row.checked else _("make sure by telephone who asks"),
                    str(row.owner or ""),
                )
                if part
            ),
            reverse("privacy:request", args=[row.pk]),
            _("Answer"),
        )


def due_anyway(standing: Standing, *, now: datetime) -> list[Due]:
    """What is due where nothing is planned yet, soonest first; two statements at most."""
    return sorted(_data_requests(standing, local_day(now)), key=lambda line: line.day)


def due(plan: Plan, user: User, standing: Standing, *, now: datetime) -> list[Due]:
    """Everything that waits for this account, soonest first; a fixed number of statements."""
    today = local_day(now)
    lines = [
        *_activities(plan, standing, now),
        *_evidence(plan, user, standing, today),
        *_directions(plan, standing, today),
        *_reports(plan, standing, today),
        *_milestones(plan, standing, today),
        *_mail(plan, standing, today),
        *_data_requests(standing, today),
    ]
    return sorted(lines, key=lambda line: (line.day, line.at is None, line.at or now))
