"""What stands in the address of a link into an account."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from nhipcau.accounts.models import AccountLink
from nhipcau.core import signing

PURPOSE = "account-link"
LASTS = timedelta(days=7)


def token(link: AccountLink) -> str:
    """Made from the key of the row and our signing key: nobody can make one, and nothing secret is stored."""
    return signing.sign(PURPOSE, link.pk)


def address(link: AccountLink) -> str:
    """The whole address, to copy into a message."""
    return str(settings.BASE_URL) + reverse("accounts:link", args=[token(link)])


def key_of(said: str) -> int:
    """The key of the row a token names.

    Raises BadLink for whatever we did not sign.
    """
    return signing.read(PURPOSE, said).key
