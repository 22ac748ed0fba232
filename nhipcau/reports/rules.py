"""Which report or snapshot a desk page is about, and whether who asks may."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.parties.models import Organisation
from nhipcau.reports.models import Issue, Report, Snapshot
from nhipcau.reports.papers import Signing


def access_report(
    request: HttpRequest, pk: int, verb: Verb = Verb.READ, *, party: int | None = None
) -> tuple[Report, Standing]:
    """The report with its plan, agreement and phases; two queries and those of the standing.

    Raises Http404 for outsiders and unknown reports, PermissionDenied for those inside who may not.
    """
    report = get_object_or_404(
        Report.objects.select_related("plan__agreement", "phase", "plan__copied_from").prefetch_related("plan__phases"),
        pk=pk,
    )
    return report, access_agreement(request, report.plan.agreement, verb, party=party)


def access_issue(request: HttpRequest, pk: int) -> Issue:
    """A recorded issue with its file, for everybody inside the agreement."""
    issue = get_object_or_404(Issue.objects.select_related("report__plan__agreement", "organisation"), pk=pk)
    access_agreement(request, issue.report.plan.agreement)
    return issue


def access_snapshot(request: HttpRequest, pk: int, verb: Verb) -> tuple[Snapshot, Standing]:
    """The snapshot; Http404 and PermissionDenied as above."""
    snapshot = get_object_or_404(Snapshot.objects.select_related("agreement", "plan"), pk=pk)
    return snapshot, access_agreement(request, snapshot.agreement, verb)


def unit_asked(request: HttpRequest, report: Report, standing: Standing) -> Organisation:
    """The party whose paper is wanted: `?unit=`, else one's own, else the first of the agreement; one query.

    Raises Http404 for a unit that is no party.
    """
    units = [p.organisation for p in report.plan.agreement.parties.select_related("organisation").order_by("order")]
    asked = request.GET.get("unit", "")
    if asked:
        found = next((unit for unit in units if str(unit.pk) == asked), None)
    else:
        found = next((unit for unit in units if unit.pk in standing.parties), units[0] if units else None)
    if found is None:
        raise Http404
    return found


def signing_asked(request: HttpRequest) -> str:
    """Who signs the paper: `?ky=`, the director unless a deputy is named.

    Raises Http404 for anything else.
    """
    asked = request.GET.get("ky", Signing.DIRECTOR)
    if asked not in Signing.values:
        raise Http404
    return asked


def may_carry(standing: Standing, unit: Organisation) -> bool:
    """May one take a unit's package for signature: its officers, director and records office."""
    return standing.can(Verb.PLAN, party=unit.pk) or standing.can(Verb.ISSUE, party=unit.pk)


def agreement_of(request: HttpRequest, verb: Verb = Verb.READ) -> Standing:
    """The standing in the agreement the desk is about."""
    return access_agreement(request, current_agreement(request), verb)
