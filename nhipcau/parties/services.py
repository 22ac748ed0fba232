"""People are entered once: whoever registers, speaks or signs is looked up before a row is made."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from wagtail.models import ModelLogEntry

from nhipcau.core import erasures, journal, vietnamese
from nhipcau.parties.models import Person

_SORT_KEY = 400
EMPTY = "—"


def sort_key(name: str) -> str:
    """The stored order of a name, cut to its column; two names alike that far sort by their keys."""
    return vietnamese.person_sort_text(name)[:_SORT_KEY]


def name_key(name: str) -> str:
    """The words of a name without marks in the order of the alphabet: two spellings of one name give one key."""
    return " ".join(sorted(vietnamese.fold(name).split()))[:200]


@transaction.atomic
def find_or_create_person(
    *, name: str, phone: str = "", email: str = "", sex: str = "", nationality: str = "", fill_email: bool = True
) -> Person:
    """The person with the same mobile number (E.164) and the same name without marks, else a new one.

    A number alone does not make a person (families and secretaries share one), a name alone neither. What was not
    known before (e-mail, form of address, nationality) is filled in; what was known is never overwritten. Where anybody
    may write, `fill_email` is False: name and number are known to many. Two queries at most.
    """
    name = vietnamese.normalise(name)
    if phone:
        wanted = vietnamese.fold(name)
        for known in Person.objects.with_phone(phone).filter(erased_at__isnull=True):
            if vietnamese.fold(known.name) == wanted:
                return _filled_in(known, email=email if fill_email else "", sex=sex, nationality=nationality)
    return Person.objects.create(
        name=name,
        name_sort=sort_key(name),
        name_key=name_key(name),
        phone=phone,
        email=email,
        sex=sex,
        nationality=nationality,
    )


def _filled_in(person: Person, **found: str) -> Person:
    news = {field: value for field, value in found.items() if value and not getattr(person, field)}
    if news:
        for field, value in news.items():
            setattr(person, field, value)
        person.save(update_fields=list(news))
    return person


def records_of_person(person: Person) -> list[Person]:
    """Every record found to be this person, the kept one first; one query."""
    root = person.same_as_id or person.pk
    rows = Person.objects.filter(Q(pk=root) | Q(same_as=root)).order_by("pk")
    return sorted(rows, key=lambda row: row.pk != root)


@journal.exempt("part of an erasure, which is noted where it was decided")
@transaction.atomic
def empty_people(persons: Collection[int], *, at: datetime) -> int:
    """Empty the rows of these people, and what the back office noted of their changes; the rows stay and count."""
    ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Person), object_id__in=[str(pk) for pk in persons]
    ).update(label=EMPTY, data={})
    erasures.note(Person, persons)
    return Person.objects.filter(pk__in=persons).update(
        name=EMPTY, name_sort="", name_key="", phone="", email="", sex="", nationality="", erased_at=at
    )


@journal.exempt("part of an erasure, which is noted where it was decided")
def empty_again(keys: Collection[int], at: datetime) -> int:
    """Empty those of the people whom a backup brought back; how many."""
    back = Person.objects.filter(pk__in=keys, erased_at__isnull=True)
    return empty_people(list(back.values_list("pk", flat=True)), at=at)


@journal.exempt("part of the answer to a request")
def note_objection(*, persons: Collection[int], at: datetime) -> int:
    """These people want no messages any more; how many records that was noted on."""
    return Person.objects.filter(pk__in=persons, objected_at__isnull=True).update(objected_at=at)
