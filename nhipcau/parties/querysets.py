"""The questions asked of organisations, people and roles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest

if TYPE_CHECKING:
    from nhipcau.parties.models import Delegation, Membership, Organisation, Person, Supervision, User


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

    def meeting(self, first: date, last: date | None) -> MembershipQuerySet:
        """Those in force on some day from one on, to another where there is a last one."""
        lasting = self.filter(Q(last_day__isnull=True) | Q(last_day__gte=Greatest("first_day", first)))
        return lasting if last is None else lasting.filter(first_day__lte=last)

    def of(self, user: User) -> MembershipQuerySet:
        """Those of one account."""
        return self.filter(user=user)

    def lent_to(self, user: User, *, day: date) -> MembershipQuerySet:
        """Roles of others in whose place an account acts on a day; a role lent cannot be lent on.

        Who no longer has a role in the organisation acts for nobody there.
        """
        colleague = self.model.objects.filter(user=user, organisation=OuterRef("organisation")).holding(day=day)
        return self.holding(day=day).filter(
            Exists(colleague),
            role__in=("director", "officer"),
            user__is_active=True,
            organisation=F("user__delegations_given__organisation"),
            user__delegations_given__delegate=user,
            user__delegations_given__withdrawn_at__isnull=True,
            user__delegations_given__first_day__lte=day,
            user__delegations_given__last_day__gte=day,
        )


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Sets of delegations."""

    def standing(self) -> DelegationQuerySet:
        """Those nobody withdrew."""
        return self.filter(withdrawn_at__isnull=True)

    def holding(self, *, day: date) -> DelegationQuerySet:
        """Those in force on a day."""
        return self.standing().filter(_holding(day))

    def meeting(self, first: date, last: date) -> DelegationQuerySet:
        """Those in force on some day between two."""
        return self.standing().filter(first_day__lte=last, last_day__gte=first)


class PersonQuerySet(models.QuerySet["Person"]):
    """Sets of people."""

    def with_phone(self, phone: str) -> PersonQuerySet:
        """Those known by a mobile number in E.164."""
        return self.filter(phone=phone)
