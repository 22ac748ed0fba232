"""What the desk itself writes: the first administrator of an empty installation."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from nhipcau.core import journal
from nhipcau.core.errors import Refusal
from nhipcau.desk import opening
from nhipcau.parties.models import User


class AlreadyStarted(Refusal):
    """There are accounts already."""


class WrongCode(Refusal):
    """Not the code that waits in the data folder."""


@journal.verb(result=True)
def create_first_administrator(
    *, code: str, username: str, display_name: str, email: str, password: str, at: datetime
) -> User:
    """Make the account that sets everything else up; the code is spent with it.

    Raises AlreadyStarted once any account exists, so that the page is of no use to a later visitor, and WrongCode.
    """
    # Two at once would both find nobody: the second one waits here, and then finds the first.
    ContentType.objects.select_for_update(no_key=True).get(app_label="parties", model="user")
    if User.objects.exists():
        raise AlreadyStarted(_("This installation already has an administrator. Please sign in."))
    if not opening.is_right(code):
        raise WrongCode(_("The code is not right. It is shown where the server was started."))
    transaction.on_commit(opening.spend, robust=True)
    return User.objects.create_superuser(username=username, email=email, password=password, display_name=display_name)
