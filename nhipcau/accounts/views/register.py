"""The register of accounts at the desk: found, invited, given roles, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.accounts import letters, links, listing, services, telling
from nhipcau.accounts.forms import ADMINISTRATOR, AboutForm, AccountFilter, InviteForm, ReasonForm, RoleForm
from nhipcau.accounts.rules import Keeper, access_account, access_accounts, owes_second_factor
from nhipcau.core.errors import Refusal
from nhipcau.core.forms import DateField, VietnameseFormMixin
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Membership, User

TAGS = {listing.ACTIVE: "ok", listing.INVITED: "proof", listing.CLOSED: ""}
STATE_NAMES = dict(listing.STATES)


class EndForm(VietnameseFormMixin, forms.Form):
    """The last day of a role."""

    last_day = DateField(label=gettext_lazy("Last day"))


@login_required
@require_safe
def accounts(request: NowRequest) -> HttpResponse:
    """Every account in these hands, by name without marks, organisation, role and state."""
    keeper = access_accounts(request)
    filters = AccountFilter(request.GET, keeper=keeper)
    filters.is_valid()
    said = filters.cleaned_data
    query = request.GET.get("q", "").strip()[:100]
    found = listing.narrowed(
        listing.matching(keeper.accounts(), query),
        organisation=said["organisation"].pk if said.get("organisation") else None,
        role=said.get("role", ""),
        state=said.get("state", ""),
        day=request.today,
    )
    page = Paginator(listing.drawn_from(found, day=request.today), 50).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(row, STATE_NAMES[row.state], TAGS[row.state]) for row in listing.rows(page, now=request.now)],
        "filters": filters,
        "q": query,
        "today": request.today,
    }
    return render(request, "accounts/account_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: NowRequest) -> HttpResponse:
    """Somebody new: who it is, where, in which role; afterwards the link is shown to copy."""
    keeper = access_accounts(request)
    form = InviteForm(request.POST or None, keeper=keeper, today=request.today)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        said["role"] = "" if said["role"] == ADMINISTRATOR else said["role"]
        try:
            link = services.invite_person(**said, by=keeper.user, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The invitation is ready. Copy the link below into a message, or wait for the mail.")
            )
            return redirect("accounts:account", pk=link.account_id)
    context = {"form": form, "heading": _("Invite somebody"), "action": _("Make the invitation"), "account": None}
    return render(request, "accounts/account_form.html", context, status=422 if form.is_bound else 200)


def _page(
    request: NowRequest, shown: User, keeper: Keeper, *, form: forms.Form | None = None, wrong: str = ""
) -> HttpResponse:
    """An account with all that can be done to it; `wrong` names the form that was refused."""
    state = listing.state_of(shown)
    link = shown.links.unspent().select_related("made_by", "account").first()
    factors = list(Authenticator.objects.filter(user_id=shown.pk).order_by("created_at", "pk"))
    roles = shown.memberships.select_related("organisation").order_by("first_day", "pk")
    closable = keeper.may_close(shown)
    context: dict[str, Any] = {
        "account": shown,
        "state": state,
        "state_name": STATE_NAMES[state],
        "tag": TAGS[state],
        "closable": closable,
        "own": shown.pk == keeper.user.pk,
        "administers": keeper.everywhere,
        "roles": [(role, keeper.may_give(role.organisation_id), role.last_day is not None and role.last_day < max(request.today, role.first_day)) for role in roles],
        "link": link if link and closable else None,
        "link_open": bool(link and link.is_open(at=request.now)),
        "link_text": "\n".join(letters.link_text(link)) if link and closable else "",
        "link_address": links.address(link) if link and closable else "",
        "factors": [factor for factor in factors if factor.type != Authenticator.Type.RECOVERY_CODES],
        "owes": owes_second_factor(shown, day=request.today),
        "sessions": UserSession.objects.filter(user_id=shown.pk).order_by("-created_at") if closable else [],
        "stand_ins": shown.delegations_given.standing().filter(last_day__gte=request.today).select_related("delegate", "organisation"),
        "acts_for": shown.delegations_held.standing().filter(last_day__gte=request.today).select_related("principal", "organisation"),
        "today": request.today,
        "told": telling.told(shown) if closable else [],
        "close_form": ReasonForm(auto_id="close_%s"),
        "factor_form": ReasonForm(auto_id="factor_%s"),
        "refused": form if wrong else None,
    }  # fmt: skip
    if form is not None and wrong:
        context[wrong] = form
    return render(request, "accounts/account.html", context, status=422 if wrong else 200)


@login_required
@require_safe
def account(request: NowRequest, pk: int) -> HttpResponse:
    """One account: roles by date, link, sessions, second factor, what was done to it."""
    shown, keeper = access_account(request, pk)
    return _page(request, shown, keeper)


@login_required
@require_http_methods(["GET", "POST"])
def revise(request: NowRequest, pk: int) -> HttpResponse:
    """Name, address and number of an account."""
    shown, keeper = access_account(request, pk)
    if not keeper.may_close(shown):
        raise PermissionDenied
    before = {"name": str(shown), "email": shown.email, "phone": shown.phone}
    link = shown.links.open(at=request.now).first()
    form = AboutForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_account(account=shown, **form.cleaned_data, by=keeper.user, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The account has been saved."))
            if link is not None and not shown.links.unspent().exists():
                messages.warning(
                    request, _("The link sent to the former address leads nowhere any more. Please make a new one.")
                )
            return redirect("accounts:account", pk=pk)
    context = {"form": form, "heading": _("Name and addresses"), "action": _("Save"), "account": shown}
    return render(request, "accounts/account_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def role_new(request: NowRequest, pk: int) -> HttpResponse:
    """A further role, from day to day."""
    shown, keeper = access_account(request, pk)
    form = RoleForm(request.POST or None, keeper=keeper, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_role(account=shown, **form.cleaned_data, by=keeper.user, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role has been given."))
            return redirect("accounts:account", pk=pk)
    context = {"form": form, "heading": _("Give a role"), "action": _("Give the role"), "account": shown}
    return render(request, "accounts/account_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def role_end(request: NowRequest, pk: int) -> HttpResponse:
    """The last day of a role."""
    keeper = access_accounts(request)
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organisation").filter(user__in=keeper.accounts()), pk=pk
    )
    if not keeper.may_give(membership.organisation_id):
        raise PermissionDenied
    form = EndForm(request.POST or None, initial={"last_day": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_role(
                membership=membership, last_day=form.cleaned_data["last_day"], by=keeper.user, at=request.now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role ends on the day you chose."))
            return redirect("accounts:account", pk=membership.user_id)
    context = {
        "form": form,
        "heading": _("End a role"),
        "action": _("End the role"),
        "account": membership.user,
        "note": f"{membership.get_role_display()} · {membership.organisation}",
    }
    return render(request, "accounts/account_form.html", context, status=422 if form.is_bound else 200)


def _carried_out(
    request: NowRequest, pk: int, act: Callable[..., Any], said: str | Promise, **more: Any
) -> HttpResponse:
    """Do one thing to an account and go back to its page, or say there why not."""
    shown, keeper = access_account(request, pk)
    try:
        act(account=shown, by=keeper.user, at=request.now, **more)
    except Refusal as refusal:
        form = forms.Form(data={})
        form.add_error(None, str(refusal))
        shown.refresh_from_db()
        return _page(request, shown, keeper, form=form, wrong="refused")
    messages.success(request, str(said))
    return redirect("accounts:account", pk=pk)


def _with_reason(
    request: NowRequest, pk: int, act: Callable[..., Any], said: str | Promise, *, name: str
) -> HttpResponse:
    """The same for what wants a reason."""
    shown, keeper = access_account(request, pk)
    form = ReasonForm(request.POST, auto_id=f"{name.removesuffix('_form')}_%s")
    if not form.is_valid():
        return _page(request, shown, keeper, form=form, wrong=name)
    return _carried_out(request, pk, act, said, reason=form.cleaned_data["reason"])


@login_required
@require_POST
def link_new(request: NowRequest, pk: int) -> HttpResponse:
    """A new link: the invitation once more, or a new password."""
    return _carried_out(
        request, pk, services.renew_link, gettext_lazy("The new link is ready; older ones lead nowhere.")
    )


@login_required
@require_POST
def link_revoke(request: NowRequest, pk: int) -> HttpResponse:
    """The open link leads nowhere any longer."""
    shown, keeper = access_account(request, pk)
    link = shown.links.unspent().select_related("account").first()
    if link is not None:
        try:
            services.revoke_link(link=link, by=keeper.user, at=request.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts:account", pk=pk)
        messages.success(request, _("The link leads nowhere from now on."))
    return redirect("accounts:account", pk=pk)


@login_required
@require_POST
def close(request: NowRequest, pk: int) -> HttpResponse:
    """Let nobody in by this account any longer."""
    said = gettext_lazy("The account is closed: signed out everywhere, its roles end today. What it did is kept.")
    return _with_reason(request, pk, services.close_account, said, name="close_form")


@login_required
@require_POST
def reopen(request: NowRequest, pk: int) -> HttpResponse:
    """Let the account in again."""
    return _carried_out(
        request, pk, services.open_account, gettext_lazy("The account is open again. Give it its roles.")
    )


@login_required
@require_POST
def sign_out(request: NowRequest, pk: int) -> HttpResponse:
    """Sign the account out everywhere."""
    return _carried_out(request, pk, services.end_sessions, gettext_lazy("The account is signed out everywhere."))


def _administrators_only(request: NowRequest) -> None:
    if not access_accounts(request).everywhere:
        raise PermissionDenied


@login_required
@require_POST
def factor_reset(request: NowRequest, pk: int) -> HttpResponse:
    """Take back a lost second factor; for administrators."""
    _administrators_only(request)
    said = gettext_lazy("The second factor is taken back. The person sets up a new one when signing in.")
    return _with_reason(request, pk, services.reset_second_factor, said, name="factor_form")


@login_required
@require_POST
def administration(request: NowRequest, pk: int) -> HttpResponse:
    """Name an administrator, or let one be none any longer; for administrators."""
    _administrators_only(request)
    if request.POST.get("what") == "end":
        said = gettext_lazy("This account administers the system no longer.")
        return _carried_out(request, pk, services.unmake_administrator, said)
    return _carried_out(
        request, pk, services.make_administrator, gettext_lazy("This account administers the system now.")
    )
