"""Who may do what under an agreement; the one place that decides.

Everybody in the agreement reads all of it but the names of guests, which are for those who prepare and receive. Officers change what their own party leads. Directors agree and freeze.
The records office records what was issued, the reception desk admits guests, departments above read and comment.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from nhipcau.agreements.models import Agreement
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
    ADMINISTER = "administer"  # keep the installation itself


_PARTY_ROLES: dict[Verb, frozenset[str]] = {
    Verb.PLAN: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.LEAD: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.RECEIVE: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECEPTION}),
    Verb.GUESTS: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECEPTION}),
    Verb.VERIFY: frozenset({Role.OFFICER, Role.DIRECTOR}),
    Verb.DIRECT: frozenset({Role.DIRECTOR}),
    Verb.ISSUE: frozenset({Role.RECORDS}),
    Verb.MAIL: frozenset({Role.OFFICER, Role.DIRECTOR, Role.RECORDS}),
}


@dataclass(frozen=True)
class Standing:
    """What an account is in one agreement on one day: its roles by party, and the departments it serves in."""

    administrator: bool
    roles: frozenset[tuple[int, str]]  # (organisation of a party, role)
    departments: frozenset[int]  # supervising organisations it belongs to

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
        allowed = _PARTY_ROLES[verb]
        return any(role in allowed and (party is None or organisation == party) for organisation, role in self.roles)

    def director_of(self) -> frozenset[int]:
        """The parties whose director it is."""
        return frozenset(organisation for organisation, role in self.roles if role == Role.DIRECTOR)

    def records_of(self) -> frozenset[int]:
        """The parties whose records office it is."""
        return frozenset(organisation for organisation, role in self.roles if role == Role.RECORDS)


def standing(user: User, agreement: Agreement, *, day: date) -> Standing:
    """What an account is in an agreement on a day; three queries."""
    parties = set(agreement.parties.values_list("organisation_id", flat=True))
    held = set(Membership.objects.of(user).holding(day=day).values_list("organisation_id", "role"))
    above = set(Supervision.objects.holding(day=day).filter(unit__in=parties).values_list("department_id", flat=True))
    return Standing(
        administrator=user.is_superuser,
        roles=frozenset((organisation, role) for organisation, role in held if organisation in parties),
        departments=frozenset(organisation for organisation, _role in held if organisation in above),
    )


def access_agreement(
    request: HttpRequest, agreement: Agreement, verb: Verb = Verb.READ, *, party: int | None = None
) -> Standing:
    """The standing of who asks, kept for the request.

    Raises Http404 for outsiders, who shall not learn what exists, and PermissionDenied for those inside who may not.
    """
    assert isinstance(request.user, User)
    kept: dict[int, Standing] = request.__dict__.setdefault("_standings", {})
    if agreement.pk not in kept:
        kept[agreement.pk] = standing(request.user, agreement, day=request.today)  # type: ignore[attr-defined]
    mine = kept[agreement.pk]
    if not mine.inside:
        raise Http404
    if not mine.can(verb, party=party):
        raise PermissionDenied
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
