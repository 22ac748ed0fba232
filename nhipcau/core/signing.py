"""Links that carry their own permission: a record's key and the generation of its links, signed for one purpose.

A token is short and holds nothing about a person: `key.generation.signature`, for links that count from the day they
were made also that day. The signature is 120 bits of HMAC-SHA256 (RFC 2104, truncated as its section 5 allows); keys that
rotated out go on reading what they signed (SECRET_KEY_FALLBACKS). How long a link lives is for its purpose to say: where
the record knows, the room asks the record; else `Purpose.days` counts from the day in the token.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from nhipcau.core.errors import Refusal

_DAY_ZERO = date(2020, 1, 1)
_SIGNATURE_BYTES = 15
_TOKEN = re.compile(r"([0-9a-z]{1,13}\.[0-9a-z]{1,4}(?:\.[0-9a-z]{1,4})?)\.([0-9A-Za-z_-]{20})")
# What was sent before links had generations: the key in digits and Django's own whole signature.
_FIRST_FORM = re.compile(r"[0-9]{1,19}\.[0-9A-Za-z_-]{43}")


class BadLink(Refusal):
    """A link that was cut short, changed or never made by us."""


class OldLink(BadLink):
    """A link that was good once: its time is over, or newer ones took its place."""


class Linked(Protocol):
    """A row that has links: `core.models.Linked`."""

    pk: int
    link_generation: int


@dataclass(frozen=True)
class Signed:
    """What a genuine token says."""

    key: int
    generation: int
    made_on: date | None


@dataclass(frozen=True)
class Purpose:
    """What a link is for; a token for one purpose opens nothing else. `days` it lives from the day it was made."""

    name: str
    days: int | None = None

    def token(self, row: Linked, *, day: date | None = None) -> str:
        """The token of a row's links of today; `day` is needed where the purpose counts from it."""
        assert (day is None) == (self.days is None), "the day goes with the days a link lives"
        return sign(self.name, row.pk, generation=row.link_generation, day=day)

    def read(self, token: str, *, day: date) -> Signed:
        """What the token says.

        Raises BadLink, or OldLink where its days are over.
        """
        found = read(self.name, token)
        if self.days is not None and (found.made_on is None or day > found.made_on + timedelta(days=self.days)):
            raise OldLink(_("This link was good for %(days)d days, and they are over.") % {"days": self.days})
        return found

    def hold_to(self, row: Linked, found: Signed) -> None:
        """Raises OldLink when the row has been given newer links since."""
        if row.link_generation != found.generation:
            raise OldLink(_("A newer link has been made since; this one no longer opens anything."))


def _signature(purpose: str, value: str, secret: str) -> str:
    digest = salted_hmac(f"nhipcau.link.{purpose}", value, secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode()


def sign(purpose: str, key: int, *, generation: int = 0, day: date | None = None) -> str:
    """A token for a link; safe in addresses and in Zalo, of no use for any other purpose."""
    parts = [key, generation, *([] if day is None else [(day - _DAY_ZERO).days])]
    value = ".".join(int_to_base36(part) for part in parts)
    return f"{value}.{_signature(purpose, value, settings.SECRET_KEY)}"


def read(purpose: str, token: str) -> Signed:
    """What a token says, whatever key in use signed it.

    Raises BadLink when it was not made by us for this purpose.
    """
    if found := _TOKEN.fullmatch(token):
        value, given = found.groups()
        if any(
            constant_time_compare(given, _signature(purpose, value, secret))
            for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ):
            key, generation, *day = (base36_to_int(part) for part in value.split("."))
            return Signed(key, generation, _DAY_ZERO + timedelta(days=day[0]) if day else None)
    elif _FIRST_FORM.fullmatch(token):
        try:
            return Signed(int(signing.Signer(salt=f"nhipcau.{purpose}").unsign(token.replace(".", ":"))), 0, None)
        except signing.BadSignature:
            pass
    raise BadLink(_("This link is incomplete or no longer valid. Please open the link you were sent once more."))
