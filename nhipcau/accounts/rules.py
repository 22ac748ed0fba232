"""Who looks after whose account, who needs a second factor, whose accounts may be in one hand: decided here alone.

Administrators look after every account. The director of a party looks after the people of the own party: accounts that
hold roles nowhere else and administer nothing; a stand-in does not. Everybody looks after the own account.

A second factor is owed by directors, by everybody in a supervising department (each may key in what it asks), by editors, by
administrators and by who stands in for one of them. Demo accounts owe none, as long as every agreement here is sample data.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.accounts.models import AccountLink
from nhipcau.agreements.models import Agreement, Party
from nhipcau.parties.models import Membership, Organisation, Supervision, User

Role = Membership.Role


@dataclass(frozen=True)
class Keeper:
    """Who asks, and whose accounts are in those hands."""

    user: User
    organisations: frozenset[int]  # parties whose director it is today, in the own right

    @property
    def everywhere(self) -> bool:
        """Whether all accounts are."""
        return self.user.is_superuser

    def accounts(self) -> QuerySet[User]:
        """The accounts to be seen in the list."""
        if self.everywhere:
            return User.objects.all()
        return User.objects.filter(memberships__organisation__in=self.organisations).distinct()

    def places(self) -> QuerySet[Organisation]:
        """The organisations in which roles can be given."""
        rows = Organisation.objects.all()
        return rows if self.everywhere else rows.filter(pk__in=self.organisations)

    def may_give(self, organisation: int | None) -> bool:
        """Whether roles in an organisation can be given and ended; None stands for administering the system."""
        return self.everywhere or (organisation is not None and organisation in self.organisations)

    def may_close(self, account: User) -> bool:
        """Whether the account as a whole can be closed, opened, given links; one query for directors."""
        if self.everywhere:
            return True
        places = set(account.memberships.values_list("organisation_id", flat=True))
        return not account.is_superuser and bool(places) and places <= self.organisations


def keeper(user: User, *, day: date) -> Keeper:
    """Whose accounts somebody looks after on a day; one query for all but administrators."""
    if user.is_superuser:
        return Keeper(user, frozenset())
    directed = Membership.objects.of(user).holding(day=day).filter(
        role=Role.DIRECTOR, organisation__in=Party.objects.values("organisation")
    )  # fmt: skip
    return Keeper(user, frozenset(directed.values_list("organisation_id", flat=True)))


@dataclass(frozen=True)
class Hands:
    """How the accounts of one who is to vouch and of those who declared were entered by links, in the order of use.

    Whoever makes a link into an account can open it and be that account. So nobody vouches for what was declared by
    whoever made the link the own account was last entered by, nor for what an account declared after its password was
    set by a link of one's own. An invitation stands in the way of the first only: directors look through what the
    people they invited declare. A new link made by somebody else ends it.
    """

    verifier: int
    entered: dict[int, list[tuple[datetime, int, str]]]  # when, by a link of whom, for what

    @classmethod
    def of(cls, *, verifier: int, recorders: Collection[int]) -> Hands:
        """Of one person's hand and those of others; one query, none without others."""
        entered: dict[int, list[tuple[datetime, int, str]]] = {}
        if recorders:
            used = AccountLink.objects.filter(account__in={verifier, *recorders}, used_at__isnull=False)
            rows = used.order_by("used_at", "pk").values_list("account", "used_at", "made_by", "purpose")
            for account, at, maker, purpose in rows:
                entered.setdefault(account, []).append((at, maker, purpose))  # type: ignore[arg-type]  # used: a moment
        return cls(verifier, entered)

    def same(self, *, recorder: int, recorded_at: datetime) -> bool:
        """Whether what an account recorded at a moment may be in the hand of who is to vouch for it."""
        own = self.entered.get(self.verifier, [])
        if own and own[-1][1] == recorder:
            return True
        before = [(maker, purpose) for at, maker, purpose in self.entered.get(recorder, []) if at <= recorded_at]
        return bool(before) and before[-1] == (self.verifier, AccountLink.Purpose.PASSWORD)


def access_accounts(request: HttpRequest) -> Keeper:
    """Who asks, as keeper of accounts.

    Raises Http404 for outsiders and PermissionDenied for those inside who look after no account but the own.
    """
    assert isinstance(request.user, User)
    found = keeper(request.user, day=request.today)  # type: ignore[attr-defined]
    if found.everywhere or found.organisations:
        return found
    if not Agreement.objects.readable_by(request.user, day=request.today).exists():  # type: ignore[attr-defined]
        raise Http404
    raise PermissionDenied


def access_account(request: HttpRequest, pk: int) -> tuple[User, Keeper]:
    """An account to be looked after; for accounts of others there is none."""
    found = access_accounts(request)
    return get_object_or_404(found.accounts(), pk=pk), found


def _owing(day: date) -> Q:
    above = Supervision.objects.holding(day=day).values("department")
    return Q(role__in=[Role.DIRECTOR, Role.EDITOR, Role.CHIEF_EDITOR]) | Q(organisation__in=above)


def owes_second_factor(user: User, *, day: date) -> bool:
    """Whether an account must sign in with a second factor on a day; one query at most, one more for demo accounts."""
    if user.is_demo and not Agreement.objects.filter(is_sample=False).exists():
        return False
    if user.is_superuser:
        return True
    own = Membership.objects.of(user).holding(day=day).filter(_owing(day))
    lent = Membership.objects.lent_to(user, day=day).filter(_owing(day))
    return own.order_by().values("pk").union(lent.order_by().values("pk")).exists()
