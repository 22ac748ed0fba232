"""The door: the reception desk, what it sends after the network was gone, and the sheet that is signed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Verb
from nhipcau.attendance import services
from nhipcau.attendance.errors import AlreadyRegistered, NotAdmitted
from nhipcau.attendance.forms import POINT, AtDeskForm, SignedListForm
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.attendance.rules import access_activity, may_change
from nhipcau.attendance.services import Admission
from nhipcau.core import search, vietnamese
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import NowRequest
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from nhipcau.privacy.models import LegalPeriod, Notice

SHOWN, BATCH = 12, 50
BLANK_LINES = 5
LATEST = timedelta(hours=36)


# --- the reception desk -----------------------------------------------------------------------
def tidy_code(typed: str) -> str:
    """A short code as it is stored, however it was typed: spaces, small letters, no dash."""
    signs = "".join(sign for sign in vietnamese.fold(typed).upper() if sign.isalnum())
    return f"{signs[:3]}-{signs[3:]}" if len(signs) == 6 else typed.strip().upper()


def _guest(activity: Activity, *, code: str = "", pk: str = "") -> Registration:
    """The guest a code or a button stands for.

    Raises NotAdmitted with a sentence for the desk when there is none, or the code is for another activity.
    """
    whole = Registration.objects.whole()
    found = None
    if code:
        found = whole.filter(code__in={tidy_code(code), code.strip().upper()}).first()
    elif pk.isdigit() and len(pk) < 19:
        found = whole.filter(pk=int(pk)).first()
    if found is None:
        raise NotAdmitted(_("No guest has this code. Please look the guest up by name or by the last four digits."))
    if found.intake.activity_id != activity.pk:
        raise NotAdmitted(
            _("This code is for another activity: %(title)s. Please show the guest the way.")
            % {"title": found.intake.activity.text("title")}
        )
    return found


def _point(request: NowRequest) -> str:
    return str(request.session.get("reception_point", ""))


def _answer_page(
    request: NowRequest, activity: Activity, *, guest: Registration | None = None, again: bool = False, **more: Any
) -> dict[str, Any]:
    """Everything the desk shows; the guest looked at stands on top."""
    q = request.GET.get("q", "")
    found: list[Registration] = []
    if q.strip():
        guests = Registration.objects.filter(intake__activity=activity).standing().with_arrival()
        found = list(search.narrow(guests, q, kind="attendance.registration")[:SHOWN])
    arrival = CheckIn.objects.standing().filter(registration=guest).select_related("by").first() if guest else None
    audiences = list(activity.audiences.all())
    age = LegalPeriod.objects.child_age(day=request.today)
    return {
        "activity": activity,
        "intake": Intake.objects.filter(activity=activity).first(),
        "counters": Registration.objects.filter(intake__activity=activity).counters(),
        "guest": guest,
        "arrival": arrival,
        "again": again,
        "q": q,
        "found": found,
        "point": _point(request),
        "is_sample": activity.plan.agreement.is_sample,
        "latest": list(
            CheckIn.objects.standing()
            .filter(registration__intake__activity=activity)
            .select_related("registration")[:5]
        ),
        "walk_in": AtDeskForm(prefix="walk", audiences=audiences, child_age=age),
        "notices": {notice.form: notice for notice in Notice.objects.current(day=request.today)},
        "instead": AtDeskForm(prefix="instead", audiences=audiences, child_age=age),
        "open": "",
        "refusal": "",
        **more,
    }


def _with_camera(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The page may open the camera and run the code reader that is fetched where the browser brings none."""

    @csp_update({"script-src": [WASM_UNSAFE_EVAL]})
    @wraps(view)
    def answered(*args: Any, **named: Any) -> HttpResponse:
        response = view(*args, **named)
        response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        return response

    return answered


@_with_camera
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reception(request: NowRequest, pk: int) -> HttpResponse:
    """Scan or find, one big answer, next; every step also works as an ordinary form."""
    activity, _standing = access_activity(request, pk, Verb.RECEIVE)
    if request.method == "POST":
        return _desk_action(request, activity)
    guest = None
    shown = request.GET.get("khach", "")
    if shown.isdigit() and len(shown) < 19:
        guest = Registration.objects.whole().filter(pk=int(shown), intake__activity=activity).first()
    context = _answer_page(
        request, activity, guest=guest, again="lan-nua" in request.GET, open=request.GET.get("mo", "")
    )
    return render(request, "attendance/reception.html", context)


def _to_desk(activity: Activity, guest: Registration | None = None, **more: str) -> HttpResponse:
    query = ({"khach": str(guest.pk)} if guest else {}) | more
    address = reverse("attendance:reception", args=[activity.pk])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


def _after(activity: Activity, admission: Admission) -> HttpResponse:
    return _to_desk(activity, admission.registration, **({} if admission.first else {"lan-nua": "1"}))


@dataclass
class _Turn:
    """One turn at the desk: who asks, about what; and what the page shows again if it is refused."""

    request: NowRequest
    activity: Activity
    guest: Registration | None = None
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def by(self) -> User:
        """Who sits at the desk."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def find(self) -> Registration:
        """The guest the form names.

        Raises NotAdmitted.
        """
        sent = self.request.POST
        self.guest = _guest(self.activity, code=sent.get("code", ""), pk=sent.get("guest", ""))
        return self.guest

    def form(self, prefix: str) -> AtDeskForm:
        """Who was typed in."""
        return AtDeskForm(
            self.request.POST,
            prefix=prefix,
            audiences=list(self.activity.audiences.all()),
            child_age=LegalPeriod.objects.child_age(day=self.request.today),
        )

    def let_in(self, guest: Registration) -> HttpResponse:
        """Record the arrival and show the answer."""
        return _after(
            self.activity,
            services.check_in(registration=guest, by=self.by, at=self.request.now, point=_point(self.request)),
        )


def _admit(turn: _Turn) -> HttpResponse:
    return turn.let_in(turn.find())


def _undo(turn: _Turn) -> HttpResponse:
    guest = turn.find()
    arrival = CheckIn.objects.standing().filter(registration=guest).first()
    if arrival is not None:
        arrival.registration = guest
        services.undo_check_in(check_in=arrival, by=turn.by, at=turn.request.now)
    return _to_desk(turn.activity, guest)


def _documents(turn: _Turn) -> HttpResponse:
    guest = turn.find()
    arrival = CheckIn.objects.standing().filter(registration=guest).first()
    if arrival is not None:
        took = "took" in turn.request.POST
        services.note_documents(check_in=arrival, took=took, by=turn.by, at=turn.request.now)
    return _to_desk(turn.activity, guest)


def _walk_in(turn: _Turn) -> HttpResponse | None:
    form = turn.form("walk")
    turn.shown |= {"walk_in": form, "open": "vang-lai"}
    if not form.is_valid():
        return None
    intake = Intake.objects.filter(activity=turn.activity).first()
    if intake is None:
        raise NotAdmitted(_("Registration has not been set up for this activity; ask an officer of the lead unit."))
    intake.activity = turn.activity
    admission = services.admit_walk_in(
        intake=intake, by=turn.by, at=turn.request.now, point=_point(turn.request), **form.given
    )
    return _after(turn.activity, admission)


def _instead(turn: _Turn) -> HttpResponse | None:
    guest = turn.find()
    form = turn.form("instead")
    turn.shown |= {"instead": form, "open": "thay"}
    if not form.is_valid():
        return None
    admission = services.admit_substitute(
        registration=guest, by=turn.by, at=turn.request.now, point=_point(turn.request), **form.given
    )
    return _after(turn.activity, admission)


def _name_desk(turn: _Turn) -> HttpResponse:
    turn.request.session["reception_point"] = vietnamese.normalise(turn.request.POST.get("point", ""))[:POINT]
    return _to_desk(turn.activity)


_ACTIONS: dict[str, Callable[[_Turn], HttpResponse | None]] = {
    "admit": _admit,
    "undo": _undo,
    "documents": _documents,
    "walk_in": _walk_in,
    "instead": _instead,
    "point": _name_desk,
}


def _desk_action(request: NowRequest, activity: Activity) -> HttpResponse:
    """One button or one scan; a refusal is an amber sentence on the same page, never a dead end."""
    action = _ACTIONS.get(request.POST.get("action", "admit"))
    if action is None:
        return _to_desk(activity)
    turn = _Turn(request, activity)
    try:
        answer = action(turn)
    except AlreadyRegistered as found:
        turn.shown["refusal"], turn.guest, answer = str(found), found.registration, None
    except Refusal as refused:
        turn.shown["refusal"], answer = str(refused), None
    if answer is not None:
        return answer
    context = _answer_page(request, activity, guest=turn.guest, **turn.shown)
    return render(request, "attendance/reception.html", context, status=422)


# --- after the network was gone ---------------------------------------------------------------
def _scan_time(text: object, *, now: datetime) -> datetime:
    """When the machine says it scanned: never later than now, never older than a day and a half."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return now
    return min(max(moment, now - LATEST), now)


@require_POST
@login_required
def sync(request: NowRequest, pk: int) -> JsonResponse:
    """Scans kept on a machine while there was no network: each is counted once, however often it is sent.

    Takes a JSON list of {id, code, at, device}; answers each id with what came of it.
    """
    activity, _standing = access_activity(request, pk, Verb.RECEIVE)
    try:
        scans = json.loads(request.body)
    except ValueError:
        scans = None
    if not isinstance(scans, list) or len(scans) > BATCH or not all(isinstance(scan, dict) for scan in scans):
        return JsonResponse({"error": _("The list of scans cannot be read.")}, status=422)
    answers = [_one_scan(request, activity, scan) for scan in scans]
    counters = Registration.objects.filter(intake__activity=activity).counters()
    return JsonResponse({"answers": answers, "arrived": counters["arrived"], "expected": counters["confirmed"]})


def _one_scan(request: NowRequest, activity: Activity, scan: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": str(scan.get("id", ""))[:60]}
    try:
        guest = _guest(activity, code=str(scan.get("code", ""))[:40])
        admission = services.check_in(
            registration=guest,
            by=request.user,  # type: ignore[arg-type]
            at=_scan_time(scan.get("at"), now=request.now),
            point=vietnamese.normalise(str(scan.get("device", "")))[:POINT],
        )
    except Refusal as refused:
        return answer | {"state": "refused", "sentence": str(refused)}
    return answer | {"state": "first" if admission.first else "again", "name": guest.name}


# --- the sheet that is signed -----------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_in_sheet(request: NowRequest, pk: int) -> HttpResponse:
    """A sheet to print and sign, and the place where its scan comes back as proof."""
    activity, standing = access_activity(request, pk, Verb.LEAD if request.method == "POST" else Verb.GUESTS)
    form = SignedListForm(
        request.POST if request.method == "POST" else None, request.FILES if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.record_signed_list(
                activity=activity,
                upload=form.cleaned_data["scan"],
                signatures=int(form.cleaned_data["signatures"]),
                by=request.user,  # type: ignore[arg-type]
                at=request.now,
            )
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The signed list has been kept. It counts once another person has verified it.")
            )
            return redirect("attendance:sign_in_sheet", activity.pk)
    context = {
        "activity": activity,
        "standing": standing,
        "tab_name": "attendance:sign_in_sheet",
        "guests": list(Registration.objects.filter(intake__activity=activity).confirmed().order_by("name_sort", "pk")),
        "blank": range(BLANK_LINES),
        "form": form,
        "lists": list(
            Evidence.objects.current()
            .filter(activity=activity, kind="attendance.signed_list")
            .prefetch_related("verifications")
        ),
        "may_change": may_change(standing, activity),
    }
    return render(request, "attendance/sign_in_sheet.html", context, status=422 if form.is_bound else 200)
