"""Requests about personal data: filed, checked, answered; the system does what was decided, and the day comes from the law."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Party
from nhipcau.core import erasures, journal
from nhipcau.core.days import Unit, due_after
from nhipcau.core.holdings import Subject, holdings, same_address
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Person, User
from nhipcau.parties.services import note_objection, records_of_person
from nhipcau.privacy import letters
from nhipcau.privacy.errors import AlreadyAnswered, ExtendedOnce, NoReason, NotChecked, NothingAsked
from nhipcau.privacy.models import Access, LegalPeriod, Request
from nhipcau.privacy.services.links import more_than, open_access, scope

Kind, State = Request.Kind, Request.State
# Which period of the law a request falls under.
PERIODS = {
    Kind.SEE: LegalPeriod.Kind.SEE,
    Kind.CORRECT: LegalPeriod.Kind.SEE,
    Kind.ERASE: LegalPeriod.Kind.ERASE,
    Kind.WITHDRAW: LegalPeriod.Kind.STOP,
    Kind.OBJECT: LegalPeriod.Kind.STOP,
}
# Where no rule is on record: the shortest the law names.
FALLBACK: tuple[int, Unit] = (10, "day")
AT_ONCE: tuple[int, Unit] = (2, "workday")
EMPTY = "—"


def due_day(period: LegalPeriod | None, *, after: datetime | date, fallback: tuple[int, Unit] = FALLBACK) -> date:
    """The last day of a period, moved to a working day where it ends on a closed one."""
    n, unit = fallback
    if period is not None:
        n = period.n
        unit = "hour" if period.unit == "hour" else "workday" if period.unit == "workday" else "day"
    return due_after(after, n, unit).day


def subject_of(request: Request) -> Subject:
    """Whose data a request is about, as far as it is known that the person asks; two queries at most."""
    return scope(request.person, how=request.how, only=request.only, address=request.address)


def _answering(subject: Subject) -> int:
    """The organisation that answers: whoever received the person last, else the first party of the latest agreement."""
    for holding in holdings():
        found = holding.organisations(subject) if holding.organisations else []
        if found:
            return found[0]
    return Party.objects.order_by("-agreement__signed_on", "order").values_list("organisation_id", flat=True)[0]


@journal.verb(result=True)
def file_request(
    *,
    person: Person,
    access: Access | None,
    kind: str,
    language: str,
    at: datetime,
    note: str = "",
    proposed: Mapping[str, str] | None = None,
) -> Request:
    """Note what a person asks, with the day the answer is due.

    Asked twice by the same right it is one request with the latest words. Without `access` nobody has made sure yet
    that the person asks: an officer does, and also for an objection by a right that proves less than all that is kept,
    since messages stop for the whole person. Raises NothingAsked for a correction without a value.
    """
    values = {name: value for name, value in (proposed or {}).items() if value}
    if kind == Kind.CORRECT and not values and not note:
        raise NothingAsked(_("Please write what is to be corrected, in the fields or in your own words."))
    only, address = (access.only, access.address) if access else ("", "")
    how = access.how if access else ""
    if access and kind == Kind.OBJECT and more_than(person, scope(person, how=how, only=only, address=address)):
        how = ""
    waiting = Request.objects.select_for_update().filter(
        person__in=records_of_person(person), kind=kind, state=State.OPEN
    )
    found = waiting.filter(only=only, address=address).first()
    if found is not None:
        if access is not None:
            found.how, found.note, found.proposed = how or found.how, note or found.note, values or found.proposed
            found.save(update_fields=["how", "note", "proposed"])
        return found
    day = local_day(at)
    period = LegalPeriod.objects.binding(PERIODS[Kind(kind)], day=day)
    confirm = LegalPeriod.objects.binding(LegalPeriod.Kind.ACKNOWLEDGE, day=day)
    subject = scope(person, how=how, only=only, address=address)
    return Request.objects.create(
        kind=kind,
        person=person,
        organisation_id=_answering(subject),
        how=how,
        only=only,
        address=address,
        proposed=values,
        note=note,
        language=language,
        received_at=at,
        period=period,
        due=due_day(period, after=at),
        confirm_due=due_day(confirm, after=at, fallback=AT_ONCE),
        # Whoever asks on the own page reads there at once that it has been received, and by when it is answered.
        confirmed_at=at if access else None,
    )


def _held(request: Request) -> Request:
    fresh = Request.objects.select_for_update(of=("self",)).select_related("person", "period").get(pk=request.pk)
    if not fresh.is_open:
        raise AlreadyAnswered(_("This request has been answered meanwhile."))
    return fresh


@journal.verb(of="request")
def take(*, request: Request, by: User, at: datetime) -> Request:
    """Somebody says: mine. Raises AlreadyAnswered."""
    fresh = _held(request)
    fresh.owner = by
    fresh.save(update_fields=["owner"])
    return fresh


@journal.verb(of="request")
def note_identity(*, request: Request, by: User, at: datetime) -> Request:
    """An officer has made sure by telephone that the person asks; with that the receipt is confirmed too.

    Raises AlreadyAnswered.
    """
    fresh = _held(request)
    fresh.how, fresh.checked_at, fresh.checked_by = Access.How.OFFICER, at, by
    fresh.owner = fresh.owner or by
    fresh.confirmed_at = fresh.confirmed_at or at
    fresh.save(update_fields=["how", "checked_at", "checked_by", "owner", "confirmed_at"])
    return fresh


@journal.verb(of="request")
def extend(*, request: Request, reason: str, by: User, at: datetime) -> Request:
    """Give the answer as many days again, once, and tell the person why. Raises AlreadyAnswered, ExtendedOnce."""
    fresh = _held(request)
    if fresh.extended_at is not None:
        raise ExtendedOnce(_("The period has been extended before; the law allows it once."))
    fresh.due = due_day(fresh.period, after=fresh.due)
    fresh.extended_at, fresh.extension_reason = at, reason
    fresh.save(update_fields=["due", "extended_at", "extension_reason"])
    letters.send_extension(fresh, at=at)
    return fresh


@journal.verb(of="request")
def accept(*, request: Request, by: User, at: datetime, values: Mapping[str, str] | None = None) -> Request:
    """Do what is asked, note the answer, and tell the person where there is an address.

    `values` are those of a correction as the officer leaves them. Raises AlreadyAnswered, NotChecked, and whatever a
    room refuses, in which case nothing has been done.
    """
    fresh = _held(request)
    if not fresh.checked:
        raise NotChecked(_("Please make sure first, by telephone, that the person asks."))
    subject = subject_of(fresh)
    letters.send_accepted(fresh, at=at)
    _do(fresh, subject, values=values or fresh.proposed, by=by, at=at)
    fresh.refresh_from_db()
    fresh.state, fresh.answered_at, fresh.answered_by = State.ACCEPTED, at, by
    fresh.save(update_fields=["state", "answered_at", "answered_by"])
    forget(subject, at=at)
    if fresh.kind == Kind.ERASE:
        forget_address(subject, at=at)
    return fresh


def _do(request: Request, subject: Subject, *, values: Mapping[str, str], by: User, at: datetime) -> None:
    """Let every room do its part."""
    if request.kind == Kind.OBJECT:
        note_objection(persons=subject.persons, at=at)
    elif request.kind == Kind.SEE:
        open_access(person=request.person, how=Access.How.OFFICER, at=at, by=by)
    for holding in holdings():
        if request.kind == Kind.ERASE and holding.erase is not None:
            holding.erase(subject, by, at)
        elif request.kind == Kind.WITHDRAW and holding.withdraw is not None:
            holding.withdraw(subject, by, at)
        elif request.kind == Kind.CORRECT and holding.correct is not None:
            holding.correct(subject, {name: value for name, value in values.items() if value}, by, at)


@journal.verb(of="request")
def refuse(*, request: Request, legal_reason: str, answer: str, by: User, at: datetime) -> Request:
    """Say no, with the reason in the law. Raises AlreadyAnswered, NoReason."""
    if not legal_reason:
        raise NoReason(_("A refusal names its reason in the law; please write article and document."))
    fresh = _held(request)
    fresh.state, fresh.answered_at, fresh.answered_by = State.REFUSED, at, by
    fresh.legal_reason, fresh.answer = legal_reason, answer
    fresh.save(update_fields=["state", "answered_at", "answered_by", "legal_reason", "answer"])
    letters.send_refused(fresh, at=at)
    forget(Subject(frozenset({fresh.person_id})), at=at)
    return fresh


@journal.verb(of="request")
def take_back(*, request: Request, at: datetime) -> Request:
    """The person wants it no longer. Raises AlreadyAnswered."""
    fresh = _held(request)
    fresh.state, fresh.answered_at = State.TAKEN_BACK, at
    fresh.save(update_fields=["state", "answered_at"])
    forget(Subject(frozenset({fresh.person_id})), at=at)
    return fresh


@journal.exempt("part of the answer to a request, or of the nightly retention")
def forget(subject: Subject, *, at: datetime) -> int:
    """Empty what answered requests and links say of persons whose data are gone; how many requests were emptied.

    What such a person asked besides keeps its words until it is answered as well.
    """
    gone = Person.objects.filter(pk__in=subject.persons, erased_at__isnull=False).values_list("pk", flat=True)
    links = Access.objects.filter(person__in=list(gone))
    links.filter(closed_at__isnull=True).update(closed_at=at)
    links.exclude(address="").update(address="")
    return empty(list(Request.objects.filter(person__in=list(gone), emptied_at__isnull=True)), at=at)


@journal.exempt("part of the answer to a request")
def forget_address(subject: Subject, *, at: datetime) -> int:
    """Empty what requests and links say of an address whose data were erased while the person is kept for others'; how many."""
    if not subject.emails:
        return 0
    wanted = Q(pk__in=[])
    for email in subject.emails:
        wanted |= same_address(email, field="address")
    Access.objects.filter(wanted, person__in=subject.persons, closed_at__isnull=True).update(closed_at=at)
    Access.objects.filter(wanted, person__in=subject.persons).update(address="")
    return empty(list(Request.objects.filter(wanted, person__in=subject.persons, emptied_at__isnull=True)), at=at)


@journal.exempt("part of the answer to a request, or of the nightly retention")
def empty(requests: list[Request], *, at: datetime) -> int:
    """Take a person's words and values out of answered requests; that somebody asked, and the answer, stays."""
    answered = [request.pk for request in requests if not request.is_open]
    letters.forget(answered)
    erasures.note(Request, answered)
    return Request.objects.filter(pk__in=answered).update(note="", proposed={}, answer="", address="", emptied_at=at)


@journal.exempt("notes every request itself")
def empty_again(keys: Collection[int], at: datetime) -> int:
    """Empty those of the requests that a backup brought back, answered or not: each had been answered; how many."""
    back = list(Request.objects.filter(pk__in=keys, emptied_at__isnull=True).order_by("pk"))
    for request in back:
        if request.is_open:
            request.state, request.answered_at = State.ACCEPTED, at
            request.save(update_fields=["state", "answered_at"])
            journal.note(request, verb="privacy.close_again", by=None, at=at)
    return empty(back, at=at)


@journal.exempt("part of an erasure, which is noted where it was decided")
def forget_again(keys: Collection[int], at: datetime) -> int:
    """Let requests and links no longer speak of people whose rows have been emptied again; how many requests."""
    return forget(Subject(frozenset(keys)), at=at)
