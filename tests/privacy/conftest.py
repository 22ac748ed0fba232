"""An activity with one guest who left a number and an address, and one who left only a number."""

import pytest

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Intake, Registration
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from nhipcau.privacy.models import Notice
from tests import makers

NAME, PHONE, EMAIL = "Trịnh Quỳnh Giao", "+84912345678", "giao.trinh@example.vn"


@pytest.fixture
def intake(plan: Plan) -> Intake:
    """A talk of HMC on 10/12/2026."""
    makers.make_evidence_kind("attendance.checkin")
    return makers.make_intake(makers.make_activity(plan))


@pytest.fixture
def guest(intake: Intake, officer_hmc: User) -> Registration:
    """Registered on the form, with number and address."""
    notice = Notice.objects.get(form="registration", version=1)
    return attendance.register(
        intake=intake, name=NAME, phone=PHONE, email=EMAIL, unit="Báo Sài Gòn", consent=notice, at=makers.NOW
    )


@pytest.fixture
def caller(intake: Intake, officer_hmc: User) -> Registration:
    """Entered by an officer after a call; no address."""
    return attendance.register(
        intake=intake, name="Lâm Hữu Phước", phone="0903111222", channel="phone", by=officer_hmc, consent=None,
        told=True, at=makers.NOW,
    )  # fmt: skip
