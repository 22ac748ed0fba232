"""A database that another process keeps locked: the person gets a sentence and keeps what was typed; then all goes on."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import Client

from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.evidence.models import Evidence
from tests import makers

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


ATTENDANCE = "attendance_intake, attendance_registration, attendance_checkin"


@contextmanager
def locked(tables: str = ATTENDANCE) -> Iterator[None]:
    """Another connection holds these tables, on SQLite everything, for longer than a request waits."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield
            holder.execute("ROLLBACK")
        return
    parts = connection.settings_dict
    with psycopg.connect(host=parts["HOST"], port=parts["PORT"], user=parts["USER"], dbname=parts["NAME"]) as holder:
        holder.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield
        holder.rollback()


@pytest.fixture
def impatient() -> Iterator[None]:
    """A statement waits for another's lock for a quarter of a second only."""
    options = connection.settings_dict["OPTIONS"]
    kept = dict(options)
    connection.close()
    if connection.vendor == "sqlite":
        options["timeout"] = 0.25
    else:
        options["options"] = "-c lock_timeout=250"
    yield
    connection.close()
    options.clear()
    options.update(kept)


@pytest.fixture
def intake(transactional_ledger: None) -> Intake:
    """Registration for an activity of today, which is open."""
    makers.make_evidence_kind("attendance.checkin")
    activity = makers.make_activity(audiences=["youth"], starts_at=makers.NOW)
    return makers.make_intake(activity, closes_at=activity.ends_at)


def _fields(html: str) -> dict[str, str]:
    """What the page's button would send."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize(
    ("prefix", "sentence"), [("", "chưa trả lời kịp"), ("/en", "the database did not answer in time")]
)
@pytest.mark.usefixtures("impatient")
def test_registration_keeps_what_was_typed_and_its_button_registers_once(
    prefix: str, sentence: str, intake: Intake
) -> None:
    client = Client(raise_request_exception=False)
    path = f"{prefix}/dang-ky/{intake.activity.slug}/"
    audience = str(intake.activity.audiences.get().pk)
    typed = {
        "name": "Lê “An” <Minh>",
        "phone": "0912 345 678",
        "email": "an@example.vn",
        "audience": audience,
        "consent": "on",
    }
    with locked():
        answer = client.post(path, typed)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], "no-store" in answer["Cache-Control"]) == (503, "5", True)
    assert sentence in page
    again = _fields(page)
    assert again.pop("csrfmiddlewaretoken")
    assert again == typed
    assert Registration.objects.count() == 0
    assert client.post(path, again).status_code == 302
    assert client.post(path, again).status_code == 302
    assert (Registration.objects.count(), Intake.objects.get().taken) == (1, 1)


@pytest.mark.usefixtures("impatient")
def test_scans_kept_at_the_desk_are_taken_once_when_the_lock_is_gone(intake: Intake) -> None:
    guest = makers.make_registration(intake)
    desk = Client(raise_request_exception=False)
    desk.force_login(makers.make_user("reception_hmc", ("hmc", "reception")))
    path = f"/ban/hoat-dong/{intake.activity_id}/don-tiep/gui/"
    scans = json.dumps([{"id": "1", "code": guest.code}])
    with locked():
        answer = desk.post(path, scans, content_type="application/json")
    # The desk's script keeps its list at anything but 200 with answers, and sends it again 20 seconds later.
    assert (answer.status_code, "answers" in answer.json(), bool(answer.json()["error"])) == (503, False, True)
    assert [desk.post(path, scans, content_type="application/json").json()["answers"][0]["state"] for _ in "ab"] == [
        "first", "again",
    ]  # fmt: skip
    assert (CheckIn.objects.count(), Evidence.objects.count()) == (1, 1)


@pytest.mark.usefixtures("impatient")
def test_password_is_never_drawn_again(intake: Intake) -> None:
    client = Client(raise_request_exception=False)
    makers.make_user("officer_hmc", ("hmc", "officer"))
    with locked("django_session, parties_user"):
        answer = client.post(
            "/tai-khoan/login/", {"login": "officer_hmc", "password": "mot-mat-khau-dai", "next": "/ban/thu/"}
        )
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "mot-mat-khau-dai" not in page
    assert _fields(page)["login"] == "officer_hmc"
    assert "Mật khẩu, mã xác thực và tệp cần được nhập" in page
