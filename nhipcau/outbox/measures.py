"""How much mail stands where."""

from collections.abc import Iterator

from django.db.models import Count

from nhipcau.core.metrics import measure
from nhipcau.outbox.models import Message


@measure("nhipcau_outbox_messages", "Mails by state.", labels=("state",))
def messages() -> Iterator[tuple[tuple[str, ...], float]]:
    """One statement; a state nobody is in counts 0, so that an alert need not tell absent from none."""
    counts = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in Message.State.values:
        yield (state,), counts.get(state, 0)
