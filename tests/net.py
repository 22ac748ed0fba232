"""A net under every view: what a signed-in person changes by a POST is in the journal, or the test fails."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from nhipcau.core import journal
from tests.architecture.rooms import rooms

WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)
#: Tables of ours that say nothing about anybody's decisions, and pages, whose revisions and log Wagtail keeps itself.
#: Groups follow the memberships, whose changes are told.
ASIDE = re.compile(r"core_(journalentry|search\w*|duerun|workersign)$|newsroom_|parties_user_groups$")
#: Signing in stamps the account.
STAMP = re.compile(r'^UPDATE "parties_user" SET "last_login" = ')


def is_ours(table: str) -> bool:
    """Whether a table belongs to a room, and what is written there matters."""
    return table.partition("_")[0] in rooms() and not ASIDE.match(table)


class JournalNet:
    """Listens to the statements and to the journal while a POST is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then compare what was written with what was noted."""
        if request.method != "POST":
            return self.get_response(request)
        written: set[str] = set()
        heard: list[journal.Verb] = []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            found = WRITES.match(sql)
            if found and is_ours(found[1]) and not STAMP.match(sql):
                written.add(found[1])
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(listen))
            stack.enter_context(journal.watched(heard.append))
            response = self.get_response(request)
        if any(not act.exempt for act in heard) or response.status_code >= 400:
            return response
        tell_themselves = tuple(table for act in heard for table in act.writes)
        forgotten = sorted(table for table in written if not table.startswith(tell_themselves))
        if forgotten and request.user.is_authenticated:
            raise AssertionError(f"{request.path} wrote {forgotten} and left nothing in the journal.")
        return response
