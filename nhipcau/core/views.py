"""Pages that belong to no room: the components page and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

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
