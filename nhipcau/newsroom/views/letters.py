"""Letters to the editors: the form for readers, the list and the answer at the desk."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.core import limits
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom import letters
from nhipcau.newsroom.enquiry_forms import ContactForm, OutcomeForm
from nhipcau.newsroom.models import Article, Enquiry
from nhipcau.newsroom.rules import access_enquiries, access_enquiry
from nhipcau.parties.models import User
from nhipcau.privacy.models import Notice

PER_PAGE = 50
REASONS = {"dinh-chinh": Enquiry.Reason.CORRECTION, "bao-chi": Enquiry.Reason.PRESS}


def _article(request: NowRequest) -> Article | None:
    """The public article a letter is about, where the link said which."""
    key = request.GET.get("bai", "")
    if not key.isascii() or not key.isdecimal() or len(key) > 9:
        return None
    return Article.objects.public(at=request.now).select_related("locale").defer_streamfields().filter(pk=key).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: NowRequest, about: str) -> HttpResponse:
    """A correction or a question of the press; kept, told to the editors, confirmed on its own page."""
    reason = REASONS.get(about)
    if reason is None:
        raise Http404
    article = _article(request) if reason == Enquiry.Reason.CORRECTION else None
    organisation = letters.responsible(article)
    initial = {"address": settings.BASE_URL + article.url} if article else {}
    form = ContactForm(request.POST if request.method == "POST" else None, reason=reason, initial=initial)
    if request.method == "POST":
        limits.count(request, "contact", subject=request.POST.get("email", "").strip().lower()[:254])
        if organisation is None:
            form.add_error(None, _("Nobody can receive letters here yet."))
        elif form.is_valid():
            letters.receive_enquiry(
                reason=reason,
                organisation=organisation,
                article=article,
                language=reading(),
                at=request.now,
                said=form.cleaned_data,
            )
            return redirect("newsroom:contact_sent")
    context = {
        "form": form,
        "reason": reason,
        "article": article,
        "organisation": organisation,
        "notice": Notice.objects.in_use(letters.FORM, day=request.today),
        "links": [(key, value.label, value == reason) for key, value in REASONS.items()],
    }
    return render(request, "newsroom/contact.html", context, status=422 if form.is_bound else 200)


@require_safe
def contact_sent(request: NowRequest) -> HttpResponse:
    """That it has come."""
    return render(request, "newsroom/contact_sent.html", {})


# --- at the desk --------------------------------------------------------------------------------
@require_safe
@login_required
def enquiries(request: NowRequest) -> HttpResponse:
    """What waits for an answer, oldest first; or what was answered."""
    units = access_enquiries(request)
    answered = request.GET.get("show") == "answered"
    rows = Enquiry.objects.of(units).select_related("organisation", "answered_by")
    page = Paginator(rows.answered() if answered else rows.waiting(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "answered": answered}
    return render(request, "newsroom/enquiries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def enquiry(request: NowRequest, pk: int) -> HttpResponse:
    """One letter, and what came of it."""
    letter = access_enquiry(request, pk)
    assert isinstance(request.user, User)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if "reopen" in request.POST and letter.answered_at and not letter.emptied_at:
            letters.reopen_enquiry(enquiry=letter, by=request.user, at=request.now)
            messages.success(request, _("The letter waits for an answer again."))
            return redirect("newsroom:enquiry", letter.pk)
        if letter.is_open and form.is_valid():
            letters.answer_enquiry(enquiry=letter, by=request.user, at=request.now, **form.cleaned_data)
            messages.success(request, _("Noted as answered."))
            return redirect(reverse("newsroom:enquiries"))
    subject = _("Your letter to the editors")
    context = {"letter": letter, "form": form, "subject": subject}
    return render(request, "newsroom/enquiry.html", context, status=422 if request.method == "POST" else 200)
