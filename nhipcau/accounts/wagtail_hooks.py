"""The back office's register of accounts keeps the rules of this room: nothing is deleted, changes are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from nhipcau.core import journal
from nhipcau.parties.models import User

_BEFORE = "_account_before"


@hooks.register("before_edit_user")  # type: ignore[untyped-decorator]  # Wagtail has no types
def look_before(request: HttpRequest, user: User) -> None:
    """Note how the account was."""
    if request.method == "POST":
        request.__dict__[_BEFORE] = journal.look(user)


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


@hooks.register("after_edit_user")  # type: ignore[untyped-decorator]  # as above
def tell_edited(request: HttpRequest, user: User) -> None:
    """What differs now."""
    before, now = request.__dict__[_BEFORE], request.now  # type: ignore[attr-defined]  # the Clock middleware
    journal.note(user, verb="accounts.revise_account", by=request.user, at=now, before=before, after=journal.look(user))


@hooks.register("register_account_menu_item")  # type: ignore[untyped-decorator]  # as above
def lead_to_own(request: HttpRequest) -> dict[str, str]:
    """From the settings of the back office to the own account at the desk."""
    return {
        "url": reverse("accounts:own"),
        "label": _("My account"),
        "help_text": _("Name, e-mail address, password and second factor are changed at the desk."),
    }
