"""allauth's forms of second factors: labels in the reader's language, and a code of the app that works once."""

from __future__ import annotations

import hashlib

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey and what it is called."""

    name = forms.CharField(label=_("Name"), required=False, max_length=80)


class NamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=80)


class OnceForm(BaseAuthenticateForm):
    """A code that was taken is not taken again (RFC 6238, 5.2), as long as clocks that go wrong are borne with.

    allauth remembers it for one step of the clock, while with our tolerance it is good for more.
    """

    def clean_code(self) -> str:
        """The code, at its first showing."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            shown = "".join(code.split())
            key = hashlib.blake2b(f"{self.user.pk} {shown}".encode(), digest_size=12).hexdigest()
            if not cache.add(f"factor:{key}", 1, lasts):
                raise get_adapter().validation_error("incorrect_code")
        return code


class ShowCodeForm(OnceForm, AuthenticateForm):
    """The code after the password."""


class ShowCodeAgainForm(OnceForm, ReauthenticateForm):
    """The code before something that matters."""
