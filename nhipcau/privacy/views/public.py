"""A person's own data: asked for by number or address, looked at by link. No session, no cookie but the form's own."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.core import limits, signing
from nhipcau.core.errors import Refusal
from nhipcau.core.holdings import Subject
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.privacy import document, services
from nhipcau.privacy.forms import ASKABLE, AskForm, CorrectionForm, WordsForm
from nhipcau.privacy.models import Access, Notice, Request

Kind = Request.Kind


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: NowRequest) -> HttpResponse:
    """A number or an address; the answer is the same whether anybody is known by it or not."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limits.count(request, "personal-data", subject=form.cleaned_data["phone"] or form.cleaned_data["email"])
        services.ask_for_link(
            phone=form.cleaned_data["phone"], email=form.cleaned_data["email"], language=reading(), at=request.now
        )
        return redirect("privacy:asked")
    context = {"form": form, "notice": Notice.objects.in_use("request", day=request.today)}
    return _private(render(request, "privacy/ask.html", context, status=422 if form.is_bound else 200))


@require_safe
def asked(request: NowRequest) -> HttpResponse:
    """The one answer."""
    return _private(render(request, "privacy/asked.html", {}))


@require_safe
def schema_file(request: NowRequest) -> HttpResponse:
    """How the file is made up."""
    return HttpResponse(
        json.dumps(document.schema(), ensure_ascii=False, indent=2), content_type="application/schema+json"
    )


# --- by link ------------------------------------------------------------------------------------
def _by_link(view: Callable[[NowRequest, Access], HttpResponse]) -> Callable[[NowRequest, str], HttpResponse]:
    """Turn the link into whose data they are; a damaged or old one gets a sentence and the way to a new one."""

    @never_cache
    @wraps(view)
    def shown(request: NowRequest, token: str) -> HttpResponse:
        try:
            access = services.read_access(token, at=request.now)
        except signing.BadLink as bad:
            if not isinstance(bad, signing.OldLink):
                limits.count(request, "links")
            response = render(request, "privacy/link_over.html", {"sentence": str(bad)}, status=404)
        else:
            response = view(request, access)
        return _private(response)

    return shown


def _requests_of(access: Access, subject: Subject) -> list[Request]:
    rows = (
        Request.objects.filter(person__in=subject.persons)
        .select_related("organisation", "period")
        .order_by("-received_at")
    )
    narrow = bool(access.only or access.address)
    return list(rows.filter(only=access.only, address=access.address) if narrow else rows)


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def own(request: NowRequest, access: Access) -> HttpResponse:
    """Everything kept, and a form for each thing that may be asked."""
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    correction = CorrectionForm(request.POST if kind == Kind.CORRECT else None, prefix="correct")
    others = {one.value: WordsForm(request.POST if kind == one else None, prefix=one.value) for one in ASKABLE}
    refusal = ""
    if request.method == "POST":
        try:
            if _act(request, access, kind, correction, others):
                return redirect("privacy:own", services.token(access))
        except Refusal as refused:
            refusal = str(refused)
    subject = services.subject_of(access)
    context: dict[str, Any] = {
        "access": access,
        "token": services.token(access),
        "headings": document.of(access, subject),
        "masked": access.how == Access.How.TICKET,
        "requests": _requests_of(access, subject),
        "correction": correction,
        "others": [(Kind(one), form) for one, form in others.items()],
        "refusal": refusal,
        "notice": Notice.objects.in_use("request", day=request.today),
    }
    return render(request, "privacy/own.html", context, status=422 if request.method == "POST" else 200)


def _act(
    request: NowRequest, access: Access, kind: str, correction: CorrectionForm, others: dict[str, WordsForm]
) -> bool:
    """Do what a button asks; False when the page is to be shown again with what is wrong."""
    given: dict[str, Any] = {"person": access.person, "access": access, "language": reading(), "at": request.now}
    if kind == "take_back":
        asked = _requests_of(access, services.subject_of(access))
        mine = next((row for row in asked if str(row.pk) == request.POST.get("request")), None)
        if mine is None:
            return False
        services.take_back(request=mine, at=request.now)
        return True
    if kind == Kind.CORRECT and correction.is_valid():
        services.file_request(kind=kind, proposed=correction.values, note=correction.cleaned_data["note"], **given)
        return True
    if kind in others and others[kind].is_valid():
        services.file_request(kind=kind, note=others[kind].cleaned_data["note"], **given)
        return True
    return False


@require_safe
@_by_link
def own_file(request: NowRequest, access: Access) -> HttpResponse:
    """The same as a file."""
    told = document.as_json(document.of(access, services.subject_of(access)), at=request.now, language=reading())
    response = HttpResponse(told, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return response
