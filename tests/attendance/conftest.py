"""An activity open for registration, and the words of the ledger that arrivals need."""

import pytest

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.attendance.models import Intake
from nhipcau.plans.models import Plan
from nhipcau.privacy.models import Notice
from tests import makers


@pytest.fixture
def activity(agreement: Agreement, plan: Plan) -> Activity:
    """A public talk on 10/12/2026 at 14:00."""
    makers.make_evidence_kind("attendance.checkin")
    makers.make_evidence_kind("attendance.signed_list")
    return makers.make_activity(plan, audiences=["youth"])


@pytest.fixture
def intake(activity: Activity) -> Intake:
    """Two seats."""
    return makers.make_intake(activity, capacity=2)


@pytest.fixture
def wording(intake: Intake) -> Notice:
    """The consent in use."""
    return makers.make_consent_wording()
