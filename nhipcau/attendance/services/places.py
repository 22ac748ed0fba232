"""Getting a place, giving it up, passing it on."""

import secrets
from datetime import datetime
from typing import Required, TypedDict

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Audience
from nhipcau.attendance import letters
from nhipcau.attendance.errors import (
    AlreadyArrived,
    AlreadyOver,
    AlreadyRegistered,
    BadPhone,
    ConsentMissing,
    IntakeClosed,
    NotStanding,
    SeatsGone,
)
from nhipcau.attendance.findable import GUEST as KIND
from nhipcau.attendance.findable import guest_text
from nhipcau.attendance.models import CheckIn, Consent, Intake, Registration
from nhipcau.attendance.services import people, seats
from nhipcau.core import journal, search, vietnamese
from nhipcau.core.holdings import same_address
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Person, User
from nhipcau.parties.services import find_or_create_person, name_key, sort_key
from nhipcau.privacy.models import Notice

State, Channel = Registration.State, Registration.Channel
# Without 0 O 1 I L, which a guest reads aloud wrongly, and without U V, which look alike on a dim screen.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
AT_ONCE = 10  # links one request for them sends


class Who(TypedDict, total=False):
    """What is told of a guest: the name, and what else is known; of a child who consents in its place."""

    name: Required[str]
    phone: str
    email: str
    unit: str
    position: str
    sex: str
    nationality: str
    audience: Audience | None
    guardian_name: str
    guardian_phone: str


def new_code() -> str:
    """An admission code like K7M-4QX: some 590 million of them."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(6))
    return f"{signs[:3]}-{signs[3:]}"


def _mobile(phone: str, *, required: bool) -> str:
    if not phone.strip() and not required:
        return ""
    number = vietnamese.normal_mobile(phone)
    if number is None:
        raise BadPhone(_("A mobile number has 10 digits, for example 0912 345 678. Everything else has been kept."))
    return number


def _refuse_closed(intake: Intake, *, at: datetime, self_service: bool) -> None:
    if intake.activity.state == Activity.State.CANCELLED:
        raise IntakeClosed(_("This activity will not take place, so nobody can be registered for it any more."))
    if intake.activity.state == Activity.State.CLOSED:
        raise IntakeClosed(_("The file of this activity has been closed; nobody can be registered for it any more."))
    if not self_service:
        return
    if at < intake.opens_at:
        raise IntakeClosed(_("Registration has not opened yet. Please come back later."))
    if at >= intake.closes_at:
        raise IntakeClosed(_("Registration has closed. Please ask the organisers whether a seat is still free."))


def _standing_with(intake: Intake, number: str) -> Registration | None:
    return Registration.objects.standing().filter(intake=intake, phone=number).first() if number else None


def _already(found: Registration, name: str) -> AlreadyRegistered:
    same = vietnamese.fold(found.name) == vietnamese.fold(name)
    if same:
        sentence = _(
            "You have already registered for this activity with this number. Your admission code is still valid."
        )
    else:
        sentence = _(
            "This mobile number is already registered for this activity under another name. Please give each guest's "
            "own number; if it is yours, the organisers will gladly put the name right."
        )
    return AlreadyRegistered(sentence, registration=found, same_person=same)


@journal.verb(result=True)
def register(
    *,
    intake: Intake,
    name: str,
    phone: str = "",
    email: str = "",
    unit: str = "",
    position: str = "",
    audience: Audience | None = None,
    sex: str = "",
    nationality: str = "",
    language: str = "vi",
    channel: str = Channel.SELF,
    by: User | None = None,
    consent: Notice | None,
    told: bool = False,
    guardian_name: str = "",
    guardian_phone: str = "",
    at: datetime,
    notify: bool = True,
    seat: str = "",
    of_honour: bool = False,
    join_waiting: bool = False,
) -> Registration:
    """Give a person a place and an admission code.

    Whoever registers himself (channel "self") needs a mobile number and the notice agreed to, and only between
    opening and closing; for a child the guardian's number will do. Staff may enter anybody until the file is closed and
    say whether the guest agreed when told; without that the ground is the unit's task. With `join_waiting` a full activity gives a
    place on the waiting list. Raises SeatsGone, AlreadyRegistered, IntakeClosed, BadPhone, ConsentMissing.
    About twelve statements.
    """
    self_service = channel == Channel.SELF
    _refuse_closed(intake, at=at, self_service=self_service)
    number = _mobile(phone, required=self_service and not guardian_name)
    guardian = _mobile(guardian_phone, required=bool(guardian_name))
    if self_service and consent is None:
        raise ConsentMissing(_("Please agree to how your details are used; without that we may not keep them."))
    registration = Registration(
        intake=intake,
        name=vietnamese.normalise(name),
        phone=number,
        email=email,
        unit=vietnamese.normalise(unit),
        position=vietnamese.normalise(position),
        audience=audience,
        language=language,
        channel=channel,
        seat=seat,
        of_honour=of_honour,
        registered_at=at,
        registered_by=by,
    )
    try:
        with transaction.atomic():
            found = _standing_with(intake, number)
            if found is not None:
                raise _already(found, name)
            registration.person = find_or_create_person(
                name=registration.name,
                phone=number,
                email=email,
                sex=sex,
                nationality=nationality,
                fill_email=not self_service,
            )
            registration.state = _take_or_wait(intake, join_waiting=join_waiting)
            ground = Consent(notice=consent, guardian_name=vietnamese.normalise(guardian_name), guardian_phone=guardian)
            _enter(registration, ground=ground, told=told, at=at, notify=notify)
    except IntegrityError:
        # The same number came in through another door in this very moment.
        found = _standing_with(intake, number)
        if found is None:
            raise
        raise _already(found, name) from None
    return registration


def _take_or_wait(intake: Intake, *, join_waiting: bool) -> str:
    if seats.take(intake):
        return State.CONFIRMED
    if not join_waiting:
        place = Registration.objects.waiting().filter(intake=intake).count() + 1
        raise SeatsGone(
            _(
                "We are sorry: the last seat was taken while the form was being filled in. What was typed has been "
                "kept; the waiting list is open, now at place %(place)d."
            )
            % {"place": place},
            place=place,
        )
    # Under the lock nobody gives a seat back between this look and the row of the waiting list.
    seats.lock(intake)
    return State.CONFIRMED if seats.take(intake) else State.WAITING


def _enter(registration: Registration, *, ground: Consent, told: bool, at: datetime, notify: bool) -> None:
    registration.name_sort = sort_key(registration.name)
    for tries_left in range(4, -1, -1):
        registration.code = new_code()
        try:
            with transaction.atomic():
                registration.save(force_insert=True)
            break
        except IntegrityError:
            # A code somebody has already: once in thousands of guests. Anything else is for the caller.
            if not tries_left or not Registration.objects.filter(code=registration.code).exists():
                raise
    _note_ground(registration, ground, told=told, at=at)
    search.put_text(KIND, registration.pk, guest_text(registration, guardian_phone=ground.guardian_phone))
    if notify:
        letters.send_place(registration, at=at)


def _note_ground(registration: Registration, ground: Consent, *, told: bool, at: datetime) -> None:
    """Keep on what ground the details are kept: agreed to on the form, agreed to when told, or the unit's own task.

    For a child staff have told the guardian, who is named because of having agreed.
    """
    if ground.notice_id is None:
        notice = Notice.objects.in_use("child" if ground.guardian_name else "on_behalf", day=local_day(at))
        if notice is None:
            return
        agreed = told or ground.guardian_name
        ground.notice, ground.basis = notice, Consent.Basis.TOLD if agreed else Consent.Basis.DUTY
    ground.registration, ground.at = registration, at
    ground.channel, ground.recorded_by = registration.channel, registration.registered_by
    ground.save(force_insert=True)


def _held(registration: Registration, *, at: datetime) -> tuple[Intake, Registration]:
    """Lock the counter, then the registration, and look at it as it is now.

    Raises AlreadyOver after the activity, NotStanding when it is cancelled, AlreadyArrived when the guest has come in.
    """
    intake = seats.lock(registration.intake)
    intake.activity = registration.intake.activity
    if at > intake.activity.ends_at:
        raise AlreadyOver(_("This activity is over; its seats can no longer be given up, passed on or given out."))
    locked = Registration.objects.select_for_update(of=("self",)).select_related("person")
    fresh = locked.get(pk=registration.pk)
    fresh.intake = intake
    if fresh.state == State.CANCELLED:
        raise NotStanding(_("This registration has already been cancelled; the seat went to somebody who was waiting."))
    if CheckIn.objects.standing().filter(registration=fresh).exists():
        raise AlreadyArrived(_("This guest has already come in, so the seat can no longer be given up or passed on."))
    return intake, fresh


def _give_up(registration: Registration, *, by: User | None, at: datetime) -> None:
    registration.state, registration.cancelled_at, registration.cancelled_by = State.CANCELLED, at, by
    registration.save(update_fields=["state", "cancelled_at", "cancelled_by"])


@journal.verb(of="registration", lock=False)
def cancel_registration(
    *, registration: Registration, at: datetime, by: User | None = None, notify: bool = True
) -> Registration:
    """Give a place up; whoever waited longest moves up and gets the code.

    Without `by` it was the guest. Raises NotStanding when it was cancelled before, AlreadyArrived once the guest has
    come in, AlreadyOver after the activity.
    """
    intake, fresh = _held(registration, at=at)
    had_seat = fresh.state == State.CONFIRMED
    _give_up(fresh, by=by, at=at)
    moved_up = seats.give_back(intake, at=at) if had_seat else None
    if notify:
        letters.send_cancelled(fresh, at=at)
        if moved_up is not None:
            letters.send_place(moved_up, at=at)
    registration.state, registration.cancelled_at = fresh.state, at
    return fresh


@journal.verb(of="registration", result=True, lock=False)
def substitute(
    *,
    registration: Registration,
    name: str,
    phone: str = "",
    email: str = "",
    unit: str = "",
    position: str = "",
    sex: str = "",
    nationality: str = "",
    audience: Audience | None = None,
    channel: str = Channel.DESK,
    consent: Notice | None = None,
    told: bool = False,
    guardian_name: str = "",
    guardian_phone: str = "",
    by: User | None,
    at: datetime,
    notify: bool = True,
) -> Registration:
    """Somebody comes in a guest's place: the seat passes on, the old code is void, the new one is the substitute's.

    The unit is kept unless another is given, so is the audience. Raises NotStanding, AlreadyArrived, AlreadyOver,
    AlreadyRegistered, BadPhone, ConsentMissing.
    """
    self_service = channel == Channel.SELF
    _refuse_closed(registration.intake, at=at, self_service=False)
    number = _mobile(phone, required=self_service and not guardian_name)
    guardian = _mobile(guardian_phone, required=bool(guardian_name))
    if self_service and consent is None:
        raise ConsentMissing(_("Please agree to how your details are used; without that we may not keep them."))
    intake, old = _held(registration, at=at)
    if old.state != State.CONFIRMED:
        raise NotStanding(_("Only a confirmed seat can be passed on; this registration is on the waiting list."))
    found = _standing_with(intake, number)
    if found is not None and found.pk != old.pk:
        raise _already(found, name)
    _give_up(old, by=by, at=at)
    name = vietnamese.normalise(name)
    new = Registration(
        intake=intake,
        person=find_or_create_person(
            name=name, phone=number, email=email, sex=sex, nationality=nationality, fill_email=not self_service
        ),
        name=name,
        phone=number,
        email=email,
        unit=vietnamese.normalise(unit) or old.unit,
        position=vietnamese.normalise(position),
        audience_id=audience.pk if audience else old.audience_id,
        language=old.language,
        channel=channel,
        seat=old.seat,
        of_honour=old.of_honour,
        substitute_for=old,
        registered_at=at,
        registered_by=by,
    )
    ground = Consent(notice=consent, guardian_name=vietnamese.normalise(guardian_name), guardian_phone=guardian)
    _enter(new, ground=ground, told=told, at=at, notify=notify)
    registration.state, registration.cancelled_at = State.CANCELLED, at
    return new


@journal.verb(of="registration", unless_same=True, lock=False)
def promote(*, registration: Registration, by: User, at: datetime, notify: bool = True) -> Registration:
    """Give a free seat to somebody on the waiting list, out of turn if need be.

    Raises SeatsGone when there is none, NotStanding when it was cancelled, AlreadyOver after the activity.
    """
    intake, fresh = _held(registration, at=at)
    if fresh.state == State.CONFIRMED:
        return fresh
    if not seats.take(intake):
        raise SeatsGone(
            _("All seats are given out. Raise the number of seats or cancel a registration first."),
            place=seats.place_in_line(fresh),
        )
    fresh.state = registration.state = State.CONFIRMED
    fresh.save(update_fields=["state"])
    if notify:
        letters.send_place(fresh, at=at)
    return fresh


@journal.verb(of="registration", lock=False)
def revise_registration(
    *,
    registration: Registration,
    name: str,
    phone: str,
    unit: str,
    position: str,
    email: str,
    sex: str,
    nationality: str = "",
    audience: Audience | None = None,
    seat: str,
    of_honour: bool,
    by: User,
    at: datetime,
) -> Registration:
    """Put details right, name and number included; what already counts in the ledger stays as it was written.

    A person known from elsewhere keeps the own row, and the guest gets another. Raises AlreadyRegistered for the number
    of another guest, BadPhone, NotStanding once the details were erased.
    """
    if registration.erased_at is not None:
        raise NotStanding(_("The personal details of this guest have been erased."))
    number = _mobile(phone, required=False)
    changed = (vietnamese.normalise(name), number) != (registration.name, registration.phone)
    before = registration.email
    registration.name, registration.phone = vietnamese.normalise(name), number
    registration.name_sort = sort_key(registration.name)
    registration.unit, registration.position = vietnamese.normalise(unit), vietnamese.normalise(position)
    registration.email, registration.seat, registration.of_honour = email, vietnamese.normalise(seat), of_honour
    registration.audience = audience
    try:
        with transaction.atomic():
            registration.save(
                update_fields=[
                    "name", "name_sort", "phone", "unit", "position", "email", "audience", "seat", "of_honour",
                ]
            )  # fmt: skip
    except IntegrityError:
        found = _standing_with(registration.intake, number)
        if found is None:
            raise
        raise _already(found, name) from None
    _put_person_right(registration, changed=changed, before=before, sex=sex, nationality=nationality)
    consent = Consent.objects.filter(registration=registration).only("guardian_phone").first()
    guardian = consent.guardian_phone if consent else ""
    search.put_text(KIND, registration.pk, guest_text(registration, guardian_phone=guardian))
    return registration


def _put_person_right(registration: Registration, *, changed: bool, before: str, sex: str, nationality: str) -> None:
    """Bring the contact record in step; `before` is the address until now, which may have been a stranger's by mistake."""
    person = registration.person
    if changed and people.needed_elsewhere(Person.objects.filter(pk=person.pk), besides=registration).exists():
        person = find_or_create_person(name=registration.name, phone=registration.phone, email=registration.email)
        registration.person = person
        registration.save(update_fields=["person"])
    elif changed:
        person.name, person.name_sort, person.phone = registration.name, registration.name_sort, registration.phone
        person.name_key = name_key(person.name)
    if before and person.email.lower() == before.lower() != registration.email.lower():
        others = Registration.objects.filter(same_address(before), person=person, erased_at__isnull=True)
        if not others.exclude(pk=registration.pk).exists():
            person.email = registration.email
    person.sex = sex
    if nationality != Person.ABROAD or person.nationality in ("", Person.HOME):  # a country once named is kept
        person.nationality = nationality
    person.save(update_fields=["name", "name_sort", "name_key", "phone", "email", "sex", "nationality"])


@journal.exempt("the mail in the outbox tells it")
def remind(*, registration: Registration, at: datetime) -> None:
    """Send the code to the address it was registered with, once an hour however often somebody asks for it."""
    with transaction.atomic():
        letters.send_place(registration, at=at.replace(minute=0, second=0, microsecond=0), again=True)


@journal.verb(of="registration", lock=False)
def resend_ticket(*, registration: Registration, by: User, at: datetime) -> bool:
    """Send the code once more; False when there is no e-mail address to send it to."""
    if not registration.email:
        return False
    with transaction.atomic():
        letters.send_place(registration, at=at, again=True)
    return True


@journal.verb(of="registration")
def renew_link(*, registration: Registration, by: User, at: datetime) -> bool:
    """End every link the guest was given so far and send a new one; False when there is no address to send it to.

    For a link that came into other hands. The admission code and the seat stay.
    """
    Registration.objects.filter(pk=registration.pk).update(link_generation=F("link_generation") + 1)
    registration.refresh_from_db(fields=["link_generation"])
    if registration.email:
        letters.send_place(registration, at=at, again=True)
    return bool(registration.email)


@journal.exempt("changes nothing: the mails queued carry their hour")
def resend_links(*, contact: str, at: datetime) -> int:
    """Send the links of what is still ahead to whoever registered with this number or address; how many mails.

    Each goes to the address given at registration, at most once an hour. Who asks must not learn the number.
    """
    number = vietnamese.normal_mobile(contact)
    asked = Q(phone=number) if number else same_address(contact)
    known = Registration.objects.whole().standing().filter(asked, intake__activity__ends_at__gt=at).exclude(email="")
    found = list(known.order_by("intake__activity__starts_at", "pk")[:AT_ONCE])
    for registration in found:
        remind(registration=registration, at=at)
    return len(found)
