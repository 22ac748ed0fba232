"""An indicator: what it counts in words, its figures and records, and the workshop where one is made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb
from nhipcau.core.errors import Refusal
from nhipcau.core.keys import key_from
from nhipcau.core.middleware import NowRequest
from nhipcau.core.paging import KeyedPaginator
from nhipcau.evidence import workshop
from nhipcau.evidence.counting import Progress, counted_rows, current_targets, progress
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.evidence.models import EvidenceKind
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.evidence.sentences import definition, words_of
from nhipcau.evidence.trace import Line, chip_of, tally
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Objective, Phase, Plan, Window
from nhipcau.plans.rules import access_indicator, access_plan

PER_PAGE = 50


def _plan_of(indicator: Indicator) -> Plan:
    """The plan with its phases; one statement, the agreement is there already."""
    plan = indicator.objective.plan
    prefetch_related_objects([plan], "phases")
    return plan


def _phases(plan: Plan, found: Progress) -> list[dict[str, Any]]:
    windows = plan.windows()
    return [
        {
            "phase": phase,
            "window": windows[phase.pk],
            "figure": found.by_phase[phase.pk],
            "target": found.phase_targets[phase.pk],
            "now": phase.pk == found.phase,
            "begun": found.by_phase[phase.pk].value is not None or found.by_phase[phase.pk].counted,
        }
        for phase in sorted(plan.phases.all(), key=lambda phase: phase.first_day)
    ]


@require_safe
def indicator(request: NowRequest, pk: int) -> HttpResponse:
    """What it counts in one sentence, where it stands, phase by phase, and the activities behind it."""
    row, standing = access_indicator(request, pk)
    plan = _plan_of(row)
    day = min(max(request.today, plan.window().first), plan.last_day)
    found = progress(plan, [row], day=day, apart=True)[row.pk]
    kinds = {kind.pk: kind for kind in EvidenceKind.objects.all()}
    window = Window(plan.window().first, day)
    by_activity = found.by_activity
    if by_activity is None:
        grouped = counted_rows(row, window, plan=plan).order_by().values_list("activity_id").annotate(n=Count("pk"))
        by_activity = dict(grouped)
    working = list(Activity.objects.filter(indicators=row).order_by("starts_at", "code"))
    behind = {activity.pk: activity for activity in working}
    missing = [key for key in by_activity if key is not None and key not in behind]
    others = list(Activity.objects.filter(pk__in=missing).order_by("starts_at", "code"))
    tallies = dict.fromkeys(behind, (0, 0))
    for one in tally(plan, list(behind)):
        if one.activity is not None:
            counted, waiting = tallies[one.activity]
            tallies[one.activity] = (counted + one.counted, waiting + one.waiting)
    activities = [
        (chip_of(activity, *tallies.get(activity.pk, (1, 0)), request.now), by_activity.get(activity.pk, 0))
        for activity in [*working, *others]
    ]
    return render(
        request,
        "evidence/indicator.html",
        {
            "indicator": row,
            "objective": row.objective,
            "plan": plan,
            "standing": standing,
            "found": found,
            "line": Line(found),
            "phases": _phases(plan, found),
            "day": day,
            "sentence": definition(row, kinds, words_of([row])),
            "kinds": [kinds[key] for key in (*row.kinds, *row.numerator_kinds) if key in kinds],
            "activities": activities,
            "without_activity": by_activity.get(None, 0),
            "clauses": list(row.objective.clauses.all()),
            "directions": list(row.objective.directions.select_related("issuer")),
            "sees_gaps": sees_gaps(standing),
            "may_plan": standing.can(Verb.PLAN) and plan.state != Plan.State.CLOSED,
        },
    )


@require_safe
def indicator_records(request: NowRequest, pk: int) -> HttpResponse:
    """The records behind a figure of a phase, or of the year so far: as many as the figure says."""
    row, standing = access_indicator(request, pk)
    plan = _plan_of(row)
    phase = _phase(plan, request.GET.get("phase", ""))
    window = plan.windows()[phase.pk] if phase else plan.window()
    if phase and row.across == Indicator.Across.RECOUNT:
        window = Window(plan.window().first, window.last)
    rows = counted_rows(row, window, plan=plan)
    if (key := key_from(request.GET.get("activity"))) is not None:
        rows = rows.filter(activity=key)
    pages = KeyedPaginator(rows.order_by("-day", "-pk"), PER_PAGE, shown=EvidenceQuerySet.for_lists)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "evidence/indicator_records.html",
        {"indicator": row, "plan": plan, "phase": phase, "window": window, "page_obj": page, "standing": standing,
         "phases": sorted(plan.phases.all(), key=lambda one: one.first_day)},
    )  # fmt: skip


def _phase(plan: Plan, wanted: str) -> Phase | None:
    if not wanted:
        return None
    found = {str(phase.pk): phase for phase in plan.phases.all()}
    if wanted not in found:
        raise Http404
    return found[wanted]


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: NowRequest, plan_pk: int) -> HttpResponse:
    """Make an indicator as a sentence and see at once what it counts."""
    plan, standing = access_plan(request, plan_pk, Verb.PLAN)
    chosen = key_from(request.GET.get("objective"))
    initial: dict[str, Any] = {"code": workshop.next_code(plan), "kinds": ["attendance.checkin"]}
    if chosen is not None:
        initial["objective"] = chosen
    if not Objective.objects.filter(plan=plan).exists():
        messages.info(request, _("A plan needs an objective before it can measure anything. Please write one first."))
        return redirect("plans:objective_new", plan.pk)
    form = _form(request, plan, initial=initial)
    return _workshop(request, plan, standing, form)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: NowRequest, pk: int) -> HttpResponse:
    """Change what is counted; frozen reports keep the definition they were made with."""
    row, standing = access_indicator(request, pk, Verb.PLAN)
    plan = _plan_of(row)
    set_ones = {phase: value for (key, phase), value in current_targets(plan).items() if key == row.pk}
    form = _form(request, plan, indicator=row, targets=set_ones)
    return _workshop(request, plan, standing, form)


def _form(request: NowRequest, plan: Plan, **more: Any) -> workshop.IndicatorForm:
    kinds = list(EvidenceKind.objects.all())
    data = request.POST if request.method == "POST" else None
    return workshop.IndicatorForm(data, plan=plan, kinds=kinds, words=workshop.words(), **more)


def _workshop(request: NowRequest, plan: Plan, standing: Standing, form: workshop.IndicatorForm) -> HttpResponse:
    """Save, or show what the definition as typed would count; a preview never saves and never complains of names."""
    previewing = "preview" in request.GET or "preview" in request.POST
    valid = form.is_valid() if form.is_bound else False
    if form.is_bound and valid and not previewing:
        try:
            assert isinstance(request.user, User)
            kept = workshop.keep(form, by=request.user, at=request.now)
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The indicator has been saved."))
            return redirect("evidence:indicator", kept.pk)
    counted, sentence = _counted(form, plan, request)
    status = 422 if form.is_bound and form.errors and not previewing else 200
    template = "evidence/indicator_form.html"
    if previewing:
        form.quiet()
        if request.htmx:  # type: ignore[attr-defined]  # django_htmx
            template += "#live"
    return render(
        request,
        template,
        {"form": form, "plan": plan, "standing": standing, "indicator": form.indicator, "counted": counted,
         "sentence": sentence, "previewing": previewing, "renew_parts": "parts" in request.GET},
        status=status,
    )  # fmt: skip


def _counted(form: workshop.IndicatorForm, plan: Plan, request: NowRequest) -> tuple[workshop.Counted | None, str]:
    if form.is_bound:
        if not form.definition_is_clear():
            return None, ""
        draft = form.draft()
    elif form.indicator is not None:
        draft = form.indicator
    else:
        return None, ""
    sentence = definition(draft, form.all_kinds, form.words)
    if draft.objective_id is None and draft.scope == Indicator.Scope.INDICATOR:
        return None, sentence
    return workshop.preview(draft, plan, day=request.today), sentence
