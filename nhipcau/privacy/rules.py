"""Who answers requests: officers and directors of the party the request was sent to; administrators see what goes by night."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.parties.models import User
from nhipcau.privacy.models import Request


def answers_for(standing: Standing) -> frozenset[int]:
    """The parties an account answers requests for."""
    return frozenset(party for party in standing.parties if standing.can(Verb.LEAD, party=party))


def access_requests(request: HttpRequest) -> frozenset[int]:
    """The parties whose requests are listed.

    Raises Http404 for outsiders, PermissionDenied for those inside who do not answer.
    """
    return answers_for(access_agreement(request, current_agreement(request), Verb.LEAD))


def access_request(request: HttpRequest, pk: int) -> Request:
    """One request, for those who answer it.

    Raises Http404 for outsiders and for the other party, whose affair it is not, PermissionDenied for others inside.
    """
    assert isinstance(request.user, User)
    rows = Request.objects.select_related("person", "organisation", "period", "owner", "checked_by", "answered_by")
    asked = get_object_or_404(rows, pk=pk)
    readable = Agreement.objects.readable_by(request.user, day=request.today)  # type: ignore[attr-defined]
    agreement = readable.filter(parties__organisation=asked.organisation_id).first()
    if agreement is None:
        raise Http404
    mine = access_agreement(request, agreement, Verb.LEAD)
    if asked.organisation_id not in answers_for(mine):
        raise Http404
    return asked


def access_retention(request: HttpRequest) -> None:
    """Whether an account may see what goes by night: numbers only.

    Raises Http404 for outsiders, PermissionDenied for others inside.
    """
    assert isinstance(request.user, User)
    if request.user.is_superuser:
        return
    if not access_agreement(request, current_agreement(request)).can(Verb.LEAD):
        raise PermissionDenied
