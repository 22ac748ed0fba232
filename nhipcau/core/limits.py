"""How often something may be tried: counted in the shared cache, over all web processes.

`count(request, "registration", subject=slug)` in a view notes one attempt and raises TooMany past the limit. Rates stand
in the setting RATE_LIMITS: `registration` per address, generous, for a hall full of guests shares one; and, where there
is a subject, `registration.subject` per subject and address. A guess is counted only when it was wrong: `refuse` first,
`count` on failure. Uncaught, TooMany is answered by our own page with 429 (`core.middleware.TooManyAnswered`).

Windows are fixed: at the seam of two, twice the number may pass. That is known and cheap.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.core import clients
from nhipcau.core.errors import Refusal

_RATE = re.compile(r"(\d+)/(\d*)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
log = logging.getLogger(__name__)


class TooMany(Refusal):
    """The number of attempts is used up; `seconds` until it begins anew."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes = -(-seconds // 60)
        super().__init__(
            _("There have been too many attempts in a short time.")
            + " "
            + ngettext("Please try again in %(count)d minute.", "Please try again in %(count)d minutes.", minutes)
            % {"count": minutes}
        )


@dataclass(frozen=True)
class Rate:
    """So many times in so many seconds."""

    times: int
    seconds: int


def rate(written: str) -> Rate:
    """Read "20/m", "600/10m", "5/h".

    Raises ValueError for anything else.
    """
    found = _RATE.fullmatch(written.strip())
    if not found or not int(found[1]):
        raise ValueError(f"not a rate: {written!r}")
    return Rate(int(found[1]), int(found[2] or 1) * _SECONDS[found[3]])


def count(request: HttpRequest, name: str, *, subject: object = "") -> None:
    """Note one attempt.

    Raises TooMany when the address, or the address with this subject, has used up its number.
    """
    _apply(request, name, subject, add=1)


def refuse(request: HttpRequest, name: str, *, subject: object = "") -> None:
    """Note nothing.

    Raises TooMany when the number has been used up by attempts noted before.
    """
    _apply(request, name, subject, add=0)


def _apply(request: HttpRequest, name: str, subject: object, *, add: int) -> None:
    now: datetime = request.now  # type: ignore[attr-defined]  # the Clock middleware
    household = clients.household(request)
    counted = [(name, household)]
    if subject != "":
        counted.append((f"{name}.subject", f"{household} {subject}"))
    waits = [_used_up(part, who, now, add=add) for part, who in counted]
    if any(waits):
        raise TooMany(max(waits))


def _used_up(name: str, who: str, now: datetime, *, add: int) -> int:
    """Seconds to wait, 0 while there are attempts left. A cache that is out of order lets everybody in, and says so."""
    allowed = rate(settings.RATE_LIMITS[name])
    window, passed = divmod(int(now.timestamp()), allowed.seconds)
    # Nothing about a person is left in the cache in a form that can be read.
    key = f"limit:{name}:{window}:{hashlib.blake2b(who.encode(), digest_size=12).hexdigest()}"
    try:
        so_far = _add(cache, key, allowed.seconds) if add else int(cache.get(key, 0)) + 1
    except Exception:
        log.exception("The shared cache does not count; attempts of %r are not limited.", name)
        return 0
    return allowed.seconds - passed if so_far > allowed.times else 0


def _add(counters: Any, key: str, seconds: int) -> int:
    """One more under this key; both steps are atomic on their own, so none is lost."""
    counters.add(key, 0, seconds)
    try:
        return int(counters.incr(key))
    except ValueError:  # it ran out between the two
        counters.add(key, 0, seconds)
        return int(counters.incr(key))
