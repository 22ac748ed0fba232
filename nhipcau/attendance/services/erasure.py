"""What guests were promised: their details are erased when the time they agreed to is over; the counts stay."""

import calendar
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Min, Q

from nhipcau.attendance.errors import AlreadyArrived, AlreadyOver, NotStanding
from nhipcau.attendance.findable import GUEST as KIND
from nhipcau.attendance.models import Consent, Registration
from nhipcau.attendance.services import people
from nhipcau.attendance.services.places import cancel_registration
from nhipcau.core import erasures, journal, search
from nhipcau.core.holdings import same_address
from nhipcau.core.middleware import local_day
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import empty_mails
from nhipcau.parties.models import Person, User
from nhipcau.parties.services import empty_people
from nhipcau.privacy.models import Notice

# For guests whom staff entered: as long as the first wording promises.
KEEP_MONTHS = 12
FORMS = ("registration", "child", "substitute", "on_behalf")
ERASED = "—"


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier, the last of the month where it has no such day."""
    month = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(month, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _expired(at: datetime) -> Q:
    """Registrations whose time is over, by the notice each was told."""
    ended = "intake__activity__ends_at__lt"
    found = Q(consent=None) & Q(**{ended: months_before(at, KEEP_MONTHS)})
    for notice in Notice.objects.filter(form__in=FORMS):
        if notice.limited:
            found |= Q(consent__notice=notice.pk) & Q(**{ended: months_before(at, notice.keep_months)})
    return found


def expiring(*, at: datetime) -> list[tuple[Notice | None, int, date | None]]:
    """What is due to be erased, by notice: how many, and the day of the oldest activity; two queries."""
    due = Registration.objects.filter(_expired(at), erased_at__isnull=True).order_by()
    rows = due.values("consent__notice").annotate(n=Count("pk"), oldest=Min("intake__activity__ends_at"))
    notices = Notice.objects.in_bulk()
    return [(notices.get(row["consent__notice"]), row["n"], local_day(row["oldest"])) for row in rows]


@journal.exempt("notes every guest itself")
@transaction.atomic
def erase_expired(*, at: datetime, limit: int = 500) -> int:
    """Empty names, numbers and addresses whose time is over; how many registrations were emptied.

    The rows stay, and with them every count; so do mails' traces, without address and text. A person who has another
    registration still within its time, or who stands in an agreement, keeps the own row.
    """
    due = list(
        Registration.objects.filter(_expired(at), erased_at__isnull=True)
        .select_related("intake__activity__plan")
        .order_by("pk")[:limit]
    )
    _empty([row.pk for row in due], {row.person_id for row in due}, at=at)
    for row in due:
        journal.note(row, verb="attendance.erase_expired", by=None, at=at)
    return len(due)


@journal.verb(of="registration", unless_same=True, lock=False)
def erase_guest(*, registration: Registration, by: User | None, at: datetime) -> Registration:
    """Empty one guest's details because the guest asks for it; a seat that is still ahead is given up first.

    Whoever moves up is told; the guest gets no mail, and what was still to be sent is not sent. Without `by` it was
    asked for before, and a backup put back had undone it.
    """
    if registration.erased_at is not None:
        return registration
    email = registration.email
    Registration.objects.filter(pk=registration.pk).update(email="")
    registration.email = ""
    # Who came, or did not come, stays counted; only what is still ahead can be given up.
    with suppress(NotStanding, AlreadyArrived, AlreadyOver), transaction.atomic():
        cancel_registration(registration=registration, by=by, at=at)
    _empty([registration.pk], {registration.person_id}, at=at)
    _clear_address(registration.person_id, email)
    registration.refresh_from_db()
    return registration


def _clear_address(person: int, email: str) -> None:
    """A person known from elsewhere keeps the own row, without the address when nothing else was given with it."""
    if not email or Registration.objects.filter(same_address(email), person=person, erased_at__isnull=True).exists():
        return
    Person.objects.filter(same_address(email), pk=person, erased_at__isnull=True).update(email="")


@journal.exempt("notes every guest itself")
def erase_again(keys: Collection[int], at: datetime) -> int:
    """Empty those of the registrations that a backup brought back; how many."""
    back = list(Registration.objects.filter(pk__in=keys, erased_at__isnull=True).order_by("pk"))
    for registration in back:
        erase_guest(registration=registration, by=None, at=at)
    return len(back)


def _empty(keys: list[int], persons: set[int], *, at: datetime) -> None:
    Registration.objects.filter(pk__in=keys).update(
        name=ERASED, name_sort="", phone="", email="", unit="", position="", erased_at=at
    )
    Consent.objects.filter(registration__in=keys).update(guardian_name="", guardian_phone="")
    all_of_them = Person.objects.filter(pk__in=persons)
    kept = set(people.needed_elsewhere(all_of_them).values_list("pk", flat=True))
    empty_people(persons - kept, at=at)
    search.remove(KIND, *keys)
    empty_mails(Message.objects.about(Registration, keys))
    erasures.note(Registration, keys)
