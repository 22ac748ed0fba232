"""What the verbs of this room share."""

from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from nhipcau.core import journal, vietnamese
from nhipcau.core.errors import Refusal
from nhipcau.core.language import reading
from nhipcau.core.models import Bilingual
from nhipcau.parties.models import User
from nhipcau.plans import errors
from nhipcau.plans.models import Plan

B = TypeVar("B", bound=Bilingual)


def spoken(day: date) -> str:
    """A day inside a sentence, in the reader's language."""
    return vietnamese.short_date(day, reading())


def save_or(row: Model, refusal: Refusal) -> None:
    """Save a row, or raise the refusal when somebody else put the same one there in this very moment.

    The services look first; this is for two at once, of which the database lets only one through.
    """
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refusal from None


def make_revisable(plan: Plan, *, by: User | None, at: datetime) -> None:
    """Nothing in a closed plan changes; a draft that changes must be agreed anew by those who had agreed it.

    Raises PlanClosed.
    """
    state = Plan.objects.values_list("state", flat=True).get(pk=plan.pk)
    if state == Plan.State.CLOSED:
        raise errors.PlanClosed(_("This plan is closed. It can be read, but nothing in it changes any more."))
    if state == Plan.State.DRAFT:
        agreed = list(plan.consents.select_related("organisation"))
        if agreed:
            plan.consents.all().delete()
            lapsed = journal.Seen({}, {"consents": journal.in_words(one.organisation for one in agreed)})
            journal.note(plan, verb="plans.consents_lapse", by=by, at=at, before=lapsed)
