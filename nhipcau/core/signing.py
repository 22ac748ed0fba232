"""Links that carry their own permission: a record's key, signed for one purpose."""

from django.core import signing
from django.utils.translation import gettext as _

from nhipcau.core.errors import Refusal


class BadLink(Refusal):
    """A link that was cut short, changed or is too old."""


def sign(purpose: str, key: int) -> str:
    """A token for a link; short, safe in addresses, of no use for any other purpose."""
    return signing.Signer(salt=f"nhipcau.{purpose}").sign(str(key)).replace(":", ".")


def read(purpose: str, token: str) -> int:
    """The key a token was made from.

    Raises BadLink when it was not made by us for this purpose.
    """
    try:
        return int(signing.Signer(salt=f"nhipcau.{purpose}").unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError) as error:
        raise BadLink(
            _("This link is incomplete or no longer valid. Please open the link you were sent once more.")
        ) from error
