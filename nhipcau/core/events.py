"""What the ground announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WorkerLost:
    """A worker gave no sign of life any more; what it was running is in the queue again."""

    worker: str
    at: datetime
