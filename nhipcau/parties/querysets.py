"""The questions asked of organisations, people and roles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from nhipcau.parties.models import Membership, Organisation, Person, Supervision, User


def _holding(day: date) -> Q:
    return Q(first_day__lte=day) & (Q(last_day__isnull=True) | Q(last_day__gte=day))


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Sets of organisations."""

    def supervising(self, unit: Organisation, *, day: date) -> OrganisationQuerySet:
        """The departments above a unit on a day."""
        return self.filter(
            Q(supervises__first_day__lte=day)
            & (Q(supervises__last_day__isnull=True) | Q(supervises__last_day__gte=day)),
            supervises__unit=unit,
        )


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Sets of dated supervision roles."""

    def holding(self, *, day: date) -> SupervisionQuerySet:
        """Those in force on a day."""
        return self.filter(_holding(day))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Sets of dated staff roles."""

    def holding(self, *, day: date) -> MembershipQuerySet:
        """Those in force on a day."""
        return self.filter(_holding(day))

    def of(self, user: User) -> MembershipQuerySet:
        """Those of one account."""
        return self.filter(user=user)


class PersonQuerySet(models.QuerySet["Person"]):
    """Sets of people."""

    def with_phone(self, phone: str) -> PersonQuerySet:
        """Those known by a mobile number in E.164."""
        return self.filter(phone=phone)
