"""Getting a place, giving it up, passing it on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from nhipcau.activities.models import Activity
from nhipcau.attendance import services
from nhipcau.attendance.errors import (
    AlreadyArrived,
    AlreadyOver,
    AlreadyRegistered,
    BadIntake,
    BadPhone,
    ConsentMissing,
    IntakeClosed,
    NotStanding,
    SeatsGone,
)
from nhipcau.attendance.models import Consent, Intake, Registration
from nhipcau.attendance.services import seats
from nhipcau.core import search
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person, User
from nhipcau.privacy.models import Notice
from tests import makers

pytestmark = pytest.mark.database

DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
Enter = Callable[..., Registration]


@pytest.fixture
def enter(intake: Intake, wording: Notice, now: datetime) -> Enter:
    """Register a guest of the public; every call has its own number unless one is given."""
    numbers = iter(range(100, 999))

    def entered(name: str = "Nguyễn Thị Thanh Vân", **more: Any) -> Registration:
        values: dict[str, Any] = {
            "intake": intake, "name": name, "phone": f"0912 345 {next(numbers)}", "consent": wording, "at": now,
        }  # fmt: skip
        return services.register(**(values | more))

    return entered


def counted(intake: Intake) -> tuple[int, int]:
    """Seats by the counter and by the registrations."""
    intake.refresh_from_db()
    return intake.taken, Registration.objects.filter(intake=intake).confirmed().count()


def test_register_gives_seat_code_consent_and_mail(enter: Enter, intake: Intake, wording: Notice) -> None:
    registration = enter(email="van@example.vn", unit="Báo Sài Gòn", position="Phóng viên", phone="0912.345.678")
    assert counted(intake) == (1, 1)
    assert (registration.phone, registration.state, len(registration.code)) == ("+84912345678", "confirmed", 7)
    assert Consent.objects.get(registration=registration).notice == wording
    mail = Message.objects.get(key=f"ticket:{registration.pk}")
    assert (mail.to, mail.attachment_name, mail.attachment_type) == (
        "van@example.vn",
        "lich-tham-du.ics",
        "text/calendar",
    )
    assert registration.code in mail.subject
    assert b"BEGIN:VCALENDAR" in bytes(mail.attachment or b"")


@pytest.mark.parametrize("query", ["thanh van", "Vân", "5678", "0912345678", "sai gon"])
def test_register_makes_the_guest_findable(enter: Enter, query: str) -> None:
    registration = enter(unit="Báo Sài Gòn", phone="0912345678")
    enter("Trần Gia Bảo", unit="Sở Du lịch")
    found = search.narrow(Registration.objects.all(), query, kind="attendance.registration")
    assert list(found) == [registration]


def test_register_without_email_queues_no_mail(enter: Enter) -> None:
    enter()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("phone", ["", "091234567", "09123456789", "028 3829 1234", "abc", "+8491234", "0912 345 67x"])
def test_register_refuses_what_is_no_mobile_number(enter: Enter, intake: Intake, phone: str) -> None:
    with pytest.raises(BadPhone):
        enter(phone=phone)
    assert counted(intake) == (0, 0)


def test_register_refuses_without_consent(enter: Enter, intake: Intake) -> None:
    with pytest.raises(ConsentMissing):
        enter(consent=None)
    assert counted(intake) == (0, 0)


def test_register_by_an_officer_needs_neither_consent_nor_number(enter: Enter, officer_hmc: User) -> None:
    registration = enter(channel="zalo", by=officer_hmc, consent=None, phone="")
    assert (registration.channel, registration.phone, registration.registered_by) == ("zalo", "", officer_hmc)


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (datetime(2026, 10, 31, 9, 0, tzinfo=LOCAL), "Registration has not opened yet. Please come back later."),
        (
            DAY + timedelta(minutes=15),
            "Registration has closed. Please ask the organisers whether a seat is still free.",
        ),
    ],
)
def test_register_keeps_to_the_hours(enter: Enter, moment: datetime, sentence: str, settings: Any) -> None:
    from django.utils.translation import override

    with override("en"), pytest.raises(IntakeClosed) as refused:
        enter(at=moment)
    assert str(refused.value) == sentence


def test_register_by_an_officer_is_open_after_closing(enter: Enter, officer_hmc: User) -> None:
    assert enter(channel="phone", by=officer_hmc, consent=None, at=DAY + timedelta(hours=1)).state == "confirmed"


@pytest.mark.parametrize("state", ["cancelled", "closed"])
def test_register_refuses_for_an_activity_that_is_off(
    enter: Enter, activity: Activity, intake: Intake, state: str
) -> None:
    intake.activity.state = state
    with pytest.raises(IntakeClosed):
        enter(channel="phone", consent=None)


def test_register_twice_tells_the_same_person_and_another_one_apart(enter: Enter, intake: Intake) -> None:
    first = enter("Nguyễn Thị Thanh Vân", phone="0912345678")
    with pytest.raises(AlreadyRegistered) as again:
        enter("nguyễn thị thanh vân", phone="+84 912 345 678")
    assert (again.value.same_person, again.value.registration) == (True, first)
    with pytest.raises(AlreadyRegistered) as other:
        enter("Trần Gia Bảo", phone="0912345678")
    assert other.value.same_person is False
    assert counted(intake) == (1, 1)
    assert Person.objects.filter(phone="+84912345678").count() == 1


def test_register_full_offers_the_waiting_list(enter: Enter, intake: Intake) -> None:
    enter(), enter()
    people = Person.objects.count()
    with pytest.raises(SeatsGone) as gone:
        enter("Trần Gia Bảo")
    assert gone.value.place == 1
    assert Person.objects.count() == people
    waiting = enter("Trần Gia Bảo", join_waiting=True, email="bao@example.vn")
    assert waiting.state == "waiting"
    assert Message.objects.get().key == f"waiting:{waiting.pk}"
    with pytest.raises(SeatsGone) as next_gone:
        enter("Lê Minh An")
    assert next_gone.value.place == 2
    assert counted(intake) == (2, 2)


def test_cancel_gives_the_seat_to_who_waited_longest(enter: Enter, intake: Intake, now: datetime) -> None:
    first, _second = enter(email="a@example.vn"), enter()
    early = enter("Trần Gia Bảo", join_waiting=True, email="bao@example.vn")
    late = enter("Lê Minh An", join_waiting=True, at=now + timedelta(minutes=1))
    services.cancel_registration(registration=first, at=now + timedelta(hours=1))
    early.refresh_from_db()
    late.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, early.state, late.state) == ("cancelled", "confirmed", "waiting")
    assert counted(intake) == (2, 2)
    assert set(Message.objects.values_list("key", flat=True)) == {
        f"ticket:{first.pk}", f"waiting:{early.pk}", f"cancelled:{first.pk}", f"ticket:{early.pk}",
    }  # fmt: skip


def test_cancel_frees_the_seat_when_nobody_waits(enter: Enter, intake: Intake, now: datetime) -> None:
    registration = enter(phone="0912345678")
    services.cancel_registration(registration=registration, at=now)
    assert counted(intake) == (0, 0)
    assert enter(phone="0912345678").state == "confirmed"


def test_cancel_twice_frees_one_seat(enter: Enter, intake: Intake, now: datetime) -> None:
    enter()
    registration = enter("Trần Gia Bảo")
    services.cancel_registration(registration=registration, at=now)
    with pytest.raises(NotStanding):
        services.cancel_registration(registration=registration, at=now)
    assert counted(intake) == (1, 1)


def test_cancel_after_arrival_is_refused(enter: Enter, officer_hmc: User) -> None:
    registration = enter()
    services.check_in(registration=registration, by=officer_hmc, at=DAY)
    with pytest.raises(AlreadyArrived):
        services.cancel_registration(registration=registration, at=DAY)
    with pytest.raises(AlreadyArrived):
        services.substitute(registration=registration, name="Trần Gia Bảo", by=officer_hmc, at=DAY)


def test_nothing_of_a_place_changes_after_the_end(enter: Enter, intake: Intake, officer_hmc: User) -> None:
    registration, _other = enter(email="van@example.vn"), enter()
    waiting = enter("Trần Gia Bảo", join_waiting=True, email="bao@example.vn")
    mails, over = Message.objects.count(), intake.activity.ends_at + timedelta(minutes=1)
    with pytest.raises(AlreadyOver):
        services.cancel_registration(registration=registration, at=over)
    with pytest.raises(AlreadyOver):
        services.substitute(registration=registration, name="Lê Minh An", by=officer_hmc, at=over)
    with pytest.raises(AlreadyOver):
        services.promote(registration=waiting, by=officer_hmc, at=over)
    registration.refresh_from_db()
    assert (registration.state, Message.objects.count()) == ("confirmed", mails)


def test_cancel_keeps_who_did_it(enter: Enter, officer_hmc: User, now: datetime) -> None:
    by_staff, by_guest = enter(), enter("Trần Gia Bảo")
    services.cancel_registration(registration=by_staff, by=officer_hmc, at=now)
    services.cancel_registration(registration=by_guest, at=now)
    by_staff.refresh_from_db()
    by_guest.refresh_from_db()
    assert (by_staff.cancelled_by, by_guest.cancelled_by) == (officer_hmc, None)


def test_place_in_line_of_who_moved_up_meanwhile_is_answered(enter: Enter) -> None:
    enter(), enter()
    first, second = enter("Trần Gia Bảo", join_waiting=True), enter("Lê Minh An", join_waiting=True)
    assert (seats.place_in_line(first), seats.place_in_line(second)) == (1, 2)
    Registration.objects.filter(pk=first.pk).update(state="confirmed")
    assert (seats.place_in_line(first), seats.place_in_line(second)) == (1, 1)


def test_substitute_takes_seat_unit_and_rank_under_a_new_code(
    enter: Enter, intake: Intake, officer_hmc: User, now: datetime
) -> None:
    old = enter(unit="Sở Du lịch", seat="Hàng B · Ghế 07", of_honour=True, channel="letter", consent=None)
    new = services.substitute(registration=old, name="Trần Gia Bảo", phone="0903111222", by=officer_hmc, at=now)
    assert (new.substitute_for, new.unit, new.seat, new.of_honour, new.state) == (
        old, "Sở Du lịch", "Hàng B · Ghế 07", True, "confirmed",
    )  # fmt: skip
    assert new.code != old.code
    assert counted(intake) == (1, 1)
    with pytest.raises(NotStanding):
        services.substitute(registration=old, name="Lê Minh An", by=officer_hmc, at=now)


def test_substitute_with_the_number_of_another_guest_is_refused(enter: Enter, intake: Intake, now: datetime) -> None:
    old = enter()
    enter("Trần Gia Bảo", phone="0903111222")
    with pytest.raises(AlreadyRegistered):
        services.substitute(registration=old, name="Lê Minh An", phone="0903111222", by=None, at=now)
    old.refresh_from_db()
    assert old.state == "confirmed"
    assert counted(intake) == (2, 2)


def test_substitute_by_the_guest_may_keep_the_number(enter: Enter, wording: Notice, now: datetime) -> None:
    old = enter(phone="0912345678")
    new = services.substitute(
        registration=old, name="Trần Gia Bảo", phone="0912345678", channel="self", consent=wording, by=None, at=now
    )
    assert new.phone == "+84912345678"


def test_promote_needs_a_free_seat(enter: Enter, intake: Intake, officer_hmc: User, now: datetime) -> None:
    enter(), enter()
    waiting = enter("Trần Gia Bảo", join_waiting=True)
    with pytest.raises(SeatsGone):
        services.promote(registration=waiting, by=officer_hmc, at=now)
    assert counted(intake) == (2, 2)


def test_revise_intake_moves_the_waiting_list_up(
    enter: Enter, intake: Intake, officer_hmc: User, now: datetime
) -> None:
    enter(), enter()
    first = enter("Trần Gia Bảo", join_waiting=True, email="bao@example.vn")
    second = enter("Lê Minh An", join_waiting=True, at=now + timedelta(minutes=1))
    settings: dict[str, Any] = {
        "opens_at": intake.opens_at,
        "closes_at": intake.closes_at,
        "by": officer_hmc,
        "at": now,
    }
    services.revise_intake(intake=intake, capacity=3, **settings)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("confirmed", "waiting")
    assert Message.objects.filter(key=f"ticket:{first.pk}").exists()
    assert counted(intake) == (3, 3)


def test_revise_intake_never_breaks_a_promise(enter: Enter, intake: Intake, officer_hmc: User, now: datetime) -> None:
    enter(), enter()
    settings: dict[str, Any] = {
        "opens_at": intake.opens_at,
        "closes_at": intake.closes_at,
        "by": officer_hmc,
        "at": now,
    }
    with pytest.raises(BadIntake):
        services.revise_intake(intake=intake, capacity=1, **settings)
    with pytest.raises(BadIntake):
        services.revise_intake(intake=intake, capacity=5, **(settings | {"closes_at": intake.opens_at - timedelta(1)}))
    intake.refresh_from_db()
    assert intake.capacity == 2


def test_open_intake_twice_is_refused(activity: Activity, intake: Intake, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(BadIntake):
        services.open_intake(
            activity=activity, capacity=9, opens_at=now, closes_at=now + timedelta(1), by=officer_hmc, at=now
        )


def test_resend_is_a_mail_of_its_own(enter: Enter, officer_hmc: User, now: datetime) -> None:
    registration = enter(email="van@example.vn")
    assert services.resend_ticket(registration=registration, by=officer_hmc, at=now + timedelta(hours=1)) is True
    assert Message.objects.count() == 2
    assert services.resend_ticket(registration=enter("Trần Gia Bảo"), by=officer_hmc, at=now) is False


def test_register_mail_is_in_the_guests_language(enter: Enter) -> None:
    registration = enter(email="van@example.vn", language="en", sex="female")
    mail = Message.objects.get(key=f"ticket:{registration.pk}")
    assert mail.subject == f"Admission code {registration.code}: Talk on digital start-ups"
    assert (
        "It will be our honour to receive Ms Nguyễn Thị Thanh Vân at 13:45 on Thursday, 10 December 2026." in mail.body
    )
    assert "/en/ma/" in mail.body


def test_maker_and_service_agree_on_the_counter(intake: Intake) -> None:
    makers.make_registration(intake)
    assert counted(intake) == (1, 1)


def test_register_draws_another_code_when_one_is_taken(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("AAAAAA" + "AAAAAA" + "BBBBBB")
    monkeypatch.setattr("secrets.choice", lambda _signs: next(drawn))
    assert (enter().code, enter("Trần Gia Bảo").code) == ("AAA-AAA", "BBB-BBB")
