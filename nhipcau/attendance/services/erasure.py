"""What guests were promised: their details are erased when the time they agreed to is over; the counts stay."""

import calendar
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from nhipcau.attendance.errors import AlreadyArrived, AlreadyOver, NotStanding
from nhipcau.attendance.models import ConsentWording, Registration
from nhipcau.attendance.services import people
from nhipcau.attendance.services.places import KIND, cancel_registration
from nhipcau.core import search
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person, User

# For guests whom staff entered: as long as the first wording promises.
KEEP_MONTHS = 12
ERASED = "—"


def _months_before(moment: datetime, months: int) -> datetime:
    month = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(month, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _expired(at: datetime) -> Q:
    """Registrations whose time is over, by the wording each agreed to."""
    ended = "intake__activity__ends_at__lt"
    found = Q(consent=None) & Q(**{ended: _months_before(at, KEEP_MONTHS)})
    for pk, months in ConsentWording.objects.values_list("pk", "keep_months"):
        found |= Q(consent__wording=pk) & Q(**{ended: _months_before(at, months)})
    return found


@transaction.atomic
def erase_expired(*, at: datetime, limit: int = 500) -> int:
    """Empty names, numbers and addresses whose time is over; how many registrations were emptied.

    The rows stay, and with them every count; so do mails' traces, without address and text. A person who has another
    registration still within its time, or who stands in an agreement, keeps the own row.
    """
    due = list(
        Registration.objects.filter(_expired(at), erased_at__isnull=True)
        .order_by("pk")
        .values("pk", "person_id")[:limit]
    )
    _empty([row["pk"] for row in due], {row["person_id"] for row in due}, at=at)
    return len(due)


@transaction.atomic
def erase_guest(*, registration: Registration, by: User, at: datetime) -> Registration:
    """Empty one guest's details because the guest asks for it; a seat that is still ahead is given up first.

    Whoever moves up is told; the guest gets no mail, and what was still to be sent is not sent.
    """
    if registration.erased_at is not None:
        return registration
    Registration.objects.filter(pk=registration.pk).update(email="")
    # Who came, or did not come, stays counted; only what is still ahead can be given up.
    with suppress(NotStanding, AlreadyArrived, AlreadyOver), transaction.atomic():
        cancel_registration(registration=registration, by=by, at=at)
    _empty([registration.pk], {registration.person_id}, at=at)
    registration.refresh_from_db()
    return registration


def _empty(keys: list[int], persons: set[int], *, at: datetime) -> None:
    Registration.objects.filter(pk__in=keys).update(
        name=ERASED, name_sort="", phone="", email="", unit="", position="", erased_at=at
    )
    all_of_them = Person.objects.filter(pk__in=persons)
    kept = set(people.needed_elsewhere(all_of_them).values_list("pk", flat=True))
    all_of_them.exclude(pk__in=kept).update(
        name=ERASED, name_sort="", phone="", email="", sex="", nationality="", erased_at=at
    )
    for pk in keys:
        search.remove(KIND, pk)
        _forget_mail(pk)


def _forget_mail(pk: int) -> None:
    mails = Message.objects.filter(
        Q(key__in=[f"ticket:{pk}", f"waiting:{pk}", f"cancelled:{pk}"])
        | Q(key__startswith=f"ticket:{pk}:")
        | Q(key__startswith=f"waiting:{pk}:")
        | Q(key__regex=rf"^(moved|called-off|restored):\d+:\d+:{pk}$")
    )
    for mail in mails:
        search.remove("outbox.message", mail.pk)
    mails.filter(state=Message.State.QUEUED).update(state=Message.State.FAILED)
    mails.update(to="erased@invalid", subject=ERASED, body=ERASED, attachment=None)
