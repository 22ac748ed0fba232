"""What the public may know of a plan's progress: shares and figures by clause, no person, no gap."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause
from nhipcau.evidence.counting import Progress, progress, proven
from nhipcau.evidence.models import Evidence
from nhipcau.plans.models import Plan
from nhipcau.reports.figures import indicators_of, plain

SCHEMA = "nhipcau-progress/1"


def _came(plan: Plan) -> dict[int | None, int]:
    """Check-ins by activity; one query."""
    rows = Evidence.objects.counted().filter(plan=plan, kind_id="attendance.checkin").order_by()
    return dict(rows.values_list("activity_id").annotate(Count("pk")))


def _held(plan: Plan, day: date) -> list[Activity]:
    """Activities over by a day, with the clauses they work for."""
    rows = Activity.objects.filter(plan=plan, state__in=[Activity.State.HELD, Activity.State.CLOSED]).prefetch_related(
        "indicators__objective__clauses"
    )
    return [activity for activity in rows if activity.last_day <= day]


def payload(plan: Plan, *, day: date) -> dict[str, Any]:
    """The content of a snapshot as of a day: totals only, so nothing about anybody; the same number of queries always."""
    indicators = indicators_of(plan)
    rows = progress(plan, indicators, day=day, whole=True)
    by_clause: dict[int, list[Progress]] = defaultdict(list)
    objectives = {
        objective.pk: [clause.pk for clause in objective.clauses.all()]
        for objective in plan.objectives.prefetch_related("clauses")
    }
    for indicator in indicators:
        for clause in objectives[indicator.objective_id]:
            by_clause[clause].append(rows[indicator.pk])
    activities, came = _held(plan, day), _came(plan)
    held: dict[int, int] = defaultdict(int)
    for activity in activities:
        for clause in {c.pk for i in activity.indicators.all() for c in i.objective.clauses.all()}:
            held[clause] += 1
    clauses = Clause.objects.in_force().filter(agreement=plan.agreement).select_related("area")
    agreement = plan.agreement
    return {
        "schema": SCHEMA,
        "sample": agreement.is_sample,
        "as_of": day.isoformat(),
        "agreement": {
            "title": agreement.title,
            "title_en": agreement.title_en,
            "signed_on": agreement.signed_on.isoformat(),
        },
        "plan": {"year": plan.year, "title": plan.title, "title_en": plan.title_en},
        "clauses": [
            {
                "order": clause.order,
                "area": clause.area.slug,
                "name": clause.name,
                "name_en": clause.name_en,
                "proven": proven(by_clause[clause.pk]),
                "activities_held": held[clause.pk],
                "indicators": [
                    {
                        "code": row.indicator.code,
                        "name": row.indicator.name,
                        "name_en": row.indicator.name_en,
                        "unit": row.indicator.unit,
                        "unit_en": row.indicator.unit_en,
                        "value": plain(row.cumulative.value),
                        "target": plain(row.year_target),
                    }
                    for row in by_clause[clause.pk]
                    if row.cumulative.value is not None
                ],
            }
            for clause in clauses
        ],
        "activities": [
            {
                "slug": activity.slug,
                "title": activity.title,
                "title_en": activity.title_en,
                "day": activity.first_day.isoformat(),
                "attended": came.get(activity.pk),
            }
            for activity in activities
            if activity.is_public
        ],
    }
