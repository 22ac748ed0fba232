"""What this room does by the clock."""

from __future__ import annotations

from django_tasks import task

from nhipcau.agreements import findable
from nhipcau.core import search
from nhipcau.core.schedule import every


@every("40 2 * * *")
@task()
def keep_names_findable() -> int:
    """Names are put right and erased in the register of people, which does not know who signed; how many are found."""
    return search.reindex(findable.SIGNATORY) + search.reindex(findable.OFFICIAL)
