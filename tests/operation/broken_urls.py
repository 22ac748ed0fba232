"""The product's addresses and one that breaks in the way databases break: with a person in the message."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from nhipcau.config import urls
from nhipcau.config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    """Break while holding what must not be written down."""
    phone = "0912345678"
    try:
        raise IntegrityError(f"DETAIL: Key (name, phone)=(Nguyễn Thị Minh Châu, {phone}) already exists.")  # noqa: TRY301 (to break is what it is for)
    except IntegrityError as error:
        raise ValueError(f"khach@example.vn {token} {request.POST}") from error


urlpatterns = [path("hong/<str:token>/", breaks, name="breaks"), *urls.urlpatterns]
