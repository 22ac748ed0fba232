"""One's own account: name, password, second factor, devices, and who stands in when one is away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Greatest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.accounts import services, telling
from nhipcau.accounts.forms import OwnForm, StandInForm
from nhipcau.accounts.rules import owes_second_factor
from nhipcau.accounts.services.absence import LENDABLE
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Delegation, Membership, User


@login_required
@require_http_methods(["GET", "POST"])
def own(request: NowRequest) -> HttpResponse:
    """All of it on one page."""
    assert isinstance(request.user, User)
    mine = User.objects.get(pk=request.user.pk)  # the request's own is a lazy one, which no journal tells
    before = {"name": str(mine), "email": mine.email, "phone": mine.phone}
    form = OwnForm(request.POST or None, initial=before, account=mine)
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_account(account=mine, **form.cleaned_data, by=mine, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your account has been saved."))
            return redirect("accounts:own")
    factors = set(Authenticator.objects.filter(user_id=mine.pk).values_list("type", flat=True))
    roles = list(
        mine.memberships.select_related("organisation").exclude(last_day__lt=Greatest("first_day", request.today))
    )
    context = {
        "form": form,
        "roles": roles,
        "factor": bool(factors - {Authenticator.Type.RECOVERY_CODES.value}),
        "owes": owes_second_factor(mine, day=request.today),
        "devices": UserSession.objects.filter(user_id=mine.pk).count(),
        "may_lend": any(role.role in LENDABLE for role in roles),
        "stand_ins": mine.delegations_given.select_related("delegate", "organisation").order_by("-first_day")[:10],
        "acts_for": mine.delegations_held.standing()
        .filter(last_day__gte=request.today)
        .select_related("principal", "organisation"),
        "today": request.today,
        "told": telling.told(mine, most=10),
    }
    return render(request, "accounts/own.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def stand_in_new(request: NowRequest) -> HttpResponse:
    """Name who acts in one's place."""
    mine = request.user
    assert isinstance(mine, User)
    lendable = Membership.objects.of(mine).filter(role__in=LENDABLE).exclude(last_day__lt=request.today)
    if not lendable.exists():
        messages.info(request, _("Only directors and officers name somebody in their place."))
        return redirect("accounts:own")
    form = StandInForm(request.POST or None, principal=mine, today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_stand_in(**form.cleaned_data, by=mine, at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your stand-in has been named. It ends by itself after the last day."))
            return redirect("accounts:own")
    return render(request, "accounts/stand_in.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def stand_in_withdraw(request: NowRequest, pk: int) -> HttpResponse:
    """Let nobody act in one's place any longer."""
    assert isinstance(request.user, User)
    delegation = get_object_or_404(Delegation, pk=pk, principal=request.user)
    try:
        services.withdraw_stand_in(delegation=delegation, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Nobody acts in your place any longer."))
    return redirect("accounts:own")
