"""Find things by words, with or without marks, the same on SQLite and PostgreSQL.

One table for all rooms. A room puts its rows in with `put` and narrows a queryset with `narrow`; every word of the
query must begin a word of the text; matches that agree with the typed marks can be ranked first.
"""

import re
from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL

from nhipcau.core import vietnamese
from nhipcau.core.models import SearchEntry

M = TypeVar("M", bound=models.Model)
_WORD = re.compile(r"\w+")


def folded(*texts: str) -> str:
    """The words of the texts without marks, separated by single spaces."""
    return " ".join(_WORD.findall(vietnamese.fold(" ".join(t for t in texts if t))))


def canonical(*texts: str) -> str:
    """The words of the texts with marks in one style."""
    return " ".join(_WORD.findall(vietnamese.canon_key(" ".join(t for t in texts if t))))


def put(kind: str, object_id: int, *texts: str) -> None:
    """Make a record findable by these texts, replacing what it was findable by (one upsert)."""
    put_many(kind, [(object_id, texts)])


def put_many(kind: str, records: Iterable[tuple[int, tuple[str, ...]]]) -> None:
    """The same for many records in one statement."""
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(kind=kind, object_id=pk, folded=folded(*texts), canonical=canonical(*texts))
            for pk, texts in records
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["folded", "canonical"],
    )


def remove(kind: str, object_id: int) -> None:
    """Forget a record."""
    SearchEntry.objects.filter(kind=kind, object_id=object_id).delete()


def _matching(query: str) -> RawSQL | None:
    words = _WORD.findall(vietnamese.fold(query))[:12]
    if not words:
        return None
    if connection.vendor == "sqlite":
        terms = " ".join(f'"{word}"*' for word in words)
        return RawSQL("SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s", (terms,))
    terms = " & ".join(f"{word}:*" for word in words)
    return RawSQL(
        "SELECT id FROM core_searchentry WHERE to_tsvector('simple', folded) @@ to_tsquery('simple', %s)", (terms,)
    )


def find(query: str, *, kinds: Iterable[str] = ()) -> models.QuerySet[SearchEntry]:
    """Entries matching every word, those that agree with the typed marks first. An empty query matches nothing."""
    matching = _matching(query)
    if matching is None:
        return SearchEntry.objects.none()
    entries = SearchEntry.objects.filter(pk__in=matching)
    kinds = list(kinds)
    if kinds:
        entries = entries.filter(kind__in=kinds)
    exact = models.Case(
        models.When(canonical__contains=canonical(query), then=models.Value(0)), default=models.Value(1)
    )
    return entries.annotate(rank=exact).order_by("rank", "folded", "pk")


def narrow(rows: models.QuerySet[M], query: str, *, kind: str) -> models.QuerySet[M]:
    """The rows of a list that match the query; all of them when nothing was typed. No extra statement."""
    if not query.strip():
        return rows
    matching = _matching(query)
    if matching is None:
        return rows.none()
    return rows.filter(pk__in=SearchEntry.objects.filter(kind=kind, pk__in=matching).values("object_id"))
