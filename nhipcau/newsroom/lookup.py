"""How the back office finds pages, pictures and documents: every word typed begins a word there, with or without marks.

A backend for Wagtail's search. It keeps no index beside the tables: titles, captions and credits of one newsroom are
read and compared, a thousand in about 40 ms, and what was saved a moment ago is found at once. Readers search by
`core/search.py`, which knows only what is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from modelsearch.backends.database import fallback
from modelsearch.query import PlainText

from nhipcau.core.search import folded

#: More than anybody pages through.
MOST = 2_000


def matching(rows: QuerySet[Any], query: str, columns: Iterable[str]) -> list[Any]:
    """The keys of the rows whose columns hold the beginning of every word, in the order of the list; one statement."""
    words = [f" {word}" for word in folded(query).split()]
    if not words:
        return []
    found = []
    for key, *texts in rows.values_list("pk", *columns).iterator(2_000):
        text = f" {folded(*texts)}"
        if all(word in text for word in words):
            found.append(key)
            if len(found) == MOST:
                break
    return found


class Compiler(fallback.DatabaseSearchQueryCompiler):
    """A query answered by comparing texts without marks, once for the number and the page together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._found: dict[str, list[Any]] = {}

    def build_database_filter(self, query: Any, boost: float = 1.0) -> Any:
        """The rows that match what was typed; anything else is asked as Wagtail asks it."""
        if isinstance(query, PlainText):
            typed = query.query_string
            if typed not in self._found:
                self._found[typed] = matching(self.queryset, typed, self.fields_names)
            return Q(pk__in=self._found[typed])
        return super().build_database_filter(query, boost)


class SearchBackend(fallback.DatabaseSearchBackend):
    """What `WAGTAILSEARCH_BACKENDS` names."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = Compiler
