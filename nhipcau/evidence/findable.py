"""How evidence declared by hand is found."""

from __future__ import annotations

from collections.abc import Iterator

from nhipcau.core import search
from nhipcau.core.search import Text
from nhipcau.evidence.models import Evidence

EVIDENCE = "evidence.evidence"


def evidence_text(row: Evidence) -> Text:
    """By note and link."""
    return Text(body=(row.note, row.link))


@search.source(EVIDENCE)
def evidence() -> Iterator[tuple[int, Text]]:
    """What was declared; what machines record is found by its activity."""
    for row in Evidence.objects.filter(needs_verification=True).iterator(500):
        yield row.pk, evidence_text(row)
