"""Fixtures of the tests that drive a browser; `conftest.py` of each such folder takes them in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.e2e.harness import DESKTOP, Window, a_browser, as_migrated, committed_tables, open_window

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="module")
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real transactions for the tests of one module; a server in another thread sees what they write."""
    with committed_tables(django_db_blocker):
        yield


@pytest.fixture
def empty_tables(tables: None) -> Iterator[None]:
    """The database as the migrations left it, for one test of a module with several stories."""
    as_migrated()
    yield
    as_migrated()


@pytest.fixture
def _django_db_helper(tables: None) -> None:
    """In place of pytest-django's own, which would empty the tables after each test: here they last for the module."""


@pytest.fixture(scope="module")
def server(tables: None) -> Iterator[str]:
    """The product on 127.0.0.1, static files included; its address."""
    running = LiveServer("127.0.0.1")
    yield running.url
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module."""
    with a_browser() as running:
        yield running


@pytest.fixture
def open_as(browser: Browser, server: str) -> Iterator[OpenWindow]:
    """`open_as(user, language="vi", size=PHONE)`: a window of that person, closed when the test ends."""
    opened: list[Window] = []

    def opening(user: Any = None, language: str = "vi", size: dict[str, int] = DESKTOP, **more: Any) -> Window:
        opened.append(open_window(browser, server, user=user, language=language, size=size, **more))
        return opened[-1]

    yield opening
    for window in opened:
        window.context.close()
