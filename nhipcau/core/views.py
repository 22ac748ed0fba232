"""Pages that belong to no room: the components page and the error pages."""

import re
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.utils.cache import add_never_cache_headers

from nhipcau.core import trouble
from nhipcau.core.limits import TooMany
from nhipcau.core.showcase import showcase


def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "core/components.html", showcase(request.GET.get("page", "4")))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, drawn without the request: it may be what is broken."""
    return HttpResponse(loader.get_template("400.html").render(), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence the refusing code gave, where it gave one."""
    return render(request, "403.html", {"exception": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where it is a bad day of database or disk; drawn without context processors, which would ask them."""
    met = trouble.of(sys.exc_info()[1])
    if met is not None:
        return unavailable(request, met)
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest, met: trouble.Trouble) -> HttpResponse:
    """503: what happened, what was kept, when to try again, and a button that sends once more what was typed."""
    if request.content_type == "application/json":
        response: HttpResponse = JsonResponse({"error": str(met.sentence)}, status=503)
    else:
        context = {
            "trouble": met,
            "typed": _typed(request),
            "left_out": bool(request.FILES)
            or any(_secret(request, name) for name in request.POST if name != _SENT_ANEW),
            "again": request.get_full_path(),
            "posted": request.method == "POST",
            "csrf_token": get_token(request),
        }
        response = HttpResponse(loader.get_template("503.html").render(context), status=503)
    response["Retry-After"] = str(met.seconds)
    add_never_cache_headers(response)
    return response


_A_WHILE = 10 * 60  # where allauth counted, which does not say how long
_SENT_ANEW = "csrfmiddlewaretoken"
_SECRET_NAMES = re.compile(r"passw|passphrase|secret|token|credential|otp|csrf|(^|[_-])pin$", re.IGNORECASE)


def _of_entrance(request: HttpRequest) -> bool:
    """Whether a page is allauth's, also where a class of ours stands before it; an address we cannot tell counts as one."""
    match = request.resolver_match
    if match is None:
        return True
    view = getattr(match.func, "view_class", None)
    return any(kind.__module__.startswith("allauth.") for kind in getattr(view, "__mro__", (match.func,)))


def _secret(request: HttpRequest, name: str) -> bool:
    """Whether a field is never shown again: by its name, by what its view declares, and codes on pages of the entrance.

    Elsewhere a code is that of an activity or an indicator.
    """
    declared = getattr(request, "sensitive_post_parameters", ())  # set by Django's decorator once the view was reached
    return (
        _SECRET_NAMES.search(name) is not None
        or declared == "__ALL__"
        or name in declared
        or ("code" in name.lower() and _of_entrance(request))
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, for a button that sends it once more; passwords and codes are not repeated."""
    return [
        (name, str(value)) for name, values in request.POST.lists() if not _secret(request, name) for value in values
    ]


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: when to come back, and a button that sends once more what was typed; passwords and codes are not repeated."""
    refused = exception if isinstance(exception, TooMany) else TooMany(_A_WHILE)
    context = {
        "refused": refused,
        "typed": _typed(request),
        "again": request.get_full_path(),
        "posted": request.method == "POST",
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(refused.seconds)
    add_never_cache_headers(response)
    return response
