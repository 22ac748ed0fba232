"""Template words about plans: links from upper rooms, the tag of a state."""

from typing import Any

from django import template

from nhipcau.agreements.access import Standing
from nhipcau.agreements.templatetags.agreements import links_of
from nhipcau.core import entries
from nhipcau.plans.models import Indicator, Plan

register = template.Library()


@register.simple_tag
def plan_links(plan: Plan, standing: Standing) -> list[dict[str, Any]]:
    """What upper rooms offer over the page of a plan."""
    return links_of(entries.PlanLink, plan.pk, standing)


@register.simple_tag
def indicator_links(indicator: Indicator, standing: Standing) -> list[dict[str, Any]]:
    """What upper rooms offer beside an indicator."""
    return links_of(entries.IndicatorLink, indicator.pk, standing)


@register.inclusion_tag("plans/_plan_state.html")
def plan_state(plan: Plan) -> dict[str, Any]:
    """The state of a plan as a tag."""
    return {"plan": plan, "tone": {Plan.State.ADOPTED: "ok", Plan.State.DRAFT: "proof"}.get(Plan.State(plan.state), "")}
