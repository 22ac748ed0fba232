"""The questions asked of registrations and admissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

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


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    """Sets of admissions."""

    def standing(self) -> CheckInQuerySet:
        """Those not undone."""
        return self.filter(undone_at__isnull=True)
