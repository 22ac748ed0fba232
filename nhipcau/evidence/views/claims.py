"""What people tell by hand: declared, corrected, withdrawn, vouched for, sent back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Verb
from nhipcau.core.errors import Refusal
from nhipcau.core.keys import key_from
from nhipcau.core.middleware import NowRequest
from nhipcau.core.paging import KeyedPaginator
from nhipcau.evidence import services
from nhipcau.evidence.forms import (
    ClaimForm,
    ReasonForm,
    ReturnForm,
    ReviseForm,
    asked_dimensions,
    needed_words,
)
from nhipcau.evidence.hands import CLOSED
from nhipcau.evidence.models import Awaiting, Evidence, EvidenceDimension, EvidenceKind
from nhipcau.evidence.rules import Ground, access_evidence, access_ground, eye, may_revise
from nhipcau.evidence.words import REGISTERS, Words
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan

PER_PAGE = 20


def _activity(ground: Ground, wanted: str) -> Activity | None:
    """The activity named in the address; one of another plan is none of ours."""
    if not wanted:
        return None
    return get_object_or_404(Activity.objects.filter(plan__agreement=ground.agreement), pk=key_from(wanted))


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: NowRequest) -> HttpResponse:
    """First which kind, then the form that fits it."""
    ground = access_ground(request, Verb.LEAD)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    activity = _activity(ground, request.GET.get("activity", ""))
    plan = activity.plan if activity else ground.plan
    if activity is not None:
        plan = next((one for one in ground.plans if one.pk == activity.plan_id), plan)
    key = request.GET.get("kind", "")
    if not key:
        kinds = EvidenceKind.objects.filter(by_hand=True)
        activities = Activity.objects.filter(plan=plan).order_by("starts_at", "code")
        return render(
            request,
            "evidence/declare_kind.html",
            {"plan": plan, "kinds": kinds, "activity": activity, "activities": activities,
             "standing": ground.standing},
        )  # fmt: skip
    kind = get_object_or_404(EvidenceKind, pk=key)
    asked = asked_dimensions(kind, of_activity=activity is not None)
    words = needed_words(kind)
    last_day = min(request.today, plan.last_day)
    initial = {"quantity": 1, "day": min(activity.last_day, last_day) if activity else None}
    form = ClaimForm(
        request.POST or None, request.FILES or None, kind=kind, words=words, asked=asked, last_day=last_day,
        initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            row = services.declare_evidence(
                plan=plan,
                activity=activity,
                kind=kind,
                day=form.cleaned_data["day"],
                quantity=form.cleaned_data["quantity"],
                dimensions=form.dimensions(),
                note=form.cleaned_data["note"],
                link=form.cleaned_data["link"],
                upload=form.cleaned_data["upload"],
                by=_user(request),
                at=request.now,
            )
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. It counts once another person has verified it."))
            return redirect("evidence:evidence", row.pk)
    return render(
        request,
        "evidence/declare.html",
        {"plan": plan, "kind": kind, "activity": activity, "form": form, "known": _known(plan, form.lists),
         "standing": ground.standing},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _user(request: NowRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _known(plan: Plan, names: list[str]) -> dict[str, list[str]]:
    """Wordings used before in this plan, for dimensions where anything may be typed; one statement, none without such."""
    known: dict[str, list[str]] = {name: [] for name in names}
    if names:
        used = EvidenceDimension.objects.filter(dimension__in=names, evidence__plan=plan).order_by("value")
        for name, value in used.values_list("dimension", "value").distinct()[:500]:
            known[name].append(value)
    return known


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: NowRequest, pk: int) -> HttpResponse:
    """Correct what was declared by hand, or withdraw it with a reason."""
    row, standing = access_evidence(request, pk, Verb.LEAD)
    if not may_revise(row, request, standing):
        raise PermissionDenied
    asked = asked_dimensions(row.kind, of_activity=row.activity_id is not None)
    withdrawing = request.method == "POST" and "withdraw" in request.POST
    data = request.POST if request.method == "POST" and not withdrawing else None
    form = ReviseForm(
        data, request.FILES if data is not None else None, evidence=row, words=needed_words(row.kind), asked=asked,
        last_day=min(request.today, row.plan.last_day),
    )  # fmt: skip
    reason = ReasonForm(request.POST if withdrawing else None)
    if (form.is_bound and form.is_valid()) or (reason.is_bound and reason.is_valid()):
        try:
            after = _withdrawn(row, reason, request) if withdrawing else _revised(row, form, request)
        except Refusal as refused:
            (reason if withdrawing else form).add_error(None, str(refused))
        else:
            said = _("Withdrawn. The reason stays in the ledger.") if withdrawing else _(
                "Corrected. It counts again once another person has verified it."
            )  # fmt: skip
            messages.success(request, said)
            return redirect("evidence:evidence", after.pk)
    return render(
        request,
        "evidence/revise.html",
        {"evidence": row, "form": form, "reason": reason, "known": _known(row.plan, form.lists),
         "standing": standing, "attachments": list(row.attachments.all())},
        status=422 if form.errors or reason.errors else 200,
    )  # fmt: skip


def _withdrawn(row: Evidence, form: ReasonForm, request: NowRequest) -> Evidence:
    return services.withdraw_evidence(
        evidence=row, reason=form.cleaned_data["reason"], by=_user(request), at=request.now
    )


def _revised(row: Evidence, form: ReviseForm, request: NowRequest) -> Evidence:
    said = form.cleaned_data
    return services.revise_evidence(
        evidence=row,
        day=said["day"],
        quantity=said["quantity"],
        note=said["note"],
        link=said["link"],
        upload=said["upload"],
        dimensions=form.dimensions(),
        keep_files=said.get("keep_files", True),
        by=_user(request),
        at=request.now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: NowRequest) -> HttpResponse:
    """What others declared and waits for this person's eye; beside it one's own with its state."""
    ground = access_ground(request)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    failed: tuple[int, ReturnForm] | None = None
    if request.method == "POST":
        done = _act(request, ground)
        if isinstance(done, HttpResponse):
            return done
        failed = done
    closed = ground.plan.state == Plan.State.CLOSED
    told = {"may_verify": ground.standing.can(Verb.VERIFY) and not closed, "closed": CLOSED if closed else ""}
    return render(
        request, "evidence/inbox.html", _inbox(request, ground, failed) | told,
        status=422 if failed else 200,
    )  # fmt: skip


def _act(request: NowRequest, ground: Ground) -> HttpResponse | tuple[int, ReturnForm]:
    """Verify or send back the record named in the form; what fails comes back with the form as typed."""
    if not ground.standing.can(Verb.VERIFY):
        raise PermissionDenied
    key = key_from(request.POST.get("evidence"))
    if key is None:
        raise Http404
    row, _standing = access_evidence(request, key, Verb.VERIFY)
    sending_back = "return" in request.POST
    form = ReturnForm(request.POST if sending_back else {"reason": "-", "due": f"{request.today:%Y-%m-%d}"},
                      auto_id=f"id_{row.pk}_%s")  # fmt: skip
    if form.is_valid():
        try:
            if sending_back:
                services.return_evidence(
                    evidence=row, reason=form.cleaned_data["reason"], due=form.cleaned_data["due"],
                    by=_user(request), at=request.now,
                )  # fmt: skip
                messages.success(request, _("Sent back with your reason; it does not count until it is completed."))
            else:
                services.verify_evidence(evidence=row, by=_user(request), at=request.now)
                messages.success(request, _("Verified. It counts from now on."))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            if request.POST.get("next") == "evidence":
                return redirect("evidence:evidence", row.pk)
            return redirect("evidence:inbox")
    return row.pk, form


def _inbox(request: NowRequest, ground: Ground, failed: tuple[int, ReturnForm] | None) -> dict[str, Any]:
    plans = [plan.pk for plan in ground.plans]
    shown = ("dimensions", "attachments", "verifications__by")
    waiting = Awaiting.objects.filter(plan__in=plans).open_for(_user(request))
    pages = KeyedPaginator(
        waiting, PER_PAGE, of=Evidence, shown=lambda found: found.for_lists().prefetch_related(*shown)
    )
    page = pages.get_page(request.GET.get("page"))
    own = (
        Evidence.objects.current()
        .filter(plan__in=plans, recorded_by=_user(request), needs_verification=True)
        .for_lists()
        .prefetch_related("verifications__by")
        .order_by("-recorded_at")[:PER_PAGE]
    )
    words = Words(REGISTERS)
    cards = []
    shown_keys: set[int] = set()
    looking = eye(page, request, ground.standing)
    for row in page:
        form = failed[1] if failed and failed[0] == row.pk else ReturnForm(auto_id=f"id_{row.pk}_%s")
        shown_keys.add(row.pk)
        cards.append({"evidence": row, "form": form, "dimensions": words.pairs(row.dimensions.all()),
                      "why_not": looking.why_not(row)})  # fmt: skip
    return {
        "plan": ground.plan,
        "standing": ground.standing,
        "page_obj": page,
        "cards": cards,
        "own": own,
        "refused": failed[1] if failed and failed[0] not in shown_keys else None,
    }
