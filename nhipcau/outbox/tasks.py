"""The nudge after a transaction that queued mail; the minute's schedule would send it anyway."""

from django_tasks import task

from nhipcau.core import middleware
from nhipcau.core.schedule import every
from nhipcau.outbox.sending import send_due


@every("* * * * *")
@task()
def send_pending() -> int:
    """Send what is due now; how many attempts were made."""
    return send_due(at=middleware.clock())
