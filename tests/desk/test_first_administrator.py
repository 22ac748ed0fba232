"""The first administrator of an empty installation: whoever holds the code, and one alone."""

import stat
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from nhipcau.core.errors import Refusal
from nhipcau.core.models import JournalEntry
from nhipcau.desk import opening
from nhipcau.desk.services import AlreadyStarted, create_first_administrator
from nhipcau.parties.models import User
from tests import makers

PAGE = "/ban/bat-dau/"
FORM = {"display_name": "Quản trị", "username": "quantri", "email": "", "password": "cau-vuot-song-2026"}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_first_administrator_is_made_once_in_the_browser(
    client: Client, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    form = FORM | {"code": opening.make_code()}
    assert client.get("/ban/").headers["Location"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {**form, "password": "123"}).status_code == 422
    assert client.post(PAGE, {**form, "username": "quản trị"}).status_code == 422
    for wrong in ("", "abcd-efgh-jkmn-pqrs", "mã"):
        answer = client.post(PAGE, {**form, "code": wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert (User.objects.exists(), opening.waiting_code()) == (False, form["code"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(PAGE, {**form, "code": form["code"].upper().replace("-", " ")})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ban/")
    assert (User.objects.get().is_superuser, list(folder.glob(opening.FILE))) == (True, [])
    # An administrator sets up a second factor before anything else.
    assert client.get("/ban/").headers["Location"] == "/tai-khoan/2fa/"
    assert Client().get(PAGE).status_code == 404
    assert form["code"] not in str(list(JournalEntry.objects.values()))


@pytest.mark.django_db
def test_without_a_code_the_page_makes_nobody_and_says_how_one_comes(client: Client) -> None:
    for answer in (client.get("/ban/", follow=True), client.post(PAGE, FORM), client.post(PAGE, {**FORM, "code": "-"})):
        assert answer.status_code == 404
        page = answer.content.decode()
        assert ("manage.py first_administrator" in page, 'name="password"' in page) == (True, False)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_guesses_are_counted(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"links": "2/h"}
    form = FORM | {"code": opening.make_code()}
    statuses = [client.post(PAGE, {**form, "code": "abcd"}).status_code for _guess in range(3)]
    assert (statuses, client.post(PAGE, form).status_code) == ([422, 422, 429], 429)


@pytest.mark.django_db
def test_command_prints_the_one_code_until_there_is_an_account(folder: Path) -> None:
    said = []
    for _again in range(2):
        out = StringIO()
        call_command("first_administrator", stdout=out)
        said.append(out.getvalue())
    path = folder / opening.FILE
    page = "http://localhost:8000" + reverse("desk:first_administrator")
    assert said == [f"The first administrator is made at {page} with the code {path.read_text()}"] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    makers.make_user("quantri")
    out = StringIO()
    call_command("first_administrator", stdout=out)
    assert (out.getvalue(), path.exists()) == (
        "There are accounts already; everybody else is invited at the desk.\n",
        False,
    )


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one() -> None:
    code, gate, told = opening.make_code(), threading.Barrier(2), []

    def come(name: str) -> None:
        try:
            gate.wait()
            values = FORM | {"username": name}
            told.append(create_first_administrator(code=code, **values, at=makers.NOW).username)
        except Refusal as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=[name]) for name in ("mot", "hai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AlreadyStarted.__name__ in told
    assert [user.username in told for user in User.objects.all()] == [True]
