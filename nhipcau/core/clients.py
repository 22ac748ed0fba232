"""Where a request comes from: the address that counts when attempts are counted, and that nobody can make up."""

import ipaddress
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (stands for "no address", nothing is bound to it)  # nosec B104
UNNAMED_PROXY = "nhipcau.unnamed-proxy"
REMEMBERED, NOTICE_EVERY = 3600, 60  # seconds
_noticed = [-float(NOTICE_EVERY)]  # when this process last did
_IPV6_HOUSEHOLD = 64  # what one line is given (RFC 6177); single addresses in it are free to change


def address(request: HttpRequest) -> str:
    """The client's address.

    Each trusted proxy appends whom it heard to X-Forwarded-For, so the client stands as many places from the right as
    there are proxies (NHIPCAU_PROXIES); what stands further left anybody may have written. Without proxies, or with
    fewer entries than proxies, the address that connected counts.
    """
    connected = str(request.META.get("REMOTE_ADDR") or UNKNOWN)
    proxies: int = settings.TRUSTED_PROXIES
    heard = request.headers.get("x-forwarded-for", "").split(",")
    told = heard[-proxies] if 0 < proxies <= len(heard) else ""
    return _clean(told) or _clean(connected) or UNKNOWN


def household(request: HttpRequest) -> str:
    """What is counted together: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = ipaddress.ip_address(address(request))
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_HOUSEHOLD), strict=False))


def notice_unnamed_proxy(request: HttpRequest) -> None:
    """Remember for an hour that a proxy nobody named (NHIPCAU_PROXIES=0) passes requests on.

    Anybody may write the heading; it counts where it comes from this machine or its own network, as a proxy's does.
    """
    if settings.TRUSTED_PROXIES or "x-forwarded-for" not in request.headers:
        return
    connected = _clean(str(request.META.get("REMOTE_ADDR") or ""))
    if connected and ipaddress.ip_address(connected).is_private and monotonic() - _noticed[0] > NOTICE_EVERY:
        _noticed[0] = monotonic()
        cache.set(UNNAMED_PROXY, 1, REMEMBERED)


def unnamed_proxy_noticed() -> bool:
    """Whether that happened in the last hour."""
    return not settings.TRUSTED_PROXIES and cache.get(UNNAMED_PROXY) is not None


def _clean(written: str) -> str:
    """One address in its usual form, without port, brackets or zone; "" for anything else."""
    text = written.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
