"""Every night: what guests were promised to be erased is erased."""

from django_tasks import task

from nhipcau.attendance.services import erase_expired
from nhipcau.core import middleware
from nhipcau.core.schedule import every


@every("40 2 * * *")
@task()
def erase_old_guests() -> int:
    """Erase details whose time is over; how many registrations."""
    return erase_expired(at=middleware.clock())
