"""Who owes a second factor sets one up before anything else at the desk or in the back office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nhipcau.accounts.hearing import PASSED
from nhipcau.accounts.rules import owes_second_factor
from nhipcau.core import journal
from nhipcau.parties.models import User

INSIDE = tuple(f"{language}/{place}" for language in ("", "/en") for place in ("ban/", settings.CMS_PATH, "tai-lieu/"))


class SecondFactor:
    """Looks only at pages for staff; who came in with the second factor costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What one request does in somebody's place, the next one does not."""
        with journal.acting_for(""):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the page of second factors, where one is owed and missing."""
        if not request.path.startswith(INSIDE) or not isinstance(request.user, User):
            return None
        if request.session.get(PASSED) or not owes_second_factor(request.user, day=request.today):  # type: ignore[attr-defined]
            return None
        if Authenticator.objects.filter(user_id=request.user.pk, type__in=["totp", "webauthn"]).exists():
            # The factor came later than this session, on another device: sign in with it.
            logout(request)
            return redirect("account_login")
        messages.info(
            request, _("Your role asks for a second factor at sign-in. Please set one up; it takes two minutes.")
        )
        return redirect("mfa_index")
