"""Guests entered twice: two records side by side, joined or told apart by a person, and taken back."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.agreements.models import Agreement
from nhipcau.attendance.models import Registration
from nhipcau.attendance.rules import access_people
from nhipcau.core import vietnamese
from nhipcau.core.keys import key_from
from nhipcau.core.middleware import NowRequest
from nhipcau.parties import matching
from nhipcau.parties.matching import Candidate, CannotMatch
from nhipcau.parties.models import Match, Person, User
from nhipcau.parties.querysets import PersonQuerySet

PER_PAGE = 20


@dataclass(frozen=True)
class Side:
    """One of two records, with where it is known from."""

    person: Person
    registrations: list[Registration]


def _units(persons: set[int]) -> matching.Units:
    found: matching.Units = {}
    rows = Registration.objects.filter(person__in=persons, erased_at__isnull=True).exclude(unit="").order_by()
    for person, unit in rows.values_list("person", "unit").distinct():
        found.setdefault(person, set()).add(vietnamese.fold(unit))
    return found


def _sides(pairs: list[Candidate], agreement: Agreement) -> list[tuple[Candidate, list[Side]]]:
    keys = {person.pk for pair in pairs for person in (pair.first, pair.second)}
    known: dict[int, list[Registration]] = {}
    rows = Registration.objects.filter(
        person__in=keys, erased_at__isnull=True, intake__activity__plan__agreement=agreement
    ).select_related("intake__activity")
    for row in rows.order_by("-registered_at", "-pk"):
        known.setdefault(row.person_id, []).append(row)
    return [(pair, [Side(one, known.get(one.pk, [])) for one in (pair.first, pair.second)]) for pair in pairs]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def doubles(request: NowRequest) -> HttpResponse:
    """Pairs that may be one person, the likest first, and what was decided."""
    agreement, people = access_people(request)
    refusal = ""
    if request.method == "POST":
        try:
            if _act(request, people):
                return redirect("attendance:doubles")
        except CannotMatch as refused:
            refusal = str(refused)
    page = Paginator(matching.candidates(people, units_of=_units), PER_PAGE).get_page(request.GET.get("page"))
    decided = Match.objects.filter(undone_at__isnull=True, kept__in=people).select_related("kept", "other", "by")
    context = {
        "page_obj": page,
        "pairs": _sides(list(page), agreement),
        "decided": list(decided[:PER_PAGE]),
        "refusal": refusal,
    }
    return render(request, "attendance/doubles.html", context, status=422 if request.method == "POST" else 200)


def _act(request: NowRequest, people: PersonQuerySet) -> bool:
    """Do what a button asks; False for one that is none of ours."""
    assert isinstance(request.user, User)
    action, by, at = request.POST.get("action", ""), request.user, request.now
    if action == "undo":
        match = get_object_or_404(Match, pk=key_from(request.POST.get("match")) or 0, kept__in=people)
        matching.undo_match(match=match, by=by, at=at)
        messages.success(request, _("The comparison has been taken back; both records stand as before."))
        return True
    kept = get_object_or_404(people, pk=key_from(request.POST.get("kept")) or 0)
    other = get_object_or_404(people, pk=key_from(request.POST.get("other")) or 0)
    points = min(sum(reason.points for reason in matching.likeness(kept, other, _units({kept.pk, other.pk}))), 100)
    if action == "join":
        matching.join_people(kept=kept, other=other, points=points, by=by, at=at)
        messages.success(request, _("The two records count as one person now; every registration stays."))
    elif action == "apart":
        matching.tell_apart(first=kept, second=other, points=points, by=by, at=at)
        messages.success(request, _("Noted as two different people; they are not offered again."))
    else:
        return False
    return True
