"""What this room does when something happens below it."""

from nhipcau.agreements.events import ClauseAmended
from nhipcau.core.happenings import on
from nhipcau.plans.models import Objective, Plan


@on(ClauseAmended)
def carry_objectives_over(happening: ClauseAmended) -> None:
    """Objectives of plans still open answer the new wording as well; closed plans keep what they answered."""
    for objective in Objective.objects.filter(clauses=happening.old).exclude(plan__state=Plan.State.CLOSED):
        objective.clauses.add(happening.new)
