"""The makers build what they say."""

from collections.abc import Callable

import pytest
from django.test import Client

from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.django_db


def test_makers_build_the_whole_way_of_a_promise(plan: Plan) -> None:
    indicator = makers.make_indicator()
    target = makers.make_target(indicator)
    activity = makers.make_activity(indicators=[indicator], topics=["startup"])
    registration = makers.make_registration(makers.make_intake(activity))
    evidence = makers.make_evidence(activity)

    assert [phase.first_day.isoformat() for phase in plan.phases.all()] == [
        "2026-01-01",
        "2026-04-01",
        "2026-07-01",
        "2026-10-01",
    ]
    assert target.phase.order == 1
    assert activity.phase.order == 4
    assert activity.dimensions == {
        "topic": ["startup"],
        "pillar": [],
        "area": ["promotion"],
        "kind": ["talkshow"],
        "mode": ["onsite"],
        "audience": [],
    }
    assert registration.intake.taken == 1
    assert evidence.day == local_day(activity.starts_at)
    assert Evidence.objects.counted().get() == evidence
    assert makers.make_milestone().plan == plan
    assert plan.agreement.directions.count() == 1


def test_cast_holds_its_roles(
    officer_hmc: User, overseer_dofa: User, outsider: User, administrator: User, sign_in: Callable[[User], Client]
) -> None:
    assert str(officer_hmc.memberships.get()) == "officer_hmc: cán bộ chương trình, HMC"
    assert [m.organisation.abbreviation for m in overseer_dofa.memberships.all()] == ["SNgV"]
    assert [m.organisation.name for m in outsider.memberships.all()] == ["Sở Du lịch"]
    assert administrator.is_superuser
    assert sign_in(officer_hmc).session["_auth_user_id"] == str(officer_hmc.pk)
