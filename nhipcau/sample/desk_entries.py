"""While the sample is still being written, Today says how far it has come."""

from typing import Any

from nhipcau.core.entries import Notice, declare
from nhipcau.sample.progress import sentence

declare(Notice(lambda agreement: sentence() if _sample(agreement) else ""))


def _sample(agreement: Any) -> bool:
    return bool(agreement.is_sample)
