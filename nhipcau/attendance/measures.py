"""How many people registered and came, over all activities."""

from collections.abc import Iterator

from django.db.models import Count

from nhipcau.attendance.models import CheckIn, Registration
from nhipcau.core.metrics import measure


@measure("nhipcau_registrations", "Registrations by state.", labels=("state",))
def registrations() -> Iterator[tuple[tuple[str, ...], float]]:
    """One statement over an index; erased ones are still counted."""
    for state, count in Registration.objects.order_by().values_list("state").annotate(Count("pk")):
        yield (state,), count


@measure("nhipcau_check_ins", "Arrivals noted at reception desks.")
def check_ins() -> Iterator[tuple[tuple[str, ...], float]]:
    """One statement."""
    yield (), CheckIn.objects.count()
