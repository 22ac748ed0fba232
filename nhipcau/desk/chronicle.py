"""Who did what, as the desk asks it: of an agreement with filters, of one thing, of everything linked to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.core import journal, vietnamese
from nhipcau.core.journal import Line
from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import JournalEntry
from nhipcau.core.paging import CappedPaginator
from nhipcau.desk.forms import NOBODY, JournalFilter
from nhipcau.parties.models import User

WHOLE = "agreements.agreement"
PER_PAGE = 50
#: So many stand beside a thing.
LATEST = 5
MOST_ROWS = 20_000

May = Callable[[str], bool]


class JournalPaginator(CappedPaginator[JournalEntry]):
    """Leads as far back as a file does."""

    most = MOST_ROWS


def may_of(standing: Standing) -> May:
    """Whether somebody is allowed a verb named as text."""
    return lambda verb: standing.can(Verb(verb))


@dataclass(frozen=True)
class Subject:
    """What a story is about, and what its reader may see."""

    kind: str
    row: Model
    agreement: Agreement | None
    may: May

    @property
    def key(self) -> str:
        """The key as the journal keeps it."""
        return str(self.row.pk)


def access_subject(request: HttpRequest, kind: str, key: str) -> Subject:
    """The thing a story is about. What belongs to no agreement is for administrators, and for whom its room lets in.

    Raises Http404 for what there is not and for outsiders, PermissionDenied where its entries are not for the reader.
    """
    thing = journal.thing_of_kind(kind)
    if thing is None or thing.model.__module__.partition(".")[0] != "nhipcau":
        raise Http404
    try:
        row = get_object_or_404(thing.model._base_manager, pk=key)
    except (ValueError, OverflowError):
        raise Http404 from None
    _whole, whole_id = journal.belongs(row, thing.whole)
    assert isinstance(request.user, User)
    if not whole_id:
        reads = journal.reader_of(kind)
        if not request.user.is_superuser:
            if reads is None:
                raise Http404
            reads(request, row)
        return Subject(kind, row, None, lambda verb: verb == Verb.READ or (reads is not None and verb == thing.sees))
    agreement = get_object_or_404(Agreement, pk=whole_id)
    may = may_of(access_agreement(request, agreement))
    if not may(thing.sees):
        raise PermissionDenied
    return Subject(kind, row, agreement, may)


def seen(rows: QuerySet[JournalEntry], may: May) -> QuerySet[JournalEntry]:
    """Without the entries that are not for the reader."""
    return rows.exclude(kind__in=journal.hidden_kinds(may, journal.kinds()))


# --- the whole agreement ----------------------------------------------------------------------
def of_agreement(agreement: Agreement, *, may: May, administrator: bool) -> QuerySet[JournalEntry]:
    """Every entry of an agreement; for administrators also what belongs to none."""
    own = Q(whole_kind=WHOLE, whole_id=str(agreement.pk))
    if administrator:
        own |= Q(whole_kind="")
    return seen(JournalEntry.objects.filter(own), may)


def narrowed(rows: QuerySet[JournalEntry], filters: JournalFilter, q: str) -> QuerySet[JournalEntry]:
    """By who, what kind of thing, days and words without marks; whatever cannot be read narrows nothing.

    Unnarrowed, acts that were part of another act stand beneath that one.
    """
    filters.is_valid()
    chosen = filters.cleaned_data
    words = vietnamese.fold(q).split()
    if not (words or any(chosen.values())):
        return rows.filter(part_of__isnull=True)
    if who := chosen.get("who"):
        rows = rows.filter(by_id=None) if who == NOBODY else rows.filter(by_id=int(who))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if first := chosen.get("first"):
        rows = rows.filter(at__gte=_midnight(first))
    if last := chosen.get("last"):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    for word in words:
        rows = rows.filter(folded__contains=word)
    return rows


def _midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL)


def told(entries: Iterable[JournalEntry], *, may: May) -> list[Line]:
    """Entries as lines, those done within them beneath; one query."""
    entries = list(entries)
    within: dict[int, list[JournalEntry]] = {}
    keys = [entry.id for entry in entries]
    for inner in seen(JournalEntry.objects.filter(part_of__in=keys), may).order_by("at", "id"):
        within.setdefault(inner.part_of or 0, []).append(inner)
    lines = journal.lines(entries, may=may)
    for line in [one for outer in lines for one in (outer, *outer.inner)]:
        if line.key and (inner_entries := within.get(int(line.key))) and not line.inner:
            line.inner = journal.lines(inner_entries, may=may)
    return lines


# --- one thing and all that hangs on it -------------------------------------------------------
def latest(subject: Subject) -> list[Line]:
    """The last few acts on the thing itself; one query."""
    rows = journal.of_thing(subject.kind, [subject.key]).order_by("-at", "-id")[:LATEST]
    return journal.lines(rows, may=subject.may)


@dataclass(frozen=True)
class Story:
    """One page of a story, latest first."""

    page: Page[JournalEntry]
    lines: Sequence[Line]


def story(subject: Subject, number: str | None) -> Story:
    """Everything linked to a thing: the acts of a page, and among them what rows outside the journal tell of these days."""
    keys = journal.everything(subject.kind, subject.key)
    rows = seen(journal.entries_of(keys), subject.may).order_by("-at", "-id")
    page = JournalPaginator(rows, PER_PAGE).get_page(number)
    entries = list(page.object_list)
    lines = journal.lines(entries, may=subject.may)
    oldest = entries[-1].at if entries and page.has_next() else None
    newest = _newest_before(rows, page)
    for line in journal.tallies(keys):
        if (oldest is None or line.at >= oldest) and (newest is None or line.at < newest):
            lines.append(line)
    lines.sort(key=lambda line: line.at, reverse=True)
    return Story(page, lines)


def _newest_before(rows: QuerySet[JournalEntry], page: Page[JournalEntry]) -> datetime | None:
    """Up to where the page before told."""
    if not page.has_previous():
        return None
    return rows[page.start_index() - 2].at


def whole_story(subject: Subject) -> tuple[list[Line], int]:
    """The same unpaged, for a file; at most twenty thousand acts, and how many were left out."""
    keys = journal.everything(subject.kind, subject.key)
    rows = seen(journal.entries_of(keys), subject.may).order_by("-at", "-id")
    lines = [*journal.lines(rows[:MOST_ROWS], may=subject.may, runs=False), *journal.tallies(keys)]
    left_out = max(rows.order_by().count() - MOST_ROWS, 0)
    return sorted(lines, key=lambda line: line.at, reverse=True), left_out
