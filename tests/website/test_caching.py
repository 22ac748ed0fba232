"""Pages the server keeps for a while where it was told to."""

from datetime import timedelta
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.activities.models import Activity
from tests import makers


def _ask(address: str) -> tuple[int, str, bytes]:
    with CaptureQueriesContext(connection) as asked:
        response = Client().get(address)
    return len(asked), response["Content-Type"], response.content


def test_a_kept_page_asks_nothing_and_is_the_same(db: None, settings: Any) -> None:
    caches["pages"].clear()
    settings.PUBLIC_PAGE_SECONDS = 30
    activity = makers.make_activity()
    for address in (
        f"/hoat-dong/{activity.slug}/",
        f"/en/hoat-dong/{activity.slug}/",
        f"/hoat-dong/{activity.slug}.ics",
    ):
        first, again = _ask(address), _ask(address)
        assert first[0] > 0
        assert again == (0, *first[1:])
    assert _ask(f"/hoat-dong/{activity.slug}/")[2] != _ask(f"/en/hoat-dong/{activity.slug}/")[2]
    caches["pages"].clear()


def test_what_was_not_found_is_not_kept(db: None, settings: Any) -> None:
    caches["pages"].clear()
    settings.PUBLIC_PAGE_SECONDS = 30
    activity = makers.make_activity(is_public=False)
    address = f"/hoat-dong/{activity.slug}/"
    assert Client().get(address).status_code == 404
    Activity.objects.update(is_public=True)
    assert Client().get(address).status_code == 200
    caches["pages"].clear()


def test_nothing_is_kept_unless_told(db: None) -> None:
    activity = makers.make_activity()
    address = f"/hoat-dong/{activity.slug}/"
    before = Client().get(address).content
    Activity.objects.update(starts_at=activity.starts_at + timedelta(minutes=30))
    assert Client().get(address).content != before
