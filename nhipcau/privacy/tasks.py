"""Every night: what was promised to be erased is erased, in every room."""

import logging

from django_tasks import task

from nhipcau.core import middleware
from nhipcau.core.schedule import every
from nhipcau.outbox.services import sweep_files
from nhipcau.privacy.services import purge_expired

log = logging.getLogger(__name__)


@every("40 2 * * *")
@task()
def let_go() -> dict[str, int]:
    """Erase what is over its time; how many records by form. The line in the log carries numbers only."""
    gone = purge_expired(at=middleware.clock())
    files = sweep_files()
    log.info("retention: %s; mail files: %d", ", ".join(f"{form} {n}" for form, n in gone.items()), files)
    return gone
