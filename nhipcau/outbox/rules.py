"""Who may look at the outbox."""

from django.http import HttpRequest

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement


def access_outbox(request: HttpRequest) -> Standing:
    """The standing of who asks; mail carries guests' addresses, so departments above and the reception stay out.

    Raises Http404 for outsiders, PermissionDenied for those inside who may not.
    """
    return access_agreement(request, current_agreement(request), Verb.MAIL)
