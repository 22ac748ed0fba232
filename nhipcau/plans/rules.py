"""Which plan a desk page is about, and whether who asks may."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.plans.models import Plan


def access_plan(
    request: HttpRequest, pk: int | None = None, verb: Verb = Verb.READ
) -> tuple[Plan, Standing]:
    """The plan by its key, or `?plan=`, or the one whose days include today, or the latest; phases come prefetched.

    Raises Http404 for outsiders and unknown plans, PermissionDenied for those inside who may not.
    """
    wanted = pk if pk is not None else request.GET.get("plan")
    plans = Plan.objects.select_related("agreement").prefetch_related("phases")
    if wanted is not None and str(wanted).isdigit():
        plan = get_object_or_404(plans, pk=int(wanted))
    else:
        agreement = current_agreement(request)
        under = plans.of(agreement)
        plan = under.current(day=request.today).first() or under.first() or get_object_or_404(under, pk=0)  # type: ignore[attr-defined]
    return plan, access_agreement(request, plan.agreement, verb)
