"""A shared cache that is away ends no page."""

import socket

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from nhipcau.core.health_checks import shared_cache
from nhipcau.parties.models import User
from tests import makers


@pytest.fixture
def nobody_there(settings: Settings) -> None:
    """A port of this machine at which no cache listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "nhipcau.core.forgiving_cache.ForgivingRedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }


@pytest.mark.usefixtures("nobody_there")
def test_cache_that_is_away_is_an_empty_one() -> None:
    cache = caches["default"]
    cache.set("a", 1)
    assert (cache.get("a"), cache.get("a", 7), cache.add("a", 1), cache.incr("a")) == (None, 7, True, 1)
    assert (cache.touch("a"), cache.delete("a"), cache.get_or_set("a", 5)) == (False, False, 5)


@pytest.mark.django_db
@pytest.mark.usefixtures("nobody_there")
def test_people_sign_in_without_the_cache_and_the_operator_is_told(officer_hmc: User) -> None:
    client = Client()
    answer = client.post("/tai-khoan/login/", {"login": officer_hmc.username, "password": "mot-mat-khau-dai"})
    assert answer.status_code == 302
    finding = shared_cache(at=makers.NOW)
    assert finding.state == "warning"
