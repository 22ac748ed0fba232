"""The statements of every connection are looked at, whoever else looks at them for a while."""

from django.db import connections
from django.db.backends.signals import connection_created

from nhipcau.core import stamps


def test_a_connection_opened_in_the_middle_of_a_request_leaves_no_wrapper_behind() -> None:
    fresh = connections["default"].copy()
    for _request in range(3):
        with fresh.execute_wrapper(lambda execute, *rest: execute(*rest)):
            connection_created.send(type(fresh), connection=fresh)
        assert fresh.execute_wrappers == [stamps.watch]
