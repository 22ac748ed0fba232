"""What goes by night: shown first, in batches, taken up again after a death; and figures that stay."""

import logging
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.attendance.models import Intake, Registration
from nhipcau.attendance.services.erasure import months_before
from nhipcau.core.middleware import LOCAL
from nhipcau.privacy import services
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.tasks import let_go
from tests import makers
from tests.conftest import HandClock

LATER = datetime(2027, 12, 11, 9, 0, tzinfo=LOCAL)


def test_dry_run_says_what_goes_and_changes_nothing(intake: Intake, clock: HandClock) -> None:
    makers.make_registration(intake)
    makers.make_registration(intake)
    clock.set(LATER)
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == [
        "registration: 2",
        "  2 by “Registration for an activity v1: 12 months after the activity”, the oldest of 10/12/2026",
        "request: 0",
        "contact: 0",
        "mail: 0",
    ]
    assert not Registration.objects.filter(erased_at__isnull=False).exists()
    out = StringIO()
    call_command("retention", "--batch", "1", stdout=out)
    assert out.getvalue().splitlines() == ["registration: 2", "request: 0", "contact: 0", "mail: 0", "mail files: 0"]
    assert [form.total for form in services.preview(at=LATER)] == [0, 0, 0, 0]


def test_killed_half_way_goes_on_the_next_time(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    from nhipcau.attendance.services import erase_expired

    for _guest in range(5):
        makers.make_registration(intake)
    assert erase_expired(at=LATER, limit=2) == 2  # and here the process died
    assert services.purge_expired(at=LATER, batch=2) == {"registration": 3, "request": 0, "contact": 0, "mail": 0}


def test_links_name_nobody_once_the_record_is_empty(guest: Registration) -> None:
    services.ask_for_link(email="giao.trinh@example.vn", language="vi", at=makers.NOW)
    services.purge_expired(at=LATER)
    guest.refresh_from_db()
    link = Access.objects.get()
    assert (guest.erased_at, link.address, link.closed_at) == (LATER, "", LATER)


def test_requests_lose_their_words_in_time(guest: Registration, officer_hmc: Any) -> None:
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW)
    asked = services.file_request(
        person=guest.person, access=access, kind="erase", language="vi", at=makers.NOW, note="Tôi nghỉ hưu."
    )
    services.refuse(request=asked, legal_reason="Điều 1.", answer="Xin cảm ơn.", by=officer_hmc, at=makers.NOW)
    assert services.purge_expired(at=datetime(2028, 11, 1, tzinfo=LOCAL))["request"] == 0
    assert services.purge_expired(at=datetime(2028, 12, 1, tzinfo=LOCAL))["request"] == 1
    asked = Request.objects.get()
    assert (asked.note, asked.answer, asked.legal_reason, asked.state) == ("", "", "Điều 1.", "refused")


def test_the_nights_line_carries_numbers_only(
    guest: Registration, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.set(LATER)
    with caplog.at_level(logging.INFO):
        let_go.call()
    assert [record.getMessage() for record in caplog.records if "retention" in record.getMessage()] == [
        "retention: registration 1, request 0, contact 0, mail 0; mail files: 0"
    ]


@given(moment=st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)), months=st.integers(0, 60))  # noqa: DTZ001 (made aware below)
def test_months_before_is_the_same_day_or_the_last(moment: datetime, months: int) -> None:
    before = months_before(moment.replace(tzinfo=LOCAL), months)
    assert (moment.year - before.year) * 12 + moment.month - before.month == months
    assert before.day == moment.day or (before.day < moment.day and before.day >= 28)
