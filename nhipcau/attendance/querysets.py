"""The questions asked of registrations and admissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

if TYPE_CHECKING:
    from nhipcau.attendance.models import CheckIn, Registration


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Sets of registrations."""

    def confirmed(self) -> RegistrationQuerySet:
        """Those with a seat."""
        return self.filter(state="confirmed")

    def waiting(self) -> RegistrationQuerySet:
        """Those waiting for a seat, first come first."""
        return self.filter(state="waiting").order_by("registered_at", "pk")

    def standing(self) -> RegistrationQuerySet:
        """Those not cancelled."""
        return self.exclude(state="cancelled")

    def with_arrival(self) -> RegistrationQuerySet:
        """Marked with whether the guest has come in (`arrived`)."""
        from nhipcau.attendance.models import CheckIn

        return self.annotate(
            arrived=Exists(CheckIn.objects.filter(registration=OuterRef("pk"), undone_at__isnull=True))
        )

    def whole(self) -> RegistrationQuerySet:
        """Read with all that admission needs: person, audience, activity, plan."""
        return self.select_related("person", "audience", "intake__activity__plan__agreement")

    def counters(self) -> dict[str, int]:
        """How many have a seat, wait, were cancelled, have come in; one query."""
        from nhipcau.attendance.models import CheckIn

        came = Exists(CheckIn.objects.filter(registration=OuterRef("pk"), undone_at__isnull=True))
        return self.order_by().aggregate(
            confirmed=Count("pk", filter=Q(state="confirmed")),
            waiting=Count("pk", filter=Q(state="waiting")),
            cancelled=Count("pk", filter=Q(state="cancelled")),
            arrived=Count("pk", filter=Q(came)),
        )


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    """Sets of admissions."""

    def standing(self) -> CheckInQuerySet:
        """Those not undone."""
        return self.filter(undone_at__isnull=True)
