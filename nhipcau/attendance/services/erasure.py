"""What guests were promised: their details are erased when the time they agreed to is over; the counts stay."""

import calendar
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from nhipcau.agreements.models import AttendingOfficial, Signatory
from nhipcau.attendance.models import ConsentWording, Registration
from nhipcau.attendance.services.places import KIND
from nhipcau.core import search
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person

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
    keys = [row["pk"] for row in due]
    Registration.objects.filter(pk__in=keys).update(
        name=ERASED, name_sort="", phone="", email="", unit="", position="", erased_at=at
    )
    person = OuterRef("pk")
    people = Person.objects.filter(pk__in={row["person_id"] for row in due}).exclude(
        Exists(Registration.objects.filter(person=person, erased_at__isnull=True))
        | Exists(Signatory.objects.filter(person=person))
        | Exists(AttendingOfficial.objects.filter(person=person))
    )
    people.update(name=ERASED, name_sort="", phone="", email="", sex="", erased_at=at)
    for pk in keys:
        search.remove(KIND, pk)
        _forget_mail(pk)
    return len(keys)


def _forget_mail(pk: int) -> None:
    mails = Message.objects.filter(
        Q(key__in=[f"ticket:{pk}", f"waiting:{pk}", f"cancelled:{pk}"])
        | Q(key__startswith=f"ticket:{pk}:")
        | Q(key__startswith=f"waiting:{pk}:")
        | Q(key__regex=rf"^(moved|called-off|restored):\d+:\d+:{pk}$")
    )
    for mail in mails:
        search.remove("outbox.message", mail.pk)
    mails.update(to="erased@invalid", subject=ERASED, body=ERASED, attachment=None)
