"""What people ask about their data: the day it is due, who answers, and what the system does."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.attendance.models import Consent, Registration
from nhipcau.core.days import is_working_day
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person, User
from nhipcau.privacy import services
from nhipcau.privacy.errors import AlreadyAnswered, ExtendedOnce, NoReason, NotChecked, NothingAsked
from nhipcau.privacy.models import Access, LegalPeriod, Request
from nhipcau.privacy.services.requests import due_day
from tests import makers

Kind = Request.Kind


def ask(guest: Registration, kind: str, *, checked: bool = True, **more: Any) -> Request:
    """A request of a guest, by a link sent to the own address."""
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW) if checked else None
    return services.file_request(
        person=guest.person, access=access, kind=kind, language="vi", **({"at": makers.NOW} | more)
    )


@pytest.mark.parametrize(
    ("kind", "due"),
    [("see", date(2026, 12, 3)), ("correct", date(2026, 12, 3)), ("withdraw", date(2026, 12, 8)),
     ("object", date(2026, 12, 8)), ("erase", date(2026, 12, 14))],
)  # fmt: skip
def test_request_is_due_by_the_law_in_force(guest: Registration, kind: str, due: date) -> None:
    """10, 15 and 20 calendar days from Monday, 23/11; a last day that is closed gives the next working day."""
    asked = ask(guest, kind, note="x")
    assert (asked.due, asked.confirm_due, asked.organisation) == (due, date(2026, 11, 26), guest.intake.activity.lead)
    assert asked.confirmed_at == makers.NOW


def test_request_under_the_old_decree_was_due_in_72_hours(guest: Registration) -> None:
    asked = ask(guest, "erase", at=datetime(2025, 12, 1, 9, 0, tzinfo=LOCAL))
    assert asked.due == date(2025, 12, 4)


@given(n=st.integers(1, 60), start=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_due_day_is_a_working_day_not_before_the_period_ends(n: int, start: date) -> None:
    due = due_day(LegalPeriod(n=n, unit="day"), after=start)
    assert is_working_day(due)
    assert due >= start + timedelta(days=n)


def test_request_asked_twice_is_one_with_the_latest_words(guest: Registration) -> None:
    first = ask(guest, "erase", note="Tôi nghỉ hưu.")
    again = ask(guest, "erase", note="Tôi chuyển công tác.", at=makers.NOW + timedelta(days=3))
    assert (again.pk, again.note, again.due) == (first.pk, "Tôi chuyển công tác.", first.due)


def test_correction_without_a_value_is_refused(guest: Registration) -> None:
    with pytest.raises(NothingAsked):
        ask(guest, "correct")


def test_erase_waits_until_the_person_is_known(guest: Registration, officer_hmc: User) -> None:
    asked = ask(guest, "erase", checked=False)
    with pytest.raises(NotChecked):
        services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    checked = services.note_identity(request=asked, by=officer_hmc, at=makers.NOW)
    assert (checked.how, checked.checked_by, checked.owner, checked.confirmed_at) == (
        "officer", officer_hmc, officer_hmc, makers.NOW,
    )  # fmt: skip
    done = services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    assert (done.state, done.answered_by, guest.name, guest.state) == ("accepted", officer_hmc, "—", "cancelled")
    with pytest.raises(AlreadyAnswered):
        services.accept(request=asked, by=officer_hmc, at=makers.NOW)


def test_accepted_erasure_empties_the_request_and_closes_its_links(guest: Registration, officer_hmc: User) -> None:
    asked = ask(guest, "erase", note="Tôi tên là Giao.")
    services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    asked.refresh_from_db()
    assert (asked.note, asked.proposed, asked.emptied_at) == ("", {}, makers.NOW)
    assert not Access.objects.open(at=makers.NOW).exists()


@pytest.mark.parametrize("answer", ["accept", "refuse", "take_back"])
def test_what_an_erased_person_asked_besides_is_emptied_when_it_is_answered(
    guest: Registration, officer_hmc: User, answer: str
) -> None:
    besides = ask(guest, "correct", proposed={"name": "Trịnh Quỳnh Dao"}, note="Tôi đổi tên.")
    services.accept(request=ask(guest, "erase"), by=officer_hmc, at=makers.NOW)
    more: dict[str, dict[str, Any]] = {
        "accept": {"by": officer_hmc},
        "refuse": {"legal_reason": "Đã xoá.", "answer": "", "by": officer_hmc},
        "take_back": {},
    }
    getattr(services, answer)(request=besides, at=makers.NOW, **more[answer])
    besides.refresh_from_db()
    guest.refresh_from_db()
    assert (besides.note, besides.proposed, besides.address, guest.name) == ("", {}, "", "—")


def test_correction_changes_what_is_kept_everywhere(guest: Registration, officer_hmc: User) -> None:
    asked = ask(guest, "correct", proposed={"name": "Trịnh Quỳnh Dao", "position": "Trưởng ban"})
    services.accept(request=asked, by=officer_hmc, at=makers.NOW, values={"name": "Trịnh Quỳnh Dao"})
    guest.refresh_from_db()
    person = Person.objects.get(pk=guest.person_id)
    assert (guest.name, guest.position, person.name, person.name_key) == (
        "Trịnh Quỳnh Dao", "", "Trịnh Quỳnh Dao", "dao quynh trinh",
    )  # fmt: skip


def test_withdrawal_leaves_who_was_invited_in_the_units_task(guest: Registration, officer_hmc: User) -> None:
    Consent.objects.filter(registration=guest).update(basis=Consent.Basis.DUTY)
    services.accept(request=ask(guest, "withdraw"), by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    assert guest.erased_at is None


def test_withdrawal_erases_what_stood_on_consent(guest: Registration, officer_hmc: User) -> None:
    services.accept(request=ask(guest, "withdraw"), by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    assert (guest.name, guest.consent.withdrawn_at) == ("—", makers.NOW)


def test_objection_stops_messages(guest: Registration, officer_hmc: User) -> None:
    from nhipcau.attendance import letters

    services.accept(request=ask(guest, "object"), by=officer_hmc, at=makers.NOW)
    before = Message.objects.count()
    guest = Registration.objects.whole().get(pk=guest.pk)
    letters.send_called_off(guest, reason="Mưa bão.", at=makers.NOW)
    assert (Message.objects.count(), guest.person.objected_at) == (before, makers.NOW)


def test_refusal_names_its_reason(guest: Registration, officer_hmc: User) -> None:
    asked = ask(guest, "erase")
    with pytest.raises(NoReason):
        services.refuse(request=asked, legal_reason="", answer="", by=officer_hmc, at=makers.NOW)
    done = services.refuse(request=asked, legal_reason="Điều 1.", answer="", by=officer_hmc, at=makers.NOW)
    mail = Message.objects.get(key=f"data-request:{asked.pk}:refused")
    assert (done.state, mail.to, mail.agreement) == ("refused", "giao.trinh@example.vn", None)
    assert "Điều 1." in mail.body


def test_period_is_extended_once(guest: Registration, officer_hmc: User) -> None:
    asked = ask(guest, "see")
    services.extend(request=asked, reason="Hồ sơ nhiều.", by=officer_hmc, at=makers.NOW)
    asked.refresh_from_db()
    assert asked.due == date(2026, 12, 14)  # ten days after 03/12, a Sunday
    with pytest.raises(ExtendedOnce):
        services.extend(request=asked, reason="Hồ sơ nhiều.", by=officer_hmc, at=makers.NOW)


# --- the way to the link ----------------------------------------------------------------------
def test_asking_by_address_sends_one_link_an_hour(guest: Registration) -> None:
    for _again in range(2):
        services.ask_for_link(email="giao.trinh@example.vn", language="vi", at=makers.NOW)
    assert Message.objects.filter(key__startswith="data-link:").count() == 1
    services.ask_for_link(email="giao.trinh@example.vn", language="vi", at=makers.NOW + timedelta(minutes=61))
    assert Message.objects.filter(key__startswith="data-link:").count() == 2


def test_asking_by_number_goes_to_the_address_on_record(guest: Registration) -> None:
    services.ask_for_link(phone="+84912345678", language="vi", at=makers.NOW)
    assert Message.objects.get(key__startswith="data-link:").to == "giao.trinh@example.vn"


def test_asking_by_number_alone_asks_an_officer(caller: Registration) -> None:
    services.ask_for_link(phone="+84903111222", language="vi", at=makers.NOW)
    services.ask_for_link(phone="+84903111222", language="vi", at=makers.NOW)
    asked = Request.objects.get()
    assert (asked.kind, asked.how, asked.confirmed_at, asked.person) == ("see", "", None, caller.person)
    assert not Message.objects.exists()


def test_asking_for_nobody_does_nothing(guest: Registration) -> None:
    before = Message.objects.count()
    services.ask_for_link(email="nobody@example.vn", language="vi", at=makers.NOW)
    assert (Message.objects.count(), Request.objects.count(), Access.objects.count()) == (before, 0, 0)


def test_staff_note_on_what_ground(caller: Registration, officer_hmc: User) -> None:
    consent = caller.consent
    assert (consent.notice.form, consent.basis, consent.channel, consent.recorded_by) == (
        "on_behalf", "told", "phone", officer_hmc,
    )  # fmt: skip
