"""After an erasure nothing of the person is left: no table, no file; and what was counted still counts."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Registration
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import send_due
from nhipcau.parties.models import User
from nhipcau.privacy import services
from nhipcau.privacy.models import Access, Request
from tests import makers
from tests.privacy.conftest import EMAIL

DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
TRACES = ("quỳnh giao", "quynh giao", "912345678", "912 345 678", "giao.trinh", "giao quynh")


def tables() -> Iterator[tuple[str, str]]:
    """Every table with each of its rows as text."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 (our own tables)
            for row in cursor.fetchall():
                yield model._meta.db_table, " ".join(str(value) for value in row).lower()


def files() -> Iterator[tuple[str, str]]:
    """Every file of the data folder but the database itself, as text; tests/operation/test_erasures.py looks into that one."""
    import quopri

    for path in Path(settings.DATA).rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            raw = path.read_bytes()
            yield path.name, (raw + quopri.decodestring(raw)).decode("utf-8", "replace").lower()


def found() -> list[str]:
    """Where something of the person is still written."""
    return sorted(
        {place for source in (tables(), files()) for place, text in source if any(trace in text for trace in TRACES)}
    )


@pytest.fixture
def _with_mail_folder(tmp_path: Path, settings: object) -> None:
    settings.EMAIL_FILE_PATH = str(Path(settings.DATA) / "mail")  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_with_mail_folder")
def test_erased_person_is_in_no_table_and_no_file(
    guest: Registration, officer_hmc: User, django_capture_on_commit_callbacks: object
) -> None:
    attendance.check_in(registration=guest, by=officer_hmc, at=DAY)
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=DAY)
    services.ask_for_link(email=EMAIL, language="vi", at=DAY)
    request = services.file_request(
        person=guest.person, access=access, kind=Request.Kind.ERASE, language="vi", at=DAY, note="Trịnh Quỳnh Giao"
    )
    send_due(at=DAY)
    assert {
        "attendance_registration",
        "core_searchentry",
        "outbox_message",
        "parties_person",
        "privacy_request",
    } <= set(found())
    assert [name for name in found() if name.endswith(".log")]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.accept(request=request, by=officer_hmc, at=DAY)
    # The answer itself still goes out, and is emptied by night.
    assert send_due(at=DAY) == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        call_command("retention")
    assert found() == []
    assert Evidence.objects.counted().count() == 1
    assert Message.objects.exclude(to="erased@invalid").count() == 0


def test_own_page_of_an_erased_person_is_gone(guest: Registration, officer_hmc: User) -> None:
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW)
    address = f"/rieng-tu/du-lieu-cua-toi/{services.token(access)}/"
    assert Client().get(address).status_code == 200
    request = services.file_request(
        person=guest.person, access=access, kind=Request.Kind.ERASE, language="vi", at=makers.NOW
    )
    services.accept(request=request, by=officer_hmc, at=makers.NOW)
    assert Client().get(address).status_code == 404
