"""Requests at the desk: the list, one request with its answer, and what goes by night."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import User
from nhipcau.privacy import document, letters, services
from nhipcau.privacy.forms import ExtensionForm, RefusalForm, ValuesForm
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.rules import access_request, access_requests, access_retention
from nhipcau.privacy.services.requests import subject_of

PER_PAGE = 50


@require_safe
@login_required
def requests(request: NowRequest) -> HttpResponse:
    """What waits for an answer, soonest due first; or what was answered."""
    parties = access_requests(request)
    answered = request.GET.get("show") == "answered"
    rows = Request.objects.of(parties).select_related("person", "organisation", "owner", "period")
    rows = rows.answered() if answered else rows.open()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(row, (row.due - request.today).days) for row in page],
        "answered": answered,
        "query": request.GET.urlencode(),
    }
    return render(request, "privacy/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_page(request: NowRequest, pk: int) -> HttpResponse:
    """One request: who asks, by when, what is kept, and the answer."""
    asked = access_request(request, pk)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    values = ValuesForm(request.POST if action == "accept" and asked.kind == Request.Kind.CORRECT else None,
                        initial=asked.proposed, prefix="value")  # fmt: skip
    refusal = RefusalForm(request.POST if action == "refuse" else None, prefix="refuse")
    extension = ExtensionForm(request.POST if action == "extend" else None, prefix="extend")
    said = ""
    if action:
        try:
            if _act(request, asked, action, values, refusal, extension):
                return redirect("privacy:request", asked.pk)
        except Refusal as refused:
            said = str(refused)
    return render(
        request,
        "privacy/request.html",
        _page(request, asked) | {"values": values, "refusal": refusal, "extension": extension, "said": said},
        status=422 if action else 200,
    )


def _page(request: NowRequest, asked: Request) -> dict[str, Any]:
    outcome = {Request.State.ACCEPTED: "accepted", Request.State.REFUSED: "refused"}.get(
        Request.State(asked.state), "accepted"
    )
    link = (
        Access.objects.open(at=request.now).filter(person=asked.person_id, how=Access.How.OFFICER).first()
        if asked.kind == Request.Kind.SEE and asked.state == Request.State.ACCEPTED
        else None
    )
    return {
        "asked": asked,
        "left": (asked.due - request.today).days,
        "headings": document.gather(subject_of(asked)) if asked.is_open else [],
        "words": letters.answer_words(asked, outcome=outcome) if asked.state != Request.State.TAKEN_BACK else "",
        "link_words": letters.link_words(services.token(link), until=link.expires_at, language=asked.language)
        if link
        else "",
    }


def _act(
    request: NowRequest, asked: Request, action: str, values: ValuesForm, refusal: RefusalForm, extension: ExtensionForm
) -> bool:
    """Do what a button of the page asks; False when the page is to be shown again with what is wrong."""
    assert isinstance(request.user, User)
    given: dict[str, Any] = {"request": asked, "by": request.user, "at": request.now}
    match action:
        case "take":
            services.take(**given)
            messages.success(request, _("The request is yours now."))
        case "checked":
            services.note_identity(**given)
            messages.success(request, _("It has been noted that you made sure by telephone."))
        case "extend" if extension.is_valid():
            services.extend(reason=extension.cleaned_data["reason"], **given)
            messages.success(request, _("The period has been extended; the person is told why."))
        case "accept" if asked.kind != Request.Kind.CORRECT or values.is_valid():
            services.accept(values=values.values if asked.kind == Request.Kind.CORRECT else None, **given)
            messages.success(request, _("Done, and noted as the answer."))
        case "refuse" if refusal.is_valid():
            services.refuse(**refusal.cleaned_data, **given)
            messages.success(request, _("The refusal has been noted with its reason."))
        case _:
            return False
    return True


@require_safe
@login_required
def retention(request: NowRequest) -> HttpResponse:
    """What would go tonight and by which rule; numbers only."""
    access_retention(request)
    return render(request, "privacy/retention.html", {"going": services.preview(at=request.now)})
