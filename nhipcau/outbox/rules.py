"""Who may look at which mails."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User


def access_outbox(request: HttpRequest) -> Agreement | None:
    """The agreement whose mails are listed; None for administrators, who see those that belong to no agreement.

    Mail carries guests' addresses, so departments above and the reception stay out, and so do administrators.
    Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    assert isinstance(request.user, User)
    try:
        agreement = current_agreement(request)
    except Http404:
        if request.user.is_superuser:
            return None
        raise
    if request.user.is_superuser and not access_agreement(request, agreement).can(Verb.MAIL):
        return None
    access_agreement(request, agreement, Verb.MAIL)
    return agreement


def access_message(request: HttpRequest, pk: int) -> Message:
    """A mail by the agreement it was written under, whichever the desk is about.

    Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    assert isinstance(request.user, User)
    mail = get_object_or_404(Message.objects.select_related("agreement"), pk=pk)
    if mail.agreement is not None:
        access_agreement(request, mail.agreement, Verb.MAIL)
    elif not request.user.is_superuser:
        raise Http404
    return mail
