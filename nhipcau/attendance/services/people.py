"""Whether a person is known from anywhere but one registration."""

from django.db.models import Exists, OuterRef, QuerySet

from nhipcau.agreements.models import AttendingOfficial, Signatory
from nhipcau.attendance.models import Registration
from nhipcau.parties.models import Person
from nhipcau.plans.models import Direction


def needed_elsewhere(people: QuerySet[Person], *, besides: Registration | None = None) -> QuerySet[Person]:
    """Those of the people who have a registration not erased, or stand in an agreement or a direction."""
    person = OuterRef("pk")
    others = Registration.objects.filter(person=person, erased_at__isnull=True)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    return people.filter(
        Exists(others)
        | Exists(Signatory.objects.filter(person=person))
        | Exists(AttendingOfficial.objects.filter(person=person))
        | Exists(Direction.objects.filter(speaker=person))
    )
