"""Statements a page makes by itself, without those of the frame around every page of the desk."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

#: Session, account, agreement, standing, roles in words and the numbers beside menu entries.
FRAME = re.compile(
    r'FROM "(django_session|parties_user|parties_membership|parties_supervision|agreements_agreement|agreements_party)"'
    r'|SELECT COUNT\(\*\) AS "__count" FROM "(plans_direction|outbox_message|attendance_\w+|reports_\w+|privacy_\w+)"'
    r'|SELECT COUNT\(\*\) AS "__count" FROM "evidence_awaiting" INNER JOIN "plans_plan"'
)


def own_statements(client: Client, page: str, query: dict[str, Any] | None = None) -> list[str]:
    """What a second visit of a page asks the database for its own sake."""
    client.get(page, query or {})
    with CaptureQueriesContext(connection) as asked:
        client.get(page, query or {})
    return [one["sql"] for one in asked.captured_queries if not FRAME.search(one["sql"])]
