"""Dated points of the roadmap are set and reached."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from nhipcau.core import journal
from nhipcau.core.bilingual import rewrite
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Organisation, User
from nhipcau.plans import errors
from nhipcau.plans.models import (
    Milestone,
    Plan,
)
from nhipcau.plans.services.common import make_revisable, spoken


def _check_milestone(plan: Plan, day: date, lead: Organisation | None) -> None:
    if abs(day.year - plan.year) > 1:
        raise errors.OutsidePlan(
            _("A milestone of the plan for %(year)s lies in that year, the one before or the one after.")
            % {"year": plan.year}
        )
    if lead is not None and not plan.agreement.parties.filter(organisation=lead).exists():
        raise errors.Elsewhere(_("The lead unit must be a party to the agreement."))


@journal.verb(result=True)
def create_milestone(
    *,
    plan: Plan,
    day: date,
    title: str,
    by: User | None,
    at: datetime,
    title_en: str = "",
    lead: Organisation | None = None,
    note: str = "",
) -> Milestone:
    """Put a dated point on the roadmap.

    Raises PlanClosed, OutsidePlan, Elsewhere, and WrongState for the same one once more: a form sent twice.
    """
    make_revisable(plan, by=by, at=at)
    _check_milestone(plan, day, lead)
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)  # two at once come one after the other
    if plan.milestones.filter(day=day, title=title).exists():
        raise errors.WrongState(_("There is already a milestone with this title on this day."))
    milestone = Milestone(plan=plan)
    rewrite(milestone, {"day": day, "title": title, "title_en": title_en, "lead": lead, "note": note})
    milestone.save()
    return milestone


@journal.verb(of="milestone", unless_same=True)
def revise_milestone(
    *,
    milestone: Milestone,
    day: date,
    title: str,
    by: User | None,
    at: datetime,
    title_en: str = "",
    lead: Organisation | None = None,
    note: str = "",
    english_checked: bool = False,
) -> Milestone:
    """Change a milestone.

    Raises PlanClosed, OutsidePlan and Elsewhere.
    """
    make_revisable(milestone.plan, by=by, at=at)
    _check_milestone(milestone.plan, day, lead)
    rewrite(
        milestone,
        {"day": day, "title": title, "title_en": title_en, "lead": lead, "note": note},
        english_checked=english_checked,
    )
    milestone.save()
    return milestone


@journal.verb(of="milestone", reason="note")
def reach_milestone(
    *, milestone: Milestone, by: User | None, at: datetime, day: date | None = None, note: str = ""
) -> Milestone:
    """Record that a milestone was reached, today unless another day is given.

    Raises PlanClosed, WrongState when it was reached already, DaysReversed for a day still to come.
    """
    if milestone.plan.state == Plan.State.CLOSED:
        raise errors.PlanClosed(_("This plan is closed. It can be read, but nothing in it changes any more."))
    milestone.refresh_from_db(from_queryset=Milestone.objects.select_for_update())
    day = day or local_day(at)
    if milestone.done_on is not None:
        raise errors.WrongState(
            _("This milestone was recorded as reached on %(day)s already.") % {"day": spoken(milestone.done_on)}
        )
    if day > local_day(at):
        raise errors.DaysReversed(_("This day has not come yet."))
    milestone.done_on = day
    milestone.note = note or milestone.note
    milestone.save(update_fields=["done_on", "note"])
    return milestone
