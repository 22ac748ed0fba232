"""How clauses, and those who signed or attended the signing, are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from nhipcau.agreements.models import Agreement, AttendingOfficial, Clause, Signatory
from nhipcau.core import search
from nhipcau.core.middleware import LOCAL
from nhipcau.core.search import Text

CLAUSE, SIGNATORY, OFFICIAL = "agreements.clause", "agreements.signatory", "agreements.official"


def _moment(agreement: Agreement) -> datetime:
    return datetime.combine(agreement.signed_on, time(), tzinfo=LOCAL)


def clause_text(clause: Clause) -> Text:
    """By name and text in both languages."""
    return Text(
        title=(clause.name, clause.name_en),
        body=(clause.wording, clause.wording_en),
        moment=_moment(clause.agreement),
    )


def signatory_text(row: Signatory) -> Text:
    """By name, position of that day, and unit."""
    unit = row.party.organisation
    return Text(
        title=(row.person.name,),
        body=(row.position, row.position_en, unit.name, unit.name_en, unit.abbreviation),
        moment=_moment(row.party.agreement),
    )


def official_text(row: AttendingOfficial) -> Text:
    """By name and position of that day."""
    return Text(title=(row.person.name,), body=(row.position, row.position_en), moment=_moment(row.agreement))


@search.source(CLAUSE)
def clauses() -> Iterator[tuple[int, Text]]:
    """All versions of all clauses."""
    for row in Clause.objects.select_related("agreement").iterator(500):
        yield row.pk, clause_text(row)


@search.source(SIGNATORY)
def signatories() -> Iterator[tuple[int, Text]]:
    """All of them whose name is kept."""
    rows = Signatory.objects.filter(person__erased_at=None)
    for row in rows.select_related("person", "party__agreement", "party__organisation").iterator(500):
        yield row.pk, signatory_text(row)


@search.source(OFFICIAL)
def officials() -> Iterator[tuple[int, Text]]:
    """All of them whose name is kept."""
    rows = AttendingOfficial.objects.filter(person__erased_at=None)
    for row in rows.select_related("person", "agreement").iterator(500):
        yield row.pk, official_text(row)
