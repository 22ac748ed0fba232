"""What the departments above asked is entered and answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Agreement
from nhipcau.core import journal, search
from nhipcau.core.bilingual import rewrite
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Organisation, Person, Supervision, User
from nhipcau.plans import errors, findable
from nhipcau.plans.models import (
    Direction,
)
from nhipcau.plans.services.common import spoken


def supervised_units(department: Organisation, agreement: Agreement, *, day: date) -> set[int]:
    """Keys of the parties a department supervises on a day; one statement."""
    return set(
        Supervision.objects.holding(day=day)
        .filter(department=department, unit__party_to__agreement=agreement)
        .values_list("unit_id", flat=True)
    )


@journal.verb(result=True, parts=("addressees",))
def record_direction(
    *,
    agreement: Agreement,
    kind: str,
    issuer: Organisation,
    addressees: Sequence[Organisation],
    said_on: date,
    wording: str,
    by: User | None,
    at: datetime,
    wording_en: str = "",
    speaker: Person | None = None,
    speaker_position: str = "",
    speaker_position_en: str = "",
    source: str = "",
    due: date | None = None,
) -> Direction:
    """Enter what was asked, pledged or assessed from above; a deadline only where one was stated.

    Raises NotYourUnit (no department above a party; an instruction to a unit it does not supervise; an addressee that
    is no party) and DaysReversed.
    """
    parties = set(agreement.parties.values_list("organisation_id", flat=True))
    if not addressees or any(organisation.pk not in parties for organisation in addressees):
        raise errors.NotYourUnit(_("Please choose at least one of the parties as addressee."))
    below = supervised_units(issuer, agreement, day=said_on)
    if not below:
        raise errors.NotYourUnit(
            _("On %(day)s %(issuer)s supervised none of the parties.") % {"day": spoken(said_on), "issuer": issuer}
        )
    if kind == Direction.Kind.INSTRUCTION and any(organisation.pk not in below for organisation in addressees):
        raise errors.NotYourUnit(
            _("A department gives instructions only to the units under it; to others it makes a request.")
        )
    if said_on > local_day(at):
        raise errors.DaysReversed(_("The date of the direction has not come yet."))
    if due is not None and due < said_on:
        raise errors.DaysReversed(_("The deadline comes before the date of the direction."))
    direction = Direction(agreement=agreement, kind=kind, issuer=issuer, speaker=speaker)
    rewrite(
        direction,
        {
            "said_on": said_on,
            "source": source,
            "wording": wording,
            "wording_en": wording_en,
            "speaker_position": speaker_position,
            "speaker_position_en": speaker_position_en,
            "due": due,
        },
    )
    direction.save()
    direction.addressees.set(addressees)
    search.put_text(findable.DIRECTION, direction.pk, findable.direction_text(direction))
    return direction


@journal.exempt("calls services that keep the journal")
@transaction.atomic
def key_in_direction(
    *,
    agreement: Agreement,
    kind: str,
    issuer: Organisation,
    addressees: Sequence[Organisation],
    said_on: date,
    wording: str,
    by: User,
    at: datetime,
    wording_en: str = "",
    source: str = "",
    due: date | None = None,
    speaker_position: str = "",
) -> list[Direction]:
    """Enter what was said to several units at once: an instruction to one's own, a request to the others.

    Raises what `record_direction` raises, and WrongState for the same words to the same units once more: a form sent twice.
    """
    below = supervised_units(issuer, agreement, day=said_on)
    groups: list[tuple[str, list[Organisation]]] = [(kind, list(addressees))]
    if kind == Direction.Kind.INSTRUCTION and below:
        own = [organisation for organisation in addressees if organisation.pk in below]
        others = [organisation for organisation in addressees if organisation.pk not in below]
        split = [(kind, own), (Direction.Kind.REQUEST, others)]
        groups = [(each, some) for each, some in split if some] or groups
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)  # two at once come one after the other
    kinds = {kind, Direction.Kind.REQUEST} if kind == Direction.Kind.INSTRUCTION else {kind}
    same = Direction.objects.filter(agreement=agreement, issuer=issuer, said_on=said_on, wording=wording)
    known = set(same.filter(kind__in=kinds).order_by().values_list("kind", "addressees"))
    if known == {(str(each), organisation.pk) for each, some in groups for organisation in some}:
        raise errors.WrongState(_("This has been entered already, with the same words to the same units."))
    return [
        record_direction(
            agreement=agreement,
            kind=each,
            issuer=issuer,
            addressees=some,
            said_on=said_on,
            wording=wording,
            wording_en=wording_en,
            source=source,
            due=due,
            speaker_position=speaker_position,
            by=by,
            at=at,
        )
        for each, some in groups
    ]


@journal.verb(of="direction")
def answer_direction(
    *, direction: Direction, answer: str, by: User | None, at: datetime, day: date | None = None
) -> Direction:
    """Record what an addressee answered, on the day of the answer (today unless told).

    Raises NothingToAnswer, WrongState when it was answered already, DaysReversed.
    """
    direction.refresh_from_db(from_queryset=Direction.objects.select_for_update())
    day = day or local_day(at)
    if direction.kind not in {Direction.Kind.INSTRUCTION, Direction.Kind.REQUEST}:
        raise errors.NothingToAnswer(_("Support pledged and assessments ask for no answer."))
    if not answer.strip():
        raise errors.NothingToAnswer(_("Please write what was answered."))
    if direction.answered_on is not None:
        raise errors.WrongState(_("This was answered on %(day)s already.") % {"day": spoken(direction.answered_on)})
    if not direction.said_on <= day <= local_day(at):
        raise errors.DaysReversed(_("An answer is given on or after the date of the direction, and not in the future."))
    direction.answer = answer
    direction.answered_on = day
    direction.answered_by = by
    direction.save(update_fields=["answer", "answered_on", "answered_by"])
    return direction
