"""The list of accounts: what each row says, found with and without marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.accounts.models import AccountLink
from nhipcau.core import vietnamese
from nhipcau.parties.models import Membership, User

ACTIVE, INVITED, CLOSED = "active", "invited", "closed"
STATES = [(ACTIVE, _("active")), (INVITED, _("invited")), (CLOSED, _("closed"))]
_UNUSABLE = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
IN_STATE = {
    ACTIVE: Q(is_active=True),
    INVITED: Q(is_active=False) & _UNUSABLE,
    CLOSED: Q(is_active=False) & ~_UNUSABLE,
}


def state_of(account: User) -> str:
    """Active, invited and never entered, or closed."""
    if account.is_active:
        return ACTIVE
    return CLOSED if account.has_usable_password() else INVITED


@dataclass(frozen=True)
class Row:
    """An account in the list."""

    account: User
    state: str
    roles: tuple[Membership, ...]
    factor: bool
    link_open: bool


def matching(accounts: QuerySet[User], query: str) -> QuerySet[User]:
    """Those of whose name, sign-in name, address or number each word typed is a part; one query over a few columns."""
    words = vietnamese.fold(query).split()
    if not words:
        return accounts
    found = []
    for pk, *texts in accounts.values_list("pk", "display_name", "username", "email", "phone"):
        folded = vietnamese.fold(" ".join(texts)) + " " + texts[-1].replace("+84", "0")
        if all(word in folded for word in words):
            found.append(pk)
    return accounts.filter(pk__in=found)


def narrowed(accounts: QuerySet[User], *, organisation: int | None, role: str, state: str, day: date) -> QuerySet[User]:
    """Those with a role in an organisation today, and in a state."""
    held = Membership.objects.holding(day=day)
    if organisation is not None:
        accounts = accounts.filter(pk__in=held.filter(organisation=organisation).values("user"))
    if role == "administrator":
        accounts = accounts.filter(is_superuser=True)
    elif role:
        accounts = accounts.filter(pk__in=held.filter(role=role).values("user"))
    return accounts.filter(IN_STATE[state]) if state in IN_STATE else accounts


def drawn_from(accounts: QuerySet[User], *, day: date) -> QuerySet[User]:
    """The accounts in order, each with roles and what the list says of it; two queries however many."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=["totp", "webauthn"])
    roles = Membership.objects.exclude(last_day__lt=day).select_related("organisation").order_by("first_day", "pk")
    return (
        accounts.annotate(has_factor=Exists(factors))
        .prefetch_related(Prefetch("memberships", roles, to_attr="roles_now"))
        .prefetch_related(Prefetch("links", AccountLink.objects.unspent(), to_attr="links_now"))
        .order_by("-is_active", "display_name", "username", "pk")
    )


def rows(accounts: Iterable[User], *, now: datetime) -> list[Row]:
    """What the list says of the accounts of a page."""
    return [
        Row(
            account=account,
            state=state_of(account),
            roles=tuple(account.roles_now),  # type: ignore[attr-defined]  # by drawn_from
            factor=account.has_factor,  # type: ignore[attr-defined]  # by drawn_from
            link_open=any(link.is_open(at=now) for link in account.links_now),  # type: ignore[attr-defined]
        )
        for account in accounts
    ]
