"""Pages that say how the site is run."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Supervision
from nhipcau.privacy.models import LegalPeriod, Notice
from nhipcau.website.caching import public_page
from nhipcau.website.views._shared import calendars_of_units, current_agreement, is_sample


@public_page(300, words=())
def privacy(request: NowRequest) -> HttpResponse:
    """What is kept of guests, why, how long, who sees it, and their rights."""
    agreement = current_agreement()
    notices = list(Notice.objects.current(day=request.today))
    periods = list(LegalPeriod.objects.holding(day=request.today))
    parties = agreement.parties.select_related("organisation") if agreement else []
    return render(
        request,
        "website/privacy.html",
        {"is_sample": is_sample(agreement), "notices": notices, "periods": periods, "parties": list(parties)},
    )


@public_page(300, words=())
def about(request: NowRequest) -> HttpResponse:
    """Whose site this is, who watches over the units, how a figure on it comes about, and whom to write to; three queries."""
    agreement = current_agreement()
    parties = list(agreement.parties.select_related("organisation")) if agreement else []
    units = [party.organisation for party in parties]
    watching: dict[int, list[Supervision]] = {}
    for row in Supervision.objects.holding(day=request.today).filter(unit__in=units).select_related("department"):
        watching.setdefault(row.unit_id, []).append(row)
    return render(
        request,
        "website/about.html",
        {
            "is_sample": is_sample(agreement),
            "agreement": agreement,
            "units": [(unit, watching.get(unit.pk, [])) for unit in units],
            "calendars": calendars_of_units(units),
        },
    )


@public_page(300, words=())
def accessibility(request: NowRequest) -> HttpResponse:
    """What everybody can count on when using the site."""
    return render(request, "website/accessibility.html", {"is_sample": is_sample(current_agreement())})
