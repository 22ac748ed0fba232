"""What surrounds every step in the back office (today's roles, one transaction, refusals said), and old addresses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from nhipcau.core.errors import Refusal
from nhipcau.newsroom import boards
from nhipcau.newsroom.doors import drawn_for
from nhipcau.parties.models import User

#: Where pages are changed: a step there is all or nothing.
_ON_PAGES = ("pages/", "bulk/", "workflows/", "ban-dich/")


LED_ON_SECONDS = 300


def _inside(request: HttpRequest) -> str:
    """The address without its language; '' outside the back office."""
    path = request.path_info.removeprefix("/en").removeprefix("/")
    return path if path.startswith(settings.CMS_PATH) else ""


class BackOffice:
    """Only for addresses of the back office."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only says for whom pages are drawn."""
        if not _inside(request):
            return self.get_response(request)
        with drawn_for(request):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Seat the account by its roles of today; draw or do."""
        inside = _inside(request)
        if not inside or not isinstance(request.user, User):
            return None
        if boards.seat(request.user, day=request.today):  # type: ignore[attr-defined]  # set by the clock
            request.user = User.objects.get(pk=request.user.pk)  # what it may do had been looked up before
        if request.method != "POST":
            return None
        on_pages = inside.removeprefix(settings.CMS_PATH).startswith(_ON_PAGES)
        try:
            with transaction.atomic() if on_pages else nullcontext():
                return view(request, *args, **kwargs)
        except ValidationError as refused:
            said: list[str | SafeString] = list(refused.messages)
        except Refusal as refused:
            said = [str(refused)]
        for sentence in said:
            messages.error(request, mark_safe(sentence) if isinstance(sentence, SafeString) else sentence)  # noqa: S308 (escaped where it was made)  # nosec B308 B703
        page = kwargs.get("page_id") or (args[0] if args else None)
        return redirect(reverse("wagtailadmin_pages:edit", args=[page]) if page else request.get_full_path())


class OldAddresses(RedirectMiddleware):
    """Where nothing is found, lead on by the register of redirects: moved pages stand in it, and what keepers entered.

    A browser would keep a lasting redirect for ever, and an article may move back.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer, or the way on."""
        answer: HttpResponse = super().process_response(request, response)
        if answer is not response:
            patch_cache_control(answer, public=True, max_age=LED_ON_SECONDS)
        return answer
