"""How many SQL statements the measured requests take, counted in the process; printed as JSON."""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

BOOKKEEPING = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "PRAGMA")


def main() -> None:
    """Ask each page once to warm up, once to count."""
    given = json.loads(sys.argv[1])
    host = {"HTTP_HOST": "127.0.0.1"}
    anonymous, desk = Client(), Client()
    desk.cookies["sessionid"] = given["session"]
    codes = iter(given["codes"][-8:])
    address = f"/dang-ky/{given['shown']}/"
    number = [0]

    def register() -> None:
        number[0] += 1
        form = {"name": "Trần Thị Đo", "phone": f"09870000{number[0]:02}", "consent": "on"}
        anonymous.get(address, **host)
        answer = anonymous.post(address, form, **host)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        anonymous.get(answer.url, **host)

    def admit() -> None:
        answer = desk.post(
            f"/ban/hoat-dong/{given['door']}/don-tiep/", {"action": "admit", "code": next(codes)}, **host
        )
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def page(path: str):  # noqa: ANN202 (a closure for the table below)
        def get() -> None:
            assert anonymous.get(path, **host).status_code == 200

        return get

    jobs = {
        "event": page(f"/hoat-dong/{given['shown']}/"),
        "article": page(given["article"]),
        "home": page("/"),
        "list": page("/lich/"),
        "ics": page(f"/hoat-dong/{given['shown']}.ics"),
        "feed": page("/lich.ics"),
        "registration": register,
        "check-in": admit,
    }
    counted = {}
    for name, job in jobs.items():
        job()
        with CaptureQueriesContext(connection) as queries:
            job()
        counted[name] = sum(not q["sql"].startswith(BOOKKEEPING) for q in queries.captured_queries)
    json.dump(counted, sys.stdout)


if __name__ == "__main__":
    main()
