"""What several public pages need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.urls import reverse

from nhipcau.activities.models import Activity, Change
from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.agreements.models import Agreement
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Organisation
from nhipcau.website.seats import seats_of


def current_agreement() -> Agreement | None:
    """The agreement the site is about: the latest signed; one query."""
    return Agreement.objects.first()


def calendars_of_units(units: Iterable[Organisation]) -> list[tuple[str, str]]:
    """The calendars of what units lead or take part in, as (name, address); no query."""
    return [(unit.text("name"), reverse("website:organisation_ics", args=[unit.pk])) for unit in units]


def is_sample(agreement: Agreement | None) -> bool:
    """Whether what is shown comes from the sample."""
    return bool(agreement and agreement.is_sample)


def shown_activities() -> ActivityQuerySet:
    """Public activities with what a row of a list shows, each with its own sample mark."""
    moved = Change.objects.filter(activity=OuterRef("pk"), kind=Change.Kind.MOVED)
    rows: ActivityQuerySet = Activity.objects.public().select_related("kind", "intake")
    return rows.annotate(moved=Exists(moved), is_sample=F("plan__agreement__is_sample"))


def with_seats(activities: Any, request: NowRequest) -> list[tuple[Activity, Any]]:
    """Each with its seats; no query beyond the rows."""
    return [(activity, seats_of(activity, at=request.now)) for activity in activities]
