"""The questions asked of notices, legal periods and requests."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Q, Subquery

if TYPE_CHECKING:
    from nhipcau.privacy.models import Access, LegalPeriod, Notice, Request


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Versions of what forms tell."""

    def in_use(self, form: str, *, day: date) -> Notice | None:
        """The latest version of a form's notice on a day; one query."""
        return self.filter(form=form, first_day__lte=day).order_by("-version").first()

    def current(self, *, day: date) -> NoticeQuerySet:
        """The version of every form in use on a day, by form; one query."""
        newest = self.filter(form=OuterRef("form"), first_day__lte=day).order_by("-version").values("pk")[:1]
        return self.filter(pk=Subquery(newest)).order_by("order", "form")


class LegalPeriodQuerySet(models.QuerySet["LegalPeriod"]):
    """Dated legal periods."""

    def holding(self, *, day: date) -> LegalPeriodQuerySet:
        """Those in force on a day."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day)

    def binding(self, kind: str, *, day: date) -> LegalPeriod | None:
        """The rule for a kind in force on the day of the act; the latest where two overlap; one query."""
        return self.holding(day=day).filter(kind=kind).order_by("-first_day").first()

    def child_age(self, *, day: date) -> int:
        """Under how many years a guardian consents, on the day of the act; one query."""
        rule = self.binding("child", day=day)
        return rule.n if rule else 16


class AccessQuerySet(models.QuerySet["Access"]):
    """Links a person opens the own data with."""

    def open(self, *, at: datetime) -> AccessQuerySet:
        """Those neither expired nor closed."""
        return self.filter(expires_at__gt=at, closed_at__isnull=True)


class RequestQuerySet(models.QuerySet["Request"]):
    """Sets of requests."""

    def open(self) -> RequestQuerySet:
        """Those not answered yet, soonest due first."""
        return self.filter(answered_at__isnull=True).order_by("due", "pk")

    def answered(self) -> RequestQuerySet:
        """Those answered, latest first."""
        return self.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")

    def of(self, organisations: Collection[int]) -> RequestQuerySet:
        """Those that these organisations answer for."""
        return self.filter(organisation__in=organisations)
