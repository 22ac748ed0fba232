"""What machines ask: whether this process lives and can serve. Addresses without language, session, cookie or cache."""

import ipaddress
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from nhipcau.core import health, metrics
from nhipcau.core.middleware import NowRequest

# What a reader nobody vouches for asks is looked up this often and no more.
REMEMBERED_SECONDS = 5.0
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
_remembered: dict[str, Any] = {}


def is_watcher(request: HttpRequest) -> bool:
    """Whether details may be told: to the token's bearer, or to an allowed address that no proxy speaks for."""
    token: str = settings.MONITOR_TOKEN
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in settings.MONITOR_ADDRESSES)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers; nothing else is asked, least of all the database."""
    return JsonResponse({"status": health.State.OK})


@require_safe
@never_cache
def ready(request: NowRequest) -> HttpResponse:
    """200 when pages can be answered, else 503; the reasons for those who watch, everybody else sees only which."""
    if is_watcher(request):
        results = health.examine(at=request.now)
        state = health.worst(results)
        told: dict[str, Any] = {"status": state, "at": request.now.isoformat(), "checks": _told(results)}
    else:
        age = (request.now - _remembered["at"]).total_seconds() if _remembered else None
        if age is None or not 0 <= age < REMEMBERED_SECONDS:
            _remembered.update(at=request.now, state=health.worst(health.examine(at=request.now)))
        state = _remembered["state"]
        told = {"status": health.State.FAILED if state is health.State.FAILED else health.State.OK}
    status = 503 if state is health.State.FAILED else 200
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """Everything counted, for Prometheus; nobody else learns that there is such a page."""
    if not is_watcher(request):
        raise Http404
    return HttpResponse(metrics.told(), content_type=CONTENT_TYPE_LATEST)


def forget() -> None:
    """Look anew at the next question; for tests."""
    _remembered.clear()


def _told(results: list[health.Result]) -> list[dict[str, Any]]:
    return [
        {
            "name": result.check.name,
            "status": result.state,
            "sentence": result.finding.sentence,
            "figures": dict(result.finding.figures),
        }
        for result in results
    ]
