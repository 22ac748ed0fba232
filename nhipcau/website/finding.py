"""What the public search looks through, how each thing is told, and what it is narrowed by.

Whether anybody may see a thing is asked of the thing itself each time, never of the search table: a draft, an article
under embargo or withdrawn, an activity that is not public stay unseen whatever the table holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from nhipcau.activities import findable as activities
from nhipcau.activities.models import Activity, Speaker
from nhipcau.agreements import findable as agreements
from nhipcau.agreements.models import Agreement, AttendingOfficial, Clause, Signatory, Topic
from nhipcau.core import search
from nhipcau.core.highlights import excerpt, highlight, segments
from nhipcau.core.language import reading
from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import Bilingual, SearchEntry
from nhipcau.newsroom import findable as news
from nhipcau.newsroom.findable import body_text
from nhipcau.newsroom.models import Article, Offered, Section
from nhipcau.newsroom.querysets import STEP

NEWS, ACTIVITIES, PEOPLE, DOCUMENTS = "news", "activities", "people", "documents"
GROUPS: dict[str, Promise] = {
    NEWS: _("News"),
    ACTIVITIES: _("Activities"),
    PEOPLE: _("People"),
    DOCUMENTS: _("Documents"),
}


@dataclass(frozen=True)
class Scope:
    """Where one looks: at which moment, and what the visitor chose."""

    at: datetime
    agreement: Agreement | None
    sections: Sequence[Section] = ()
    section: Section | None = None
    topic: Topic | None = None
    year: int | None = None
    language: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.section or self.topic or self.year or self.language)

    def section_of(self, article: Article) -> Section | None:
        """The section an article stands in; no query."""
        return next((one for one in self.sections if one.path == article.path[:-STEP]), None)


@dataclass(frozen=True)
class Said:
    """Words, and the language they are in where that is not the language of the page."""

    text: str = ""
    language: str = ""


@dataclass(frozen=True)
class Hit:
    """One thing found, as the page tells it."""

    kind: str | Promise
    title: Said
    url: str
    text: Said = field(default_factory=Said)
    about: Said = field(default_factory=Said)
    day: date | datetime | None = None
    is_sample: bool = False
    words: Sequence[str] = ()

    @property
    def label(self) -> str:
        """What it is, and of which year: the same title comes again every year."""
        return f"{self.kind} · {self.day.year}" if self.day else str(self.kind)

    @property
    def title_html(self) -> SafeString:
        """The title with what was asked for marked."""
        return highlight(self.title.text, self.words)

    @property
    def text_html(self) -> SafeString:
        """The part of the text that answers best, marked."""
        return highlight(excerpt(self.text.text, self.words), self.words)

    @property
    def title_pieces(self) -> list[tuple[str, bool]]:
        """The title in pieces, each with whether it was asked for."""
        return segments(self.title.text, self.words)


def _said(row: Bilingual, name: str) -> Said:
    """A bilingual text as the page shows it, marked as Vietnamese where the page is English and it is not."""
    language = reading()
    fallen_back = language == "en" and not getattr(row, f"{name}_en")
    return Said(row.text(name, language), "vi" if fallen_back else "")


def _written(text: str, language: str) -> Said:
    return Said(text, "" if language == reading() else language)


def _article(row: Article, scope: Scope, words: Sequence[str]) -> Hit:
    language = row.locale.language_code
    section = scope.section_of(row)
    return Hit(
        kind=_("Article"),
        title=_written(row.title, language),
        url=row.url or "",
        text=_written(f"{row.lead}\n{body_text(row)}", language),
        about=_written(section.title, language) if section else Said(),
        day=row.published_at,
        is_sample=row.is_sample,
        words=words,
    )


def _activity(row: Activity, scope: Scope, words: Sequence[str]) -> Hit:
    return Hit(
        kind=_("Activity"),
        title=_said(row, "title"),
        url=reverse("website:event", args=[row.slug]),
        text=_said(row, "summary"),
        about=_said(row, "venue"),
        day=row.starts_at,
        is_sample=row.is_sample,  # type: ignore[attr-defined]  # annotated below
        words=words,
    )


def _speaker(row: Speaker, scope: Scope, words: Sequence[str]) -> Hit:
    return Hit(
        kind=_("Speaker"),
        title=Said(row.name),
        url=reverse("website:event", args=[row.activity.slug]),
        text=_said(row, "position"),
        about=_said(row.activity, "title"),
        day=row.activity.starts_at,
        is_sample=row.is_sample,  # type: ignore[attr-defined]  # annotated below
        words=words,
    )


def _person(kind: Promise) -> Callable[[Any, Scope, Sequence[str]], Hit]:
    def tell(row: Signatory | AttendingOfficial, scope: Scope, words: Sequence[str]) -> Hit:
        signed = isinstance(row, Signatory)
        return Hit(
            kind=kind,
            title=Said(row.person.name),
            url=reverse("website:agreement") + ("#parties" if signed else "#officials"),
            text=_said(row, "position"),
            about=_said(row.party.organisation, "name") if isinstance(row, Signatory) else Said(),
            day=scope.agreement.signed_on if scope.agreement else None,
            is_sample=bool(scope.agreement and scope.agreement.is_sample),
            words=words,
        )

    return tell


def _clause(row: Clause, scope: Scope, words: Sequence[str]) -> Hit:
    return Hit(
        kind=_("Clause of the agreement"),
        title=_said(row, "name"),
        url=reverse("website:agreement") + "#clauses",
        text=_said(row, "wording"),
        day=scope.agreement.signed_on if scope.agreement else None,
        is_sample=bool(scope.agreement and scope.agreement.is_sample),
        words=words,
    )


def _document(row: Offered, scope: Scope, words: Sequence[str]) -> Hit:
    language = row.article.locale.language_code
    return Hit(
        kind=_("Document"),
        title=_written(row.document.title, language),
        url=row.document.url,
        about=_written(row.article.title, language),
        day=row.article.published_at,
        is_sample=row.article.is_sample,
        words=words,
    )


def _articles(scope: Scope) -> QuerySet[Any]:
    rows: QuerySet[Any] = Article.objects.public(at=scope.at).select_related("locale")
    return rows


def _activities(scope: Scope) -> QuerySet[Any]:
    return Activity.objects.public().annotate(is_sample=F("plan__agreement__is_sample"))


def _speakers(scope: Scope) -> QuerySet[Any]:
    rows = Speaker.objects.filter(activity__in=Activity.objects.public()).select_related("activity")
    return rows.annotate(is_sample=F("activity__plan__agreement__is_sample"))


def _signatories(scope: Scope) -> QuerySet[Any]:
    rows = Signatory.objects.filter(party__agreement=scope.agreement, person__erased_at=None)
    return rows.select_related("person", "party__organisation")


def _officials(scope: Scope) -> QuerySet[Any]:
    return AttendingOfficial.objects.filter(agreement=scope.agreement, person__erased_at=None).select_related("person")


def _clauses(scope: Scope) -> QuerySet[Any]:
    return Clause.objects.in_force().filter(agreement=scope.agreement)


def _documents(scope: Scope) -> QuerySet[Any]:
    return Offered.objects.public(at=scope.at).select_related("document", "article__locale")


@dataclass(frozen=True)
class Shelf:
    """Things of one kind: those anybody may see, how one is told, and by which field they have topic and section."""

    kind: str
    group: str
    rows: Callable[[Scope], QuerySet[Any]]
    tell: Callable[[Any, Scope, Sequence[str]], Hit]
    topic: str = ""
    path: str = ""

    def visible(self, scope: Scope) -> QuerySet[Any] | None:
        """Those the visitor may see and has not narrowed away; None where nothing of the kind can be meant."""
        rows = self.rows(scope)
        if scope.topic:
            if not self.topic:
                return None
            rows = rows.filter(**{self.topic: scope.topic})
        if scope.section:
            if not self.path:
                return None
            rows = rows.filter(**{f"{self.path}__startswith": scope.section.path})
        return rows.order_by()


SHELVES = (
    Shelf(news.ARTICLE, NEWS, _articles, _article, topic="topics", path="path"),
    Shelf(activities.ACTIVITY, ACTIVITIES, _activities, _activity, topic="topics"),
    Shelf(activities.SPEAKER, PEOPLE, _speakers, _speaker, topic="activity__topics"),
    Shelf(agreements.SIGNATORY, PEOPLE, _signatories, _person(_("Signed the agreement"))),
    Shelf(agreements.OFFICIAL, PEOPLE, _officials, _person(_("Attended the signing"))),
    Shelf(agreements.CLAUSE, DOCUMENTS, _clauses, _clause),
    Shelf(news.DOCUMENT, DOCUMENTS, _documents, _document, topic="article__topics", path="article__path"),
)


def seen(entries: QuerySet[SearchEntry], scope: Scope) -> QuerySet[SearchEntry]:
    """Of the entries those the visitor may see and has not narrowed away."""
    shown = Q(pk__in=())
    for shelf in SHELVES:
        rows = shelf.visible(scope)
        if rows is not None:
            # Looked up for what was found, one by one: whatever else there is is not read.
            shown |= Q(kind=shelf.kind) & Q(Exists(rows.filter(pk=OuterRef("object_id"))))
    entries = entries.filter(kind__in=[shelf.kind for shelf in SHELVES]).filter(shown)
    if scope.year:
        first, last = (datetime.combine(date(year, 1, 1), time(), LOCAL) for year in (scope.year, scope.year + 1))
        entries = entries.filter(moment__gte=first, moment__lt=last)
    if scope.language:
        entries = entries.filter(language__in=["", scope.language])
    return entries


def counted(entries: QuerySet[SearchEntry]) -> dict[str, int]:
    """How many there are of each group; one query."""
    by_kind = dict(entries.order_by().values_list("kind").annotate(n=Count("pk")))
    return {name: sum(by_kind.get(shelf.kind, 0) for shelf in SHELVES if shelf.group == name) for name in GROUPS}


def in_order(entries: QuerySet[SearchEntry], query: str) -> QuerySet[SearchEntry]:
    """What is in the reader's language first, then titles before bodies and typed marks before none, then the latest."""
    foreign = Case(When(language__in=["", reading()], then=Value(0)), default=Value(1))
    ranked: Any = search.ranked(entries, query)  # what is annotated there is not seen here
    order = ("foreign", "rank", F("moment").desc(nulls_last=True), "kind", "-object_id")
    return ranked.annotate(foreign=foreign).order_by(*order)  # type: ignore[no-any-return]


def of_group(entries: QuerySet[SearchEntry], group: str) -> QuerySet[SearchEntry]:
    """Those of one group."""
    return entries.filter(kind__in=[shelf.kind for shelf in SHELVES if shelf.group == group])


def told(entries: Iterable[SearchEntry], scope: Scope, words: Sequence[str]) -> list[Hit]:
    """The entries in their order; one query for each kind among them."""
    entries = list(entries)
    hits: dict[tuple[str, int], Hit] = {}
    for shelf in SHELVES:
        keys = [entry.object_id for entry in entries if entry.kind == shelf.kind]
        if keys:
            rows = shelf.rows(scope).filter(pk__in=keys)
            hits |= {(shelf.kind, row.pk): shelf.tell(row, scope, words) for row in rows}
    return [hit for entry in entries if (hit := hits.get((entry.kind, entry.object_id)))]
