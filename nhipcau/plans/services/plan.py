"""A plan is drafted, revised, agreed by the directors and closed."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from nhipcau.agreements.access import standing
from nhipcau.agreements.models import Agreement
from nhipcau.core import journal
from nhipcau.core.bilingual import rewrite
from nhipcau.core.happenings import announce
from nhipcau.core.middleware import local_day
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import User
from nhipcau.plans import errors
from nhipcau.plans.events import PhasesRedrawn
from nhipcau.plans.models import (
    Plan,
    PlanConsent,
)
from nhipcau.plans.services.common import make_revisable, save_or, spoken

#: A plan may end in the first month after its year (data from the 15th to the 14th).
_DAYS_OF_JANUARY = 31


def _year_taken(year: int) -> errors.YearTaken:
    return errors.YearTaken(
        _("There is already a plan for %(year)s. Open it instead, or choose another year.") % {"year": year}
    )


def _check_year(agreement: Agreement, year: int, last_day: date, *, but: Plan | None = None) -> None:
    taken = Plan.objects.of(agreement).filter(year=year)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise _year_taken(year)
    if not date(year, 1, 1) <= last_day <= date(year + 1, 1, _DAYS_OF_JANUARY):
        raise errors.OutsidePlan(
            _("The last day of the plan for %(year)s lies between %(first)s and %(last)s.")
            % {"year": year, "first": spoken(date(year, 1, 1)), "last": spoken(date(year + 1, 1, _DAYS_OF_JANUARY))}
        )


@journal.verb(result=True)
def create_plan(
    *,
    agreement: Agreement,
    year: int,
    title: str,
    last_day: date,
    by: User | None,
    at: datetime,
    title_en: str = "",
    copied_from: Plan | None = None,
) -> Plan:
    """Begin an empty draft.

    Raises YearTaken and OutsidePlan.
    """
    _check_year(agreement, year, last_day)
    plan = Plan(agreement=agreement, year=year, last_day=last_day, copied_from=copied_from)
    rewrite(plan, {"title": title, "title_en": title_en})
    save_or(plan, _year_taken(year))
    return plan


@journal.verb(of="plan", unless_same=True)
def revise_plan(
    *,
    plan: Plan,
    title: str,
    last_day: date,
    by: User | None,
    at: datetime,
    title_en: str = "",
    english_checked: bool = False,
) -> Plan:
    """Change title and last day.

    Raises PlanClosed, OutsidePlan, and DaysReversed when the last phase would have no day left.
    """
    make_revisable(plan, by=by, at=at)
    _check_year(plan.agreement, plan.year, last_day, but=plan)
    last_phase = plan.phases.order_by("-first_day").first()
    if last_phase is not None and last_day < last_phase.first_day:
        raise errors.DaysReversed(
            _("“%(phase)s” begins on %(day)s; the plan cannot end before that.")
            % {"phase": last_phase, "day": spoken(last_phase.first_day)}
        )
    redrawn = last_day != plan.last_day
    rewrite(plan, {"title": title, "title_en": title_en, "last_day": last_day}, english_checked=english_checked)
    plan.save()
    if redrawn:
        announce(PhasesRedrawn(plan=plan, by=by, at=at))
    return plan


@journal.exempt("changes nothing")
def last_change(plan: Plan) -> str:
    """The key of the latest act on a plan or on what is in it, consents aside; one query."""
    acts = JournalEntry.objects.filter(under_kind="plans.plan", under_id=str(plan.pk), verb__startswith="plans.")
    latest = acts.exclude(verb="plans.adopt_plan").order_by("-at", "-id").values_list("id", flat=True).first()
    return str(latest or "")


@journal.verb(of="plan", parts=("consents",))
def adopt_plan(*, plan: Plan, by: User, at: datetime, day: date | None = None, seen: str | None = None) -> Plan:
    """Record that every party whose director `by` is agrees; in force on the day (today unless told) all have.

    `seen` is the last change the director knows of. Raises WrongState, also where there was another one since,
    NotADirector and NotReady.
    """
    plan.refresh_from_db(from_queryset=Plan.objects.select_for_update())
    day = day or local_day(at)
    if plan.state != Plan.State.DRAFT:
        raise errors.WrongState(_("This plan has been agreed already."))
    parties = set(plan.agreement.parties.values_list("organisation_id", flat=True))
    mine = standing(by, plan.agreement, day=day)
    directs = mine.director_of()
    if not directs:
        raise errors.NotADirector(_("Only the directors of the parties can agree a plan."))
    if seen is not None and seen != last_change(plan):
        raise errors.WrongState(
            _(
                "The plan has been changed since you opened this page. Nothing was recorded; please look at it once more."
            )
        )
    if not plan.phases.exists() or not plan.objectives.exists():
        raise errors.NotReady(_("The plan needs at least one phase and one objective before it can be agreed."))
    agreed = set(plan.consents.values_list("organisation_id", flat=True))
    if directs <= agreed:
        raise errors.WrongState(
            _("You have agreed this plan already. It is in force once the other side agrees as well.")
        )
    PlanConsent.objects.bulk_create(
        PlanConsent(plan=plan, organisation_id=organisation, by=by, acted_for_id=mine.in_place_of(organisation), at=at)
        for organisation in sorted(directs - agreed)
    )
    if parties <= agreed | directs:
        plan.state = Plan.State.ADOPTED
        plan.adopted_on = day
        plan.save(update_fields=["state", "adopted_on"])
    return plan


@journal.verb(of="plan")
def close_plan(*, plan: Plan, by: User | None, at: datetime) -> Plan:
    """End a plan in force: from now on it is only read.

    Raises WrongState unless it is in force, DaysReversed before its last day is over.
    """
    if plan.state != Plan.State.ADOPTED:
        raise errors.WrongState(_("Only a plan in force can be closed."))
    if local_day(at) <= plan.last_day:
        raise errors.DaysReversed(
            _("The plan runs until %(day)s; it can be closed from the day after.") % {"day": spoken(plan.last_day)}
        )
    plan.state = Plan.State.CLOSED
    plan.save(update_fields=["state"])
    return plan
