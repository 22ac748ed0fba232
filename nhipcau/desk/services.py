"""What the desk itself writes: the first administrator of an empty installation."""

from datetime import datetime

from django.utils.translation import gettext as _

from nhipcau.core import journal
from nhipcau.core.errors import Refusal
from nhipcau.parties.models import User


class AlreadyStarted(Refusal):
    """There are accounts already."""


@journal.verb(result=True)
def create_first_administrator(*, username: str, display_name: str, email: str, password: str, at: datetime) -> User:
    """Make the account that sets everything else up.

    Raises AlreadyStarted once any account exists, so that the page is of no use to a later visitor.
    """
    if User.objects.exists():
        raise AlreadyStarted(_("This installation already has an administrator. Please sign in."))
    return User.objects.create_superuser(username=username, email=email, password=password, display_name=display_name)
