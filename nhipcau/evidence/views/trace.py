"""From what was promised to what is proven: all clauses, one clause, one activity."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from nhipcau.activities.rules import access_activity
from nhipcau.agreements.access import Verb, access_agreement
from nhipcau.agreements.models import Clause
from nhipcau.core.middleware import NowRequest
from nhipcau.evidence import trace as tracing
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.evidence.rules import access_ground
from nhipcau.plans.models import Plan

LATEST = 10


@require_safe
def trace(request: NowRequest) -> HttpResponse:
    """Every clause of the agreement with what became of it in the chosen plan; about a dozen statements."""
    ground = access_ground(request)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    found = tracing.build(ground.agreement, ground.plan, at=request.now)
    return render(
        request,
        "evidence/trace.html",
        {"trace": found, "plan": ground.plan, "plans": ground.plans, "agreement": ground.agreement,
         "standing": ground.standing, "sees_gaps": ground.sees_gaps},
    )  # fmt: skip


@require_safe
def clause(request: NowRequest, pk: int) -> HttpResponse:
    """One clause: its text, what became of it, the latest records and what is missing."""
    row = get_object_or_404(Clause.objects.select_related("agreement", "area"), pk=pk)
    access_agreement(request, row.agreement)
    request.__dict__.setdefault("_agreement", row.agreement)
    ground = access_ground(request)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    found = tracing.build(ground.agreement, ground.plan, at=request.now)
    mine = next((one for one in found.clauses if one.clause.pk == pk), None)
    if mine is None:  # another version is the one this plan answers
        mine = next((one for one in found.clauses if one.clause.order == row.order), None)
    latest = (
        Evidence.objects.current().filter(plan=ground.plan, activity__in=mine.span.activities()).for_lists()[:LATEST]
        if mine
        else Evidence.objects.none()
    )
    return render(
        request,
        "evidence/clause.html",
        {"trace": found, "one": mine, "clause": mine.clause if mine else row, "plan": ground.plan,
         "plans": ground.plans, "agreement": ground.agreement, "standing": ground.standing,
         "sees_gaps": ground.sees_gaps, "latest": latest},
    )  # fmt: skip


@require_safe
def activity_evidence(request: NowRequest, pk: int) -> HttpResponse:
    """The evidence of one activity: by kind, what waits, which indicators count it."""
    activity, standing = access_activity(request, pk)
    tallies = [one for one in tracing.tally(activity.plan, [activity.pk]) if one.counted or one.waiting]
    kinds = {kind.pk: kind for kind in EvidenceKind.objects.all()}
    # Sorted by keys alone: whole rows, with all that is shown of each, are read only for those shown.
    newest = Evidence.objects.current().filter(plan=activity.plan_id, activity=activity)[:25].values("pk")
    rows = Evidence.objects.filter(pk__in=newest).for_lists()
    indicators = list(activity.indicators.select_related("objective").order_by("objective__order", "order", "code"))
    proven = {one.kind for one in tallies}
    serving = [
        (indicator, [kinds[key] for key in (*indicator.kinds, *indicator.numerator_kinds) if key in kinds],
         bool(proven & {*indicator.kinds, *indicator.numerator_kinds}))
        for indicator in indicators
    ]  # fmt: skip
    return render(
        request,
        "evidence/activity_evidence.html",
        {
            "activity": activity,
            "standing": standing,
            "tab_name": "evidence:activity_evidence",
            "tallies": sorted(((kinds[one.kind], one) for one in tallies), key=lambda pair: pair[0].order),
            "records": sum(one.counted for one in tallies),
            "waiting": sum(one.waiting for one in tallies),
            "rows": rows,
            "serving": serving,
            "may_declare": standing.can(Verb.LEAD) and activity.plan.state != Plan.State.CLOSED,
            "over": activity.ends_at < request.now,
            "activity_key": str(activity.pk),
            "sees_gaps": sees_gaps(standing),
        },
    )
