"""A section of HMC, and two pictures: one ready to be printed, one without credit."""

from datetime import datetime
from typing import Any

import pytest

from nhipcau.activities.models import Activity
from nhipcau.newsroom.models import Picture, Section
from nhipcau.parties.models import Organisation
from tests import makers


@pytest.fixture
def section(hmc: Organisation, now: datetime) -> Section:
    """A section led by HMC, in both languages."""
    return makers.make_section(organisation=hmc)


@pytest.fixture
def picture(db: None) -> Picture:
    """With caption and credit."""
    return makers.make_picture()


@pytest.fixture
def uncredited(db: None) -> Picture:
    """With a caption and no credit."""
    return makers.make_picture(title="Không nguồn", credit="")


@pytest.fixture
def activity(plan: Any) -> Activity:
    """An activity HMC leads."""
    return makers.make_activity(plan)
