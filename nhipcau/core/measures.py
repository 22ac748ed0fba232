"""What waits in the queue."""

from collections.abc import Iterator

from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from nhipcau.core.metrics import measure


@measure("nhipcau_tasks", "Background tasks by state; finished ones go after three days.", labels=("state",))
def tasks() -> Iterator[tuple[tuple[str, ...], float]]:
    """One statement."""
    for state, count in DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")):
        yield (state.lower(),), count
