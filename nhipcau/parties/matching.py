"""Two records of one person: found by likeness, decided by a person, taken back exactly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.core import journal, vietnamese
from nhipcau.core.errors import Conflict
from nhipcau.parties.models import Match, Person, User
from nhipcau.parties.querysets import PersonQuerySet

# A number or an address alone is often shared by a family or an office, a name alone by strangers.
ENOUGH = 50
GROUPS = 200
# What more records than this share is a common name or the number of an office, and every two of them would be a pair.
MANY = 20


class CannotMatch(Conflict):
    """The two records are no longer what was compared, or a later comparison stands on them."""


@dataclass(frozen=True)
class Reason:
    """Why two records look alike, and how much that weighs."""

    points: int
    text: str | Promise


@dataclass(frozen=True)
class Candidate:
    """Two records that may be one person, with the reasons."""

    first: Person
    second: Person
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """The weight of all reasons; 100 at most."""
        return min(sum(reason.points for reason in self.reasons), 100)


def likeness(first: Person, second: Person, units: dict[int, set[str]]) -> tuple[Reason, ...]:
    """What two records share: number, address, name, unit. No query."""
    reasons = []
    if first.phone and first.phone == second.phone:
        reasons.append(Reason(40, gettext_lazy("the same mobile number")))
    if first.email and first.email.casefold() == second.email.casefold():
        reasons.append(Reason(40, gettext_lazy("the same e-mail address")))
    if first.name_key and first.name_key == second.name_key:
        if vietnamese.canonical(first.name).casefold() == vietnamese.canonical(second.name).casefold():
            reasons.append(Reason(40, gettext_lazy("the same name")))
        else:
            reasons.append(Reason(30, gettext_lazy("the same name but for marks or the order of its words")))
    if units.get(first.pk, set()) & units.get(second.pk, set()):
        reasons.append(Reason(20, gettext_lazy("the same organisation")))
    return tuple(reasons)


Units = dict[int, set[str]]


def candidates(people: PersonQuerySet, *, units_of: Callable[[set[int]], Units]) -> list[Candidate]:
    """Pairs among these people that look alike enough and were not compared yet, the likest first.

    What few records share is looked at first, what more than `MANY` share not at all. `units_of` names, folded, the
    organisations each is known from. Seven queries and what that asks, whatever is found.
    """
    alone = people.filter(erased_at__isnull=True, same_as__isnull=True)
    # Of two told apart one stands for both, so that they do not keep the place of others among the groups looked at.
    compared = Match.objects.filter(undone_at__isnull=True).values("other")
    groups: list[list[Person]] = []
    for column in ("phone", "email", "name_key"):
        shared = (
            alone.exclude(**{column: ""})
            .exclude(pk__in=compared)
            .order_by()
            .values(column)
            .annotate(n=Count("pk", distinct=True))
            .filter(n__gt=1, n__lte=MANY)
        )
        values = list(shared.order_by("n", column).values_list(column, flat=True)[:GROUPS])
        together: dict[str, list[Person]] = {}
        for person in alone.filter(**{f"{column}__in": values}).order_by("pk").distinct() if values else ():
            together.setdefault(getattr(person, column), []).append(person)
        groups += together.values()
    pairs = {(a.pk, b.pk): (a, b) for group in groups for i, a in enumerate(group) for b in group[i + 1 :]}
    seen = set(Match.objects.filter(undone_at__isnull=True).values_list("kept", "other"))
    units = units_of({key for pair in pairs for key in pair})
    found = [
        Candidate(a, b, likeness(a, b, units))
        for key, (a, b) in pairs.items()
        if key not in seen and key[::-1] not in seen
    ]
    enough = [candidate for candidate in found if candidate.points >= ENOUGH]
    return sorted(enough, key=lambda candidate: (-candidate.points, candidate.first.name_sort, candidate.first.pk))


def _locked(*people: Person) -> list[Person]:
    keys = [person.pk for person in people]
    rows = {row.pk: row for row in Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


@journal.verb(result=True)
def join_people(*, kept: Person, other: Person, points: int, by: User, at: datetime) -> Match:
    """Say that two records are one person: the other points at the one kept, and what pointed at it follows.

    Registrations and evidence keep the key they were written with. Raises CannotMatch when one of the two was joined or
    erased meanwhile.
    """
    kept, other = _locked(kept, other)
    if kept.same_as_id or other.same_as_id or kept.erased_at or other.erased_at or kept.pk == other.pk:
        raise CannotMatch(_("One of the two records was joined with another or erased meanwhile. Please look again."))
    moved = list(Person.objects.filter(same_as=other).order_by("pk").values_list("pk", flat=True))
    Person.objects.filter(Q(pk=other.pk) | Q(same_as=other)).update(same_as=kept)
    return Match.objects.create(
        kept=kept, other=other, verdict=Match.Verdict.SAME, points=points, moved=moved, by=by, at=at
    )


@journal.verb(result=True)
def tell_apart(*, first: Person, second: Person, points: int, by: User, at: datetime) -> Match:
    """Say that two records are two people; they are not offered again. Raises CannotMatch when already compared."""
    first, second = _locked(first, second)
    pair = Q(kept=first, other=second) | Q(kept=second, other=first)
    if Match.objects.filter(pair, undone_at__isnull=True).exists():
        raise CannotMatch(_("These two records have been compared already."))
    return Match.objects.create(kept=first, other=second, verdict=Match.Verdict.DIFFERENT, points=points, by=by, at=at)


@journal.verb(of="match")
def undo_match(*, match: Match, by: User, at: datetime) -> Match:
    """Take a comparison back: the records stand as they stood before it.

    Raises CannotMatch when it was taken back before, or when a later one stands on it and has to go first.
    """
    fresh = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if fresh.undone_at is not None:
        raise CannotMatch(_("This comparison has already been taken back."))
    if fresh.verdict == Match.Verdict.SAME:
        _locked(fresh.kept, fresh.other)
        if fresh.kept.same_as_id:
            raise CannotMatch(_("The record kept was joined with another one later. Please take that back first."))
        Person.objects.filter(pk=fresh.other_id).update(same_as=None)
        Person.objects.filter(pk__in=fresh.moved).update(same_as=fresh.other_id)
    fresh.undone_at, fresh.undone_by = at, by
    fresh.save(update_fields=["undone_at", "undone_by"])
    return fresh


def standing(people: Iterable[int]) -> list[Match]:
    """The comparisons of these people that stand, latest first; one query."""
    keys = list(people)
    rows = Match.objects.filter(Q(kept__in=keys) | Q(other__in=keys), undone_at__isnull=True)
    return list(rows.select_related("kept", "other", "by"))
