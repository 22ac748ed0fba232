"""People are entered once: whoever registers, speaks or signs is looked up before a row is made."""

from django.db import transaction

from nhipcau.core import vietnamese
from nhipcau.parties.models import Person

_SORT_KEY = 400


def sort_key(name: str) -> str:
    """The stored order of a name, cut to its column; two names alike that far sort by their keys."""
    return vietnamese.person_sort_text(name)[:_SORT_KEY]


@transaction.atomic
def find_or_create_person(
    *, name: str, phone: str = "", email: str = "", sex: str = "", nationality: str = ""
) -> Person:
    """The person with the same mobile number (E.164) and the same name without marks, else a new one.

    A number alone does not make a person (families and secretaries share one), a name alone neither. What was not
    known before (e-mail, form of address, nationality) is filled in; what was known is never overwritten. Two queries at most.
    """
    name = vietnamese.normalise(name)
    if phone:
        wanted = vietnamese.fold(name)
        for known in Person.objects.with_phone(phone).filter(erased_at__isnull=True):
            if vietnamese.fold(known.name) == wanted:
                return _filled_in(known, email=email, sex=sex, nationality=nationality)
    return Person.objects.create(
        name=name, name_sort=sort_key(name), phone=phone, email=email, sex=sex, nationality=nationality
    )


def _filled_in(person: Person, **found: str) -> Person:
    news = {field: value for field, value in found.items() if value and not getattr(person, field)}
    if news:
        for field, value in news.items():
            setattr(person, field, value)
        person.save(update_fields=list(news))
    return person
