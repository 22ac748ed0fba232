"""Pages that say how the site is run."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from nhipcau.core.middleware import NowRequest
from nhipcau.privacy.models import LegalPeriod, Notice
from nhipcau.website.caching import public_page
from nhipcau.website.views._shared import current_agreement, is_sample


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
def accessibility(request: NowRequest) -> HttpResponse:
    """What everybody can count on when using the site."""
    return render(request, "website/accessibility.html", {"is_sample": is_sample(current_agreement())})
