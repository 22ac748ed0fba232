"""What allauth and Django tell by signals, the only way they have: who came and went, whose password or factor changed.

Each is written into the journal; who came in with a second factor is noted in the session.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils.translation import gettext, override

from nhipcau.accounts import letters
from nhipcau.core import journal
from nhipcau.parties.models import User

PASSED = "second_factor"  # in the session: it was opened with a second factor, or one was set up in it


def tell(request: HttpRequest, account: User, verb: str, *, by: User | None) -> None:
    """Write into the journal what happened to an account at its entrance; nothing that was typed goes with it."""
    row = account if type(account) is User else User.objects.get(pk=account.pk)  # a request's account is a lazy one
    journal.note(row, verb=f"accounts.{verb}", by=by, at=request.now)  # type: ignore[attr-defined]  # the Clock


def tell_failure(request: HttpRequest, account: User | None, verb: str) -> None:
    """What was shown at the entrance was wrong: of the account that was meant, or of none."""
    with override("vi"):
        nobody = User(pk=0, display_name=gettext("an account that does not exist"))
    tell(request, account or nobody, verb, by=None)


def came(*, request: HttpRequest, user: User, **_more: Any) -> None:
    """Note in the session whether a second factor was shown."""
    records = get_authentication_records(request, user)
    request.session[PASSED] = any(record.get("method") == "mfa" for record in records)
    tell(request, user, "sign_in", by=user)


def went(*, request: HttpRequest, user: User | None, **_more: Any) -> None:
    """Somebody signed out; a session that was ended from elsewhere tells nobody."""
    if user is not None and hasattr(request, "now"):
        tell(request, user, "sign_out", by=user)


def added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """This session has shown the new factor; every other one has to come in with it."""
    tell(request, user, f"add_{authenticator.type}", by=user)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    letters.tell_own_change(user, "factor added", at=request.now)  # type: ignore[attr-defined]  # the Clock
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    update_session_auth_hash(request, user)
    request.session[PASSED] = True
    UserSession.objects.filter(user_id=user.pk).delete()
    UserSession.objects.create_from_request(request)


def removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Nothing is shown any longer once none is left."""
    tell(request, user, f"remove_{authenticator.type}", by=user)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        letters.tell_own_change(user, "factor removed", at=request.now)  # type: ignore[attr-defined]  # the Clock
    if not Authenticator.objects.filter(user_id=user.pk).exists():
        request.session[PASSED] = False


def renewed(*, request: HttpRequest, user: User, **_more: Any) -> None:
    """New recovery codes took the place of the old ones."""
    tell(request, user, "renew_recovery_codes", by=user)


def changed(*, request: HttpRequest, user: User, **_more: Any) -> None:
    """A new password, by its owner."""
    tell(request, user, "change_password", by=user)
    letters.tell_own_change(user, "password", at=request.now)  # type: ignore[attr-defined]  # the Clock


def connect() -> None:
    """Listen; called once the rooms are loaded."""
    user_logged_in.connect(came, dispatch_uid="accounts.came")
    user_logged_out.connect(went, dispatch_uid="accounts.went")
    authenticator_added.connect(added, dispatch_uid="accounts.added")
    authenticator_removed.connect(removed, dispatch_uid="accounts.removed")
    authenticator_reset.connect(renewed, dispatch_uid="accounts.renewed")
    password_changed.connect(changed, dispatch_uid="accounts.changed")
    password_reset.connect(changed, dispatch_uid="accounts.reset")
