"""The questions asked of activities."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from nhipcau.activities.models import Activity

#: The steps the desk sorts activities by, in their order.
STEPS = ("ahead", "unconfirmed", "held", "closed", "cancelled")


def _step(step: str, at: datetime) -> Q:
    if step == "ahead":
        return Q(state="planned", ends_at__gte=at)
    if step == "unconfirmed":
        return Q(state="planned", ends_at__lt=at)
    return Q(state=step)


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Sets of activities."""

    def steady_state(self, pk: int) -> str:
        """The state of an activity as it is now, which nobody changes until the running transaction ends; one query.

        Asked before any other row is locked: whoever moves or cancels an activity holds it first, too.
        """
        return self.select_for_update(no_key=True).values_list("state", flat=True).get(pk=pk)

    def public(self) -> ActivityQuerySet:
        """Those anybody may see: shown to the public and in a plan that is in force or closed."""
        return self.filter(is_public=True, plan__state__in=["adopted", "closed"])

    def followed_in(self, language: str) -> ActivityQuerySet:
        """Those held in a language or interpreted into it."""
        kinds = [kind for kind in self.model.Language.values if language in kind.split("-")]
        return self.filter(language__in=kinds)

    def upcoming(self, *, at: datetime) -> ActivityQuerySet:
        """Those not over yet, soonest first."""
        return self.filter(ends_at__gte=at).exclude(state="cancelled").order_by("starts_at", "pk")

    def past(self, *, at: datetime) -> ActivityQuerySet:
        """Those that are over, latest first."""
        return self.filter(ends_at__lt=at).order_by("-starts_at", "-pk")

    def awaiting_close(self, *, at: datetime) -> ActivityQuerySet:
        """Those over or held whose file is still open."""
        return self.filter(ends_at__lt=at, state__in=["planned", "held"])

    def at_step(self, step: str, *, at: datetime) -> ActivityQuerySet:
        """Those at one of STEPS: ahead, over but unconfirmed, held with an open file, closed, cancelled."""
        return self.filter(_step(step, at))

    def counted_by_step(self, *, at: datetime) -> dict[str, int]:
        """How many there are in all and at each of STEPS; one query."""
        counts = {step: Count("pk", filter=_step(step, at), distinct=True) for step in STEPS}
        return self.order_by().aggregate(all=Count("pk", distinct=True), **counts)
