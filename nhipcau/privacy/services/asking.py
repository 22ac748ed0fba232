"""Asking for the own data by a number or an address: the answer is the same whoever is known by it."""

from datetime import datetime, timedelta

from django.db import transaction

from nhipcau.core import journal
from nhipcau.core.holdings import holdings
from nhipcau.parties.models import Person
from nhipcau.privacy import letters
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.services.links import more_than, open_access, scope, token
from nhipcau.privacy.services.requests import file_request

ONE_AN_HOUR = timedelta(hours=1)


@journal.exempt("makes links and requests, which are noted themselves")
@transaction.atomic
def ask_for_link(*, phone: str = "", email: str = "", language: str, at: datetime) -> None:
    """Somebody asks for the own data by a number or an address; nothing tells whether anybody is known by it.

    An address on record gets the link to what was given with it, one an hour; where a number leads to more than that,
    an officer is asked to make sure by telephone. Nobody else is told anything.
    """
    for person in _known_by(phone=phone, email=email):
        to = email or (person.same_as or person).email
        address = to.lower()
        if not address or (phone and more_than(person, scope(person, how=Access.How.EMAIL, address=address))):
            file_request(person=person, access=None, kind=Request.Kind.SEE, language=language, at=at)
        if not address:
            continue
        recent = Access.objects.filter(person=person, address=address, opened_at__gt=at - ONE_AN_HOUR)
        if not recent.exists():
            access = open_access(person=person, how=Access.How.EMAIL, address=address, at=at)
            letters.send_link(access=access, to=to, signed=token(access), language=language, at=at)


def _known_by(*, phone: str, email: str) -> list[Person]:
    """Those whom a number or an address leads to, one for all records merged into one.

    It is the record that was found: should the two be parted again, the request goes on being about it.
    """
    found: set[int] = set()
    for holding in holdings():
        if holding.locate is not None:
            found |= holding.locate(phone, email)
    people = Person.objects.filter(pk__in=found, erased_at__isnull=True).select_related("same_as").order_by("pk")
    return list({person.same_as_id or person.pk: person for person in people}.values())
