"""The back office's register of accounts keeps the rules of this room: the last administrator stays, changes are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from nhipcau.accounts.errors import LastAdministrator
from nhipcau.accounts.services.accounts import keep_an_administrator
from nhipcau.core import journal
from nhipcau.parties.models import User

_BEFORE = "_account_before"


def _stays(request: HttpRequest, account: User) -> HttpResponse | None:
    if not (account.is_superuser and account.is_active):
        return None
    try:
        keep_an_administrator(account, lock=False)
    except LastAdministrator as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailusers_users:edit", account.pk)
    return None


@hooks.register("before_edit_user")  # type: ignore[untyped-decorator]  # Wagtail has no types
def keep_the_last(request: HttpRequest, user: User) -> HttpResponse | None:
    """Refuse to take from the last administrator what makes it one; note how the account was."""
    if request.method != "POST":
        return None
    request.__dict__[_BEFORE] = journal.look(user, ("groups",))
    return None if request.POST.get("is_superuser") and request.POST.get("is_active") else _stays(request, user)


@hooks.register("before_delete_user")  # type: ignore[untyped-decorator]  # as above
def keep_all(request: HttpRequest, user: User) -> HttpResponse:
    """Accounts are closed at the desk, never deleted: what they did stays theirs."""
    messages.error(request, _("Accounts are not deleted: what they did stays theirs. Close the account at the desk."))
    return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # as above
def one_by_one(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> HttpResponse | None:
    """Nothing is done to several accounts at once: each is looked at for itself."""
    if not any(isinstance(one, User) for one in objects):
        return None
    messages.error(request, _("Accounts are changed one by one, so that each change is looked at and told."))
    return redirect("wagtailusers_users:index")


@hooks.register("after_create_user")  # type: ignore[untyped-decorator]  # as above
def tell_created(request: HttpRequest, user: User) -> None:
    """A new account, with its groups."""
    _told(request, user, "accounts.create_account", journal.Seen({}, {}))


@hooks.register("after_edit_user")  # type: ignore[untyped-decorator]  # as above
def tell_edited(request: HttpRequest, user: User) -> None:
    """What differs now."""
    _told(request, user, "accounts.revise_account", request.__dict__[_BEFORE])


def _told(request: HttpRequest, user: User, verb: str, before: Any) -> None:
    now = request.now  # type: ignore[attr-defined]  # the Clock middleware
    journal.note(user, verb=verb, by=request.user, at=now, before=before, after=journal.look(user, ("groups",)))
