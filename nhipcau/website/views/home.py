"""The home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from nhipcau.agreements.models import Clause
from nhipcau.core.middleware import NowRequest
from nhipcau.reports.models import Snapshot
from nhipcau.website import progress as told
from nhipcau.website.caching import public_page
from nhipcau.website.views._shared import current_agreement, is_sample, shown_activities, with_seats

NEXT_ON_HOME = 3


@public_page(words=())
def home(request: NowRequest) -> HttpResponse:
    """Next activities, the agreement in short, and what is proven once that was released; five queries."""
    agreement = current_agreement()
    clauses = Clause.objects.in_force().filter(agreement=agreement).select_related("area") if agreement else []
    snapshot = Snapshot.objects.public().filter(plan__agreement=agreement).first() if agreement else None
    upcoming = shown_activities().filter(plan__agreement=agreement).upcoming(at=request.now)
    return render(
        request,
        "website/home.html",
        {
            "is_sample": is_sample(agreement),
            "agreement": agreement,
            "parties": list(agreement.parties.select_related("organisation")) if agreement else [],
            "areas": told.areas(list(clauses), snapshot),
            "snapshot": snapshot,
            "upcoming": with_seats(upcoming[:NEXT_ON_HOME], request),
        },
    )
