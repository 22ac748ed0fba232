"""What guests see: the form, their code, giving the seat up or passing it on. No session, no cookie but the form's own."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.activities.models import Activity, Change
from nhipcau.attendance import services, tickets
from nhipcau.attendance.errors import AlreadyRegistered, SeatsGone
from nhipcau.attendance.forms import RegisterForm, ResendForm, SubstituteSelfForm
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.attendance.services.arrivals import source_ref
from nhipcau.attendance.services.seats import place_in_line
from nhipcau.core import limits, signing
from nhipcau.core.errors import Refusal
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.privacy import services as privacy
from nhipcau.privacy.models import Access, LegalPeriod, Notice

# Kinds of activity whose guests are asked, freely, whether they come from abroad: their foreign guests are counted.
FOREIGN_GUESTS = frozenset({"international_conference", "exchange", "press_tour"})
# A form sent twice by an impatient finger or a slow network.
TWICE = timedelta(minutes=2)


def _intake(slug: str) -> Intake:
    public = Activity.objects.public()
    intakes = Intake.objects.select_related("activity__plan__agreement", "activity__kind", "activity__lead")
    return get_object_or_404(intakes, activity__slug=slug, activity__in=public)


def _phase(intake: Intake, request: NowRequest) -> str:
    """Where registration stands: open, early, closed, off."""
    if intake.activity.state == Activity.State.CANCELLED:
        return "off"
    if request.now < intake.opens_at:
        return "early"
    if request.now >= intake.closes_at or intake.activity.state == Activity.State.CLOSED:
        return "closed"
    return "open"


def _register_page(request: NowRequest, intake: Intake, form: RegisterForm | None, **more: Any) -> dict[str, Any]:
    activity = intake.activity
    changes = list(Change.objects.filter(activity=activity)[:1])
    return {
        "activity": activity,
        "intake": intake,
        "phase": _phase(intake, request),
        "form": form,
        "change": changes[0] if changes else None,
        "is_sample": activity.plan.agreement.is_sample,
        **more,
    }


def _too_late(phase: str) -> str:
    return {
        "off": _("This activity will not take place, so nobody can be registered for it any more."),
        "early": _("Registration has not opened yet. Please come back later."),
        "closed": _("Registration has closed. Please ask the organisers whether a seat is still free."),
    }[phase]


def _known(found: AlreadyRegistered, request: NowRequest) -> str:
    """A name and a number are known to many: they open nobody's code, and the answer does not tell whether both agree."""
    if found.same_person:
        services.remind(registration=found.registration, at=request.now)
    return _(
        "This mobile number is already registered for this activity. If the name agrees and an e-mail address was "
        "given, the admission code has been sent there again; otherwise please ask the organisers. Each guest "
        "registers with the own number."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: NowRequest, slug: str) -> HttpResponse:
    """The form, and the place; a form sent twice by the same person in the same moment leads to the code he has."""
    intake = _intake(slug)
    phase = _phase(intake, request)
    if request.method == "POST":
        limits.count(request, "registration", subject=request.POST.get("phone", ""))
    if phase != "open" and request.method != "POST":
        return render(request, "attendance/register.html", _register_page(request, intake, None))
    told = {notice.form: notice for notice in Notice.objects.current(day=request.today)}
    consent, child = told.get("registration"), told.get("child")
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        audiences=list(intake.activity.audiences.all()),
        ask_nationality=intake.activity.kind.slug in FOREIGN_GUESTS,
        wording=consent.text("wording")
        if consent
        else _("I agree that the organisers use these details for this event."),
        child_age=LegalPeriod.objects.child_age(day=request.today),
    )
    place: int | None = None
    if phase != "open":
        form.add_error(None, _too_late(phase))
    elif request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given.pop("consent")  # without the tick the form is not valid
        try:
            registration = services.register(
                intake=intake,
                language=reading(),
                consent=child if given.pop("for_child") else consent,
                at=request.now,
                join_waiting="join_waiting" in request.POST,
                **given,
            )
        except AlreadyRegistered as found:
            if found.same_person and request.now - found.registration.registered_at <= TWICE:
                return redirect("attendance:ticket", tickets.token(found.registration))
            found.registration.intake = intake
            form.add_error("phone", _known(found, request))
        except SeatsGone as gone:
            place = gone.place
            form.add_error(None, str(gone))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("attendance:ticket", tickets.token(registration))
    if place is None and phase == "open" and intake.left == 0:
        place = Registration.objects.waiting().filter(intake=intake).count() + 1
    context = _register_page(request, intake, form, place=place, child=child)
    return render(request, "attendance/register.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: NowRequest) -> HttpResponse:
    """Ask for one's links once more; the answer is the same whether the number or address is known or not."""
    form = ResendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        contact = form.cleaned_data["contact"]
        limits.count(request, "resend", subject=contact.lower())
        services.resend_links(contact=contact, at=request.now)
        return redirect(reverse("attendance:resend") + "?da-nhan")
    context = {"form": form, "taken": "da-nhan" in request.GET}
    return render(request, "attendance/resend.html", context, status=422 if form.is_bound else 200)


# --- the guest's own pages --------------------------------------------------------------------
def _own(view: Callable[[NowRequest, Registration], HttpResponse]) -> Callable[[NowRequest, str], HttpResponse]:
    """Turn the link into the registration; a damaged link gets a sentence, and nothing here is kept or indexed."""

    @never_cache
    @wraps(view)
    def by_link(request: NowRequest, token: str) -> HttpResponse:
        try:
            registration = tickets.opened(token, at=request.now)
        except signing.OldLink as refused:
            response = render(request, "attendance/link_old.html", {"refused": refused}, status=410)
        except signing.BadLink:
            limits.count(request, "links")
            response = render(request, "attendance/link_broken.html", {}, status=404)
        else:
            response = view(request, registration)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return by_link


def _ticket_page(request: NowRequest, registration: Registration, **more: Any) -> dict[str, Any]:
    activity, language = registration.intake.activity, reading()
    waiting = registration.state == Registration.State.WAITING
    return {
        "registration": registration,
        "activity": activity,
        "token": tickets.token(registration),
        "invitation": tickets.invitation(registration, language),
        "pasteable": tickets.pasteable(registration, language),
        "place": place_in_line(registration) if waiting else None,
        "over": request.now > activity.ends_at,
        "is_sample": activity.plan.agreement.is_sample,
        **more,
    }


@require_safe
@_own
def ticket(request: NowRequest, registration: Registration) -> HttpResponse:
    """The code on the screen, and what can be done with it."""
    arrival = CheckIn.objects.standing().filter(registration=registration).first()
    return render(request, "attendance/ticket.html", _ticket_page(request, registration, arrival=arrival))


@require_safe
@_own
def ticket_svg(request: NowRequest, registration: Registration) -> HttpResponse:
    """The QR alone."""
    return HttpResponse(tickets.qr_svg(registration), content_type="image/svg+xml")


@require_safe
@_own
def ticket_png(request: NowRequest, registration: Registration) -> HttpResponse:
    """The ticket as a picture for the album."""
    response = HttpResponse(tickets.picture(registration, reading()), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="ma-{registration.code}.png"'
    return response


@require_safe
@_own
def ticket_ics(request: NowRequest, registration: Registration) -> HttpResponse:
    """The calendar file."""
    response = HttpResponse(tickets.calendar_file(registration, reading()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lich-tham-du.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def cancel(request: NowRequest, registration: Registration) -> HttpResponse:
    """Give the seat up: asked once, then done."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            services.cancel_registration(registration=registration, at=request.now)
        except Refusal as refused:
            refusal, status = str(refused), 422
        else:
            return redirect("attendance:ticket", tickets.token(registration))
    context = _ticket_page(request, registration, refusal=refusal)
    return render(request, "attendance/cancel.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def own_data(request: NowRequest, registration: Registration) -> HttpResponse:
    """To what is kept under this code, for an hour: asked once, then shown."""
    if request.method == "POST":
        access = privacy.open_access(
            person=registration.person, how=Access.How.TICKET, only=source_ref(registration), at=request.now
        )
        return redirect("privacy:own", privacy.token(access))
    return render(request, "attendance/own_data.html", _ticket_page(request, registration))


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def substitute(request: NowRequest, registration: Registration) -> HttpResponse:
    """Name who comes instead; the new code belongs to that person."""
    told = {notice.form: notice for notice in Notice.objects.current(day=request.today)}
    consent, child = told.get("substitute"), told.get("child")
    form = SubstituteSelfForm(
        request.POST if request.method == "POST" else None, child_age=LegalPeriod.objects.child_age(day=request.today)
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given.pop("consent")  # without the tick the form is not valid
        try:
            new = services.substitute(
                registration=registration,
                channel=Registration.Channel.SELF,
                consent=child if given.pop("for_child") else consent,
                by=None,
                at=request.now,
                **given,
            )
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(reverse("attendance:ticket", args=[tickets.token(new)]))
    context = _ticket_page(request, registration, form=form, consent=consent, child=child)
    return render(request, "attendance/substitute.html", context, status=422 if form.is_bound else 200)
