"""What this room keeps of a person: the record itself, and an account under the person's own address."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.core.holdings import Erased, Holding, Record, Subject, declare, same_address
from nhipcau.core.vietnamese import normalise
from nhipcau.parties.models import Membership, Person, User
from nhipcau.parties.services import empty_again, name_key, sort_key


def _own(subject: Subject) -> QuerySet[Person]:
    rows = Person.objects.filter(pk__in=subject.persons, erased_at__isnull=True)
    return rows if subject.only is None else rows.filter(_from(subject.emails))


def _from(emails: Iterable[str]) -> Q:
    wanted = Q(pk__in=[])
    for email in emails:
        wanted |= same_address(email)
    return wanted


def _people(subject: Subject) -> list[Record]:
    return [
        Record.of(
            ("name", _("Full name"), person.name),
            ("address", _("Form of address"), person.get_sex_display() if person.sex else ""),
            ("phone", _("Mobile number"), person.phone_shown),
            ("email", _("E-mail"), person.email),
            ("nationality", _("Nationality"), person.nationality),
            ("no_messages_since", _("Wants no messages since"), person.objected_at and person.objected_at.isoformat()),
        )
        for person in _own(subject).order_by("pk")
    ]


def _known(phone: str, email: str) -> set[int]:
    wanted = Q(pk__in=[])
    if phone:
        wanted |= Q(phone=phone)
    if email:
        wanted |= same_address(email)
    return set(Person.objects.filter(wanted, erased_at__isnull=True).values_list("pk", flat=True))


def _correct(subject: Subject, values: Mapping[str, str], by: Any, at: datetime) -> int:
    """Put the record itself right: name, number, address."""
    given = {name: value for name, value in values.items() if name in {"name", "phone", "email"} and value}
    if "name" in given:
        given["name"] = normalise(given["name"])
        given |= {"name_sort": sort_key(given["name"]), "name_key": name_key(given["name"])}
    if not given:
        return 0
    return _own(subject).update(**given)


def _accounts(subject: Subject) -> list[Record]:
    if not subject.emails:
        return []
    users = User.objects.filter(_from(subject.emails))
    roles = Membership.objects.filter(user__in=users).select_related("organisation")
    return [
        Record.of(
            ("name", _("Name shown"), str(user)),
            ("username", _("User name"), user.username),
            ("email", _("E-mail"), user.email),
            ("joined", _("Since"), user.date_joined.isoformat()),
            ("last_sign_in", _("Last signed in"), user.last_login and user.last_login.isoformat()),
            (
                "roles",
                _("Roles"),
                "; ".join(
                    f"{role.get_role_display()}, {role.organisation}" for role in roles if role.user_id == user.pk
                ),
            ),
        )
        for user in users
    ]


declare(
    Holding(
        "people",
        _("Contact record"),
        10,
        find=_people,
        locate=_known,
        correct=_correct,
        kept_because=_("It is erased together with the last registration or letter kept under it."),
    ),
    Holding(
        "accounts",
        _("Staff account"),
        80,
        find=_accounts,
        kept_because=_(
            "An account belongs to the work of the unit; an administrator closes it. What was done under it stays."
        ),
    ),
    Erased(Person, 30, again=empty_again, moment="erased_at"),
)
