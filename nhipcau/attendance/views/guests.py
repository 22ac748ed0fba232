"""The guest list at the desk, one guest, and the settings of registration."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import Form
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Verb
from nhipcau.attendance import exports, services, tickets
from nhipcau.attendance.errors import AlreadyRegistered, SeatsGone
from nhipcau.attendance.forms import ErasureForm, FilterForm, GuestForm, IntakeForm, OnBehalfForm, SubstituteForm
from nhipcau.attendance.models import Consent, Intake, Registration
from nhipcau.attendance.querysets import RegistrationQuerySet
from nhipcau.attendance.rules import access_activity, access_registration, may_change
from nhipcau.core import search
from nhipcau.core.errors import Refusal
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Person
from nhipcau.privacy.models import LegalPeriod, Notice

PER_PAGE = 50


def _shown(guests: RegistrationQuerySet, show: str) -> RegistrationQuerySet:
    """The guests one filter shows."""
    confirmed = Registration.State.CONFIRMED
    chosen: dict[str, Q] = {
        "confirmed": Q(state=confirmed),
        "arrived": Q(arrived=True),
        "absent": Q(state=confirmed, arrived=False),
        "waiting": Q(state=Registration.State.WAITING),
        "honour": ~Q(state=Registration.State.CANCELLED) & Q(of_honour=True),
        "cancelled": Q(state=Registration.State.CANCELLED),
    }
    found = guests.filter(chosen.get(show, ~Q(state=Registration.State.CANCELLED)))
    return found.order_by("registered_at", "pk") if show == "waiting" else found


def _wanted(request: NowRequest, activity: Activity) -> tuple[RegistrationQuerySet, FilterForm]:
    filters = FilterForm(request.GET)
    show = filters.cleaned_data.get("show", "") if filters.is_valid() else ""
    guests = Registration.objects.filter(intake__activity=activity).with_arrival()
    found = search.narrow(_shown(guests, show), request.GET.get("q", ""), kind="attendance.registration")
    return found, filters  # type: ignore[return-value]  # narrow gives back the kind of queryset it was given


@require_safe
@login_required
def guests(request: NowRequest, pk: int) -> HttpResponse:
    """The list by given name, findable without marks, by unit or by the last four digits."""
    activity, standing = access_activity(request, pk, Verb.GUESTS)
    intake = Intake.objects.filter(activity=activity).first()
    found, filters = _wanted(request, activity)
    context = {
        "activity": activity,
        "standing": standing,
        "tab_name": "attendance:guests",
        "intake": intake,
        "counters": Registration.objects.filter(intake__activity=activity).counters(),
        "page_obj": Paginator(found.select_related("audience"), PER_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "q": request.GET.get("q", ""),
        "query": request.GET.urlencode(),
        "may_change": may_change(standing, activity),
        "may_receive": standing.can(Verb.RECEIVE),
    }
    return render(request, "attendance/guests.html", context)


@require_safe
@login_required
def guests_csv(request: NowRequest, pk: int) -> StreamingHttpResponse:
    """What the list shows, as CSV."""
    activity, _standing = access_activity(request, pk, Verb.GUESTS)
    found, _filters = _wanted(request, activity)
    response = StreamingHttpResponse(exports.as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = str(content_disposition_header(True, f"khach-{activity.code}.csv"))
    return response


@require_safe
@login_required
def guests_xlsx(request: NowRequest, pk: int) -> FileResponse:
    """What the list shows, as a workbook."""
    activity, _standing = access_activity(request, pk, Verb.GUESTS)
    found, _filters = _wanted(request, activity)
    sample = "DỮ LIỆU MẪU · " if activity.plan.agreement.is_sample else ""
    book = exports.as_xlsx(found, title=f"{sample}{activity.code} · {activity.text('title')}")
    return FileResponse(book, as_attachment=True, filename=f"khach-{activity.code}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guest_new(request: NowRequest, pk: int) -> HttpResponse:
    """An officer answers for a guest: who, and by which channel it was confirmed."""
    activity, standing = access_activity(request, pk, Verb.LEAD)
    intake = Intake.objects.filter(activity=activity).first()
    if intake is None:
        messages.warning(request, _("Say first how many seats there are and until when registration is open."))
        return redirect("attendance:intake", activity.pk)
    intake.activity = activity
    form = OnBehalfForm(
        request.POST if request.method == "POST" else None,
        audiences=list(activity.audiences.all()),
        child_age=LegalPeriod.objects.child_age(day=request.today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            registration = services.register(
                intake=intake,
                by=request.user,  # type: ignore[arg-type]
                consent=None,
                at=request.now,
                **form.given,
            )
        except AlreadyRegistered as found:
            form.add_error("phone", str(found))
        except SeatsGone as gone:
            form.add_error(None, str(gone))
            form.add_error("join_waiting", _("Tick here to keep a place on the waiting list."))
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _entered(registration))
            return redirect("attendance:guest", registration.pk)
    context = {
        "activity": activity,
        "standing": standing,
        "tab_name": "attendance:guests",
        "intake": intake,
        "form": form,
        "notices": {notice.form: notice for notice in Notice.objects.current(day=request.today)},
    }
    return render(request, "attendance/guest_new.html", context, status=422 if form.is_bound else 200)


def _entered(registration: Registration) -> str:
    if registration.state == Registration.State.WAITING:
        return _("%(name)s is on the waiting list.") % {"name": registration.name}
    return _("%(name)s has a seat; admission code %(code)s.") % {"name": registration.name, "code": registration.code}


def _details(registration: Registration) -> dict[str, Any]:
    person = registration.person
    return {
        "name": registration.name,
        "phone": registration.phone,
        "audience": registration.audience_id,
        "nationality": person.nationality if person.nationality in ("", Person.HOME) else Person.ABROAD,
        "sex": person.sex,
        "unit": registration.unit,
        "position": registration.position,
        "email": registration.email,
        "seat": registration.seat,
        "of_honour": registration.of_honour,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guest(request: NowRequest, pk: int) -> HttpResponse:
    """One guest: details, code, and what can be done; every action is a form of its own."""
    action = request.POST.get("action", "") if request.method == "POST" else ""
    registration, standing = access_registration(request, pk, Verb.LEAD if request.method == "POST" else Verb.GUESTS)
    audiences = list(registration.intake.activity.audiences.all())
    form = GuestForm(request.POST if action == "details" else None, initial=_details(registration), audiences=audiences)
    other = SubstituteForm(
        request.POST if action == "substitute" else None,
        prefix="instead",
        audiences=audiences,
        child_age=LegalPeriod.objects.child_age(day=request.today),
    )
    erasure = ErasureForm(request.POST if action == "erase" else None)
    if action:
        done = _act(request, registration, action, form, other, erasure)
        if done is not None:
            return done
    activity, language = registration.intake.activity, reading()
    ground = Consent.objects.filter(registration=registration).first()
    may = may_change(standing, activity)
    context = {
        "activity": activity,
        "standing": standing,
        "tab_name": "attendance:guests",
        "registration": registration,
        "guardian": ground if ground and ground.guardian_name else None,
        "arrivals": list(registration.check_ins.select_related("by", "undone_by")),
        "form": form,
        "other": other,
        "erasure": erasure,
        "notices": {notice.form: notice for notice in Notice.objects.current(day=request.today)},
        "may_change": may,
        "over": request.now > activity.ends_at,
        # Whoever holds the link can give the seat up: it is for those who may do so here.
        "pasteable": tickets.pasteable(registration, language) if may else "",
        "token": tickets.token(registration) if may and request.now < tickets.good_until(registration) else "",
    }
    return render(request, "attendance/guest.html", context, status=422 if action else 200)


def _act(
    request: NowRequest,
    registration: Registration,
    action: str,
    form: GuestForm,
    other: SubstituteForm,
    erasure: ErasureForm,
) -> HttpResponse | None:
    """Do what a button of the page asks; None when the page is to be shown again with what is wrong."""
    by, at = request.user, request.now
    shown = registration
    filled: dict[str, Form] = {"details": form, "substitute": other, "erase": erasure}
    target = filled.get(action)
    if target is not None and not target.is_valid():
        return None
    try:
        match action:
            case "details":
                services.revise_registration(registration=registration, by=by, at=at, **form.cleaned_data)  # type: ignore[arg-type]
                said = _("The details have been saved.")
            case "cancel":
                services.cancel_registration(registration=registration, by=by, at=at)  # type: ignore[arg-type]
                said = _("%(name)s's registration has been cancelled.") % {"name": registration.name}
            case "promote":
                services.promote(registration=registration, by=by, at=at)  # type: ignore[arg-type]
                said = _entered(registration)
            case "substitute":
                shown = services.substitute(registration=registration, by=by, at=at, **other.given)  # type: ignore[arg-type]
                said = _entered(shown)
            case "erase":
                services.erase_guest(registration=registration, by=by, at=at)  # type: ignore[arg-type]
                said = _("The personal details of this guest have been erased; the counts stay.")
            case "resend":
                sent = services.resend_ticket(registration=registration, by=by, at=at)  # type: ignore[arg-type]
                said = (
                    _("The code is on its way.") if sent else _("There is no e-mail address; paste the text into Zalo.")
                )
            case "renew":
                sent = services.renew_link(registration=registration, by=by, at=at)  # type: ignore[arg-type]
                said = (
                    _("All earlier links are void; the new one is on its way to the guest.")
                    if sent
                    else _("All earlier links are void. Paste the text with the new one into Zalo.")
                )
            case _:
                return None
    except Refusal as refused:
        if target is not None:
            target.add_error(None, str(refused))
            return None
        messages.warning(request, str(refused))
        return redirect("attendance:guest", registration.pk)
    messages.success(request, said)
    return redirect("attendance:guest", shown.pk)


def _settings(intake: Intake | None, activity: Activity) -> dict[str, Any]:
    if intake is None:
        return {"capacity": activity.expected or None, "closes_at": activity.starts_at}
    return {
        "capacity": intake.capacity,
        "opens_at": intake.opens_at,
        "closes_at": intake.closes_at,
        "note": intake.note,
        "note_en": intake.note_en,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def intake(request: NowRequest, pk: int) -> HttpResponse:
    """Seats, opening and closing."""
    activity, standing = access_activity(request, pk, Verb.LEAD if request.method == "POST" else Verb.READ)
    existing = Intake.objects.filter(activity=activity).first()
    initial = _settings(existing, activity)
    if existing is None:
        initial["opens_at"] = request.now
    form = IntakeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"capacity": int(form.cleaned_data["capacity"])}
        try:
            if existing is None:
                services.open_intake(activity=activity, by=request.user, at=request.now, **given)  # type: ignore[arg-type]
            else:
                existing.activity = activity
                waiting = Registration.objects.waiting().filter(intake=existing).count()
                services.revise_intake(intake=existing, by=request.user, at=request.now, **given)  # type: ignore[arg-type]
                moved = waiting - Registration.objects.waiting().filter(intake=existing).count()
                if moved:
                    messages.info(
                        request,
                        ngettext(
                            "%(count)d guest moved up from the waiting list.",
                            "%(count)d guests moved up from the waiting list.",
                            moved,
                        )
                        % {"count": moved},
                    )
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The settings of registration have been saved."))
            return redirect("attendance:intake", activity.pk)
    context = {
        "activity": activity,
        "standing": standing,
        "tab_name": "attendance:intake",
        "intake": existing,
        "counters": Registration.objects.filter(intake__activity=activity).counters(),
        "form": form,
        "may_change": may_change(standing, activity),
    }
    return render(request, "attendance/intake.html", context, status=422 if form.is_bound else 200)
