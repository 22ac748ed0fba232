"""Sessions that ran out go by night; who guesses names at the entrance learns nothing from what is written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.accounts.tasks import sweep_sessions
from nhipcau.core.models import JournalEntry
from nhipcau.core.schedule import periodic
from nhipcau.parties.models import User

pytestmark = pytest.mark.django_db


def come_in(user: User) -> Client:
    """By name and password, so that the device is noted."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.username, "password": "mot-mat-khau-dai"})
    assert answer.status_code == 302
    return client


def aged(client: Client, **past: Any) -> None:
    """A session and its device as they are after a while."""
    key = client.session.session_key
    Session.objects.filter(pk=key).update(expire_date=past["ends"])
    UserSession.objects.filter(session_key=key).update(last_seen_at=past["seen"])


def test_what_ran_out_goes_and_what_stands_stays(officer_hmc: User, clock: Callable[[], Any]) -> None:
    now = clock()
    over, standing, opening = (come_in(officer_hmc) for _each in range(3))
    aged(over, ends=now - timedelta(minutes=1), seen=now - timedelta(days=14))
    aged(standing, ends=now + timedelta(days=99), seen=now - timedelta(days=13))
    key = opening.session.session_key
    Session.objects.filter(pk=key).delete()
    UserSession.objects.filter(session_key=key).update(last_seen_at=now - timedelta(minutes=5))
    assert (Session.objects.count(), UserSession.objects.count()) == (2, 3)
    assert sweep_sessions.func() == 2
    assert list(Session.objects.values_list("pk", flat=True)) == [standing.session.session_key]
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {standing.session.session_key, key}
    assert standing.get(reverse("accounts:own")).status_code == 200
    assert sweep_sessions.func() == 0


def test_it_is_done_every_night() -> None:
    assert {one.cron for one in periodic() if one.name == "nhipcau.accounts.tasks.sweep_sessions"} == {"20 3 * * *"}


@pytest.mark.parametrize("known", ["officer_hmc", "officer_hmc@example.vn"])
def test_unknown_names_cost_what_known_ones_do(officer_hmc: User, known: str) -> None:
    User.objects.filter(pk=officer_hmc.pk).update(email="officer_hmc@example.vn")
    unknown = known.replace("officer", "officex")
    said: dict[str, list[str]] = {}
    for name in (known, unknown, known, unknown):  # the first time something may be remembered for good
        cache.clear()
        with CaptureQueriesContext(connection) as heard:
            answer = Client().post(reverse("account_login"), {"login": name, "password": "sai-mat-khau"})
        assert answer.status_code == 422
        said[name] = [query["sql"].split(" FROM ")[0][:60] for query in heard]
    assert said[known] == said[unknown]
    assert JournalEntry.objects.filter(verb="accounts.fail_password").count() == 4
    nobody = JournalEntry.objects.exclude(object_id=str(officer_hmc.pk)).filter(verb="accounts.fail_password")
    assert {(one.object_id, one.label) for one in nobody} == {("0", "tài khoản không tồn tại")}
    assert not nobody.filter(label__contains="officex").exists()
