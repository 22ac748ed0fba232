"""Guests of one activity, through the services of attendance: they register, cancel, send others, come in, are undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from nhipcau.activities.models import Activity
from nhipcau.attendance.models import Intake, Registration
from nhipcau.attendance.services import cancel_registration, check_in, register, substitute, undo_check_in
from nhipcau.core.middleware import LOCAL
from nhipcau.sample.guests import Guest, Identity
from nhipcau.sample.programme import Programme

#: So few in one transaction that a person at a screen waits a fraction of a second for the database.
AT_ONCE = 12
_OFFICE_OPENS, _OFFICE_CLOSES, _MORNING = 8, 17, 6
#: Registration of what is still to come: the share of seats asked for so far, by the days left.
_DAYS_OF_INTEREST = 26


def arrivals(programme: Programme, activity: Activity) -> Iterator[Callable[[], None]]:
    """What is still to be done, in steps of one transaction each; nothing where it was done before."""
    intake = Intake.objects.filter(activity=activity).first()
    everybody = programme.guests(activity.code)
    if intake is None or not everybody:
        return
    intake.activity = activity
    known = set(Registration.objects.filter(intake=intake).values_list("phone", flat=True))
    for start in range(0, len(everybody), AT_ONCE):
        some = everybody[start : start + AT_ONCE]
        if not _done(some, known):
            yield _Step(programme, intake, some)


def _done(some: Sequence[Guest], known: set[str]) -> bool:
    """A transaction holds whole groups, so the first number tells."""
    return any(_stored(guest.who.phone) in known for guest in some if guest.who.phone)


def _stored(phone: str) -> str:
    return f"+84{phone[1:]}" if phone else ""


class _Step:
    """A handful of guests."""

    def __init__(self, programme: Programme, intake: Intake, some: Sequence[Guest]) -> None:
        self.programme, self.intake, self.some = programme, intake, some

    def __call__(self) -> None:
        with transaction.atomic():
            # Another process may have done it since we looked; the counter's row is where all meet.
            list(Intake.objects.select_for_update().filter(pk=self.intake.pk))
            known = set(Registration.objects.filter(intake=self.intake).values_list("phone", flat=True))
            if not _done(self.some, known):
                for guest in self.some:
                    attend(self.programme, self.intake, guest)


def attend(programme: Programme, intake: Intake, guest: Guest) -> None:
    """All that one guest did."""
    activity = intake.activity
    arrives = activity.starts_at + timedelta(days=guest.day, minutes=guest.minute)
    if guest.walk_in:
        place = _place(programme, intake, guest, arrives - timedelta(minutes=2))
    else:
        asked = registered_at(intake, guest)
        place = _place(programme, intake, guest, asked)
        if guest.cancels:
            cancel_registration(
                registration=place,
                by=None if guest.channel == "self" else programme.officer(activity.lead),
                at=asked + (activity.starts_at - asked) / 2,
                notify=False,
            )
            return
        if guest.substitute is not None:
            place = _sent(programme, place, guest.substitute, max(asked, arrives - timedelta(hours=19)))
    if guest.came:
        _come_in(programme, place, guest, arrives)


def _come_in(programme: Programme, place: Registration, guest: Guest, at: datetime) -> None:
    desk = programme.reception(place.intake.activity.lead)
    point = "Phòng trực tuyến" if guest.online else f"Cửa {'AB'[len(guest.who.name) % 2]}"
    admission = check_in(registration=place, by=desk, at=at, point=point)
    if guest.undone:
        undo_check_in(check_in=admission.check_in, by=desk, at=at + timedelta(minutes=1))
        check_in(registration=place, by=desk, at=at + timedelta(minutes=2), point=point)


def registered_at(intake: Intake, guest: Guest) -> datetime:
    """When somebody registered: staff in office hours, people themselves when they are awake."""
    start = intake.activity.starts_at
    at = (start - timedelta(days=guest.days_before)).astimezone(LOCAL)
    if guest.channel == "self":
        at = at if at.hour >= _MORNING else at + timedelta(hours=_MORNING)
    else:
        at = at.replace(hour=_OFFICE_OPENS + at.hour % (_OFFICE_CLOSES - _OFFICE_OPENS))
    return max(min(at, start - timedelta(hours=2)), intake.opens_at + timedelta(minutes=5))


def _place(programme: Programme, intake: Intake, guest: Guest, at: datetime) -> Registration:
    who, lead = guest.who, intake.activity.lead
    by = None if guest.channel == "self" else programme.reception(lead) if guest.walk_in else programme.officer(lead)
    return register(
        intake=intake,
        name=who.name,
        phone=who.phone,
        email=who.email,
        unit=who.unit,
        position=who.position,
        audience=programme.audiences[who.audience],
        sex=who.sex,
        nationality=who.nationality,
        language="vi" if who.nationality == "VN" else "en",
        channel=guest.channel,
        by=by,
        consent=programme.wording if guest.channel == "self" else None,
        at=at,
        notify=False,
        seat=guest.seat,
        of_honour=guest.of_honour,
        join_waiting=not guest.walk_in,
    )


def _sent(programme: Programme, place: Registration, who: Identity, at: datetime) -> Registration:
    """Somebody else comes in a guest's place; the unit telephoned."""
    return substitute(
        registration=place,
        name=who.name,
        phone=who.phone,
        email=who.email,
        position=who.position,
        sex=who.sex,
        nationality=who.nationality,
        channel=Registration.Channel.PHONE,
        by=programme.officer(place.intake.activity.lead),
        at=at,
        notify=False,
    )


def interest(programme: Programme, activity: Activity) -> int:
    """Register those who have asked for a seat at an activity still to come; how many."""
    intake = Intake.objects.filter(activity=activity).first()
    if intake is None or Registration.objects.filter(intake=intake).exists():
        return 0
    intake.activity = activity
    willing = [
        guest for guest in programme.guests(activity.code) if not (guest.walk_in or guest.waits or guest.cancels)
    ]
    left = (activity.starts_at - programme.now) / timedelta(days=_DAYS_OF_INTEREST)
    chosen = willing[: max(3, round(len(willing) * min(max(1 - left, 0.08), 0.9)))]
    opened = max(intake.opens_at, programme.now - timedelta(days=14))
    step = (programme.now - timedelta(minutes=20) - opened) / max(len(chosen), 1)
    with transaction.atomic():
        for number, guest in enumerate(chosen):
            _place(programme, intake, guest, opened + step * number + timedelta(seconds=17 * (number % 23)))
    return len(chosen)
