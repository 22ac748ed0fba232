"""What the ground tells about workers reaches the mails they were sending."""

from nhipcau.core.events import WorkerLost
from nhipcau.core.happenings import on
from nhipcau.outbox.models import Message
from nhipcau.outbox.sending import settle_lost


@on(WorkerLost)
def name_lost_mail(happening: WorkerLost) -> None:
    """The mail a dead worker was sending may have gone out: a person decides."""
    settle_lost(Message.objects.sent_by(happening.worker), at=happening.at)
