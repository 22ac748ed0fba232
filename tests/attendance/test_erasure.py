"""Details go when their time is over; counts stay."""

from datetime import datetime
from typing import Any

from nhipcau.attendance import services
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core import search
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person, User
from tests import makers

DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
LATER = datetime(2027, 12, 11, 9, 0, tzinfo=LOCAL)


def test_erase_empties_details_and_keeps_counts(intake: Intake, officer_hmc: User) -> None:
    wording = makers.make_consent_wording()
    guest = services.register(
        intake=intake, name="Trần Gia Bảo", phone="0912345678", email="bao@example.vn", consent=wording, at=makers.NOW
    )
    services.check_in(registration=guest, by=officer_hmc, at=DAY)
    assert services.erase_expired(at=datetime(2027, 12, 10, 9, 0, tzinfo=LOCAL)) == 0
    assert services.erase_expired(at=LATER) == 1
    assert services.erase_expired(at=LATER) == 0
    guest.refresh_from_db()
    person = Person.objects.get(pk=guest.person_id)
    assert (guest.name, guest.phone, guest.email, guest.state, guest.erased_at) == ("—", "", "", "confirmed", LATER)
    assert (person.name, person.phone, person.email, person.erased_at) == ("—", "", "", LATER)
    assert Evidence.objects.counted().count() == 1
    mail = Message.objects.get()
    assert (mail.to, mail.body, mail.attachment) == ("erased@invalid", "—", None)
    assert not search.find("bao", kinds=["attendance.registration"]).exists()


def test_erase_guest_gives_the_seat_up_and_sends_nothing(intake: Intake, officer_hmc: User) -> None:
    wording = makers.make_consent_wording()
    given: dict[str, Any] = {"intake": intake, "consent": wording, "at": makers.NOW, "join_waiting": True}
    makers.make_registration(intake, "Phạm Thu Hà")
    guest = services.register(name="Trần Gia Bảo", phone="0912345678", email="bao@example.vn", **given)
    next_one = services.register(name="Lê Minh An", phone="0903111222", email="an@example.vn", **given)
    services.erase_guest(registration=guest, by=officer_hmc, at=makers.NOW)
    next_one.refresh_from_db()
    person = Person.objects.get(pk=guest.person_id)
    assert (guest.name, guest.state, guest.cancelled_by, next_one.state) == ("—", "cancelled", officer_hmc, "confirmed")
    assert (person.name, person.phone) == ("—", "")
    assert sorted(Message.objects.values_list("to", "state")) == [
        ("an@example.vn", "queued"), ("an@example.vn", "queued"), ("erased@invalid", "failed"),
    ]  # fmt: skip
    assert not search.find("gia bao").exists()


def test_erase_guest_who_came_keeps_the_count(intake: Intake, officer_hmc: User) -> None:
    guest = makers.make_registration(intake)
    services.check_in(registration=guest, by=officer_hmc, at=DAY)
    services.erase_guest(registration=guest, by=officer_hmc, at=DAY)
    services.erase_guest(registration=guest, by=officer_hmc, at=DAY)
    assert (guest.name, guest.state, Evidence.objects.counted().count()) == ("—", "confirmed", 1)


def test_erase_leaves_a_person_who_still_comes(intake: Intake) -> None:
    guest = makers.make_registration(intake)
    activity = makers.make_activity(
        intake.activity.plan, starts_at=datetime(2026, 12, 28, 9, 0, tzinfo=LOCAL), title="Họp báo"
    )
    makers.make_registration(makers.make_intake(activity), guest.name, person=guest.person, phone=guest.phone)
    assert services.erase_expired(at=LATER) == 1
    guest.person.refresh_from_db()
    assert guest.person.name == "Nguyễn Thị Thanh Vân"
    assert sorted(Registration.objects.values_list("name", flat=True)) == ["Nguyễn Thị Thanh Vân", "—"]
