"""The desk's pages about activities: the list, one activity, and each step it can take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.activities import services
from nhipcau.activities.exports import activities_xlsx
from nhipcau.activities.forms import (
    STEP_LABELS,
    ActivityFilter,
    ActivityForm,
    CloseForm,
    MoveForm,
    ReasonForm,
    SessionFormSet,
    SpeakerFormSet,
    initial_of,
    sessions_of,
    speakers_of,
)
from nhipcau.activities.models import Activity
from nhipcau.activities.querysets import STEPS, ActivityQuerySet
from nhipcau.activities.rules import access_activity
from nhipcau.agreements.access import Standing, Verb
from nhipcau.agreements.models import Clause
from nhipcau.core import search
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import LOCAL, NowRequest
from nhipcau.plans.models import Plan
from nhipcau.plans.rules import access_plan
from nhipcau.privacy.models import Notice

PER_PAGE = 25


# --- the list ---------------------------------------------------------------------------------
def _narrowed(request: NowRequest, plan: Plan) -> tuple[ActivityQuerySet, ActivityFilter, str]:
    """The rows the query string asks for, the filter form and the words searched for."""
    filters = ActivityFilter(request.GET, plan=plan)
    filters.is_valid()
    chosen = {name: value for name, value in filters.cleaned_data.items() if value}
    rows: ActivityQuerySet = Activity.objects.filter(plan=plan).select_related("kind", "phase", "lead", "partner")
    if step := chosen.pop("state", ""):
        rows = rows.at_step(step, at=request.now)
    q = request.GET.get("q", "")[:200]
    narrowed = search.narrow(rows.filter(**chosen), q, kind="activities.activity")
    assert isinstance(narrowed, ActivityQuerySet)
    return narrowed, filters, q


@require_safe
def activities(request: NowRequest) -> HttpResponse:
    """Every activity of the plan by month, narrowed by words and filters."""
    plan, standing = access_plan(request)
    rows, filters, q = _narrowed(request, plan)
    page = Paginator(rows.order_by("starts_at", "code"), PER_PAGE).get_page(request.GET.get("page"))
    counts = Activity.objects.filter(plan=plan).counted_by_step(at=request.now)
    return render(
        request,
        "activities/activities.html",
        {
            "plan": plan,
            "standing": standing,
            "page_obj": page,
            "filters": filters,
            "q": q,
            "kept": [("plan", plan.pk)] if "plan" in request.GET else [],
            "steps": [(step, STEP_LABELS[step], counts[step]) for step in STEPS],
            "step": filters.cleaned_data.get("state", ""),
            "total": counts["all"],
            "may_plan": standing.can(Verb.PLAN) and plan.state != Plan.State.CLOSED,
            "export_query": request.GET.urlencode(),
        },
    )


@require_safe
def activities_sheet(request: NowRequest) -> HttpResponse:
    """The narrowed list as a spreadsheet."""
    plan, _standing = access_plan(request)
    rows, _filters, _q = _narrowed(request, plan)
    rows = rows.order_by("starts_at", "code")
    content = activities_xlsx(rows, title=str(plan), is_sample=plan.agreement.is_sample)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"hoat-dong-{plan.year}.xlsx") or ""
    )
    response["Cache-Control"] = "private, no-store"
    return response


# --- one activity -----------------------------------------------------------------------------
@require_safe
def activity(request: NowRequest, pk: int) -> HttpResponse:
    """Everything known of one activity, and the steps it can take now."""
    shown, standing = access_activity(request, pk)
    may = standing.can(Verb.LEAD, party=shown.lead_id) and shown.plan.state != Plan.State.CLOSED
    indicators = list(shown.indicators.select_related("objective").order_by("objective__order", "order", "code"))
    clauses = Clause.objects.filter(objectives__indicators__in=[i.pk for i in indicators]).distinct()
    over = shown.last_day <= request.today
    return render(
        request,
        "activities/activity.html",
        {
            "activity": shown,
            "standing": standing,
            "may": may,
            "may_hold": may and shown.state == Activity.State.PLANNED and over,
            "may_move": may and shown.state == Activity.State.PLANNED,
            "may_close": may and shown.state == Activity.State.HELD,
            "may_reopen": may and shown.state != Activity.State.PLANNED,
            "indicators": indicators,
            "clauses": list(clauses),
            "audiences": list(shown.audiences.all()),
            "topics": list(shown.topics.all()),
            "pillars": list(shown.pillars.all()),
            "speakers": list(shown.speakers.all()),
            "sessions": list(shown.sessions.all()),
            "changes": list(shown.changes.select_related("by")),
            "stale": bool(shown.stale_english()),
        },
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form included; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest,
    template: str,
    activity: Activity | None,
    standing: Standing,
    form: Any,
    **more: Any,
) -> HttpResponse:
    """A form's page: 200 when first asked for, 422 when what was sent cannot be taken."""
    context = {"activity": activity, "standing": standing, "form": form, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _back(request: HttpRequest, activity: Activity, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("activities:activity", activity.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: NowRequest) -> HttpResponse:
    """Put a new activity into the plan."""
    plan, standing = access_plan(request, verb=Verb.PLAN)
    form = ActivityForm(_sent(request), plan=plan, standing=standing, initial={"is_public": False})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.schedule_activity(plan=plan, by=request.user, at=request.now, **form.values())  # type: ignore[arg-type]
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return _back(request, made, _("The activity %(code)s is in the plan.") % {"code": made.code})
    return _page(
        request, "activities/activity_form.html", None, standing, form, plan=plan,
        cancel_url=reverse("activities:activities"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Write an activity's facts anew."""
    shown, standing = access_activity(request, pk, Verb.LEAD)
    stale = shown.stale_english()
    form = ActivityForm(_sent(request), plan=shown.plan, standing=standing, activity=shown, initial=initial_of(shown))
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_activity(activity=shown, by=request.user, at=request.now, **form.values())  # type: ignore[arg-type]
        except Refusal as refused:
            shown.refresh_from_db()
            form.add_error(None, str(refused))
        else:
            return _back(request, shown, _("The activity has been saved."))
    return _page(
        request, "activities/activity_form.html", shown, standing, form, plan=shown.plan, stale=stale,
        cancel_url=reverse("activities:activity", args=[shown.pk]),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def activity_speakers(request: NowRequest, pk: int) -> HttpResponse:
    """Who speaks, in the order of the programme."""
    shown, standing = access_activity(request, pk, Verb.LEAD)
    initial = [
        {"name": s.name, "position": s.position, "position_en": s.position_en, "order": s.order}
        for s in shown.speakers.all()
    ]
    formset = SpeakerFormSet(_sent(request), initial=initial, prefix="speakers")
    refusal = ""
    if request.method == "POST" and formset.is_valid():
        try:
            services.put_speakers(activity=shown, speakers=speakers_of(formset), by=request.user, at=request.now)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal = str(refused)
        else:
            return _back(request, shown, _("The speakers have been saved."))
    notice = Notice.objects.in_use("speaker", day=request.today)
    return _page(request, "activities/activity_speakers.html", shown, standing, formset, refusal=refusal, notice=notice)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_sessions(request: NowRequest, pk: int) -> HttpResponse:
    """The run sheet line by line."""
    shown, standing = access_activity(request, pk, Verb.LEAD)
    initial = [
        {
            "day": f"{s.starts_at.astimezone(LOCAL):%Y-%m-%d}",
            "time": s.starts_at.astimezone(LOCAL).time(),
            "title": s.title,
            "title_en": s.title_en,
            "in_charge": s.in_charge,
        }
        for s in shown.sessions.all()
    ]
    formset = SessionFormSet(_sent(request), initial=initial, prefix="sessions", form_kwargs={"days": shown.days})
    refusal = ""
    if request.method == "POST" and formset.is_valid():
        try:
            services.put_sessions(activity=shown, sessions=sessions_of(formset), by=request.user, at=request.now)  # type: ignore[arg-type]
        except Refusal as refused:
            refusal = str(refused)
        else:
            return _back(request, shown, _("The run sheet has been saved."))
    return _page(request, "activities/activity_sessions.html", shown, standing, formset, refusal=refusal)


# --- steps ------------------------------------------------------------------------------------
def _step(
    request: NowRequest,
    pk: int,
    form_of: Callable[[Activity], Form],
    take: Callable[[Activity, dict[str, Any]], Activity],
    *,
    done: str,
    **words: str,
) -> HttpResponse:
    """One step of an activity: its page with a form, the service, and the sentence afterwards."""
    shown, standing = access_activity(request, pk, Verb.LEAD)
    form = form_of(shown)
    if request.method == "POST" and form.is_valid():
        try:
            take(shown, form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return _back(request, shown, done)
    return _page(request, "activities/activity_step.html", shown, standing, form, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_hold(request: NowRequest, pk: int) -> HttpResponse:
    """Confirm that the activity took place."""
    return _step(
        request,
        pk,
        lambda _activity: Form(_sent(request)),
        lambda shown, _data: services.hold_activity(activity=shown, by=request.user, at=request.now),  # type: ignore[arg-type]
        done=_("Confirmed as held. Please close the file with its result within seven days."),
        title=_("Confirm as held"),
        text=_(
            "This is recorded in the evidence ledger and counted towards the indicators. It can be taken back with a reason."
        ),
        button=_("Confirm as held"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_close(request: NowRequest, pk: int) -> HttpResponse:
    """Close the file with result, lesson and cost."""
    return _step(
        request,
        pk,
        lambda shown: CloseForm(
            _sent(request),
            initial={"result": shown.result, "lesson": shown.lesson, "spent": shown.spent},
        ),
        lambda shown, data: services.close_activity(activity=shown, by=request.user, at=request.now, **data),  # type: ignore[arg-type]
        done=_("The file is closed."),
        title=_("Close the file"),
        text=_("Effectiveness first: what was reached, what it cost, and what to do better next time."),
        button=_("Close the file"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_move(request: NowRequest, pk: int) -> HttpResponse:
    """Put the activity to another time."""
    return _step(
        request,
        pk,
        lambda shown: MoveForm(_sent(request), initial={"starts_at": shown.starts_at, "ends_at": shown.ends_at}),
        lambda shown, data: services.move_activity(activity=shown, by=request.user, at=request.now, **data),  # type: ignore[arg-type]
        done=_("The activity has its new time; the old one stays on record with the reason."),
        title=_("Move the activity"),
        text=_("The run sheet moves along. The public page shows the new time and that it was moved."),
        button=pgettext("activity", "Move"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_cancel(request: NowRequest, pk: int) -> HttpResponse:
    """Call the activity off."""
    return _step(
        request,
        pk,
        lambda _activity: ReasonForm(_sent(request)),
        lambda shown, data: services.cancel_activity(activity=shown, by=request.user, at=request.now, **data),  # type: ignore[arg-type]
        done=_("The activity is cancelled; it stays in the plan with the reason."),
        title=_("Cancel the activity"),
        text=_(
            "The activity stays in the plan and on its public page, marked as cancelled. Registered guests are told."
        ),
        button=_("Cancel the activity"),
        danger="danger",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def activity_reopen(request: NowRequest, pk: int) -> HttpResponse:
    """Take the last step back."""
    return _step(
        request,
        pk,
        lambda _activity: ReasonForm(_sent(request)),
        lambda shown, data: services.reopen_activity(activity=shown, by=request.user, at=request.now, **data),  # type: ignore[arg-type]
        done=_("The last step has been taken back; the reason is kept."),
        title=_("Take the last step back"),
        text=_(
            "A closed file opens again; a confirmation or a cancellation is withdrawn. What was counted because of it no longer counts."
        ),
        button=_("Take it back"),
    )
