"""How directions from above are found."""

from __future__ import annotations

from collections.abc import Iterator

from nhipcau.core import search
from nhipcau.core.search import Text
from nhipcau.plans.models import Direction

DIRECTION = "plans.direction"


def direction_text(direction: Direction) -> Text:
    """By wording, source, and who gave it."""
    issuer = direction.issuer
    return Text(
        body=(
            direction.wording,
            direction.wording_en,
            direction.source,
            issuer.name,
            issuer.name_en,
            issuer.abbreviation,
            direction.speaker.name if direction.speaker else "",
        )
    )


@search.source(DIRECTION)
def directions() -> Iterator[tuple[int, Text]]:
    """All of them."""
    for row in Direction.objects.select_related("issuer", "speaker").iterator(500):
        yield row.pk, direction_text(row)
