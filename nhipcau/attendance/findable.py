"""How the reception finds guests."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from nhipcau.attendance.models import Registration
from nhipcau.core import search, vietnamese
from nhipcau.core.search import Text

GUEST = "attendance.registration"


def _digits(shown: str) -> tuple[str, str]:
    digits = "".join(sign for sign in shown if sign.isdigit())
    return digits, digits[-4:]


def guest_text(registration: Registration, *, guardian_phone: str = "") -> Text:
    """By name, unit, telephone (a child's by the guardian's), its last four digits, or code."""
    known = vietnamese.parse_phone(guardian_phone) if guardian_phone else None
    return Text(
        body=(
            registration.name,
            registration.unit,
            *_digits(registration.phone_shown),
            *(_digits(known.national) if known else ()),
            registration.code,
        )
    )


@search.source(GUEST)
def guests() -> Iterator[tuple[int, Text]]:
    """All whose data have not been erased."""
    rows = Registration.objects.filter(erased_at=None).annotate(guardian=F("consent__guardian_phone"))
    for row in rows.iterator(500):
        yield row.pk, guest_text(row, guardian_phone=row.guardian or "")  # type: ignore[attr-defined]  # annotated
