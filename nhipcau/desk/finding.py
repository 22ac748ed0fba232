"""Everything the one search box of the desk looks through, and where each thing found is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb
from nhipcau.agreements.models import Agreement, Clause
from nhipcau.attendance.models import Registration
from nhipcau.core import search
from nhipcau.core.models import SearchEntry
from nhipcau.evidence.models import Evidence
from nhipcau.outbox.models import Message
from nhipcau.plans.models import Direction
from nhipcau.reports.models import Report


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, its words, where to look at it, and its day or hour."""

    kind: str | Promise
    words: str
    url: str
    moment: date | None = None


@dataclass(frozen=True)
class Shelf:
    """Things of one kind: those of an agreement, and how one of them is told. `verb` is what one must be allowed."""

    kind: str
    rows: Callable[[Agreement], QuerySet[Any]]
    tell: Callable[[Any], Hit]
    verb: Verb = Verb.READ


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _activity(row: Activity) -> Hit:
    url = reverse("activities:activity", args=[row.pk])
    return Hit(_("Activity"), _joined(row.code, row.text("title")), url, row.starts_at)


def _guest(row: Registration) -> Hit:
    url = reverse("attendance:guests", args=[row.intake.activity_id]) + f"?q={row.code}"
    return Hit(_("Guest"), _joined(row.name, row.unit, row.intake.activity.code), url, row.registered_at)


def _clause(row: Clause) -> Hit:
    return Hit(_("Clause"), row.text("name"), reverse("evidence:clause", args=[row.pk]))


def _direction(row: Direction) -> Hit:
    url = reverse("plans:direction", args=[row.pk])
    return Hit(capfirst(row.get_kind_display()), _joined(row.text("wording"), row.issuer), url, row.said_on)


def _report(row: Report) -> Hit:
    return Hit(_("Report"), str(row), reverse("reports:report", args=[row.pk]), row.last_day)


def _evidence(row: Evidence) -> Hit:
    words = _joined(row.kind, row.note or row.link, row.activity.code if row.activity else "")
    return Hit(_("Evidence"), words, reverse("evidence:evidence", args=[row.pk]), row.day)


def _message(row: Message) -> Hit:
    return Hit(_("Mail"), _joined(row.subject, row.to), reverse("outbox:message", args=[row.pk]), row.created_at)


SHELVES = (
    Shelf("activities.activity", lambda a: Activity.objects.filter(plan__agreement=a), _activity),
    Shelf(
        "attendance.registration",
        lambda a: Registration.objects.filter(intake__activity__plan__agreement=a).select_related("intake__activity"),
        _guest,
        Verb.GUESTS,
    ),
    Shelf("agreements.clause", lambda a: Clause.objects.in_force().filter(agreement=a), _clause),
    Shelf("plans.direction", lambda a: Direction.objects.filter(agreement=a).select_related("issuer"), _direction),
    Shelf("reports.report", lambda a: Report.objects.filter(plan__agreement=a), _report),
    Shelf(
        "evidence.evidence",
        lambda a: Evidence.objects.current().filter(plan__agreement=a).select_related("kind", "activity"),
        _evidence,
    ),
    Shelf("outbox.message", lambda a: Message.objects.of(a).without_contents(), _message, Verb.MAIL),
)


def matching(query: str, agreement: Agreement, standing: Standing) -> QuerySet[SearchEntry]:
    """The entries of one agreement that this account may open, so that pages and their number tell of nothing else."""
    shelves = [shelf for shelf in SHELVES if standing.can(shelf.verb)]
    own = Q(pk__in=())
    for shelf in shelves:
        # Looked up for what was found, one by one: whatever else the agreement holds is not read.
        own |= Q(kind=shelf.kind) & Q(Exists(shelf.rows(agreement).order_by().filter(pk=OuterRef("object_id"))))
    return search.find(query, kinds=[shelf.kind for shelf in shelves]).filter(own)


def told(entries: Iterable[SearchEntry], agreement: Agreement) -> list[Hit]:
    """The entries of a page in their order; one query for each kind found on it."""
    entries = list(entries)
    hits: dict[tuple[str, int], Hit] = {}
    for shelf in SHELVES:
        keys = [entry.object_id for entry in entries if entry.kind == shelf.kind]
        if keys:
            hits |= {(shelf.kind, row.pk): shelf.tell(row) for row in shelf.rows(agreement).filter(pk__in=keys)}
    return [hit for entry in entries if (hit := hits.get((entry.kind, entry.object_id)))]
