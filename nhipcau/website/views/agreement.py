"""What was signed, what is proven of it, and whether a printed report is genuine."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from nhipcau.agreements.models import Agreement, Clause, Party
from nhipcau.core import limits
from nhipcau.core.middleware import NowRequest
from nhipcau.reports import checking
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.views._shared import calendars_of_units, current_agreement, is_sample


@public_page(300, words=())
def agreement(request: NowRequest) -> HttpResponse:
    """What was signed: who, before whom, and each clause in both languages; five queries."""
    parties = Party.objects.select_related("organisation").prefetch_related("signatories__person")
    shown = Agreement.objects.prefetch_related(Prefetch("parties", parties), "officials__person", "amendments").first()
    if shown is None:
        raise Http404
    parties_shown = list(shown.parties.all())
    clauses = Clause.objects.in_force().filter(agreement=shown).select_related("area")
    return render(
        request,
        "website/agreement.html",
        {
            "is_sample": shown.is_sample,
            "agreement": shown,
            "parties": parties_shown,
            "calendars": calendars_of_units(party.organisation for party in parties_shown),
            "officials": list(shown.officials.all()),
            "amendments": list(shown.amendments.all()),
            "clauses": list(clauses),
        },
    )


@public_page(words=())
def progress(request: NowRequest) -> HttpResponse:
    """What is proven of what was promised, as the directors released it; a sentence while nothing was released."""
    agreement = current_agreement()
    released = Snapshot.objects.public().filter(plan__agreement=agreement).select_related("plan")
    snapshot = released.first() if agreement else None
    return render(
        request,
        "website/progress.html",
        {
            "is_sample": is_sample(agreement),
            "agreement": agreement,
            "snapshot": snapshot,
            "told": told.read(snapshot) if snapshot else None,
        },
    )


@public_page(300, words=("ma",))
def check(request: NowRequest) -> HttpResponse:
    """The form for the code printed on a report; sends on to the answer's own address."""
    code = told.tidy_code(request.GET.get("ma", ""))
    if code:
        return redirect("website:check_report", code)
    return render(
        request, "website/check.html", {"is_sample": is_sample(current_agreement()), "asked": "ma" in request.GET}
    )


@public_page(words=())
def check_report(request: NowRequest, code: str) -> HttpResponse:
    """Whether a printed report is the one whose figures were frozen; 404 for a code nobody issued."""
    limits.refuse(request, "check-codes")
    found = checking.check(told.tidy_code(code))
    if found is None:
        limits.count(request, "check-codes")
    context = {"is_sample": bool(found and found.is_sample), "code": code[:40], "check": found}
    return render(request, "website/check_report.html", context, status=200 if found else 404)
