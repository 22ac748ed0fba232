"""Find things by words, with or without marks, the same on SQLite and PostgreSQL.

One table for all rooms. A room puts its rows in with `put` and narrows a queryset with `narrow`; every word of the
query must begin a word of the text. Titles come before bodies and what agrees with the typed marks before the rest. Where
nothing holds every word, `near` finds titles in spite of slips of the hand. A room says in its `findable.py` how each of
its things is found, for `manage.py reindex_search`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Length
from django.utils.module_loading import autodiscover_modules

from nhipcau.core import trigrams, vietnamese
from nhipcau.core.models import SearchEntry, SearchGram

M = TypeVar("M", bound=models.Model)
R = TypeVar("R")
_WORD = re.compile(r"\w+")
MOST_WORDS = 12
#: So many titles are looked at more closely where a query has slips.
CANDIDATES = 80
NEAR_ENOUGH = 0.6
_BATCH = 500


@dataclass(frozen=True)
class Text:
    """What a thing is found by. Titles are found in spite of slips; `moment` decides between equals, newer first."""

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    language: str = ""
    moment: datetime | None = None


def folded(*texts: str) -> str:
    """The words of the texts without marks, separated by single spaces."""
    return " ".join(_WORD.findall(vietnamese.fold(" ".join(t for t in texts if t))))


def canonical(*texts: str) -> str:
    """The words of the texts with marks in one style."""
    return " ".join(_WORD.findall(vietnamese.canon_key(" ".join(t for t in texts if t))))


# --- what is found ------------------------------------------------------------------------------
def put(kind: str, object_id: int, *texts: str, **more: Any) -> None:
    """Make a record findable by these texts, replacing what it was findable by; `more` as in `Text`.

    One upsert; with a title three statements.
    """
    put_texts(kind, [(object_id, Text(body=texts, **more))])


def put_many(kind: str, records: Iterable[tuple[int, tuple[str, ...]]]) -> None:
    """Make many records findable that have no title."""
    put_texts(kind, ((pk, Text(body=texts)) for pk, texts in records))


def put_text(kind: str, object_id: int, text: Text) -> None:
    """The same for what a room's `findable.py` says of a record."""
    put_texts(kind, [(object_id, text)])


@transaction.atomic(savepoint=False)
def put_texts(kind: str, records: Iterable[tuple[int, Text]]) -> int:
    """Make many records findable, replacing what they were findable by; how many."""
    done = 0
    for batch in _batches(records):
        entries = SearchEntry.objects.bulk_create(
            [_entry(kind, pk, text) for pk, text in batch],
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=["folded", "canonical", "title_folded", "title_canonical", "language", "moment"],
        )
        put_grams(entries, SearchGram)
        done += len(batch)
    return done


def _batches(records: Iterable[R]) -> Iterator[list[R]]:
    rows = iter(records)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _entry(kind: str, pk: int, text: Text) -> SearchEntry:
    return SearchEntry(
        kind=kind,
        object_id=pk,
        folded=folded(*text.title, *text.body),
        canonical=canonical(*text.title, *text.body),
        title_folded=folded(*text.title),
        title_canonical=canonical(*text.title),
        language=text.language,
        moment=text.moment,
    )


def put_grams(entries: Iterable[Any], model: Any) -> None:
    """Write the trigrams of titles anew; `model` is the table, in a migration the one of that day."""
    titled = [entry for entry in entries if entry.title_folded]
    if titled:
        model.objects.filter(entry_id__in=[entry.pk for entry in titled]).delete()
        rows = (
            model(entry_id=entry.pk, gram=gram)
            for entry in titled
            for gram in sorted(trigrams.grams(entry.title_folded))
        )
        model.objects.bulk_create(rows, batch_size=_BATCH)


def entitle(apps: Any, kind: str, records: Iterable[tuple[int, Text]]) -> None:
    """For migrations: give entries their titles, language and moment, and make those there are not yet."""
    table, grams = apps.get_model("core", "SearchEntry"), apps.get_model("core", "SearchGram")
    for batch in _batches(records):
        texts = dict(batch)
        known = {entry.object_id: entry for entry in table.objects.filter(kind=kind, object_id__in=texts)}
        for pk, text in texts.items():
            new = _entry(kind, pk, text)
            entry = known.get(pk) or table(kind=kind, object_id=pk, folded=new.folded, canonical=new.canonical)
            entry.title_folded, entry.title_canonical = new.title_folded, new.title_canonical
            entry.language, entry.moment = new.language, new.moment
            entry.save()
            known[pk] = entry
        put_grams(known.values(), grams)


def remove(kind: str, *object_ids: int) -> None:
    """Forget records."""
    SearchEntry.objects.filter(kind=kind, object_id__in=object_ids).delete()


def move(kind: str, object_ids: Iterable[int], *, moment: datetime) -> None:
    """What newer and older go by has changed; one statement."""
    SearchEntry.objects.filter(kind=kind, object_id__in=list(object_ids)).update(moment=moment)


# --- every thing there is, to write the table anew --------------------------------------------------
Texts = Callable[[], Iterator[tuple[int, Text]]]
_sources: dict[str, Texts] = {}


def source(kind: str) -> Callable[[Texts], Texts]:
    """Say in a room's `findable.py` how all its things of a kind are found."""

    def register(texts: Texts) -> Texts:
        _sources[kind] = texts
        return texts

    return register


def sources() -> dict[str, Texts]:
    """Every kind there is, in alphabetical order."""
    autodiscover_modules("findable")
    return dict(sorted(_sources.items()))


@transaction.atomic
def reindex(kind: str) -> int:
    """Write everything of a kind anew and forget what is no more; how many."""
    kept: set[int] = set()

    def noted() -> Iterator[tuple[int, Text]]:
        for pk, text in sources()[kind]():
            kept.add(pk)
            yield pk, text

    done = put_texts(kind, noted())
    stale = set(SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True)) - kept
    for batch in _batches(sorted(stale)):
        remove(kind, *batch)
    return done


# --- finding ------------------------------------------------------------------------------------
def words_of(query: str) -> list[str]:
    """The words asked for, without marks."""
    return _WORD.findall(vietnamese.fold(query))[:MOST_WORDS]


def typed(query: str) -> list[str]:
    """The words asked for as they were typed, tone marks in one place: what `core.highlights` wants."""
    return _WORD.findall(vietnamese.canon_key(query))[:MOST_WORDS]


def _matching(query: str) -> RawSQL | None:
    words = words_of(query)
    if not words:
        return None
    if connection.vendor == "sqlite":
        terms = " ".join(f'"{word}"*' for word in words)
        return RawSQL("SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s", (terms,))
    terms = " & ".join(f"{word}:*" for word in words)
    return RawSQL(
        "SELECT id FROM core_searchentry WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', %s)", (terms,)
    )


def _holds(column: str, words: Iterable[str]) -> models.Q:
    """Every word begins a word of the column, which `_padded` put a space before."""
    held = models.Q()
    for word in words:
        held &= models.Q(**{f"{column}__contains": f" {word}"})
    return held


def _padded(column: str) -> Concat:
    return Concat(models.Value(" "), column, output_field=models.TextField())


def rank(query: str) -> models.Case:
    """0 where the title holds what was typed as it was typed, up to 5 where only the text holds the words somewhere.

    Needs the annotations of `ranked`. A word typed without marks agrees with any marks.
    """
    words = words_of(query)
    as_typed = typed(query)
    marked = [word for word, bare in zip(as_typed, words, strict=False) if word != bare]
    whole = " ".join(words)
    cases = [models.When(_holds("in_title", [whole]) & _holds("in_title", words), then=models.Value(2))]
    if marked:
        exact = _holds("in_marked_title", marked) & _holds("in_title", words)
        cases = [
            models.When(_holds("in_marked_title", [" ".join(as_typed)]) & exact, then=models.Value(0)),
            models.When(exact, then=models.Value(1)),
            *cases,
        ]
    cases.append(models.When(_holds("in_title", words), then=models.Value(3)))
    if marked:
        cases.append(models.When(_holds("in_marked_text", marked), then=models.Value(4)))
    return models.Case(*cases, default=models.Value(5))


def ranked(entries: models.QuerySet[SearchEntry], query: str) -> models.QuerySet[SearchEntry]:
    """The entries with their `rank`."""
    if not words_of(query):
        return entries.annotate(rank=models.Value(0))
    return entries.alias(
        in_title=_padded("title_folded"),
        in_marked_title=_padded("title_canonical"),
        in_marked_text=_padded("canonical"),
    ).annotate(rank=rank(query))


def all_entries() -> models.QuerySet[SearchEntry]:
    """Whatever there is to be found."""
    return SearchEntry.objects.all()


def matching(query: str) -> models.QuerySet[SearchEntry]:
    """Entries matching every word, in no order. An empty query matches nothing."""
    found = _matching(query)
    return SearchEntry.objects.none() if found is None else SearchEntry.objects.filter(pk__in=found)


def find(query: str, *, kinds: Iterable[str] = ()) -> models.QuerySet[SearchEntry]:
    """Entries matching every word, best and then newest first. An empty query matches nothing."""
    entries = matching(query)
    kinds = list(kinds)
    if kinds:
        entries = entries.filter(kind__in=kinds)
    found: Any = ranked(entries, query)  # what is annotated there is not seen here
    return found.order_by("rank", models.F("moment").desc(nulls_last=True), "folded", "pk")  # type: ignore[no-any-return]


def narrow(rows: models.QuerySet[M], query: str, *, kind: str) -> models.QuerySet[M]:
    """The rows of a list that match the query; all of them when nothing was typed. No extra statement."""
    if not query.strip():
        return rows
    if not words_of(query):
        return rows.none()
    return rows.filter(pk__in=matching(query).filter(kind=kind).values("object_id"))


@dataclass(frozen=True)
class Near:
    """Titles that come near a query with slips in it, nearest first; what was probably meant, with its marks."""

    entries: Sequence[SearchEntry]
    meant: str = ""


def near(query: str, *, within: models.QuerySet[SearchEntry]) -> Near:
    """Look for titles in spite of slips: three signs in a row find candidates, their words decide. One query."""
    words = words_of(query)
    wanted = trigrams.grams(" ".join({*words, *map(trigrams.untyped, words)}))
    if not wanted:
        return Near(())
    fewest = max(2, round(len(trigrams.grams(" ".join(words))) * 0.3))
    candidates = (
        within.filter(grams__gram__in=wanted)
        .annotate(shared=models.Count("grams"))
        .filter(shared__gte=min(fewest, len(wanted)))
        .order_by("-shared", Length("title_folded"), models.F("moment").desc(nulls_last=True), "kind", "object_id")
    )
    found = []
    for entry in candidates[:CANDIDATES]:
        likeness, places = trigrams.nearest(words, entry.title_folded.split())
        if likeness >= NEAR_ENOUGH:
            found.append((likeness, entry, places))
    # Stable: equals stay in the order of the candidates.
    found.sort(key=lambda one: (-one[0], -(one[1].moment.timestamp() if one[1].moment else 0)))
    if not found:
        return Near(())
    _likeness, best, places = found[0]
    marked = best.title_canonical.split()
    meant = " ".join(
        " ".join(marked[n] for n in place) if place and len(marked) > place[-1] else word
        for word, place in zip(words, places, strict=True)
    )
    return Near(tuple(entry for _likeness, entry, _places in found), meant)
