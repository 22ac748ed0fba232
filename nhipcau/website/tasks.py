"""What the website does in the background."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django_tasks import task

from nhipcau.core import middleware
from nhipcau.website import hub

log = logging.getLogger(__name__)
#: How long is waited after each time the hub did not take it; then it is given up, and readers ask by themselves.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))


@task()
def tell_hub(addresses: list[str], tried: int = 0) -> str:
    """Tell the hub which feeds changed; later again where it does not answer. What came of it."""
    if not settings.WEBSUB_HUB:
        return "no hub"
    try:
        hub.ping(settings.WEBSUB_HUB, addresses)
    except hub.HubFailed as failed:
        if not failed.again or tried >= len(WAITS):
            log.warning("The hub for feeds was not told: %s.", failed)
            return "given up"
        tell_hub.using(run_after=middleware.clock() + WAITS[tried]).enqueue(addresses, tried + 1)
        return "later"
    return "told"
