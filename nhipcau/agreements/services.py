"""What happens to an agreement: it is signed once, and afterwards only amended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from nhipcau.agreements import errors, findable
from nhipcau.agreements.events import ClauseAmended
from nhipcau.agreements.models import (
    Agreement,
    Amendment,
    Area,
    AttendingOfficial,
    Clause,
    Party,
    Signatory,
)
from nhipcau.core import files, journal, search
from nhipcau.core.happenings import announce
from nhipcau.core.middleware import local_day
from nhipcau.core.models import Bilingual
from nhipcau.core.uploads import Upload
from nhipcau.parties.models import Organisation, Person, User

B = TypeVar("B", bound=Bilingual)


@dataclass(frozen=True)
class SignatoryDraft:
    """Who signed for a party, with the position of that day; `for_director` where a deputy signed (KT.)."""

    person: Person
    position: str
    position_en: str = ""
    for_director: bool = False


@dataclass(frozen=True)
class PartyDraft:
    """An organisation that signed; the order of the drafts is the order of the signed text."""

    organisation: Organisation
    signatories: Sequence[SignatoryDraft] = field(default_factory=tuple)


@dataclass(frozen=True)
class OfficialDraft:
    """An official in attendance; the order of the drafts is the protocol order."""

    person: Person
    position: str
    position_en: str = ""


@dataclass(frozen=True)
class ClauseDraft:
    """One thing promised; the order of the drafts is the order of the signed text."""

    area: Area
    name: str
    wording: str
    name_en: str = ""
    wording_en: str = ""


def _written(row: B) -> B:
    row.mark_english()
    row.save(force_insert=True)
    return row


def make_findable(clause: Clause) -> None:
    """Let the search boxes find a clause by its name and text in both languages."""
    search.put_text(findable.CLAUSE, clause.pk, findable.clause_text(clause))


@files.stores("signed_file", into=Agreement.signed_file.field, known_by_name=True)
@journal.verb(result=True, parts=("parties", "clauses"))
def sign_agreement(
    *,
    title: str,
    signed_on: date,
    parties: Sequence[PartyDraft],
    clauses: Sequence[ClauseDraft],
    by: User | None,
    at: datetime,
    title_en: str = "",
    purpose: str = "",
    purpose_en: str = "",
    number: str = "",
    valid_until: date | None = None,
    officials: Sequence[OfficialDraft] = (),
    source_note: str = "",
    source_note_en: str = "",
    signed_file: Upload | None = None,
    is_sample: bool = False,
) -> Agreement:
    """Enter an agreement as it was signed, whole.

    Raises TooFewParties, NothingPromised and DaysReversed.
    """
    if len({draft.organisation.pk for draft in parties}) < max(len(parties), 2):
        raise errors.TooFewParties(_("An agreement needs at least two parties, each entered once."))
    if not clauses:
        raise errors.NothingPromised(_("Enter at least one clause: it is what everything later leads back to."))
    if signed_on > local_day(at):
        raise errors.DaysReversed(_("The day of signing has not come yet."))
    if valid_until is not None and valid_until < signed_on:
        raise errors.DaysReversed(_("The agreement cannot end before it was signed."))
    agreement = Agreement(
        title=title,
        title_en=title_en,
        purpose=purpose,
        purpose_en=purpose_en,
        number=number,
        signed_on=signed_on,
        valid_until=valid_until,
        source_note=source_note,
        source_note_en=source_note_en,
        is_sample=is_sample,
    )
    if signed_file is not None:
        agreement.signed_file.name = signed_file.stored
    _written(agreement)
    for order, party_draft in enumerate(parties, start=1):
        party = Party.objects.create(agreement=agreement, organisation=party_draft.organisation, order=order)
        for signatory in party_draft.signatories:
            signed = _written(
                Signatory(
                    party=party,
                    person=signatory.person,
                    position=signatory.position,
                    position_en=signatory.position_en,
                    for_director=signatory.for_director,
                )
            )
            search.put_text(findable.SIGNATORY, signed.pk, findable.signatory_text(signed))
    for order, official in enumerate(officials, start=1):
        attended = _written(
            AttendingOfficial(
                agreement=agreement,
                person=official.person,
                position=official.position,
                position_en=official.position_en,
                order=order,
            )
        )
        search.put_text(findable.OFFICIAL, attended.pk, findable.official_text(attended))
    for order, clause in enumerate(clauses, start=1):
        make_findable(
            _written(
                Clause(
                    agreement=agreement,
                    area=clause.area,
                    order=order,
                    name=clause.name,
                    name_en=clause.name_en,
                    wording=clause.wording,
                    wording_en=clause.wording_en,
                )
            )
        )
    return agreement


@files.stores("signed_file", into=Amendment.signed_file.field, known_by_name=True)
@journal.verb(result=True)
def record_amendment(
    *,
    agreement: Agreement,
    signed_on: date,
    summary: str,
    by: User | None,
    at: datetime,
    signed_file: Upload | None = None,
) -> Amendment:
    """Enter a signed annex.

    Raises DaysReversed when it is dated before the agreement or after today.
    """
    if not agreement.signed_on <= signed_on <= local_day(at):
        raise errors.DaysReversed(_("An annex is signed on or after the day of the agreement, and not in the future."))
    amendment = Amendment(agreement=agreement, signed_on=signed_on, summary=summary)
    if signed_file is not None:
        amendment.signed_file.name = signed_file.stored
    amendment.save()
    return amendment


@journal.verb(of="clause", result=True)
def amend_clause(
    *,
    clause: Clause,
    amendment: Amendment,
    name: str,
    wording: str,
    by: User | None,
    at: datetime,
    name_en: str = "",
    wording_en: str = "",
) -> Clause:
    """Put the next version of a clause in force by a signed annex; the old text stays readable.

    Raises ClauseReplaced when another version came first, NotTheAgreement for an annex of another agreement.
    """
    if amendment.agreement_id != clause.agreement_id:
        raise errors.NotTheAgreement(_("This annex belongs to another agreement."))
    if Clause.objects.in_force().select_for_update().filter(pk=clause.pk).first() is None:
        raise errors.ClauseReplaced(_("This clause has been amended in the meantime. Please open the agreement again."))
    new = _written(
        Clause(
            agreement=clause.agreement,
            area=clause.area,
            order=clause.order,
            version=clause.version + 1,
            name=name,
            name_en=name_en,
            wording=wording,
            wording_en=wording_en,
        )
    )
    clause.superseded_by = new
    clause.save(update_fields=["superseded_by"])
    make_findable(new)
    announce(ClauseAmended(old=clause, new=new, by=by, at=at))
    return new
