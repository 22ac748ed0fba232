"""Coming in: by a link of ours, and by allauth's own pages, which refuse with 422 as every form here does."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.utils import perform_login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from allauth.mfa.webauthn.views import LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nhipcau.accounts import hearing, services
from nhipcau.accounts.errors import LinkSpent, NameTaken
from nhipcau.accounts.forms import AcceptForm, PasswordForm
from nhipcau.accounts.models import AccountLink
from nhipcau.core import limits
from nhipcau.core.middleware import NowRequest
from nhipcau.core.signing import BadLink


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def link(request: NowRequest, token: str) -> HttpResponse:
    """The invited person chooses how to sign in, or somebody a new password."""
    try:
        found = services.open_link(token, at=request.now)
    except BadLink as refusal:
        limits.count(request, "links")
        return _spent(request, str(refusal))
    except LinkSpent as refusal:
        return _spent(request, str(refusal))
    invited = found.purpose == AccountLink.Purpose.INVITATION
    account = found.account
    form: PasswordForm
    if invited:
        form = AcceptForm(request.POST or None, account=account, initial={"username": account.username})
    else:
        form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            if invited:
                entered = services.accept_invitation(link=found, **form.cleaned_data, by=account, at=request.now)
            else:
                entered = services.set_password(link=found, **form.cleaned_data, by=account, at=request.now)
        except LinkSpent as refusal:
            return _spent(request, str(refusal))
        except NameTaken as refusal:
            form.add_error("username", str(refusal))
        else:
            answer: HttpResponse = perform_login(request, entered)
            return answer
    context = {
        "form": form,
        "link": found,
        "invited": invited,
        "roles": account.memberships.exclude(last_day__lt=F("first_day"))
        .select_related("organisation")
        .order_by("first_day", "pk"),
    }
    return render(request, "accounts/link.html", context, status=422 if form.is_bound else 200)


def _spent(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"title": _("This link leads nowhere"), "sentence": sentence}
    return render(request, "accounts/link_spent.html", context, status=404)


class Refusing:
    """Put before a view of allauth: what is refused answers 422, with what was typed."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form once more."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # beside a view with a form
        if response.status_code == 200:
            response.status_code = 422
        return response


def refusing(view: type[Any]) -> Any:
    """A view of allauth that refuses as ours do."""
    return type(view.__name__, (Refusing, view), {}).as_view()  # type: ignore[attr-defined]


#: Where a secret is shown, first or once more: what is told of a wrong one.
SECRETS = {"oldpassword": "fail_password", "code": "fail_factor", "credential": "fail_factor"}


class Telling(Refusing):
    """Put before a view of allauth at which a secret is shown: a wrong one is told in the journal.

    The password itself is told by the adapter, at sign-in and where it is asked again.
    """

    request: HttpRequest

    def meant(self, form: Any) -> Any:
        """Whose secret it should have been; None where nobody can be named."""
        return self.request.user

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form once more."""
        for field in form.errors.keys() & SECRETS.keys():
            hearing.tell_failure(self.request, self.meant(form), SECRETS[field])
        return super().form_invalid(form)


def telling(view: type[Any]) -> Any:
    """A view of allauth that refuses as ours do and tells of it."""
    return type(view.__name__, (Telling, view), {}).as_view()  # type: ignore[attr-defined]


class ShowFactor(Telling, AuthenticateView):
    """The second factor after the password."""

    def meant(self, form: Any) -> Any:
        """Who came with the password."""
        return self.stage.login.user


class ShowPasskey(Telling, LoginWebAuthnView):
    """A passkey in place of the password."""

    def meant(self, form: Any) -> Any:
        """Whom the passkey names; it was not believed."""
        try:
            return extract_user_from_response(json.loads(form.data.get("credential", "")))
        except (ValueError, AttributeError, ValidationError):
            return None


class KeepTheLast(RemoveWebAuthnView):
    """A passkey goes, unless it is the last factor of somebody who owes one."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_list_webauthn")
        gone: HttpResponse = super().form_valid(form)
        return gone
