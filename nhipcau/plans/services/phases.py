"""Phases begin on a day and end where the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nhipcau.core import journal
from nhipcau.core.bilingual import rewrite
from nhipcau.core.happenings import announce
from nhipcau.parties.models import User
from nhipcau.plans import errors
from nhipcau.plans.events import PhasesRedrawn
from nhipcau.plans.models import (
    Phase,
    Plan,
)
from nhipcau.plans.services.common import make_revisable, save_or, spoken

#: A plan may begin in the last month of the year before (data from the 15th to the 14th).
_LAST_MONTH = 12


def _day_taken(first_day: date) -> errors.PhaseDayTaken:
    return errors.PhaseDayTaken(_("Another phase of this plan begins on %(day)s.") % {"day": spoken(first_day)})


def _check_phase(plan: Plan, first_day: date, report_due: date | None, *, but: Phase | None = None) -> None:
    earliest = date(plan.year - 1, _LAST_MONTH, 1)
    if not earliest <= first_day <= plan.last_day:
        raise errors.OutsidePlan(
            _("A phase of this plan begins between %(first)s and %(last)s.")
            % {"first": spoken(earliest), "last": spoken(plan.last_day)}
        )
    same = plan.phases.filter(first_day=first_day)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise _day_taken(first_day)
    if report_due is not None and report_due < first_day:
        raise errors.DaysReversed(_("The report cannot be due before the phase begins."))


def _number_phases(plan: Plan) -> None:
    for order, phase in enumerate(plan.phases.order_by("first_day"), start=1):
        if phase.order != order:
            Phase.objects.filter(pk=phase.pk).update(order=order)


@journal.verb(result=True)
def create_phase(
    *,
    plan: Plan,
    name: str,
    first_day: date,
    by: User | None,
    at: datetime,
    name_en: str = "",
    report_due: date | None = None,
) -> Phase:
    """Let a phase begin on a day; it ends where the next one begins, the last one with the plan.

    Raises PlanClosed, OutsidePlan, PhaseDayTaken and DaysReversed.
    """
    make_revisable(plan, by=by, at=at)
    _check_phase(plan, first_day, report_due)
    phase = Phase(plan=plan, order=plan.phases.count() + 1, first_day=first_day, report_due=report_due)
    rewrite(phase, {"name": name, "name_en": name_en})
    save_or(phase, _day_taken(first_day))
    _number_phases(plan)
    phase.refresh_from_db(fields=["order"])
    announce(PhasesRedrawn(plan=plan, by=by, at=at))
    return phase


@journal.verb(of="phase", unless_same=True)
def revise_phase(
    *,
    phase: Phase,
    name: str,
    first_day: date,
    by: User | None,
    at: datetime,
    name_en: str = "",
    report_due: date | None = None,
    english_checked: bool = False,
) -> Phase:
    """Change a phase; its first day moves only between its neighbours, so that targets keep their place in the year.

    Raises PlanClosed, OutsidePlan, PhaseDayTaken, DaysReversed, PhasesSwapped, and what rooms above refuse because
    their rows would be left outside their phase.
    """
    plan = phase.plan
    make_revisable(plan, by=by, at=at)
    _check_phase(plan, first_day, report_due, but=phase)
    old = Phase.objects.get(pk=phase.pk).first_day
    low, high = sorted((old, first_day))
    between = plan.phases.exclude(pk=phase.pk).filter(first_day__gt=low, first_day__lt=high).first()
    if between is not None:
        raise errors.PhasesSwapped(
            _(
                "“%(phase)s” begins on %(day)s. A phase cannot be moved past its neighbour: the targets set for both "
                "would end up in the wrong days."
            )
            % {"phase": between, "day": spoken(between.first_day)}
        )
    rewrite(
        phase,
        {"name": name, "name_en": name_en, "first_day": first_day, "report_due": report_due},
        english_checked=english_checked,
    )
    save_or(phase, _day_taken(first_day))
    if first_day != old:
        announce(PhasesRedrawn(plan=plan, by=by, at=at))
    return phase


@journal.exempt("calls services that keep the journal")
@transaction.atomic
def create_quarters(*, plan: Plan, first_days: Sequence[date], by: User | None, at: datetime) -> list[Phase]:
    """Four phases of an empty plan, named after the quarters they begin with.

    Raises what `create_phase` raises.
    """
    return [
        create_phase(
            plan=plan,
            name=f"Giai đoạn {order} (Quý {roman})",
            name_en=f"Phase {order} (Q{order})",
            first_day=first_day,
            by=by,
            at=at,
        )
        for order, (roman, first_day) in enumerate(zip(("I", "II", "III", "IV"), first_days, strict=True), start=1)
    ]
