"""What happens to a plan: it is drafted, agreed by the directors, revised with reasons, closed, copied to a new year."""

from nhipcau.plans.services.copies import PlanCopy, copy_plan, years_later
from nhipcau.plans.services.directions import answer_direction, key_in_direction, record_direction, supervised_units
from nhipcau.plans.services.indicators import IndicatorFacts, create_indicator, revise_indicator, revise_target
from nhipcau.plans.services.milestones import create_milestone, reach_milestone, revise_milestone
from nhipcau.plans.services.objectives import create_objective, revise_objective
from nhipcau.plans.services.phases import create_phase, create_quarters, revise_phase
from nhipcau.plans.services.plan import adopt_plan, close_plan, create_plan, last_change, revise_plan

__all__ = [
    "IndicatorFacts",
    "PlanCopy",
    "adopt_plan",
    "answer_direction",
    "close_plan",
    "copy_plan",
    "create_indicator",
    "create_milestone",
    "create_objective",
    "create_phase",
    "create_plan",
    "create_quarters",
    "key_in_direction",
    "last_change",
    "reach_milestone",
    "record_direction",
    "revise_indicator",
    "revise_milestone",
    "revise_objective",
    "revise_phase",
    "revise_plan",
    "revise_target",
    "supervised_units",
    "years_later",
]
