"""Which activity a desk page is about, and whether who asks may."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb, access_agreement


def access_activity(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Activity, Standing]:
    """An activity with its plan, agreement, units and kind; officers change what their own party leads.

    One query and three for the standing. Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    activities = Activity.objects.select_related("plan__agreement", "phase", "kind", "lead", "partner")
    activity = get_object_or_404(activities, pk=pk)
    party = None if verb is Verb.READ else activity.lead_id
    return activity, access_agreement(request, activity.plan.agreement, verb, party=party)
