"""The programme, everybody's client and the browser's fixtures for this folder."""

import pytest
from django.http import HttpResponseBase
from django.test import Client

from nhipcau.attendance import tickets
from tests import makers
from tests.e2e.fixtures import _django_db_helper, browser, open_as, server, tables
from tests.pages.cast import PARTICIPANT
from tests.pages.visits import Visit
from tests.scenarios.programme import Programme, make_programme

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]


@pytest.fixture(scope="module")
def programme(tables: None) -> Programme:
    """Something in every state a page can show, once for the whole sweep."""
    return make_programme()


def close(response: HttpResponseBase) -> None:
    """Read a streamed answer to its end, which lets go of the file it may hold."""
    if response.streaming:
        b"".join(response)


class Clients:
    """A client for everybody, signed in at once: what a test writes and takes back must not take a session along."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.known: dict[str, Client] = {}
        for username, user in programme.cast.items():
            self.known[username] = Client(raise_request_exception=False)
            makers.come_in(self.known[username], user)
        self.known[PARTICIPANT] = Client(raise_request_exception=False)
        self.known[PARTICIPANT].get(tickets.address(programme.registrations["confirmed"]))

    def of(self, username: str) -> Client:
        """Somebody's client; for '' one that nobody has used yet."""
        return self.known[username] if username else Client(raise_request_exception=False)

    def get(self, visit: Visit, language: str) -> HttpResponseBase:
        """The answer to a visit."""
        return self.of(visit.by).get(visit.path(self.programme, language), headers={"accept-language": language})


@pytest.fixture(scope="module")
def clients(programme: Programme) -> Clients:
    """Everybody's client."""
    return Clients(programme)
