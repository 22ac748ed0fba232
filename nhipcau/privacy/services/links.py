"""How a person comes to the own data: by the admission code, by a link to the address on record, or through an officer."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from nhipcau.core import journal, signing
from nhipcau.core.holdings import Subject, holdings
from nhipcau.parties.models import Person, User
from nhipcau.parties.services import records_of_person
from nhipcau.privacy.models import Access

PURPOSE = "own-data"
# A link from the admission code is opened on the spot; one that travels by mail or Zalo is read later.
LIFETIME = {
    Access.How.TICKET: timedelta(hours=1),
    Access.How.EMAIL: timedelta(days=3),
    Access.How.OFFICER: timedelta(days=3),
}


def token(access: Access) -> str:
    """What stands in the address; it names nobody and is of no use for anything else."""
    return signing.sign(PURPOSE, access.pk)


def read_access(signed: str, *, at: datetime) -> Access:
    """The link behind an address; two queries at most.

    Raises core.signing.BadLink when it was damaged, has expired or was closed.
    """
    found = Access.objects.open(at=at).select_related("person").filter(pk=signing.read(PURPOSE, signed).key).first()
    if found is None:
        raise signing.OldLink(_("This link has expired. Please ask for a new one; it comes within minutes."))
    return found


def subject_of(access: Access) -> Subject:
    """Whose data the link opens, as far as it proves; two queries at most."""
    return scope(access.person, how=access.how, only=access.only, address=access.address)


def scope(person: Person, *, how: str, only: str = "", address: str = "") -> Subject:
    """What a way of asking proves; two queries at most.

    An admission code its own registration; a link sent to an address what was given with that address, for anybody may
    register under another's name and number; an officer's word everything.
    """
    if only:
        return Subject(frozenset({person.pk}), only=frozenset({only}))
    persons = frozenset(record.pk for record in records_of_person(person))
    if how != Access.How.EMAIL:
        return Subject(persons)
    address = address or person.email
    if not address:  # what carries no address was given with none
        return Subject(persons, only=frozenset())
    refs: set[str] = set()
    for holding in holdings():
        if holding.given_with is not None:
            refs |= holding.given_with(persons, address)
    return Subject(persons, emails=frozenset({address}), only=frozenset(refs))


def more_than(person: Person, proved: Subject) -> bool:
    """Whether registrations or the like are kept under a person beyond what was proved; some queries."""
    whole = scope(person, how=Access.How.OFFICER)
    rooms = [holding for holding in holdings() if holding.given_with is not None]
    return any(len(holding.find(whole)) > len(holding.find(proved)) for holding in rooms)


@journal.verb(result=True)
def open_access(
    *, person: Person, how: Access.How, at: datetime, only: str = "", address: str = "", by: User | None = None
) -> Access:
    """Make a link to the own data; who may have it was checked before. `address` is where it is sent, for a mail."""
    if how == Access.How.EMAIL:
        address = (address or person.email).lower()
    return Access.objects.create(
        person=person, how=how, only=only, address=address, opened_at=at, expires_at=at + LIFETIME[how], by=by
    )
