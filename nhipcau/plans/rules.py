"""Which plan a desk page is about, and whether who asks may."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.core.keys import key_from
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan


def access_plan(request: HttpRequest, pk: int | None = None, verb: Verb = Verb.READ) -> tuple[Plan, Standing]:
    """The plan by its key, or `?plan=`, or the one whose days include today, or the latest; phases come prefetched.

    Raises Http404 for outsiders and unknown plans, PermissionDenied for those inside who may not.
    """
    wanted = pk if pk is not None else key_from(request.GET.get("plan"))
    plans = Plan.objects.select_related("agreement").prefetch_related("phases")
    if wanted is not None:
        plan = get_object_or_404(plans, pk=wanted)
    else:
        agreement = current_agreement(request)
        under = plans.of(agreement)
        plan = under.current(day=request.today).first() or under.first() or get_object_or_404(under, pk=0)  # type: ignore[attr-defined]
    return plan, access_agreement(request, plan.agreement, verb)


def access_phase(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Phase, Standing]:
    """A phase with its plan; raises like `access_plan`."""
    phase = get_object_or_404(Phase.objects.select_related("plan__agreement"), pk=pk)
    return phase, access_agreement(request, phase.plan.agreement, verb)


def access_objective(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Objective, Standing]:
    """An objective with its plan; raises like `access_plan`."""
    objective = get_object_or_404(Objective.objects.select_related("plan__agreement"), pk=pk)
    return objective, access_agreement(request, objective.plan.agreement, verb)


def access_indicator(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Indicator, Standing]:
    """An indicator with its objective and plan; raises like `access_plan`."""
    indicator = get_object_or_404(Indicator.objects.select_related("objective__plan__agreement"), pk=pk)
    return indicator, access_agreement(request, indicator.objective.plan.agreement, verb)


def access_milestone(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Milestone, Standing]:
    """A milestone with its plan; raises like `access_plan`."""
    milestone = get_object_or_404(Milestone.objects.select_related("plan__agreement"), pk=pk)
    return milestone, access_agreement(request, milestone.plan.agreement, verb)


def access_direction(request: HttpRequest, pk: int) -> tuple[Direction, Standing]:
    """A direction with who gave and who answered it; raises like `access_plan`."""
    directions = Direction.objects.select_related("agreement", "issuer", "speaker", "answered_by")
    direction = get_object_or_404(directions.prefetch_related("addressees"), pk=pk)
    return direction, access_agreement(request, direction.agreement)


def may_answer(direction: Direction, standing: Standing) -> bool:
    """Does a direction still wait for an answer that this account may give for an addressee? No query when prefetched."""
    asks = direction.kind in {Direction.Kind.INSTRUCTION, Direction.Kind.REQUEST} and direction.answered_on is None
    return asks and any(standing.can(Verb.LEAD, party=unit.pk) for unit in direction.addressees.all())
