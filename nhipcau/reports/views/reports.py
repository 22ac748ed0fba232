"""The list of reports, the report and the steps from draft to issued paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Party
from nhipcau.core import search
from nhipcau.core.errors import Refusal
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.core.papers import symbol_for
from nhipcau.evidence.counting import counted_rows
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import Organisation, User
from nhipcau.plans.models import Indicator
from nhipcau.plans.rules import access_plan
from nhipcau.reports import figures, papers, services
from nhipcau.reports.figures import Drift, Line
from nhipcau.reports.forms import ExplainForm, FreezeForm, IssueForm, NarrativeForm, ReportFilter, ReportForm
from nhipcau.reports.missing import missing
from nhipcau.reports.models import FreezeConsent, Issue, MeasurementEvidence, Report
from nhipcau.reports.rules import access_report, may_carry

RATING_TAGS = {"met": "ok", "nearly": "", "missed": "late", "unmeasured": "none"}
EDIT = require_http_methods(["GET", "HEAD", "POST"])


def _user(request: NowRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def rating_words() -> dict[str, str]:
    """What the ratings are called on the screen."""
    return {
        "met": _("met"),
        "nearly": _("nearly met"),
        "missed": _("missed"),
        "unmeasured": _("not rated"),
    }


# --- the list ---------------------------------------------------------------------------------------


@require_safe
def reports(request: NowRequest) -> HttpResponse:
    """Every report of the agreement, newest first, found by period or code."""
    agreement = current_agreement(request)
    standing = access_agreement(request, agreement)
    filters = ReportFilter(request.GET)
    query = request.GET.get("q", "").strip()[:200]
    rows = (
        Report.objects.filter(plan__agreement=agreement)
        .select_related("plan", "phase")
        .annotate(issued=Exists(Issue.objects.filter(report=OuterRef("pk"))))
        .annotate(half=Exists(FreezeConsent.objects.filter(report=OuterRef("pk"))))
    )
    rows = search.narrow(rows, query, kind="reports.report")  # type: ignore[assignment]  # the annotations stay
    if filters.is_valid() and filters.cleaned_data["kind"]:
        rows = rows.filter(kind=filters.cleaned_data["kind"])
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(row, *_state(row)) for row in page],
        "filters": filters,
        "q": query,
        "narrowed": bool(query or request.GET.get("kind")),
        "can_draft": standing.can(Verb.PLAN),
    }
    return render(request, "reports/reports.html", context)


def _state(row: Any) -> tuple[str, str]:
    """Where a report stands, in words and as the tone of its tag."""
    if row.frozen_at is None:
        return (_("one unit has frozen"), "") if row.half else (_("draft"), "")
    return (_("issued"), "ok") if row.issued else (_("figures frozen"), "proof")


@EDIT
def report_new(request: NowRequest) -> HttpResponse:
    """Begin a report: which, over which days."""
    plan, _standing = access_plan(request, verb=Verb.PLAN)
    phase = plan.phase_on(request.today)
    form = ReportForm(request.POST or None, plan=plan, initial={"kind": Report.Kind.PHASE, "phase": phase})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_report(plan=plan, by=_user(request), at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("reports:report", pk=made.pk)
    context = {"plan": plan, "form": form}
    return render(request, "reports/report_new.html", context, status=422 if form.is_bound else 200)


# --- the report -------------------------------------------------------------------------------------


def _units(report: Report, standing: Standing) -> list[dict[str, Any]]:
    """Each party: who froze for it and when, what it issued; two queries."""
    consent = FreezeConsent.objects.filter(report=report, organisation=OuterRef("organisation"))
    parties = (
        Party.objects.filter(agreement=report.plan.agreement_id)
        .select_related("organisation")
        .annotate(
            frozen_at=Subquery(consent.values("at")[:1]),
            frozen_by=Subquery(
                consent.annotate(who=Coalesce(NullIf("by__display_name", Value("")), "by__username")).values("who")[:1]
            ),
            seen=Subquery(consent.values("digest")[:1]),
        )
        .order_by("order")
    )
    issues = {issue.organisation_id: issue for issue in report.issues.all()} if report.frozen_at else {}
    return [
        {
            "organisation": party.organisation,
            "symbol": symbol_for(papers.KIND, party.organisation.symbol or party.organisation.short),
            "frozen_at": party.frozen_at,
            "frozen_by": party.frozen_by,
            "seen": party.seen,
            "issue": issues.get(party.organisation_id),
            "can_issue": bool(report.frozen_at)
            and party.organisation_id not in issues
            and standing.can(Verb.ISSUE, party=party.organisation_id),
            "can_carry": bool(report.frozen_at) and may_carry(standing, party.organisation),
        }
        for party in parties
    ]


def _table(rows: list[Line], drifted: dict[int, Drift]) -> list[dict[str, Any]]:
    words = rating_words()
    return [
        {
            "line": line,
            "drift": drifted.get(line.indicator.pk),
            "rating": words[line.rating],
            "tag": RATING_TAGS[line.rating],
        }
        for line in rows
    ]


@require_safe
def report(request: NowRequest, pk: int) -> HttpResponse:
    """The report: every figure a link, what is open before freezing, who froze and what was issued."""
    shown, standing = access_report(request, pk)
    rows = figures.told_lines(shown)
    drifted = figures.drift(shown, rows) if shown.frozen_at else {}
    units = _units(shown, standing)
    inside = sees_gaps(standing)
    left = missing(shown, rows, day=request.today) if inside else []
    context = {
        "report": shown,
        "plan": shown.plan,
        "table": _table(rows, drifted),
        "against_year": any(line.against_year for line in rows),
        "with_same": any(line.same_period is not None for line in rows),
        "explained": [line for line in rows if line.explanation],
        "sees_gaps": inside,
        "open": left,
        "may_plan": standing.can(Verb.PLAN),
        "open_count": _count(len(left)),
        "units": units,
        "sections": _sections(shown),
        "over": shown.last_day < request.today,
        "can_write_draft": standing.can(Verb.PLAN) and shown.frozen_at is None,
        "can_edit_text": standing.can(Verb.PLAN) and not any(unit["issue"] for unit in units),
        "can_freeze": standing.can(Verb.DIRECT) and shown.frozen_at is None,
        "check_address": papers.check_address(shown),
        "is_sample": shown.plan.agreement.is_sample,
    }
    return render(request, "reports/report.html", context)


def _count(number: int) -> str:
    """A number of things to do as offices write it: 05 in Vietnamese."""
    return str(number) if reading() == "en" else f"{number:02d}"


def _sections(shown: Report) -> list[tuple[str, str]]:
    labels = NarrativeForm().fields
    return [(str(labels[name].label), shown.narrative.get(name, "")) for name in services.NARRATIVE]


@EDIT
def narrative(request: NowRequest, pk: int) -> HttpResponse:
    """Write the text around the figures."""
    shown, _standing = access_report(request, pk, Verb.PLAN)
    form = NarrativeForm(request.POST or None, initial=shown.narrative)
    if request.method == "POST" and form.is_valid():
        sections = services.Sections(**form.cleaned_data)  # type: ignore[typeddict-item]  # the form has these fields
        try:
            services.revise_narrative(report=shown, sections=sections, by=_user(request), at=request.now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The text of the report is kept."))
            return redirect("reports:report", pk=shown.pk)
    context = {"report": shown, "form": form}
    return render(request, "reports/narrative.html", context, status=422 if form.is_bound else 200)


def _indicator(shown: Report, pk: int) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("objective"), pk=pk, objective__plan=shown.plan_id)


@EDIT
def explain(request: NowRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """Say why a target was missed."""
    shown, _standing = access_report(request, pk, Verb.PLAN)
    indicator = _indicator(shown, indicator_pk)
    told = shown.measurements.filter(indicator=indicator).values_list("explanation", flat=True).first() or ""
    form = ExplainForm(request.POST or None, initial={"text": told})
    if request.method == "POST" and form.is_valid():
        try:
            services.explain(
                report=shown, indicator=indicator, text=form.cleaned_data["text"], by=_user(request), at=request.now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The explanation is kept."))
            return redirect("reports:report", pk=shown.pk)
    context = {"report": shown, "indicator": indicator, "form": form}
    return render(request, "reports/explain.html", context, status=422 if form.is_bound else 200)


@require_safe
def figure(request: NowRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """The records behind a figure: those frozen with it, else those counted now; later ones apart."""
    shown, _standing = access_report(request, pk)
    indicator = _indicator(shown, indicator_pk)
    window = figures.window_of(indicator, shown)
    now = counted_rows(indicator, window, plan=shown.plan)
    told = figures.told_lines(shown)
    line = next((one for one in told if one.indicator.pk == indicator.pk), None)
    if line is None:  # set after the figures were frozen
        raise Http404
    kept = MeasurementEvidence.objects.filter(
        measurement__report=shown, measurement__indicator=indicator, evidence=OuterRef("pk")
    )
    derived = indicator.measure == Indicator.Measure.TARGETS_MET
    drift = None
    later, gone = Evidence.objects.none(), Evidence.objects.none()
    rows = Evidence.objects.none() if derived else now
    if shown.frozen_at is not None and not derived:
        rows = Evidence.objects.filter(Exists(kept))
        later = now.filter(~Exists(kept))
        gone = Evidence.objects.filter(Exists(kept)).exclude(pk__in=now.order_by().values("pk"))
        drift = figures.drift(shown, told).get(indicator.pk)
    page = Paginator(rows.select_related("kind", "activity").order_by("-day", "-pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "report": shown,
        "line": line,
        "window": window,
        "page_obj": page,
        "derived": derived,
        "drift": drift,
        "later": list(later.select_related("kind", "activity").order_by("-day", "-pk")[:50]),
        "gone": list(gone.select_related("kind", "activity").order_by("-day", "-pk")[:50]),
    }
    return render(request, "reports/figure.html", context)


# --- freezing and issuing ---------------------------------------------------------------------------


@EDIT
def freeze(request: NowRequest, pk: int) -> HttpResponse:
    """A director looks at the figures and freezes them."""
    shown, standing = access_report(request, pk, Verb.DIRECT)
    if shown.frozen_at is not None:
        messages.info(request, _("The figures of this report are frozen already."))
        return redirect("reports:report", pk=shown.pk)
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            after = services.freeze_report(
                report=shown, digest_seen=form.cleaned_data["digest"], by=_user(request), at=request.now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(after))
            return redirect("reports:report", pk=shown.pk)
    rows = figures.lines(shown)
    ids = figures.evidence_ids(shown, [line.indicator for line in rows])
    seal = figures.digest(figures.payload(shown, rows, ids))
    units = _units(shown, standing)
    context = {
        "report": shown,
        "form": form,
        "digest": seal,
        "table": _table(rows, {}),
        "against_year": any(line.against_year for line in rows),
        "open": missing(shown, rows, day=request.today),
        "may_plan": True,  # directors plan as well
        "units": [(unit, unit["seen"] == seal) for unit in units],
        "over": shown.last_day < request.today,
    }
    return render(request, "reports/freeze.html", context, status=422 if form.is_bound else 200)


def _said(after: Report) -> str:
    if after.frozen_at is not None:
        return _("The figures are frozen. The package for signature can be taken from this page.")
    return _("Frozen for your unit. The figures are final once the other unit has frozen the same ones.")


@EDIT
def issue(request: NowRequest, pk: int, unit_pk: int) -> HttpResponse:
    """The records office records number, date, signer and the signed file of its own unit's paper."""
    shown, standing = access_report(request, pk, Verb.ISSUE)
    unit = get_object_or_404(Organisation, pk=unit_pk, party_to__agreement=shown.plan.agreement_id)
    if not standing.can(Verb.ISSUE, party=unit.pk):
        raise PermissionDenied
    initial = {
        "symbol": symbol_for(papers.KIND, unit.symbol or unit.short),
        "signer_position": "Giám đốc",
        "issued_on": request.today,
    }
    form = IssueForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.record_issue(
                report=shown, organisation=unit, by=_user(request), at=request.now, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Recorded: %(number)s.") % {"number": made})
            return redirect("reports:report", pk=shown.pk)
    context = {"report": shown, "unit": unit, "form": form}
    return render(request, "reports/issue.html", context, status=422 if form.is_bound else 200)
