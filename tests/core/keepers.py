"""Asking through the WSGI application as the server does, with pages kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from nhipcau.core import keeping, stamps


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes
    statements: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.content.decode()


class Server:
    """One web process: the application as `config/wsgi.py` builds it."""

    def __init__(self) -> None:
        self.application = keeping.Kept(WSGIHandler())

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Ask once; `headers` in WSGI's names."""
        path, _mark, query = address.partition("?")
        environ = {**RequestFactory().generic(method, path, QUERY_STRING=query).environ, **headers}
        environ["HTTP_HOST"] = "localhost"
        said: list[Any] = []
        # Only what concerns the page: the stamp is read besides, at most twice a second.
        with CaptureQueriesContext(connection) as asked:
            body = self.application(environ, lambda status, pairs, *_rest: said.append((status, pairs)))
            content = b"".join(body)
            if hasattr(body, "close"):
                body.close()
        status, pairs = said[0]
        others = [
            query["sql"] for query in asked.captured_queries
            if stamps.TABLE not in query["sql"] and "SELECT min(" not in query["sql"]
        ]  # fmt: skip
        return Answer(int(status.split()[0]), dict(pairs), content, len(others))


@contextmanager
def keeping_pages(settings: Any, monkeypatch: Any) -> Iterator[Server]:
    """Pages are kept, changes are told, and what was read of them is trusted for no time."""
    settings.PUBLIC_PAGE_SECONDS = 300
    settings.PUBLIC_STAMPS = True
    monkeypatch.setattr(stamps, "TRUSTED_SECONDS", 0)
    keeping.forget()
    yield Server()
    keeping.forget()
