"""The public progress at the desk: prepare, look, release, withdraw."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.core.errors import Refusal
from nhipcau.core.keys import key_from
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import User
from nhipcau.plans.rules import access_plan
from nhipcau.reports import figures, services
from nhipcau.reports.forms import WithdrawForm
from nhipcau.reports.models import Snapshot, SnapshotConsent
from nhipcau.reports.rules import access_snapshot
from nhipcau.reports.services.snapshots import departments_above

TAGS = {"prepared": "", "public": "ok", "withdrawn": "none"}


def _hands(shown: Snapshot, request: NowRequest) -> list[tuple[str, list[tuple[str, SnapshotConsent | None]]]]:
    """Who has to see and to release a snapshot, and who has; three queries."""
    given = {(c.organisation_id, c.kind): c for c in shown.consents.select_related("by", "acted_for", "organisation")}
    above = departments_above(shown, at=request.now)
    seen = [(str(one), given.get((one.pk, SnapshotConsent.Kind.SEEN))) for one in above]
    parties = [party.organisation for party in shown.agreement.parties.select_related("organisation")]
    released = [(str(one), given.get((one.pk, SnapshotConsent.Kind.RELEASED))) for one in parties]
    return [(_("Seen by the departments"), seen), (_("Released by the directors"), released)]


def _page(
    request: NowRequest, agreement: Agreement, standing: Standing, *, form: WithdrawForm | None = None,
    asked: Snapshot | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = Snapshot.objects.filter(agreement=agreement).select_related("agreement", "by", "plan", "withdrawn_by")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    wanted = key_from(request.GET.get("snapshot"))
    shown = asked or (rows.filter(pk=wanted).first() if wanted is not None else None)
    shown = shown or next(iter(page.object_list), None)
    hands = _hands(shown, request) if shown else []
    waiting = bool(hands) and any(consent is None for _name, consent in hands[0][1])
    context: dict[str, Any] = {
        "agreement": agreement,
        "page_obj": page,
        "rows": [(row, TAGS[row.state]) for row in page.object_list],
        "shown": shown,
        "plan_title": _said(shown.payload["plan"], "title") if shown else "",
        "clauses": _clauses(shown) if shown else [],
        "hands": hands,
        "waiting": waiting,
        "can_prepare": standing.can(Verb.PLAN),
        "can_see": standing.can(Verb.OVERSEE),
        "can_release": standing.can(Verb.DIRECT),
        "form": form or WithdrawForm(),
        "state": shown.state if shown else "",
        "tag": TAGS[shown.state] if shown else "",
        "matches": bool(shown) and figures.digest(shown.payload) == shown.digest if shown else True,
    }
    return render(request, "reports/snapshot.html", context, status=status)


def _said(row: dict[str, Any], field: str) -> str:
    """A text of a payload in the language of the page."""
    english = reading() == "en"
    return str((english and row[f"{field}_en"]) or row[field])


def _clauses(shown: Snapshot) -> list[dict[str, Any]]:
    """The clauses of a payload with their figures as numbers, in the language of the page."""
    return [
        {
            **clause,
            "title": _said(clause, "name"),
            "indicators": [
                {
                    "title": _said(row, "name"),
                    "measured_in": _said(row, "unit"),
                    "value": figures.number(row["value"]),
                    "target": figures.number(row["target"]),
                }
                for row in clause["indicators"]
            ],
        }
        for clause in shown.payload["clauses"]
    ]


@require_safe
def snapshot(request: NowRequest) -> HttpResponse:
    """What the public sees or would see, and through whose hands it still has to go."""
    agreement = current_agreement(request)
    return _page(request, agreement, access_agreement(request, agreement))


@require_POST
def snapshot_prepare(request: NowRequest) -> HttpResponse:
    """Keep today's progress for the public, not yet public."""
    plan, standing = access_plan(request, verb=Verb.PLAN)
    assert isinstance(request.user, User)
    try:
        services.prepare_snapshot(plan=plan, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, plan.agreement, standing, status=422)
    messages.success(request, _("The snapshot is kept. The departments see it first, then the directors release it."))
    return redirect("reports:snapshot")


def _step(request: NowRequest, pk: int, verb: Verb, act: Callable[..., Snapshot], said: str) -> HttpResponse:
    found, standing = access_snapshot(request, pk, verb)
    try:
        act(snapshot=found, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, found.agreement, standing, asked=found, status=422)
    messages.success(request, said)
    return redirect("reports:snapshot")


@require_POST
def snapshot_seen(request: NowRequest, pk: int) -> HttpResponse:
    """An officer of a department has looked at it."""
    return _step(request, pk, Verb.OVERSEE, services.mark_seen, _("Marked as seen by your department."))


@require_POST
def snapshot_release(request: NowRequest, pk: int) -> HttpResponse:
    """A director releases it."""
    return _step(
        request, pk, Verb.DIRECT, services.release_snapshot,
        _("Released for your unit. It is public once the directors of all units have released it."),
    )  # fmt: skip


@require_POST
def snapshot_withdraw(request: NowRequest, pk: int) -> HttpResponse:
    """A director takes it back."""
    found, standing = access_snapshot(request, pk, Verb.DIRECT)
    form = WithdrawForm(request.POST)
    assert isinstance(request.user, User)
    if form.is_valid():
        try:
            services.withdraw_snapshot(
                snapshot=found, reason=form.cleaned_data["reason"], by=request.user, at=request.now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The snapshot is withdrawn; the public no longer sees it."))
            return redirect("reports:snapshot")
    return _page(request, found.agreement, standing, form=form, asked=found, status=422)
