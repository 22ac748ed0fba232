"""A link opens what it proves: who registers under another's name and number comes to nothing of that person's."""

from datetime import timedelta

import pytest
from django.test import Client

from nhipcau.attendance import services as attendance
from nhipcau.attendance.models import Intake, Registration
from nhipcau.core.holdings import Subject
from nhipcau.outbox.models import Message
from nhipcau.parties.matching import join_people, undo_match
from nhipcau.parties.models import Person, User
from nhipcau.plans.models import Plan
from nhipcau.privacy import services
from nhipcau.privacy.errors import NotChecked
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.services.links import scope
from tests import makers
from tests.privacy.conftest import EMAIL, NAME

ASK = "/rieng-tu/du-lieu-cua-toi/"
FOREIGN = "nguoi.khac@example.org"


@pytest.fixture
def other(plan: Plan) -> Intake:
    """Another talk that anybody may register for."""
    return makers.make_intake(makers.make_activity(plan, title="Tọa đàm khác"))


def register(intake: Intake, email: str, *, name: str = NAME, phone: str = "0912 345 678") -> Registration:
    """Somebody fills in the public form."""
    sent = {"name": name, "phone": phone, "email": email, "consent": "on"}
    assert Client().post(f"/dang-ky/{intake.activity.slug}/", sent).status_code == 302
    return Registration.objects.get(intake=intake)


def links(to: str) -> list[str]:
    """The paths mailed to an address, one a mail."""
    bodies = Message.objects.filter(key__startswith="data-link", to=to).values_list("body", flat=True)
    return [
        next(word for word in body.split() if "/rieng-tu/" in word).partition("localhost:8000")[2] for body in bodies
    ]


def test_name_and_number_of_another_open_nothing(guest: Registration, other: Intake, officer_hmc: User) -> None:
    mine = register(other, FOREIGN)
    assert mine.person == guest.person
    Client().post(ASK, {"contact": FOREIGN})
    (link,) = links(FOREIGN)
    page, file = Client().get(link).content.decode(), Client().get(f"{link}du-lieu.json").content.decode()
    for told in (page, file):
        assert mine.code in told
        for foreign in (guest.code, EMAIL, "Báo Sài Gòn"):
            assert foreign not in told
    assert FOREIGN in page
    # What is asked there reaches no further, whatever an officer answers.
    assert Client().post(link, {"kind": "erase", "erase-note": ""}).status_code == 302
    services.accept(request=Request.objects.get(), by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    mine.refresh_from_db()
    guest.person.refresh_from_db()
    assert (guest.erased_at, guest.name, guest.person.erased_at) == (None, NAME, None)
    assert (mine.erased_at is not None, mine.name == NAME) == (True, False)


def test_who_was_there_first_under_a_foreign_name_sees_only_that(intake: Intake, other: Intake) -> None:
    """The record of the person begins with the other's address, and still opens nothing."""
    register(other, FOREIGN)
    mine = register(intake, EMAIL)
    assert mine.person.email == FOREIGN
    Client().post(ASK, {"contact": FOREIGN})
    (link,) = links(FOREIGN)
    page = Client().get(link).content.decode()
    assert mine.code not in page
    assert EMAIL not in page
    # By the own address the own registration; by the number an officer calls, for more is kept than one address shows.
    Client().post(ASK, {"contact": EMAIL})
    (link,) = links(EMAIL)
    assert mine.code in Client().get(link).content.decode()
    Client().post(ASK, {"contact": "0912 345 678"})
    asked = Request.objects.get()
    assert (asked.kind, asked.checked) == (Request.Kind.SEE, False)


def test_who_registers_fills_in_no_address(caller: Registration, other: Intake) -> None:
    register(other, FOREIGN, name="Lâm Hữu Phước", phone="0903 111 222")
    assert Person.objects.get(pk=caller.person_id).email == ""


def test_officers_word_opens_everything(guest: Registration, other: Intake, client: Client) -> None:
    mine = register(other, FOREIGN)
    access = services.open_access(person=guest.person, how=Access.How.OFFICER, at=makers.NOW)
    page = client.get(f"{ASK}{services.token(access)}/").content.decode()
    assert (mine.code in page, guest.code in page, EMAIL in page) == (True, True, True)


def test_two_codes_ask_for_two_things(guest: Registration, other: Intake, officer_hmc: User) -> None:
    second = makers.make_registration(other, guest.name, person=guest.person)
    for one in (guest, second):
        ref = f"attendance.registration:{one.pk}"
        access = services.open_access(person=one.person, how=Access.How.TICKET, only=ref, at=makers.NOW)
        for _again in range(2):
            services.file_request(person=one.person, access=access, kind="erase", language="vi", at=makers.NOW)
    asked = list(Request.objects.order_by("pk"))
    assert [request.only for request in asked] == [f"attendance.registration:{one.pk}" for one in (guest, second)]
    services.accept(request=asked[0], by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    second.refresh_from_db()
    assert (guest.erased_at is not None, second.erased_at) == (True, None)
    services.accept(request=asked[1], by=officer_hmc, at=makers.NOW)
    second.refresh_from_db()
    assert second.erased_at is not None


def test_address_is_known_in_capitals_too_but_no_letter_is_taken_for_another(guest: Registration) -> None:
    Registration.objects.update(email="Giao.Trinh@Example.vn")
    Client().post(ASK, {"contact": EMAIL})
    (link,) = links(EMAIL)
    assert guest.code in Client().get(link).content.decode()
    persons = frozenset({guest.person_id})
    assert scope(guest.person, how="email", address="gıao.trinh@example.vn") == Subject(
        persons, frozenset({"gıao.trinh@example.vn"}), frozenset()
    )


def test_one_address_does_not_use_up_the_hour_of_another(guest: Registration, other: Intake) -> None:
    register(other, FOREIGN)
    for address in (FOREIGN, EMAIL, EMAIL):
        services.ask_for_link(email=address, language="vi", at=makers.NOW + timedelta(minutes=1))
    assert (len(links(FOREIGN)), len(links(EMAIL))) == (1, 1)


def test_good_link_opens_after_wrong_guesses_from_the_same_hall(guest: Registration, client: Client) -> None:
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, at=makers.NOW)
    answers = {client.get(f"{ASK}{n}.0.xxxxxxxxxxxxxxxxxxxxx/").status_code for n in range(80)}
    assert 429 in answers
    assert client.get(f"{ASK}{services.token(access)}/").status_code == 200


def test_no_address_proves_nothing_of_what_was_given_without_one(caller: Registration) -> None:
    assert caller.email == caller.person.email == ""
    proved = scope(caller.person, how="email")
    assert (proved.emails, proved.only) == (frozenset(), frozenset())


def test_address_is_erased_though_the_person_is_kept_for_what_was_given_without_it(
    guest: Registration, other: Intake, officer_hmc: User
) -> None:
    kept = attendance.register(
        intake=other, name=NAME, phone="0912345678", channel="phone", by=officer_hmc, consent=None, told=True,
        at=makers.NOW,
    )  # fmt: skip
    Person.objects.filter(pk=guest.person_id).update(email=EMAIL)
    access = services.open_access(person=guest.person, how=Access.How.EMAIL, address=EMAIL, at=makers.NOW)
    asked = services.file_request(
        person=guest.person, access=access, kind="erase", language="vi", at=makers.NOW, note="Tôi nghỉ hưu."
    )
    services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    for row in (guest, kept, access, asked):
        row.refresh_from_db()
    assert (guest.name, kept.name, kept.person.email) == ("—", NAME, "")
    assert (access.address, access.closed_at) == ("", makers.NOW)
    assert (asked.address, asked.note, asked.emptied_at) == ("", "", makers.NOW)


def test_address_put_right_by_staff_is_put_right_in_the_contact_record(intake: Intake, officer_hmc: User) -> None:
    """A mistyped one is a stranger's, who would be sent the link that is asked for by number."""
    row = attendance.register(
        intake=intake, name=NAME, phone="0912345678", email=FOREIGN, channel="phone", by=officer_hmc, consent=None,
        told=True, at=makers.NOW,
    )  # fmt: skip
    assert row.person.email == FOREIGN
    attendance.revise_registration(
        registration=row, name=NAME, phone=row.phone, email=EMAIL, unit="", position="", sex="", seat="",
        of_honour=False, by=officer_hmc, at=makers.NOW,
    )  # fmt: skip
    services.ask_for_link(phone="+84912345678", language="vi", at=makers.NOW)
    assert list(Message.objects.filter(key__startswith="data-link").values_list("to", flat=True)) == [EMAIL]


@pytest.mark.parametrize("by_telephone", [False, True])
def test_request_is_of_the_one_who_asked_though_two_records_were_joined_by_mistake(
    guest: Registration, caller: Registration, officer_hmc: User, *, by_telephone: bool
) -> None:
    """Taken back, it must neither reach the other's data nor miss the own."""
    match = join_people(kept=caller.person, other=guest.person, points=50, by=officer_hmc, at=makers.NOW)
    services.ask_for_link(email=EMAIL, language="vi", at=makers.NOW)
    access = Access.objects.select_related("person").get()
    asked = services.file_request(person=access.person, access=access, kind="erase", language="vi", at=makers.NOW)
    undo_match(match=match, by=officer_hmc, at=makers.NOW)
    if by_telephone:
        services.note_identity(request=asked, by=officer_hmc, at=makers.NOW)
    services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    guest.refresh_from_db()
    caller.refresh_from_db()
    assert (guest.name, caller.name) == ("—", "Lâm Hữu Phước")


@pytest.mark.parametrize("how", [Access.How.EMAIL, Access.How.TICKET])
def test_messages_to_another_stop_only_once_an_officer_made_sure(
    guest: Registration, other: Intake, officer_hmc: User, how: Access.How
) -> None:
    mine = register(other, FOREIGN)
    only = f"attendance.registration:{mine.pk}" if how == Access.How.TICKET else ""
    access = services.open_access(
        person=mine.person, how=how, only=only, address="" if only else FOREIGN, at=makers.NOW
    )
    asked = services.file_request(person=mine.person, access=access, kind="object", language="vi", at=makers.NOW)
    with pytest.raises(NotChecked):
        services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    guest.person.refresh_from_db()
    assert guest.person.objected_at is None
    services.note_identity(request=asked, by=officer_hmc, at=makers.NOW)
    services.accept(request=asked, by=officer_hmc, at=makers.NOW)
    guest.person.refresh_from_db()
    assert guest.person.objected_at == makers.NOW
