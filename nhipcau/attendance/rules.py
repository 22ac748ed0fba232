"""Who may see and change guests: the lead unit changes, the parties see and receive, the others see how many come."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.attendance.models import Registration
from nhipcau.parties.models import Match, Person
from nhipcau.parties.querysets import PersonQuerySet


def access_activity(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Activity, Standing]:
    """The activity and the standing of who asks.

    Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    activity = get_object_or_404(
        Activity.objects.select_related("plan__agreement", "kind", "lead", "partner", "phase"), pk=pk
    )
    return activity, _standing(request, activity, verb)


def access_registration(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Registration, Standing]:
    """The same for one guest."""
    whole = Registration.objects.whole().select_related(
        "intake__activity__kind", "registered_by", "cancelled_by", "substitute_for", "substituted_by"
    )
    registration = get_object_or_404(whole, pk=pk)
    return registration, _standing(request, registration.intake.activity, verb)


def access_people(request: HttpRequest) -> tuple[Agreement, PersonQuerySet]:
    """The agreement now worked on and everybody who registered under it, for those who compare their records.

    Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    agreement = current_agreement(request)
    access_agreement(request, agreement, Verb.LEAD)
    keys = Registration.objects.filter(intake__activity__plan__agreement=agreement, erased_at__isnull=True)
    return agreement, Person.objects.filter(pk__in=keys.values("person"))


def access_match(request: HttpRequest, match: Match) -> None:
    """A comparison of two of these records.

    Raises what `access_people` raises, and Http404 for guests of others.
    """
    _agreement, people = access_people(request)
    if not people.filter(pk=match.kept_id).exists():
        raise Http404


def may_change(standing: Standing, activity: Activity) -> bool:
    """Whether it may enter, change and cancel guests."""
    return standing.can(Verb.LEAD, party=activity.lead_id)


def _standing(request: HttpRequest, activity: Activity, verb: Verb) -> Standing:
    party = activity.lead_id if verb is Verb.LEAD else None
    return access_agreement(request, activity.plan.agreement, verb, party=party)
