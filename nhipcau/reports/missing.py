"""What is still open before a report's figures are frozen, each with the place where it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.activities.models import Activity
from nhipcau.core.language import reading
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.plans.models import Direction, Milestone
from nhipcau.reports.figures import Line, lines
from nhipcau.reports.models import Report


@dataclass(frozen=True)
class Open:
    """One thing to settle, in words, and the step that settles it."""

    text: str
    url: str
    action: str
    planners: bool = False  # the step is only for those who may plan


def _dated(
    kind: str, rows: QuerySet[Activity] | QuerySet[Direction] | QuerySet[Milestone], text: str
) -> QuerySet[Activity]:
    named = rows.order_by().annotate(
        what=Value(kind, output_field=CharField()),
        vi=Cast(F(text), CharField()),
        en=Cast(F(f"{text}_en"), CharField()),
        **({} if kind != "activity" else {"on": TruncDate("ends_at", tzinfo=LOCAL)}),
    )
    day = {"activity": "on", "direction": "due", "milestone": "day"}[kind]
    return named.values_list("what", "pk", "vi", "en", day)  # type: ignore[return-value]  # only ever read as rows


def _rows(report: Report) -> list[tuple[str, int, str, str, date]]:
    """Open activities, directions and milestones of the window, by day; one query for all three."""
    plan = report.plan
    activities = (
        Activity.objects.filter(plan=plan, state__in=[Activity.State.PLANNED, Activity.State.HELD])
        .annotate(local=TruncDate("ends_at", tzinfo=LOCAL))
        .filter(local__gte=report.first_day, local__lte=report.last_day)
    )
    directions = Direction.objects.awaiting_answer().filter(
        agreement=plan.agreement_id, due__isnull=False, due__lte=report.last_day
    )
    milestones = Milestone.objects.open().filter(plan=plan, day__lte=report.last_day)
    found = _dated("activity", activities, "title").union(
        _dated("direction", directions, "wording"), _dated("milestone", milestones, "title"), all=True
    )
    rows: list[tuple[str, int, str, str, date]] = list(found)  # type: ignore[arg-type]  # a union of values
    return sorted(rows, key=lambda row: (row[4], row[0], row[1]))


def missing(report: Report, rows: Sequence[Line] | None = None, *, day: date | None = None) -> list[Open]:
    """What is still open in a draft; empty once frozen. Two queries when the lines are given.

    `day` is the day lateness is told on, the last day of the data unless given.
    """
    if report.frozen_at is not None:
        return []
    today = day or report.last_day
    english = reading() == "en"
    found: list[Open] = []
    waiting = (
        Evidence.objects.awaiting_verification()
        .filter(plan=report.plan, day__gte=report.first_day, day__lte=report.last_day)
        .count()
    )
    if waiting:
        said = ngettext(
            "%(count)d piece of evidence waits for verification",
            "%(count)d pieces of evidence wait for verification",
            waiting,
        )
        found.append(Open(said % {"count": waiting}, reverse("evidence:inbox"), _("Look")))
    for kind, pk, vi, en, on in _rows(report):
        title = Truncator(en if english and en else vi).chars(90)
        if kind == "activity":
            found.append(
                Open(_("The file of “%(title)s” is not closed") % {"title": title},
                     reverse("activities:activity", args=[pk]), _("Open"))
            )  # fmt: skip
        elif kind == "direction":
            found.append(
                Open(_("Not answered: “%(wording)s”") % {"wording": title},
                     reverse("plans:direction", args=[pk]), _("Answer"))
            )  # fmt: skip
        else:
            late = max((today - on).days, 0)
            said = ngettext(
                "Milestone “%(title)s” is %(days)d day late", "Milestone “%(title)s” is %(days)d days late", late
            )
            found.append(
                Open(said % {"title": title, "days": late},
                     reverse("plans:plan_detail", args=[report.plan_id]), _("Open"))
            )  # fmt: skip
    found.extend(
        Open(
            _("Target missed and not explained: %(name)s") % {"name": line.indicator},
            reverse("reports:explain", args=[report.pk, line.indicator.pk]),
            _("Explain"),
            planners=True,
        )
        for line in (lines(report) if rows is None else rows)
        if line.met is False and not line.explanation
    )
    return found
