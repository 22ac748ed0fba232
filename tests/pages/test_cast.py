"""Every address is asked by the whole cast, read and written, and each of them gets the answer that is theirs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse

from tests.pages.cast import (
    ASKED,
    AUDIENCES,
    CAST,
    LEADS,
    NOBODY,
    NUMBERED,
    OK,
    PARTICIPANT,
    PRESSES,
    UNASKED,
    Press,
)
from tests.pages.conftest import Clients, close
from tests.pages.visits import VISITS, Visit, names
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
# One visit to each address, of those that find something: how else it looks is asked in test_every_page.
FIRST = list({visit.name: visit for visit in reversed([*(v for v in VISITS if v.status == 200)])}.values())
AUDIENCE = {name: audience for audience, asked in ASKED.items() for name in asked}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- nothing is left out --------------------------------------------------------------------------
def test_every_address_is_asked_by_the_whole_cast() -> None:
    asked = set(AUDIENCE) | {press.name for press in PRESSES} | set(LEADS)
    assert sorted(set(names()) - asked - set(UNASKED)) == []
    assert sorted((asked | set(UNASKED)) - set(names())) == []
    assert sorted(asked & set(UNASKED)) == []
    assert sorted(set(AUDIENCE) - {visit.name for visit in FIRST}) == []


# --- reading ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("visit", FIRST, ids=str)
def test_address_answers_everybody_as_theirs(clients: Clients, programme: Programme, visit: Visit) -> None:
    answered = {}
    for who in CAST:
        response = clients.of(who).get(visit.path(programme, "vi"))
        answered[who] = response.status_code
        close(response)
    assert answered == AUDIENCES[AUDIENCE[visit.name]]


# --- writing ----------------------------------------------------------------------------------------
def _refused(response: HttpResponseBase) -> bool:
    """No right, nothing there, or first to sign in."""
    if response.status_code == 302:
        return bool(response["Location"].startswith(reverse(settings.LOGIN_URL)))
    return response.status_code in {403, 404, 405}


@pytest.mark.parametrize("visit", [v for v in FIRST if v.name not in {"account_login", "account_logout"}], ids=str)
def test_address_takes_nothing_from_those_it_is_not_for(clients: Clients, programme: Programme, visit: Visit) -> None:
    taken = []
    for who, status in AUDIENCES[AUDIENCE[visit.name]].items():
        if status == OK:
            continue
        with undone():
            response = clients.of(who).post(visit.path(programme, "vi"))
            if not _refused(response) and response.status_code != status:
                taken.append((who, response.status_code))
            close(response)
    assert taken == []


@pytest.mark.parametrize("visit", [v for v in FIRST if v.name != "account_logout"], ids=str)
def test_address_answers_an_empty_form_and_wrong_methods(clients: Clients, programme: Programme, visit: Visit) -> None:
    for method in ("post", "put", "delete"):
        with undone():
            response = getattr(clients.of(visit.by), method)(visit.path(programme, "vi"))
            assert response.status_code < 500, method
            close(response)


@pytest.mark.parametrize("press", PRESSES, ids=str)
def test_button_answers_everybody_as_theirs(clients: Clients, programme: Programme, press: Press) -> None:
    path = reverse(press.name, args=press.at(programme))
    answered, expected = {}, {}
    for who, status in AUDIENCES[press.audience].items():
        with undone():
            response = clients.of(who).post(path)
            answered[who] = response.status_code
            expected[who] = press.answer if status == OK else status
            close(response)
            assert clients.of(who).get(path).status_code in {302, 403, 404, 405}
    assert answered == expected


# --- the entrance, for who has shown no password again and has no second factor ------------------------
@pytest.mark.parametrize("name", sorted(LEADS))
def test_entrance_leads_everybody_on(clients: Clients, programme: Programme, name: str) -> None:
    path = reverse(name, args=[1] if name in NUMBERED else [])
    for method in ("get", "post"):
        led, expected = {}, {}
        for who in CAST:
            target = LEADS[name] if who not in {PARTICIPANT, NOBODY} else settings.LOGIN_URL
            with undone():
                cache.clear()  # allauth counts how often somebody tries
                response = getattr(clients.of(who), method)(path)
                led[who] = (response.status_code, response.get("Location", "").partition("?")[0])
                expected[who] = (302, reverse(target)) if target else (404, "")
                if method == "post" and response.status_code == 405:
                    expected[who] = (405, "")  # a page to be read only
                close(response)
        assert led == expected, method
