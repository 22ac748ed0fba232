"""The nudge after a transaction that queued mail; the minute's schedule would send it anyway."""

from django_tasks import TaskContext, task

from nhipcau.core import middleware
from nhipcau.core.schedule import every
from nhipcau.outbox.sending import send_due


@every("* * * * *")
@task(takes_context=True)
def send_pending(context: TaskContext) -> int:
    """Send what is due now; how many attempts were made."""
    return send_due(at=middleware.clock(), sender=context.task_result.worker_ids[-1])
