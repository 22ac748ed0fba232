"""Who may do what under an agreement; the one place that decides.

Everybody in the agreement reads all of it but the names of guests, which are for those who prepare and receive. Officers change what their own party leads. Directors agree and freeze.
The records office records what was issued, the reception desk admits guests, departments above read and comment. Who
stands in for an absent director or officer may from day to day what the absent one may, except lend it on.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, DateField, F, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest

from nhipcau.agreements.models import Agreement
from nhipcau.core import journal
from nhipcau.parties.models import Membership, Supervision, User

Role = Membership.Role


class Verb(StrEnum):
    """What somebody wants to do."""

    READ = "read"
    PLAN = "plan"  # edit the plan: phases, objectives, indicators, targets, milestones, new activities
    LEAD = "lead"  # change what one's own party leads
    RECEIVE = "receive"  # admit guests
    GUESTS = "guests"  # see who comes: names, numbers, addresses; everybody else sees counters
    VERIFY = "verify"  # vouch for evidence another person declared
    DIRECT = "direct"  # agree a plan, freeze figures, release to the public
    ISSUE = "issue"  # record number, date, signer and signed file
    OVERSEE = "oversee"  # key in what a department above asked; mark snapshots as seen
    MAIL = "mail"  # look at the outbox
    WRITE = "write"  # work in the newsroom's back office; what one may do there follows from the section
    ANSWER = "answer"  # read letters to the editors and note what came of them
    ADMINISTER = "administer"  # keep the installation itself
    ACCOUNTS = "accounts"  # invite, deactivate, give roles: administrators, and directors for their own people


_PARTY_ROLES: dict[Verb, frozenset[str]] = {
    Verb.PLAN: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.LEAD: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.RECEIVE: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECEPTION}),
    Verb.GUESTS: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECEPTION}),
    Verb.VERIFY: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.DIRECT: frozenset({Role.DIRECTOR}),
    Verb.ISSUE: frozenset({Role.RECORDS}),
    Verb.MAIL: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECORDS}),
    Verb.WRITE: frozenset({Role.REPORTER, Role.EDITOR, Role.CHIEF_EDITOR}),
    Verb.ANSWER: frozenset({Role.EDITOR, Role.CHIEF_EDITOR, Role.DIRECTOR}),
}


@dataclass(frozen=True)
class Acting:
    """A role held in the place of somebody who is away."""

    organisation: int
    role: str
    principal: int
    name: str
    last_day: date
    own: bool  # whether the account holds the role itself as well

    def role_name(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Standing:
    """What an account is in one agreement on one day: its roles by party, and the departments it serves in."""

    administrator: bool
    roles: frozenset[tuple[int, str]]  # (organisation of a party, role); those of whom it stands in for among them
    departments: frozenset[int]  # supervising organisations it belongs to
    acting: tuple[Acting, ...] = ()  # what among the roles is held in another's place

    @property
    def inside(self) -> bool:
        """Whether it belongs to the agreement at all."""
        return self.administrator or bool(self.roles) or bool(self.departments)

    @property
    def parties(self) -> frozenset[int]:
        """Organisations that are parties and that it works for."""
        return frozenset(organisation for organisation, _role in self.roles)

    def can(self, verb: Verb, *, party: int | None = None) -> bool:
        """May it? `party` narrows to what one organisation leads; without it any own party will do."""
        if verb is Verb.READ:
            return self.inside
        if verb is Verb.OVERSEE:
            return bool(self.departments)
        if verb is Verb.ADMINISTER:
            return self.administrator
        if verb is Verb.ACCOUNTS:
            return self.administrator or any(
                self.in_place_of(organisation) is None for organisation in self.director_of()
            )
        if verb is Verb.WRITE and self.administrator:
            return True
        allowed = _PARTY_ROLES[verb]
        return any(role in allowed and (party is None or organisation == party) for organisation, role in self.roles)

    def director_of(self) -> frozenset[int]:
        """The parties whose director it is."""
        return frozenset(organisation for organisation, role in self.roles if role == Role.DIRECTOR)

    def lent(self, verb: Verb, *, party: int | None = None) -> Acting | None:
        """In whose place it may, where it may not in the own right."""
        allowed = _PARTY_ROLES.get(verb, frozenset())
        asked = [a for a in self.acting if not a.own and a.role in allowed and party in {None, a.organisation}]
        borrowed = {(a.organisation, a.role) for a in self.acting if not a.own}
        own = any(role in allowed and party in {None, organisation} for organisation, role in self.roles - borrowed)
        return None if own or not asked else asked[0]

    def in_place_of(self, organisation: int) -> int | None:
        """Whose place it takes when it decides as director of an organisation; None in its own right."""
        lent = (a for a in self.acting if a.organisation == organisation and a.role == Role.DIRECTOR and not a.own)
        return next((each.principal for each in lent), None)

    def stands_in_for(self, user_id: int | None) -> bool:
        """Whether it acts in the place of an account: the two then count as one person."""
        return any(lent.principal == user_id for lent in self.acting)

    def records_of(self) -> frozenset[int]:
        """The parties whose records office it is."""
        return frozenset(organisation for organisation, role in self.roles if role == Role.RECORDS)


def _held(user: User, *, day: date) -> list[tuple[int, str, int, str, date | None]]:
    """(organisation, role, principal or 0, name, last day of acting): own roles, and those of whom it stands in for."""
    own = (
        Membership.objects.of(user)
        .holding(day=day)
        .values_list(
            "organisation_id",
            "role",
            Value(0),
            Value("", output_field=CharField()),
            Cast(Value(None), DateField()),
        )
    )
    lent = Membership.objects.lent_to(user, day=day).values_list(
        "organisation_id",
        "role",
        "user_id",
        "user__display_name",
        F("user__delegations_given__last_day"),
    )
    return list(own.union(lent))


def standing(user: User, agreement: Agreement, *, day: date) -> Standing:
    """What an account is in an agreement on a day; two queries."""
    members = agreement.parties.order_by().values_list("organisation_id", Value(0))
    overseen = Supervision.objects.holding(day=day).filter(unit__in=agreement.parties.values("organisation"))
    pairs = set(members.union(overseen.order_by().values_list("unit_id", "department_id")))
    parties = {organisation for organisation, _department in pairs}
    above = {department for _organisation, department in pairs if department}
    held = _held(user, day=day)
    own = {(organisation, role) for organisation, role, principal, _name, _last in held if not principal}
    return Standing(
        administrator=user.is_superuser,
        roles=frozenset((organisation, role) for organisation, role, *_rest in held if organisation in parties),
        departments=frozenset(organisation for organisation, *_rest in held if organisation in above),
        acting=tuple(
            Acting(organisation, role, principal, name, last_day, own=(organisation, role) in own)
            for organisation, role, principal, name, last_day in sorted(held, key=lambda row: (row[0], row[1], row[2]))
            if principal and last_day and organisation in parties | above
        ),
    )


def standing_of(request: HttpRequest, agreement: Agreement) -> Standing:
    """The standing of who asks, kept for the request; decides nothing and leaves the page's own agreement as it is."""
    assert isinstance(request.user, User)
    kept: dict[int, Standing] = request.__dict__.setdefault("_standings", {})
    if agreement.pk not in kept:
        kept[agreement.pk] = standing(request.user, agreement, day=request.today)  # type: ignore[attr-defined]
    return kept[agreement.pk]


def access_agreement(
    request: HttpRequest, agreement: Agreement, verb: Verb = Verb.READ, *, party: int | None = None
) -> Standing:
    """The standing of who asks, kept for the request.

    Raises Http404 for outsiders, who shall not learn what exists, and PermissionDenied for those inside who may not.
    """
    mine = standing_of(request, agreement)
    if not mine.inside:
        raise Http404
    if not mine.can(verb, party=party):
        raise PermissionDenied
    lent = mine.lent(verb, party=party)
    if lent is not None:
        journal.act_for(lent.name)
    request.__dict__["_shown_agreement"] = agreement  # the desk marks the page as a sample by it
    return mine


def current_agreement(request: HttpRequest) -> Agreement:
    """The agreement the desk is about: the one chosen in this session, else the newest readable one; one query.

    Raises Http404 when the account belongs to none.
    """
    assert isinstance(request.user, User)
    kept: Agreement | None = request.__dict__.get("_agreement")
    if kept is None:
        readable = list(Agreement.objects.readable_by(request.user, day=request.today))  # type: ignore[attr-defined]
        chosen = request.session.get("agreement")
        kept = next((a for a in readable if a.pk == chosen), readable[0] if readable else None)
        if kept is None:
            raise Http404
        request.__dict__["_agreement"] = kept
    return kept
