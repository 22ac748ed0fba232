"""Who reads letters to the editors: the editors of the unit, its head of the editorial board, and its directors."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.newsroom.models import Enquiry


def answers_for(standing: Standing) -> frozenset[int]:
    """The units whose letters an account answers."""
    return frozenset(party for party in standing.parties if standing.can(Verb.ANSWER, party=party))


def access_enquiries(request: HttpRequest) -> frozenset[int]:
    """The units whose letters are listed.

    Raises Http404 for outsiders, PermissionDenied for those inside who answer for none.
    """
    return answers_for(access_agreement(request, current_agreement(request), Verb.ANSWER))


def access_enquiry(request: HttpRequest, pk: int) -> Enquiry:
    """One letter, for those who answer it.

    Raises Http404 for outsiders and for the other unit, PermissionDenied for others inside.
    """
    mine = access_enquiries(request)
    enquiry = get_object_or_404(Enquiry.objects.select_related("organisation", "answered_by"), pk=pk)
    if enquiry.organisation_id not in mine:
        raise Http404
    return enquiry
