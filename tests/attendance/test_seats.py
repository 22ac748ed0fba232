"""What must never happen: a seat sold twice, a seat lost, a code counted at two desks."""

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, close_old_connections, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.activities.models import Activity
from nhipcau.activities.services import cancel_activity
from nhipcau.attendance import services
from nhipcau.attendance.errors import AlreadyRegistered, SeatsGone
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import User
from tests import makers

DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["register", "wait", "cancel", "substitute", "walk_in", "check_in", "promote", "resize"]),
        st.integers(0, 11),
    ),
    max_size=30,
)


def _step(action: str, number: int, intake: Intake, by: User, at: datetime) -> None:
    guests = list(Registration.objects.whole().order_by("pk"))
    chosen = guests[number % len(guests)] if guests else None
    phone = f"091234500{number}"[:10]
    match action:
        case "register" | "wait":
            services.register(
                intake=intake,
                name=f"Khách {number}",
                phone=phone,
                channel="phone",
                by=by,
                consent=None,
                at=at,
                join_waiting=action == "wait",
            )
        case "walk_in":
            services.admit_walk_in(intake=intake, name=f"Khách {number}", phone=phone, by=by, at=DAY)
        case "resize":
            services.revise_intake(
                intake=intake,
                capacity=number % 5,
                opens_at=intake.opens_at,
                closes_at=intake.closes_at,
                by=by,
                at=at,
            )
        case "cancel" if chosen:
            services.cancel_registration(registration=chosen, by=by, at=at)
        case "substitute" if chosen:
            services.substitute(registration=chosen, name=f"Thay {number}", phone=phone, by=by, at=at)
        case "check_in" if chosen:
            services.check_in(registration=chosen, by=by, at=DAY)
        case "promote" if chosen:
            services.promote(registration=chosen, by=by, at=at)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_seats_taken_are_the_guests_confirmed(steps: list[tuple[str, int]], intake: Intake, officer_hmc: User) -> None:
    from django.db import transaction

    with transaction.atomic():
        at = makers.NOW
        for action, number in steps:
            at += timedelta(minutes=1)
            with contextlib.suppress(Refusal):
                _step(action, number, intake, officer_hmc, at)
            now = Intake.objects.get(pk=intake.pk)
            confirmed = Registration.objects.filter(intake=intake).confirmed().count()
            waiting = Registration.objects.filter(intake=intake).waiting().count()
            arrived = CheckIn.objects.standing().count()
            assert now.taken == confirmed <= now.capacity
            assert waiting == 0 or now.left == 0
            assert arrived == Evidence.objects.counted().filter(kind="attendance.checkin").count()
            assert not CheckIn.objects.standing().exclude(registration__state="confirmed").exists()
        transaction.set_rollback(True)


def _at_once(works: list[Callable[[], object]]) -> list[object]:
    """Run each in a thread with its own connection, all let go together; what each returned or raised."""
    results: list[object] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int) -> None:
        close_old_connections()
        gate.wait()
        try:
            for _attempt in range(20):
                try:
                    results[index] = works[index]()
                    break
                except OperationalError as busy:  # SQLite under more writers than it waits for: the client tries again
                    results[index] = busy
        except Refusal as refused:
            results[index] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# On SQLite with the whole suite, and on a PostgreSQL server of its own.
both = pytest.mark.database


@both
def test_three_hundred_people_take_exactly_two_hundred_seats(transactional_ledger: None) -> None:
    intake = makers.make_intake(capacity=200)
    wording = makers.make_consent_wording()

    def one(number: int) -> Callable[[], object]:
        return lambda: services.register(
            intake=intake, name=f"Khách {number}", phone=f"0912{number:06}", consent=wording, at=makers.NOW
        )

    results: list[object] = []
    for start in range(0, 300, 50):
        results += _at_once([one(number) for number in range(start, start + 50)])
    sold = [result for result in results if isinstance(result, Registration)]
    gone = [result for result in results if isinstance(result, SeatsGone)]
    assert (len(sold), len(gone)) == (200, 100)
    intake.refresh_from_db()
    assert (intake.taken, Registration.objects.confirmed().count()) == (200, 200)
    assert len(set(Registration.objects.values_list("code", flat=True))) == 200


@both
def test_one_code_at_eight_desks_counts_once(transactional_ledger: None) -> None:
    makers.make_evidence_kind("attendance.checkin")
    guest = makers.make_registration()
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))

    def desk(number: int) -> Callable[[], object]:
        return lambda: services.check_in(
            registration=Registration.objects.whole().get(pk=guest.pk), by=officer, at=DAY, point=f"Cửa {number}"
        )

    answers = _at_once([desk(number) for number in range(8)])
    admissions = [answer for answer in answers if isinstance(answer, services.Admission)]
    assert len(admissions) == 8
    assert sum(admission.first for admission in admissions) == 1
    assert len({admission.check_in.point for admission in admissions}) == 1
    assert (CheckIn.objects.count(), Evidence.objects.count()) == (1, 1)


@both
def test_seats_given_back_and_taken_at_once_are_neither_lost_nor_sold_twice(transactional_ledger: None) -> None:
    intake = makers.make_intake(capacity=10)
    guests = [makers.make_registration(intake, f"Khách {number}") for number in range(10)]

    def leave(guest: Registration) -> Callable[[], object]:
        return lambda: services.cancel_registration(registration=guest, at=makers.NOW, notify=False)

    def come(number: int) -> Callable[[], object]:
        return lambda: services.register(
            intake=intake,
            name=f"Mới {number}",
            phone=f"0903{number:06}",
            channel="phone",
            consent=None,
            at=makers.NOW,
            join_waiting=True,
        )

    _at_once([*(leave(guest) for guest in guests[:8]), *(come(number) for number in range(12))])
    intake.refresh_from_db()
    waiting = Registration.objects.waiting().count()
    assert (intake.taken, Registration.objects.confirmed().count(), waiting) == (10, 10, 4)


@both
def test_giving_a_seat_up_while_coming_in_is_the_one_or_the_other(transactional_ledger: None) -> None:
    makers.make_evidence_kind("attendance.checkin")
    intake = makers.make_intake(capacity=10)
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))
    guests = [makers.make_registration(intake, f"Khách {number}") for number in range(6)]

    def come(guest: Registration) -> Callable[[], object]:
        read = Registration.objects.whole().get(pk=guest.pk)
        return lambda: services.check_in(registration=read, by=officer, at=DAY)

    def leave(guest: Registration) -> Callable[[], object]:
        read = Registration.objects.whole().get(pk=guest.pk)
        return lambda: services.cancel_registration(registration=read, at=DAY, notify=False)

    answers = _at_once([work for guest in guests for work in (come(guest), leave(guest))])
    for number in range(6):
        assert sum(isinstance(answer, Refusal) for answer in answers[2 * number : 2 * number + 2]) == 1
    assert not CheckIn.objects.standing().exclude(registration__state="confirmed").exists()
    intake.refresh_from_db()
    assert intake.taken == Registration.objects.confirmed().count() == CheckIn.objects.count()
    assert Evidence.objects.count() == CheckIn.objects.count()


@both
def test_a_waiting_guest_given_a_seat_at_two_places_at_once_takes_one(transactional_ledger: None) -> None:
    makers.make_evidence_kind("attendance.checkin")
    intake = makers.make_intake(capacity=20)
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))
    guests = [makers.make_registration(intake, f"Khách {number}", state="waiting") for number in range(5)]

    def work(verb: Callable[..., object], guest: Registration) -> Callable[[], object]:
        read = Registration.objects.whole().get(pk=guest.pk)
        return lambda: verb(registration=read, by=officer, at=DAY)

    _at_once([work(verb, guest) for guest in guests for verb in (services.check_in, services.promote)])
    intake.refresh_from_db()
    assert (intake.taken, Registration.objects.confirmed().count(), CheckIn.objects.count()) == (5, 5, 5)


@both
def test_one_form_sent_six_times_at_once_takes_one_seat(transactional_ledger: None) -> None:
    intake = makers.make_intake(capacity=10)
    wording = makers.make_consent_wording()

    def send() -> object:
        return services.register(intake=intake, name="Trần Gia Bảo", phone="0912345678", consent=wording, at=makers.NOW)

    answers = _at_once([send] * 6)
    assert sum(isinstance(answer, Registration) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyRegistered) and answer.same_person for answer in answers) == 5
    intake.refresh_from_db()
    assert intake.taken == 1


@both
def test_coming_in_while_the_activity_is_cancelled_is_the_one_or_the_other(transactional_ledger: None) -> None:
    makers.make_evidence_kind("attendance.checkin")
    officer = makers.make_user("officer_hmc", ("hmc", "officer"))
    intakes = [makers.make_intake(makers.make_activity(code=f"HD-9{number}"), capacity=10) for number in range(6)]
    guests = [makers.make_registration(intake, "Lê Minh An", state=("confirmed", "waiting")[number % 2])
              for number, intake in enumerate(intakes)]  # fmt: skip

    def come(guest: Registration) -> Callable[[], object]:
        read = Registration.objects.whole().get(pk=guest.pk)
        return lambda: services.check_in(registration=read, by=officer, at=DAY)

    def walk_in(intake: Intake) -> Callable[[], object]:
        read = Intake.objects.select_related("activity__plan").get(pk=intake.pk)
        return lambda: services.admit_walk_in(intake=read, name="Trần Gia Bảo", by=officer, at=DAY)

    def call_off(intake: Intake) -> Callable[[], object]:
        read = Activity.objects.select_related("plan").get(pk=intake.activity_id)
        return lambda: cancel_activity(activity=read, reason="Bão", by=officer, at=DAY)

    works = [work for guest, intake in zip(guests, intakes, strict=True)
             for work in (come(guest), call_off(intake), walk_in(intake))]  # fmt: skip
    _at_once(works)
    for intake in intakes:
        activity = Activity.objects.get(pk=intake.activity_id)
        arrived = CheckIn.objects.standing().filter(registration__intake=intake).count()
        counted = Evidence.objects.counted().filter(activity=activity, kind="attendance.checkin").count()
        assert arrived == counted
        assert (activity.state == Activity.State.CANCELLED) == (arrived == 0)
        assert arrived in (0, 2)
