"""The desk's pages about plans and what was asked from above."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.core import search
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import NowRequest
from nhipcau.parties.models import Organisation
from nhipcau.plans import services
from nhipcau.plans.forms import (
    AnswerForm,
    DirectionForm,
    MilestoneForm,
    NewPlanForm,
    ObjectiveForm,
    PhaseForm,
    PlanForm,
    ReachForm,
    TargetForm,
    first_days,
)
from nhipcau.plans.models import Direction, Phase, Plan
from nhipcau.plans.overview import consents_of, milestone_state, overview
from nhipcau.plans.rules import (
    access_direction,
    access_indicator,
    access_milestone,
    access_objective,
    access_phase,
    access_plan,
    may_answer,
)

PER_PAGE = 20


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form included; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def _form_page(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """A form's page: 200 when first asked for, 422 when what was sent cannot be taken."""
    return render(request, template, {"form": form, **more}, status=422 if form.is_bound else 200)


def _taken(form: forms.Form, write: Callable[[], object]) -> bool:
    """Write what a valid form says; a refusal goes back into the form as its sentence."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        write()
    except Refusal as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _to_plan(request: HttpRequest, plan: Plan, sentence: str, *, anchor: str = "") -> HttpResponse:
    messages.success(request, sentence)
    return redirect(reverse("plans:plan_detail", args=[plan.pk]) + anchor)


# --- the plan -----------------------------------------------------------------------------------
@require_safe
def plan(request: NowRequest, pk: int | None = None) -> HttpResponse:
    """A plan on one page; without a key the one of today, and where there is none yet, how to begin."""
    try:
        shown, standing = access_plan(request, pk)
    except Http404:
        agreement = current_agreement(request)
        if pk is not None or agreement.plans.exists():
            raise
        standing = access_agreement(request, agreement)
        return render(request, "plans/plan_empty.html", {"may_plan": standing.can(Verb.PLAN)})
    laid_out = overview(shown, standing)
    is_open = shown.state != Plan.State.CLOSED
    return render(
        request,
        "plans/plan.html",
        {
            "plan": shown,
            "standing": standing,
            "today": request.today,
            "window": shown.window() if laid_out.phases else None,
            "phases": laid_out.phases,
            "objectives": laid_out.objectives,
            "milestones": [
                (row, milestone_state(row, request.today), is_open and standing.can(Verb.PLAN, party=row.lead_id))
                for row in laid_out.milestones
            ],
            "consents": laid_out.consents,
            "plans": list(Plan.objects.of(shown.agreement)),
            "may_plan": is_open and standing.can(Verb.PLAN),
            "may_begin": standing.can(Verb.PLAN),
            "may_adopt": shown.state == Plan.State.DRAFT
            and any(row.mine and row.consent is None for row in laid_out.consents),
            "may_close": shown.state == Plan.State.ADOPTED
            and standing.can(Verb.DIRECT)
            and request.today > shown.last_day,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: NowRequest) -> HttpResponse:
    """Begin next year's plan, empty or from an earlier one."""
    agreement = current_agreement(request)
    access_agreement(request, agreement, Verb.PLAN)
    earlier = list(Plan.objects.of(agreement))
    year = earlier[0].year + 1 if earlier else request.today.year
    begin = f"copy-{earlier[0].pk}" if earlier else "quarters"
    form = NewPlanForm(_sent(request), earlier=earlier, initial={"year": year, "start": begin})
    made: list[Plan] = []

    def write() -> None:
        said = form.cleaned_data
        asked = {"year": said["year"], "title": said["title"], "title_en": said["title_en"]}
        by_whom: dict[str, Any] = {"by": request.user, "at": request.now}
        if (source := form.source) is not None:
            shift = services.years_later(said["year"] - source.year)
            made.append(services.copy_plan(plan=source, shift=shift, **asked, **by_whom).plan)
            return
        made.append(services.create_plan(agreement=agreement, last_day=date(said["year"], 12, 31), **asked, **by_whom))
        if said["start"] == "quarters":
            services.create_quarters(plan=made[0], first_days=first_days(said["year"]), **by_whom)

    if _taken(form, write):
        return _to_plan(request, made[0], _("The draft is there. It is in force once the directors have agreed it."))
    return _form_page(
        request, "plans/form.html", form, title=_("New plan"), crumb=agreement.text("title"),
        cancel_url=reverse("plans:plan"), button=_("Begin the draft"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Change title and last day."""
    shown, _standing = access_plan(request, pk, Verb.PLAN)
    form = PlanForm(_sent(request), row=shown)
    if _taken(form, lambda: services.revise_plan(plan=shown, by=request.user, at=request.now, **form.values())):  # type: ignore[arg-type]
        return _to_plan(request, shown, _("The plan has been saved."))
    shown.refresh_from_db()
    return _plan_form(request, form, shown, title=_("Title and last day"), warn=True)


def _plan_form(request: HttpRequest, form: forms.Form, plan: Plan, *, title: str, **more: Any) -> HttpResponse:
    """The page of a form about something in a plan; it says when a change asks the directors again."""
    again = more.pop("warn", False) and plan.state == Plan.State.DRAFT and plan.consents.exists()
    return _form_page(
        request, "plans/form.html", form, title=title, plan=plan, crumb=plan.text("title"), asks_again=again,
        cancel_url=reverse("plans:plan_detail", args=[plan.pk]), button=_("Save"), **more,
    )  # fmt: skip


def _step(
    request: NowRequest, plan: Plan, standing: Standing, take: Callable[[], object], *, done: str, **words: str
) -> HttpResponse:
    form = forms.Form(_sent(request))
    if _taken(form, take):
        return _to_plan(request, plan, done)
    plan.refresh_from_db()
    consents = consents_of(plan, standing)
    return _form_page(request, "plans/plan_step.html", form, plan=plan, consents=consents, **words)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_adopt(request: NowRequest, pk: int) -> HttpResponse:
    """A director agrees the plan for the party."""
    shown, standing = access_plan(request, pk, Verb.DIRECT)
    return _step(
        request,
        shown,
        standing,
        lambda: services.adopt_plan(plan=shown, by=request.user, at=request.now, seen=request.POST.get("seen")),  # type: ignore[arg-type]
        done=_("Your agreement has been recorded. The plan is in force once every party has agreed."),
        title=_("Agree this plan"),
        text=_(
            "You agree the plan as it stands now. If somebody changes the draft before it is in force, you are asked "
            "again. This is not a signature: the paper is signed and issued as usual."
        ),
        button=_("Agree this plan"),
        seen=services.last_change(shown),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_close(request: NowRequest, pk: int) -> HttpResponse:
    """A director ends a plan whose days are over."""
    shown, standing = access_plan(request, pk, Verb.DIRECT)
    return _step(
        request,
        shown,
        standing,
        lambda: services.close_plan(plan=shown, by=request.user, at=request.now),  # type: ignore[arg-type]
        done=_("The plan is closed. It can still be read, and the next one can start from it."),
        title=_("Close this plan"),
        text=_("After this, nothing in the plan can be changed: no target, no activity, no milestone."),
        button=_("Close this plan"),
    )


# --- what is in it ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def phase_new(request: NowRequest, pk: int) -> HttpResponse:
    """Add a phase."""
    shown, _standing = access_plan(request, pk, Verb.PLAN)
    form = PhaseForm(_sent(request))
    if _taken(form, lambda: services.create_phase(plan=shown, by=request.user, at=request.now, **form.values())):  # type: ignore[arg-type]
        return _to_plan(request, shown, _("The phase has been added."), anchor="#phases")
    return _plan_form(request, form, shown, title=_("New phase"), warn=True)


@require_http_methods(["GET", "HEAD", "POST"])
def phase_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Change a phase."""
    shown, _standing = access_phase(request, pk, Verb.PLAN)
    form = PhaseForm(_sent(request), row=shown)
    if _taken(form, lambda: services.revise_phase(phase=shown, by=request.user, at=request.now, **form.values())):  # type: ignore[arg-type]
        return _to_plan(request, shown.plan, _("The phase has been saved."), anchor="#phases")
    return _plan_form(request, form, shown.plan, title=_("Edit the phase"), warn=True, told_of=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def objective_new(request: NowRequest, pk: int) -> HttpResponse:
    """Add an objective."""
    shown, _standing = access_plan(request, pk, Verb.PLAN)
    form = ObjectiveForm(_sent(request), agreement=shown.agreement)
    if _taken(form, lambda: services.create_objective(plan=shown, by=request.user, at=request.now, **form.values())):  # type: ignore[arg-type]
        return _to_plan(request, shown, _("The objective has been added."), anchor="#objectives")
    return _plan_form(request, form, shown, title=_("New objective"), warn=True)


@require_http_methods(["GET", "HEAD", "POST"])
def objective_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Change an objective and what it answers."""
    shown, _standing = access_objective(request, pk, Verb.PLAN)
    form = ObjectiveForm(_sent(request), agreement=shown.plan.agreement, row=shown)

    def write() -> None:
        services.revise_objective(objective=shown, by=request.user, at=request.now, **form.values())  # type: ignore[arg-type]

    if _taken(form, write):
        return _to_plan(request, shown.plan, _("The objective has been saved."), anchor=f"#objective-{shown.pk}")
    return _plan_form(request, form, shown.plan, title=_("Edit the objective"), warn=True, told_of=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def target_edit(request: NowRequest, pk: int, phase_pk: int) -> HttpResponse:
    """Set or revise the target of an indicator in a phase; earlier values stay in sight."""
    indicator, _standing = access_indicator(request, pk, Verb.PLAN)
    plan = indicator.objective.plan
    phase = get_object_or_404(Phase, pk=phase_pk, plan=plan)
    history = list(indicator.targets.filter(phase=phase).select_related("by").order_by("-at", "-pk"))
    current = next((target for target in history if target.superseded_at is None), None)
    in_force = plan.state == Plan.State.ADOPTED and current is not None
    initial = {"value": current.value if current else None}
    form = TargetForm(_sent(request), reason_required=in_force, initial=initial)

    def write() -> None:
        services.revise_target(
            indicator=indicator,
            phase=phase,
            by=request.user,  # type: ignore[arg-type]
            at=request.now,
            **form.cleaned_data,
        )

    if _taken(form, write):
        anchor = f"#objective-{indicator.objective_id}"
        return _to_plan(request, plan, _("The target has been saved."), anchor=anchor)
    return _plan_form(
        request, form, plan, title=_("Target of %(code)s") % {"code": indicator.code}, warn=True,
        indicator=indicator, phase=phase, history=history, told_of=indicator,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_new(request: NowRequest, pk: int) -> HttpResponse:
    """Put a point on the roadmap."""
    shown, _standing = access_plan(request, pk, Verb.PLAN)
    form = MilestoneForm(_sent(request), agreement=shown.agreement)
    if _taken(form, lambda: services.create_milestone(plan=shown, by=request.user, at=request.now, **form.values())):  # type: ignore[arg-type]
        return _to_plan(request, shown, _("The milestone has been added."), anchor="#milestones")
    return _plan_form(request, form, shown, title=_("New milestone"), warn=True)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Change a point of the roadmap: for the party that leads it, either where both do."""
    shown, _standing = access_milestone(request, pk)
    access_agreement(request, shown.plan.agreement, Verb.PLAN, party=shown.lead_id)
    form = MilestoneForm(_sent(request), agreement=shown.plan.agreement, row=shown)

    def write() -> None:
        services.revise_milestone(milestone=shown, by=request.user, at=request.now, **form.values())  # type: ignore[arg-type]

    if _taken(form, write):
        return _to_plan(request, shown.plan, _("The milestone has been saved."), anchor="#milestones")
    return _plan_form(request, form, shown.plan, title=_("Edit the milestone"), warn=True, told_of=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_reach(request: NowRequest, pk: int) -> HttpResponse:
    """Record that a milestone was reached: for the party that leads it, either where both do."""
    shown, _standing = access_milestone(request, pk)
    access_agreement(request, shown.plan.agreement, Verb.PLAN, party=shown.lead_id)
    form = ReachForm(_sent(request), initial={"day": request.today, "note": shown.note})

    def write() -> None:
        services.reach_milestone(milestone=shown, by=request.user, at=request.now, **form.cleaned_data)  # type: ignore[arg-type]

    if _taken(form, write):
        return _to_plan(request, shown.plan, _("The milestone is recorded as reached."), anchor="#milestones")
    return _plan_form(request, form, shown.plan, title=_("Milestone reached"), milestone=shown, told_of=shown)


# --- directions from above ----------------------------------------------------------------------
@require_safe
def directions(request: NowRequest) -> HttpResponse:
    """What was asked, pledged and assessed from above, by kind and by words."""
    agreement = current_agreement(request)
    standing = access_agreement(request, agreement)
    under = Direction.objects.filter(agreement=agreement)
    counts = dict(under.order_by().values_list("kind").annotate(n=Count("pk")))
    kind = request.GET.get("kind", "")
    if kind not in Direction.Kind.values:
        kind = ""
    q = request.GET.get("q", "")[:200]
    rows = search.narrow(under.filter(kind=kind) if kind else under, q, kind="plans.direction")
    rows = rows.select_related("issuer", "speaker").prefetch_related("addressees").order_by("-said_on", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "plans/directions.html",
        {
            "agreement": agreement,
            "page_obj": page,
            "rows": [(row, _is_late(row, request.today)) for row in page],
            "q": q,
            "kind": kind,
            "kept": [("kind", kind)] if kind else [],
            "kinds": [(value, label, counts.get(value, 0)) for value, label in Direction.Kind.choices],
            "total": sum(counts.values()),
            "may_oversee": standing.can(Verb.OVERSEE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def direction_new(request: NowRequest) -> HttpResponse:
    """An officer of a supervising department keys in what was said."""
    agreement = current_agreement(request)
    standing = access_agreement(request, agreement, Verb.OVERSEE)
    parties = [party.organisation for party in agreement.parties.select_related("organisation")]
    form = DirectionForm(
        _sent(request), parties=parties, departments=standing.departments, initial={"said_on": request.today}
    )
    made: list[Direction] = []

    def write() -> None:
        said = form.cleaned_data
        made.extend(
            services.key_in_direction(
                agreement=agreement, by=request.user, at=request.now,  # type: ignore[arg-type]
                **said | {"addressees": list(said["addressees"])},
            )
        )  # fmt: skip

    if _taken(form, write):
        if len(made) > 1:
            sentence = _("Recorded: an instruction to the units under the department, a request to the others.")
        elif made[0].kind != form.cleaned_data["kind"]:
            sentence = _("Recorded as a request: the department does not supervise this unit.")
        else:
            sentence = _("Recorded. The addressees see it at once.")
        messages.success(request, sentence)
        return redirect("plans:direction", made[0].pk)
    return _form_page(request, "plans/direction_new.html", form, agreement=agreement)


@require_http_methods(["GET", "HEAD", "POST"])
def direction(request: NowRequest, pk: int) -> HttpResponse:
    """One direction, what it led to, and the answer an addressee gives."""
    shown, standing = access_direction(request, pk)
    may = may_answer(shown, standing)
    if request.method == "POST" and not may:
        access_agreement(request, shown.agreement, Verb.LEAD, party=_addressee(shown, standing))
    form = AnswerForm(_sent(request), initial={"day": request.today})

    def write() -> None:
        services.answer_direction(direction=shown, by=request.user, at=request.now, **form.cleaned_data)  # type: ignore[arg-type]

    if _taken(form, write):
        messages.success(request, _("The answer has been recorded. The department sees it at once."))
        return redirect("plans:direction", shown.pk)
    objectives = shown.objectives.select_related("plan").order_by("-plan__year", "order")
    return _form_page(
        request, "plans/direction.html", form, direction=shown, today=request.today, may_answer=may,
        objectives=list(objectives), late=_is_late(shown, request.today),
    )  # fmt: skip


def _addressee(direction: Direction, standing: Standing) -> int:
    """An addressee this account works for, else any: what it may not do is then refused."""
    units: list[Organisation] = list(direction.addressees.all())
    return next((unit.pk for unit in units if unit.pk in standing.parties), units[0].pk if units else 0)


def _is_late(direction: Direction, day: date) -> bool:
    return direction.due is not None and direction.answered_on is None and direction.due < day
