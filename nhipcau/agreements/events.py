"""What this room announces; rooms above act on it in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from nhipcau.agreements.models import Clause
from nhipcau.parties.models import User


@dataclass(frozen=True)
class ClauseAmended:
    """A clause was replaced by its next version."""

    old: Clause
    new: Clause
    by: User | None
    at: datetime
