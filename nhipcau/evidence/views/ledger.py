"""The ledger: its list, one record with its way back up to the promise, attached files, the spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Verb
from nhipcau.core import downloads, entries, search
from nhipcau.core.keys import key_from
from nhipcau.core.middleware import NowRequest
from nhipcau.core.paging import CappedPaginator, KeyedPaginator
from nhipcau.evidence.counting import counts
from nhipcau.evidence.exports import MOST_ROWS, ledger_xlsx
from nhipcau.evidence.forms import LedgerFilter
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.evidence.querysets import EvidenceQuerySet
from nhipcau.evidence.rules import access_attachment, access_evidence, access_ground, awaits_eye, eye, may_revise
from nhipcau.evidence.words import REGISTERS, Words
from nhipcau.plans.models import Indicator, Plan

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LedgerPaginator(CappedPaginator[Evidence], KeyedPaginator[Evidence]):
    """Neither counts nor reads further than what is looked at; what is counted is told by kind."""

    @cached_property
    def by_kind(self) -> list[tuple[str, int, Decimal]]:
        """Records and quantities of each kind, as far as is counted; one statement, the number of all comes out of it too."""
        some = self.rows.order_by().values("kind_id", "quantity")[: self.most + 1]
        connection = connections[some.db]
        sql, values = some.query.get_compiler(connection=connection).as_sql()
        with connection.cursor() as cursor:
            # the statement itself is Django's, with its values apart
            cursor.execute(f"SELECT kind_id, COUNT(*), SUM(quantity) FROM ({sql}) AS found GROUP BY kind_id", values)  # noqa: S608  # nosec B608
            return [(kind, n, Decimal(str(total))) for kind, n, total in cursor.fetchall()]

    @cached_property
    def found(self) -> int:
        """How many there are, one more than the cap where there are more."""
        return sum(n for _kind, n, _total in self.by_kind)

    def totals(self) -> list[dict[str, Any]]:
        """Records and quantities by kind, in the order of the kinds; one statement, none where there are too many to tell."""
        if self.capped:
            return []
        kinds = EvidenceKind.objects.in_bulk([kind for kind, _n, _total in self.by_kind])
        told = [{"kind": kinds[kind], "records": n, "quantity": total} for kind, n, total in self.by_kind]
        return sorted(told, key=lambda one: one["kind"].order)


def _narrowed(plan: Plan, query: QueryDict) -> tuple[EvidenceQuerySet, LedgerFilter, str]:
    filters = LedgerFilter(query, plan=plan)
    filters.is_valid()
    chosen = filters.cleaned_data
    rows = Evidence.objects.filter(plan=plan)
    match chosen.get("state", ""):
        case "counted":
            rows = rows.counted()
        case "waiting":
            rows = rows.awaiting_verification()
        case "returned":
            rows = rows.sent_back()
        case "void":
            rows = rows.standing().filter(void=True)
        case "replaced":
            rows = rows.filter(superseded_by__isnull=False)
        case _:
            rows = rows.current()
    if activity := chosen.get("activity"):
        rows = rows.filter(activity=activity)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if first := chosen.get("first"):
        rows = rows.filter(day__gte=first)
    if last := chosen.get("last"):
        rows = rows.filter(day__lte=last)
    if (clause := key_from(query.get("clause"))) is not None:
        serving = Activity.objects.filter(indicators__objective__clauses=clause).order_by()
        rows = rows.filter(activity__in=serving.values("pk"))
    q = query.get("q", "")[:200]
    if q.strip():
        activities = search.find(q, kinds=["activities.activity"]).order_by().values("object_id")
        told = search.find(q, kinds=["evidence.evidence"]).order_by().values("object_id")
        rows = rows.filter(Q(activity__in=activities) | Q(pk__in=told))
    return rows, filters, q


@require_safe
def ledger(request: NowRequest) -> HttpResponse:
    """Every record of the plan, latest first, narrowed by words and filters; the count stops at ten thousand."""
    ground = access_ground(request)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    rows, filters, q = _narrowed(ground.plan, request.GET)
    pages = LedgerPaginator(rows.order_by("-day", "-pk"), PER_PAGE, shown=EvidenceQuerySet.for_lists)
    page = pages.get_page(request.GET.get("page"))
    kept = [(name, request.GET[name]) for name in ("plan", "clause") if request.GET.get(name)]
    return render(
        request,
        "evidence/ledger.html",
        {"plan": ground.plan, "plans": ground.plans, "standing": ground.standing, "page_obj": page,
         "filters": filters, "q": q, "kept": kept, "capped": pages.capped, "found": pages.found, "totals": pages.totals(),
         "narrowed": bool(q or filters.has_changed() or request.GET.get("clause")),
         "export_query": request.GET.urlencode(),
         "may_declare": ground.standing.can(Verb.LEAD) and ground.plan.state != Plan.State.CLOSED},
    )  # fmt: skip


@require_safe
def ledger_sheet(request: NowRequest) -> HttpResponse:
    """The narrowed ledger as a spreadsheet, at most a hundred thousand records."""
    ground = access_ground(request)
    if ground is None:
        return render(request, "evidence/trace_empty.html", {})
    rows, _filters, _q = _narrowed(ground.plan, request.GET)
    listed = rows.for_lists().order_by("-day", "-pk")
    cut = rows.order_by()[MOST_ROWS:].exists()
    content = ledger_xlsx(
        listed[:MOST_ROWS], title=str(ground.plan), words=Words(REGISTERS), cut=cut,
        sample=ground.agreement.is_sample,
    )  # fmt: skip
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="minh-chung-{ground.plan.year}.xlsx"'
    return response


@require_safe
def evidence(request: NowRequest, pk: int) -> HttpResponse:
    """One record: what it says, where it came from, who vouched for it, and the way back up to the promise."""
    row, standing = access_evidence(request, pk)
    same = {"kind_id": row.kind_id, "source_ref": row.source_ref}
    history = [
        *Evidence.objects.standing().filter(**same).for_lists(),
        *Evidence.objects.filter(superseded_by__isnull=False, **same).for_lists(),
    ]
    history.sort(key=lambda one: (one.superseded_by_id is None, one.recorded_at), reverse=True)
    shown = next(one for one in history if one.pk == row.pk)
    dimensions = list(row.dimensions.all())
    held: dict[str, set[str]] = {}
    for one in dimensions:
        held.setdefault(one.dimension, set()).add(one.value)
    works_for = set(row.activity.indicators.values_list("pk", flat=True)) if row.activity else set()
    indicators = Indicator.objects.filter(objective__plan=row.plan).select_related("objective")
    counting = [i for i in indicators if counts(i, row, held, works=i.pk in works_for)] if not row.void else []
    objectives = _with_answers(counting)
    waits = awaits_eye(row, standing) and not shown.is_verified
    why_not = eye([row], request, standing).why_not(row) if waits else ""
    return render(
        request,
        "evidence/evidence.html",
        {
            "evidence": row,
            "shown": shown,
            "standing": standing,
            "history": history,
            "current": history[0] if history[0].superseded_by_id is None else None,
            "source": entries.source_link(row.source_ref, may=lambda verb: standing.can(Verb(verb))),
            "dimensions": Words(held).pairs(dimensions),
            "attachments": list(row.attachments.select_related("by")),
            "verifications": list(row.verifications.select_related("by")),
            "objectives": objectives,
            "may_revise": may_revise(row, request, standing),
            "may_verify": waits and not why_not,
            "why_not": why_not,
        },
    )


def _with_answers(indicators: list[Indicator]) -> list[dict[str, Any]]:
    """Objectives of the indicators with what they answer; three statements."""
    objectives = list({i.objective_id: i.objective for i in indicators}.values())
    prefetch_related_objects(objectives, "clauses", "directions__issuer")
    return [
        {"objective": objective, "indicators": [i for i in indicators if i.objective_id == objective.pk]}
        for objective in objectives
    ]


@require_safe
def attachment(request: HttpRequest, pk: int, digest: str) -> HttpResponseBase:
    """An attached file, always as a download and never as a page of ours."""
    kept = access_attachment(request, pk, digest)
    return downloads.hand_out(kept.file, name=kept.name, content_type=kept.content_type)
