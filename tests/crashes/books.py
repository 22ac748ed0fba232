"""Compares a house's books with what was promised.

Run first as `python -m tests.crashes.books settle`, which waits until nothing is under way any more and prints what
still is; then without a word: the promises come as JSON on standard input (guests, and how often the mail server took
each Message-ID), faults go out as JSON.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

PATIENCE = 150


def main() -> None:
    """Wait, or look."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.config.settings")
    django.setup()
    if sys.argv[1:] == ["settle"]:
        print(json.dumps(list(_settle())))  # noqa: T201 (this is its answer)
        return
    told = json.load(sys.stdin)
    faults = [*_guests(told["guests"]), *_seats(), *_ledger(told["guests"]), *_mails(told)]
    from nhipcau.outbox.models import Message

    states = Counter(Message.objects.values_list("state", flat=True))
    print(json.dumps({"faults": faults, "mails": states}))  # noqa: T201 (this is its answer)


def _settle() -> Iterator[str]:
    """What is still under way after a long while."""
    from django_tasks_db.models import DBTaskResult

    from nhipcau.outbox.models import Message

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        under_way = Message.objects.filter(state__in=["queued", "sending"]).count()
        running = DBTaskResult.objects.running().count() + DBTaskResult.objects.ready().count()
        if not under_way and not running:
            return
        time.sleep(0.5)
    for message in Message.objects.filter(state__in=["queued", "sending"])[:5]:
        yield f"mail {message.pk} is still {message.state}, {message.tries} tries"
    for row in DBTaskResult.objects.running()[:5]:
        yield f"task {row.task_path} is still running at {row.worker_ids}"


def _guests(guests: list[dict[str, Any]]) -> Iterator[str]:
    """Every code that was shown stands with that guest; nobody has two places; every place is whole."""
    from nhipcau.attendance.models import Registration
    from nhipcau.core.models import SearchEntry

    places: dict[str, list[Registration]] = {}
    for place in Registration.objects.select_related("consent", "person"):
        places.setdefault(place.phone, []).append(place)
    found = set(SearchEntry.objects.filter(kind="attendance.registration").values_list("object_id", flat=True))
    for guest in guests:
        own = places.pop(f"+84{guest['phone'][1:]}", [])
        if [place.code for place in own] != [guest["code"]]:
            yield f"guest {guest['number']} was promised {guest['code']} and has {[place.code for place in own]}"
            continue
        (place,) = own
        if place.state != ("cancelled" if guest["gone"] else "confirmed"):
            yield f"guest {guest['number']} is {place.state}"
        if not hasattr(place, "consent") or place.pk not in found:
            yield f"the place of guest {guest['number']} is half written"
    yield from (f"a place nobody was promised: {phone}" for phone in places)


def _seats() -> Iterator[str]:
    from nhipcau.attendance.models import Intake, Registration

    for intake in Intake.objects.all():
        confirmed = Registration.objects.filter(intake=intake, state="confirmed").count()
        if intake.taken != confirmed:
            yield f"{intake.taken} seats taken, {confirmed} guests confirmed"


def _ledger(guests: list[dict[str, Any]]) -> Iterator[str]:
    """One arrival and one row that counts for everybody who is in; chains whole; all dimensions written."""
    from nhipcau.attendance.models import CheckIn, Registration
    from nhipcau.evidence.models import Evidence

    inside = {guest["code"] for guest in guests if guest["arrived"]}
    arrived = Counter(CheckIn.objects.standing().values_list("registration__code", flat=True))
    if arrived != Counter(inside):
        yield f"arrivals differ: {sorted((Counter(inside) - arrived) + (arrived - Counter(inside)))[:5]}"
    keys = dict(Registration.objects.values_list("code", "pk"))
    rows: dict[str, list[Evidence]] = {}
    for row in Evidence.objects.prefetch_related("dimensions"):
        rows.setdefault(row.source_ref, []).append(row)
    dimensions = {
        tuple(sorted((one.dimension, one.value) for one in row.dimensions.all()))
        for chain in rows.values()
        for row in chain
        if not row.void
    }
    if inside and (len(dimensions) != 1 or len(next(iter(dimensions))) < 3):
        yield f"dimensions differ: {dimensions}"
    for guest in guests:
        chain = rows.pop(f"attendance.registration:{keys.get(guest['code'])}", [])
        counted = [row for row in chain if row.superseded_by_id is None and not row.void]
        if len(counted) != guest["arrived"]:
            yield f"guest {guest['number']} counts {len(counted)} times"
        known = {row.pk for row in chain}
        if any(row.superseded_by_id and row.superseded_by_id not in known for row in chain):
            yield f"the chain of guest {guest['number']} is broken"
        if len([row for row in chain if row.void]) != guest["undone"]:
            yield f"guest {guest['number']} was undone {guest['undone']} times, the ledger says otherwise"
    yield from (f"evidence of nobody: {source}" for source in rows)


def _mails(told: dict[str, Any]) -> Iterator[str]:
    """Each mail went out once, or a person is asked; no mail that was never queued went out."""
    from nhipcau.outbox.models import Message

    taken: dict[str, int] = told["letters"]
    expected = Counter(guest["email"] for guest in told["guests"])
    expected.update(guest["email"] for guest in told["guests"] if guest["gone"])
    queued = Counter(Message.objects.values_list("to", flat=True))
    if queued != expected:
        yield f"mails differ: {sorted((expected - queued) + (queued - expected))[:5]}"
    for message in Message.objects.all():
        times = taken.pop(_message_id(message), 0)
        if (message.state, times) not in {("sent", 1), ("uncertain", 0), ("uncertain", 1)}:
            yield f"mail {message.pk} to {message.to} is {message.state} and was taken {times} times"
    yield from (f"mail of nobody: {name}" for name in taken)


def _message_id(message: Any) -> str:
    from django.core.mail import get_connection

    from nhipcau.outbox.sending import _compose

    return str(_compose(message, get_connection()).extra_headers["Message-ID"])


if __name__ == "__main__":
    main()
