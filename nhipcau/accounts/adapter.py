"""How allauth does here what it asks its adapters about: nobody signs up, mail goes through the outbox, secrets are sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.accounts.hearing import tell_failure
from nhipcau.accounts.rules import owes_second_factor
from nhipcau.core import clients, limits
from nhipcau.outbox.services import queue_mail
from nhipcau.parties.models import User


class Adapter(DefaultAccountAdapter):
    """Sign-in, closed to newcomers."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The sign-in name or the password is not right. What you typed as a name is kept."),
        "email_password_mismatch": _("The e-mail address or the password is not right. What you typed as an address is kept."),
        "incorrect_password": _("The password is not right."),
    }  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: staff are invited."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Told in the journal of the account that was meant, or of none; the visitor learns the same, and as fast, either way.

        A row is written for unknown names too: the time its storing takes would tell which names there are.
        """
        meant = Q(username__iexact=credentials.get("username") or "") | Q(email__iexact=credentials.get("email") or "-")
        tell_failure(request, User.objects.filter(meant).first(), "fail_password")

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere: what the outermost proxy of ours heard, not what the client says of itself."""
        return clients.address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises TooMany where allauth would put an error into the form: our page says when to come back."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            raise limits.TooMany(limits.rate(settings.RATE_LIMITS["sign-in.subject"]).seconds) from refused

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By address and account: who guesses at a colleague's password does not lock the colleague out.
        return f"{clients.household(request)} {super()._get_login_attempts_cache_key(request, **credentials)}"

    def format_email_subject(self, subject: str) -> str:
        """Without the name of the machine before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, as every mail of ours; it may lead into an account, so nobody else reads it there."""
        mail = self.render_mail(template_prefix, email, {"request": self.request, "email": email} | context)
        at = self.request.now
        key, body = f"account:{uuid4().hex}", str(mail.body)
        queue_mail(key=key, to=email, subject=mail.subject, body=body, at=at, sealed=True)


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"nhipcau.accounts.factor:" + key.encode()).digest()))


def newest_box() -> Fernet:
    """What seals."""
    return _box(settings.SECRET_KEY)


def boxes() -> MultiFernet:
    """One for each signing key there is: the newest seals, every one opens."""
    return MultiFernet([_box(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed in the database, and who owes one keeps the last."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Your role asks for a second factor. Set up another one before removing this."),
        "incorrect_code": _("This code is not right. Please type the one shown now."),
    }  # fmt: skip

    def encrypt(self, text: str) -> str:
        """Sealed with the newest signing key."""
        return boxes().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opened with whichever key sealed it."""
        return boxes().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one only by who owes none."""
        account = authenticator.user
        assert isinstance(account, User)
        others = Authenticator.objects.filter(user_id=account.pk, type__in=["totp", "webauthn"])
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return not owes_second_factor(account, day=context.request.today)
