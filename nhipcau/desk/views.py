"""The staff home and the pages over several rooms."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.agreements.access import access_agreement, current_agreement, standing_of
from nhipcau.core import entries, health, limits
from nhipcau.core.errors import Refusal
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.desk import finding, opening
from nhipcau.desk import roadmap as picture
from nhipcau.desk import today as waiting
from nhipcau.desk.forms import FirstAdministratorForm
from nhipcau.desk.services import WrongCode, create_first_administrator
from nhipcau.evidence.counting import progress
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator
from nhipcau.plans.rules import access_plan


@require_safe
def today(request: NowRequest) -> HttpResponse:
    """What is due, what is late, how the phase is doing. An installation without accounts starts here."""
    if not request.user.is_authenticated:
        if not User.objects.exists():
            return redirect("desk:first_administrator")
        return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
    try:
        plan, standing = access_plan(request)
    except Http404:
        return _without_plan(request)
    assert isinstance(request.user, User)
    lines = waiting.due(plan, request.user, standing, now=request.now)
    indicators = list(Indicator.objects.filter(objective__plan=plan).select_related("objective"))
    states = progress(plan, indicators, day=request.today, whole=True)
    rows = [row for row in states.values() if row.target is not None]
    gaps = sees_gaps(standing)
    tones = {"late": "late", "met": "ok"} if gaps else {"met": "ok"}
    if gaps:
        rows.sort(key=lambda row: ({"late": 0, "on_pace": 1, "met": 2}.get(row.state, 3), row.indicator.pk))
    phase = plan.phase_on(request.today)
    context = {
        "today": request.today,
        "notices": entries.notices(plan.agreement),
        "plan": plan,
        "phase": phase,
        "window": plan.windows()[phase.pk] if phase else plan.window(),
        "elapsed": round(100 * (plan.windows()[phase.pk].elapsed(request.today) if phase else 1.0)),
        "lines": [(line, line.late(request.today)) for line in lines],
        "late": sum(1 for line in lines if line.late(request.today)),
        "rows": [(row, tones.get(row.state, ""), row.expected if gaps else None) for row in rows[:8]],
        "more": max(len(rows) - 8, 0),
        "counts": {
            state: sum(1 for row in rows if row.state == state)
            for state in (("late", "on_pace", "met") if gaps else ("met",))
        },
        "unmeasured": sum(1 for row in rows if row.state == "unmeasured") if gaps else 0,
        **plan.activities.filter(phase=phase).aggregate(
            held=Count("pk", filter=Q(state__in=["held", "closed"])), planned=Count("pk", filter=~Q(state="cancelled"))
        ),
    }
    return render(request, "desk/today.html", context)


def _without_plan(request: NowRequest) -> HttpResponse:
    """Nothing is planned yet; what people ask about their data is due all the same."""
    try:
        lines = waiting.due_anyway(standing_of(request, current_agreement(request)), now=request.now)
    except Http404:
        lines = []
    late = [line.late(request.today) for line in lines]
    context = {"today": request.today, "lines": list(zip(lines, late, strict=True)), "late": sum(map(bool, late))}
    return render(request, "desk/today_empty.html", context)


@login_required
@require_safe
def roadmap(request: NowRequest) -> HttpResponse:
    """The year as one picture."""
    plan, standing = access_plan(request)
    context = {
        "plan": plan,
        "plans": plan.agreement.plans.all(),
        "picture": picture.draw(plan, now=request.now, language=reading(), gaps=sees_gaps(standing)),
    }
    return render(request, "desk/roadmap.html", context)


@login_required
@require_safe
def find(request: NowRequest) -> HttpResponse:
    """One box over everything one may read, with and without marks."""
    agreement = current_agreement(request)
    standing = access_agreement(request, agreement)
    query = request.GET.get("q", "").strip()[:200]
    if query:
        limits.count(request, "search")
    page = Paginator(finding.matching(query, agreement, standing), 30).get_page(request.GET.get("page"))
    found = finding.told(page.object_list, agreement)
    return render(request, "desk/find.html", {"q": query, "found": found, "page_obj": page})


@login_required
@require_safe
def system(request: NowRequest) -> HttpResponse:
    """What the operator's probes see, in words; for administrators."""
    assert isinstance(request.user, User)
    if not request.user.is_superuser:
        raise Http404
    results = health.examine(at=request.now)
    return render(request, "desk/system.html", {"results": results, "worst": health.worst(results), "now": request.now})


@require_http_methods(["GET", "POST"])
def first_administrator(request: NowRequest) -> HttpResponse:
    """The first account of an empty installation, made in the browser by the code; gone for good afterwards."""
    if User.objects.exists():
        raise Http404
    if not opening.waiting_code():
        return render(request, "desk/first_administrator.html", status=404)
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.refuse(request, "links")
        try:
            user = create_first_administrator(**form.cleaned_data, at=request.now)
        except WrongCode as refusal:
            limits.count(request, "links")
            form.add_error("code", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            entered: HttpResponse = perform_login(request, user)
            return entered
    return render(request, "desk/first_administrator.html", {"form": form}, status=422 if form.is_bound else 200)
