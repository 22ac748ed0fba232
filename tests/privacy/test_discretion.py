"""Nothing personal in logs, addresses, file names and error pages."""

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from types import TracebackType

import pytest
from django.db import IntegrityError
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from nhipcau.attendance import tickets
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core import logs
from nhipcau.core.discretion import ReporterFilter
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.privacy import services
from nhipcau.privacy.models import Access
from tests import makers
from tests.conftest import HandClock
from tests.privacy.conftest import EMAIL, NAME

TRACES = ("quỳnh giao", "quynh", "giao", "912345678", "912 345 678", "0912", "trinh@")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
SignIn = Callable[[User], Client]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """What the log of the product says, by its own formatter, from the least important line on."""
    caplog.set_level(logging.DEBUG)
    for noisy in ("django.db.backends", "django.template", "asyncio"):  # never on in service; statements carry values
        logging.getLogger(noisy).setLevel(logging.WARNING)
    formatter = logs.formatter("json")
    return lambda: "\n".join(formatter.format(record).lower() for record in list(caplog.records))


def test_requests_leave_nothing_in_logs_and_addresses(
    intake: Intake, officer_hmc: User, reception_hmc: User, sign_in: SignIn, lines: Callable[[], str], clock: HandClock
) -> None:
    guest_page, form = Client(), {"name": NAME, "phone": "0912 345 678", "email": EMAIL, "consent": "on"}
    desk, door = sign_in(officer_hmc), sign_in(reception_hmc)
    page = f"/dang-ky/{intake.activity.slug}/"
    answers = [guest_page.post(page, form), guest_page.post(page, form | {"phone": "12"}), guest_page.post(page, form)]
    guest = Registration.objects.get()
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW)
    own, ticket = f"/rieng-tu/du-lieu-cua-toi/{services.token(access)}/", f"/ma/{tickets.token(guest)}/"
    answers += [
        guest_page.get(ticket),
        guest_page.get(f"{ticket}ma.png"),
        guest_page.get(f"{ticket}lich.ics"),
        guest_page.post(f"{ticket}thay/", form),
        guest_page.post("/rieng-tu/du-lieu-cua-toi/", {"contact": EMAIL}),
        guest_page.post(own, {"kind": "erase", "erase-note": NAME}),
        guest_page.get(f"{own}du-lieu.json"),
        desk.get(f"/ban/hoat-dong/{intake.activity.pk}/khach/", {"q": "quynh giao"}),
        desk.get(f"/ban/hoat-dong/{intake.activity.pk}/khach.csv", {"q": NAME}),
        desk.get(f"/ban/hoat-dong/{intake.activity.pk}/khach.xlsx"),
        desk.post(f"/ban/hoat-dong/{intake.activity.pk}/khach/moi/", form | {"channel": "phone"}),
        desk.post(f"/ban/khach/{guest.pk}/", form | {"action": "details"}),
        desk.get("/ban/tim/", {"q": NAME}),
        desk.get("/khong-co-trang-nay/", {"q": NAME, "phone": "0912345678"}),
        desk.get("/ban/thu/", {"q": EMAIL}),
    ]
    clock.set(datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL))
    answers.append(door.get(f"/ban/hoat-dong/{intake.activity.pk}/don-tiep/", {"q": NAME}))
    answers.append(door.post(f"/ban/hoat-dong/{intake.activity.pk}/don-tiep/", {"action": "code", "code": guest.code}))
    assert {answer.status_code for answer in answers} <= {200, 302, 404, 422}
    for answer in answers:
        told = f"{answer.get('Location', '')} {answer.get('Content-Disposition', '')}".lower()
        assert not [trace for trace in TRACES if trace in told]
    assert lines()  # the log is listened to
    assert not [trace for trace in TRACES if trace in lines()]


def failing(error: Exception) -> ExcInfo:
    """What the interpreter knows of an error that was raised while a name was at hand."""
    guest = NAME

    def fail() -> None:
        raise error

    try:
        fail()
    except type(error):
        del guest
        return sys.exc_info()  # type: ignore[return-value]  # inside except there is an error
    raise AssertionError


def test_an_error_is_told_without_its_values() -> None:
    error = IntegrityError("duplicate key\nDETAIL:  Key (name)=(Trịnh Quỳnh Giao) already exists.")
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "500 for %s", ("/dang-ky/?q=Giao",), failing(error))
    told = logs.formatter("lines").format(record)
    assert "IntegrityError" in told
    assert "Giao" not in told


def test_error_report_names_fields_without_their_values() -> None:
    request = RequestFactory().post("/dang-ky/x/", {"name": NAME, "phone": "0912345678"})
    reporter = ExceptionReporter(request, *failing(ValueError("x")))
    assert isinstance(reporter.filter, ReporterFilter)
    text = reporter.get_traceback_text()
    assert "name = '…'" in text
    assert not [trace for trace in ("Quỳnh", "0912345678") if trace in text]


def test_error_pages_say_nothing_of_the_request(client: Client, db: None) -> None:
    client.raise_request_exception = False
    response = client.get("/khong-co/", {"q": NAME})
    assert response.status_code == 404
    assert "Giao" not in response.content.decode()
