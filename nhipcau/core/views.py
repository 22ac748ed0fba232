"""Pages that belong to no room: the components page and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.cache import add_never_cache_headers

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
    """500, drawn without context processors: neither session nor database is asked."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)


_A_WHILE = 10 * 60  # where allauth counted, which does not say how long
_NEVER_SHOWN_AGAIN = ("csrfmiddlewaretoken", "password", "code")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: when to come back, and a button that sends once more what was typed; passwords and codes are not repeated."""
    refused = exception if isinstance(exception, TooMany) else TooMany(_A_WHILE)
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(secret in name for secret in _NEVER_SHOWN_AGAIN)
        for value in values
    ]
    context = {"refused": refused, "typed": typed, "again": request.get_full_path(), "posted": request.method == "POST"}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(refused.seconds)
    add_never_cache_headers(response)
    return response
