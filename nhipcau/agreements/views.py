"""The desk's page about the agreement: who signed, who stood by, what was promised."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from django.contrib import messages
from django.db.models import Prefetch
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.agreements.access import access_agreement, current_agreement
from nhipcau.agreements.models import Agreement, Amendment, Party, Signatory
from nhipcau.core import downloads
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Supervision, User


@require_safe
def agreement(request: NowRequest) -> HttpResponse:
    """The agreement of this desk; a keeper of an empty installation is shown where to begin."""
    assert isinstance(request.user, User)
    try:
        shown = current_agreement(request)
    except Http404:
        if request.user.is_superuser:
            return render(request, "agreements/agreement_empty.html", {})
        raise
    standing = access_agreement(request, shown)
    above = Supervision.objects.select_related("department").order_by("first_day", "pk")
    parties = Party.objects.filter(agreement=shown).select_related("organisation")
    parties = parties.prefetch_related(
        Prefetch("signatories", Signatory.objects.select_related("person")),
        Prefetch("organisation__supervised_by", above),
    )
    clauses = list(shown.clauses.in_force().select_related("area", "supersedes").order_by("area__order", "order"))
    readable = Agreement.objects.readable_by(request.user, day=request.today)
    return render(
        request,
        "agreements/agreement.html",
        {
            "agreement": shown,
            "standing": standing,
            "today": request.today,
            "parties": list(parties),
            "officials": list(shown.officials.select_related("person")),
            "areas": [(area, list(some)) for area, some in groupby(clauses, key=lambda clause: clause.area)],
            "amendments": list(shown.amendments.all()),
            "others": [other for other in readable if other.pk != shown.pk],
        },
    )


@require_POST
def agreement_choose(request: NowRequest, pk: int) -> HttpResponse:
    """Let this desk be about another agreement from now on."""
    chosen = get_object_or_404(Agreement, pk=pk)
    access_agreement(request, chosen)
    request.session["agreement"] = chosen.pk
    messages.success(request, _("You are now working on this agreement."))
    return redirect("agreements:agreement")


def _hand_out(kept: FieldFile) -> FileResponse:
    return downloads.hand_out(kept, name=Path(kept.name or "").name)


@require_safe
def signed_file(request: NowRequest, pk: int) -> FileResponse:
    """The signed agreement, to those who may read it."""
    shown = get_object_or_404(Agreement, pk=pk)
    access_agreement(request, shown)
    return _hand_out(shown.signed_file)


@require_safe
def annex_file(request: NowRequest, pk: int) -> FileResponse:
    """A signed annex, to those who may read its agreement."""
    amendment = get_object_or_404(Amendment.objects.select_related("agreement"), pk=pk)
    access_agreement(request, amendment.agreement)
    return _hand_out(amendment.signed_file)
