"""Which plan, record or clause a page of this room is about, and whether who asks may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from nhipcau.agreements.access import Standing, Verb, access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.core.keys import key_from
from nhipcau.core.middleware import NowRequest
from nhipcau.evidence.gaps import sees_gaps
from nhipcau.evidence.hands import Eye, eye_for
from nhipcau.evidence.models import Attachment, Evidence
from nhipcau.plans.models import Plan

#: So many characters of a file's digest stand in its address.
DIGITS = 16


@dataclass(frozen=True)
class Ground:
    """What a page of this room stands on: the agreement, the plan chosen, its other years, the standing of who asks."""

    agreement: Agreement
    plan: Plan
    plans: list[Plan]
    standing: Standing

    @property
    def sees_gaps(self) -> bool:
        """What is missing is for the staff of the parties; nobody is shamed before the departments above."""
        return sees_gaps(self.standing)


def access_ground(request: NowRequest, verb: Verb = Verb.READ) -> Ground | None:
    """The plan of `?plan=`, else the one whose days include today, else the latest; None where there is none yet.

    Two queries beside those of the standing; phases come prefetched. Raises Http404 for outsiders and unknown plans.
    """
    agreement = current_agreement(request)
    asked = request.GET.get("plan", "")
    wanted = key_from(asked)
    if asked and wanted is None:
        raise Http404
    plans = list(Plan.objects.of(agreement).prefetch_related("phases"))
    if wanted is not None and wanted not in {plan.pk for plan in plans}:
        plan = get_object_or_404(Plan.objects.select_related("agreement"), pk=wanted)
        agreement = plan.agreement
        access_agreement(request, agreement, verb)
        plans = list(Plan.objects.of(agreement).prefetch_related("phases"))
    standing = access_agreement(request, agreement, verb)
    if not plans:
        return None
    for plan in plans:
        plan.agreement = agreement
    chosen = next((plan for plan in plans if plan.pk == wanted), None)
    if chosen is None:
        running = [plan for plan in plans if request.today in plan.window()]
        chosen = running[0] if running else plans[0]
    return Ground(agreement, chosen, plans, standing)


def access_evidence(request: HttpRequest, pk: int, verb: Verb = Verb.READ) -> tuple[Evidence, Standing]:
    """A record with its plan, activity, kind and who recorded it; one query and three for the standing."""
    rows = Evidence.objects.select_related(
        "plan__agreement", "activity__lead", "kind", "recorded_by", "organisation", "person"
    )
    evidence = get_object_or_404(rows, pk=pk)
    return evidence, access_agreement(request, evidence.plan.agreement, verb)


def access_attachment(request: HttpRequest, pk: int, digest: str) -> Attachment:
    """A file for staff of the agreement, under an address nobody guesses; two queries and the standing."""
    if len(digest) != DIGITS:
        raise Http404
    rows = Attachment.objects.select_related("evidence__plan__agreement")
    attachment = get_object_or_404(rows, pk=pk, sha256__startswith=digest)
    access_agreement(request, attachment.evidence.plan.agreement)
    return attachment


def may_revise(evidence: Evidence, request: NowRequest, standing: Standing) -> bool:
    """Who declared it, and officers of the party that leads its activity, may correct what was declared by hand."""
    if not evidence.needs_verification or evidence.void or evidence.superseded_by_id is not None:
        return False
    if evidence.plan.state == Plan.State.CLOSED or not standing.can(Verb.LEAD):
        return False
    own = evidence.recorded_by_id == request.user.pk
    return own or (evidence.activity is not None and standing.can(Verb.LEAD, party=evidence.activity.lead_id))


def eye(rows: Iterable[Evidence], request: NowRequest, standing: Standing) -> Eye:
    """The eye of who asks on some records; one query at most."""
    assert request.user.pk is not None
    return eye_for(rows, account=request.user.pk, principals={lent.principal for lent in standing.acting})


def awaits_eye(evidence: Evidence, standing: Standing) -> bool:
    """Whether a record is such as may be vouched for, and who asks of those who vouch; no query."""
    return (
        evidence.needs_verification
        and not evidence.void
        and evidence.superseded_by_id is None
        and evidence.plan.state != Plan.State.CLOSED
        and standing.can(Verb.VERIFY)
    )
