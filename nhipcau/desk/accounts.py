"""Sign-in by allauth, closed to newcomers: accounts are made by an administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from nhipcau.core import clients, limits


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: staff are invited."""
        return False

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
