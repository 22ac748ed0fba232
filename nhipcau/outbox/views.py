"""The outbox at the desk: what was sent, what waits, what a person has to decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import search
from nhipcau.core.middleware import NowRequest
from nhipcau.outbox import services
from nhipcau.outbox.errors import NotResendable
from nhipcau.outbox.forms import MessageFilter
from nhipcau.outbox.models import Message
from nhipcau.outbox.rules import access_message, access_outbox
from nhipcau.parties.models import User

TAGS = {"sent": "ok", "kept": "ok", "uncertain": "late", "failed": "late"}


@login_required
@require_safe
def outbox(request: NowRequest) -> HttpResponse:
    """Every mail of the agreement, newest first, by address or subject and by state."""
    agreement = access_outbox(request)
    filters = MessageFilter(request.GET)
    query = request.GET.get("q", "")
    rows = search.narrow(Message.objects.of(agreement).without_contents(), query, kind="outbox.message")
    if filters.is_valid() and filters.cleaned_data["state"]:
        rows = rows.filter(state=filters.cleaned_data["state"])
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(row, TAGS.get(row.state, "")) for row in page],
        "filters": filters,
        "q": query,
        "narrowed": bool(query or request.GET.get("state")),
    }
    return render(request, "outbox/message_list.html", context)


@login_required
@require_safe
def message(request: NowRequest, pk: int) -> HttpResponse:
    """One mail with every attempt at sending it."""
    mail = access_message(request, pk)
    return _message_page(request, mail)


@login_required
@require_POST
def resend(request: NowRequest, pk: int) -> HttpResponse:
    """Send a failed or uncertain mail once more."""
    mail = access_message(request, pk)
    assert isinstance(request.user, User)
    try:
        services.resend(message=mail, by=request.user, at=request.now)
    except NotResendable as refusal:
        return _message_page(request, mail, refusal=str(refusal), status=422)
    messages.success(request, _("The mail is in the queue again."))
    return redirect("outbox:message", pk=mail.pk)


def _message_page(request: NowRequest, mail: Message, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "mail": mail,
        "tag": TAGS.get(mail.state, ""),
        "deliveries": mail.deliveries.all(),
        "resendable": mail.state in services.RESENDABLE and mail.to != services.ERASED_ADDRESS,
        "refusal": refusal,
    }
    return render(request, "outbox/message.html", context, status=status)
