"""Letters to the editors: who may write, whom they reach, who reads them, and when they go."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.core import holdings
from nhipcau.core.holdings import Subject
from nhipcau.core.middleware import local_day
from nhipcau.newsroom import letters
from nhipcau.newsroom.models import Enquiry, Section
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Organisation, Person, User
from nhipcau.parties.services import find_or_create_person
from nhipcau.plans.models import Plan
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.services import accept, file_request, open_access
from nhipcau.privacy.services.retention import preview, purge_expired
from tests import makers

pytestmark = pytest.mark.django_db
SAID = {"name": "Lê Thu Hà", "email": "thuha@example.vn", "text": "Buổi tọa đàm bắt đầu lúc 9 giờ."}


@pytest.fixture
def editor(hmc: Organisation, plan: Plan) -> User:
    """An editor of HMC with a mail address."""
    return makers.make_user("bientap", ("hmc", "editor"))


@pytest.fixture
def section(hmc: Organisation, plan: Plan) -> Section:
    return makers.make_section(organisation=hmc)


@pytest.fixture
def letter(hmc: Organisation, editor: User) -> Enquiry:
    return letters.receive_enquiry(reason="press", organisation=hmc, language="vi", at=makers.NOW, said=SAID)


def test_correction_of_an_article_reaches_the_editors_of_its_section(section: Section, editor: User) -> None:
    article = makers.make_article()
    address = f"/lien-he/dinh-chinh/?bai={article.pk}"
    shown = Client().get(address)
    assert f'value="http://localhost:8000{article.url}"' in shown.content.decode()
    assert "giữ 12 tháng sau khi trả lời rồi xóa" in shown.content.decode()
    answer = Client().post(address, {**SAID, "address": f"http://localhost:8000{article.url}"})
    assert (answer.status_code, answer["Location"]) == (302, "/lien-he/da-nhan/")
    kept = Enquiry.objects.get()
    assert (kept.page, kept.headline, kept.organisation, kept.reason, kept.name, kept.text, kept.language, kept.state) == (
        article.pk, article.title, section.organisation, "correction", "Lê Thu Hà", SAID["text"], "vi", "open",
    )  # fmt: skip
    mail = Message.objects.get(key__startswith="enquiry:")
    assert (mail.to, f"http://localhost:8000/ban/thu-toa-soan/{kept.pk}/" in mail.body) == ("bientap@example.vn", True)
    assert not any(word in mail.subject + mail.body for word in ("Thu Hà", "thuha", "9 giờ"))


def test_question_of_the_press_reaches_the_first_party(plan: Plan, editor: User, hmc: Organisation) -> None:
    answer = Client().post("/en/lien-he/bao-chi/", {**SAID, "outlet": "Báo Mẫu"})
    assert answer["Location"] == "/en/lien-he/da-nhan/"
    kept = Enquiry.objects.get()
    assert (kept.organisation, kept.outlet, kept.language, kept.page) == (hmc, "Báo Mẫu", "en", None)


def test_where_a_unit_has_no_editor_its_director_is_told(plan: Plan, hmc: Organisation) -> None:
    director = makers.make_user("giamdoc2", ("hmc", "director"))
    assert director in letters.editors_of(hmc, at=makers.NOW)


@pytest.mark.parametrize("wrong", [{"email": "khong"}, {"text": ""}, {"name": ""}, {"text": "x" * 4001}])
def test_incomplete_letter_is_shown_again_with_what_was_written(plan: Plan, wrong: dict[str, str]) -> None:
    answer = Client().post("/lien-he/bao-chi/", SAID | wrong)
    assert (answer.status_code, Enquiry.objects.count()) == (422, 0)


def test_sent_twice_in_a_moment_it_is_one_letter_and_one_mail(plan: Plan, editor: User) -> None:
    for _time in range(2):
        assert Client().post("/lien-he/bao-chi/", SAID).status_code == 302
    assert (Enquiry.objects.count(), Message.objects.filter(key__startswith="enquiry:").count()) == (1, 1)


def test_letters_are_limited_by_address_of_mail(plan: Plan, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "contact.subject": "2/h"}
    answers = [Client().post("/lien-he/bao-chi/", SAID | {"text": f"Thư {n}"}).status_code for n in range(3)]
    assert answers == [302, 302, 429]


def test_article_nobody_may_read_is_not_named(section: Section) -> None:
    draft = makers.make_article(published=None)
    for key in (draft.pk, "x", "99999999999999999999", "-1", "\u0661"):
        assert Client().get("/lien-he/dinh-chinh/", {"bai": key}).context["article"] is None


def test_letter_is_read_and_answered_by_editors_of_its_unit(
    letter: Enquiry, editor: User, officer_hmc: User, fsc: Organisation
) -> None:
    other = makers.make_user("bientap.fsc", ("fsc", "editor"))
    page = f"/ban/thu-toa-soan/{letter.pk}/"
    for user, status in ((officer_hmc, 403), (other, 404), (editor, 200)):
        client = Client()
        makers.come_in(client, user)
        assert (user.username, client.get(page).status_code) == (user.username, status)
    assert client.post(page, {"outcome": ""}).status_code == 422
    assert client.post(page, {"outcome": "Đã trả lời."}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.outcome, letter.answered_by) == ("answered", "Đã trả lời.", editor)
    assert client.post(page, {"reopen": "1"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.answered_at) == ("open", None)


def test_list_asks_the_same_for_one_and_three(letter: Enquiry, editor: User, hmc: Organisation) -> None:
    client = Client()
    makers.come_in(client, editor)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get("/ban/thu-toa-soan/").context["page_obj"]) == number + 1
        counts.append(len(asked))
        letters.receive_enquiry(
            reason="press", organisation=hmc, language="vi", at=makers.NOW, said=SAID | {"text": f"Thư {number}"}
        )
    assert len(set(counts)) == 1


# --- what is kept of who wrote --------------------------------------------------------------------
def _holding() -> Any:
    return next(one for one in holdings.holdings() if one.key == "letters")


def test_person_sees_and_erases_the_own_letters_by_the_address_they_came_from(letter: Enquiry, editor: User) -> None:
    own, stranger = (
        Subject(frozenset(), frozenset({"thuha@example.vn"})),
        Subject(frozenset(), frozenset({"x@example.vn"})),
    )
    assert ([d.value for d in _holding().find(own)[0].details if d.name == "text"], _holding().find(stranger)) == (
        [SAID["text"]], [],
    )  # fmt: skip
    assert _holding().erase(own, editor, makers.NOW) == 1
    letter.refresh_from_db()
    assert (letter.name, letter.email, letter.text, letter.emptied_at) == ("—", "", "—", makers.NOW)


def test_answered_letter_is_emptied_in_time(letter: Enquiry, editor: User) -> None:
    letters.answer_enquiry(enquiry=letter, outcome="Đã trả lời.", by=editor, at=makers.NOW)
    assert purge_expired(at=makers.NOW + timedelta(days=364))["contact"] == 0
    later = makers.NOW + timedelta(days=367)
    assert [going.total for going in preview(at=later) if going.form == "contact"] == [1]
    assert purge_expired(at=later)["contact"] == 1
    letter.refresh_from_db()
    assert (letter.name, letter.text, letter.outcome) == ("—", "—", "")
    assert purge_expired(at=later)["contact"] == 0


def test_letter_nobody_answered_is_emptied_in_time_and_waits_no_longer(letter: Enquiry, editor: User) -> None:
    client, page = makers.come_in(Client(), editor), reverse("newsroom:enquiry", args=[letter.pk])
    received = letter.received_at
    assert purge_expired(at=received + timedelta(days=364))["contact"] == 0
    later = received + timedelta(days=367)
    assert [
        [(expiry.rule, expiry.count, expiry.oldest) for expiry in going.expiries]
        for going in preview(at=later) if going.form == "contact"
    ] == [[("12 tháng kể từ ngày nhận, chưa được trả lời", 1, local_day(received))]]  # fmt: skip
    assert purge_expired(at=later)["contact"] == 1
    assert list(client.get(reverse("newsroom:enquiries")).context["page_obj"]) == []
    shown = client.get(page)
    assert ("Chưa được trả lời" in shown.content.decode(), ">—<" in shown.content.decode()) == (True, False)
    for said in ({"outcome": "Đã trả lời."}, {"reopen": "1"}):
        client.post(page, said)
        letter.refresh_from_db()
        assert (letter.name, letter.text, letter.answered_at) == ("—", "—", None)


def test_answered_letter_once_emptied_does_not_wait_again(letter: Enquiry, editor: User) -> None:
    letters.answer_enquiry(enquiry=letter, outcome="Đã trả lời.", by=editor, at=makers.NOW)
    letters.empty([letter], at=makers.NOW)
    client, page = makers.come_in(Client(), editor), reverse("newsroom:enquiry", args=[letter.pk])
    assert 'name="reopen"' not in client.get(page).content.decode()
    client.post(page, {"reopen": "1"})
    letter.refresh_from_db()
    assert letter.answered_at == makers.NOW


# --- the way of who only wrote to the own data -----------------------------------------------------
def _link_sent_to(address: str) -> str:
    """The link in the one mail of the room of privacy to an address."""
    (mail,) = Message.objects.filter(key__startswith="data-link:", to=address)
    found = re.search(r"http://localhost:8000(/\S+)", mail.body)
    assert found
    return found[1]


def record_of(letter: Enquiry) -> Person:
    """The record made for who wrote a letter."""
    assert letter.person_id
    return Person.objects.get(pk=letter.person_id)


def test_a_record_that_came_to_be_needed_elsewhere_stays(letter: Enquiry, officer_hmc: User) -> None:
    Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": SAID["email"]})
    letter.refresh_from_db()
    makers.make_registration(makers.make_intake(makers.make_activity()), person=letter.person)
    letters.empty([letter], at=makers.NOW)
    assert record_of(letter).erased_at is None


def test_who_only_wrote_gets_the_link_to_the_own_data_by_the_address_of_the_letter(letter: Enquiry) -> None:
    sent = Client().get("/lien-he/da-nhan/").content.decode()
    assert '<a href="/rieng-tu/du-lieu-cua-toi/">' in sent
    assert not Person.objects.filter(email__iexact=SAID["email"]).exists()
    # Written with capitals it is the same address; asked twice there is one record.
    for typed in ("ThuHa@example.vn", "thuha@example.vn"):
        answer = Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": typed})
        assert answer["Location"] == "/rieng-tu/du-lieu-cua-toi/da-nhan/"
    (person,) = Person.objects.filter(email__iexact=SAID["email"])
    letter.refresh_from_db()
    assert (person.name, letter.person) == (SAID["name"], person)
    page = Client().get(_link_sent_to(person.email)).content.decode()
    assert SAID["text"] in page


def test_a_stranger_who_asks_makes_no_record_and_gets_no_mail(letter: Enquiry) -> None:
    before = Person.objects.count()
    Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": "la@example.vn"})
    assert Person.objects.count() == before
    assert not Message.objects.filter(key__startswith="data-link:").exists()


def test_erasing_takes_letters_and_the_record_made_for_them(letter: Enquiry, editor: User, officer_hmc: User) -> None:
    later = makers.NOW + timedelta(days=60)
    second = letters.receive_enquiry(reason="press", organisation=letter.organisation, language="vi", at=later,
                                     said=SAID | {"text": "Thư thứ hai."})  # fmt: skip
    other = letters.receive_enquiry(reason="press", organisation=letter.organisation, language="vi", at=makers.NOW,
                                    said=SAID | {"email": "khac@example.vn"})  # fmt: skip
    Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": SAID["email"]})
    address = _link_sent_to(SAID["email"])
    assert Client().post(address, {"kind": "erase", "erase-note": ""}).status_code == 302
    asked = Request.objects.get()
    assert (asked.organisation, asked.how) == (letter.organisation, "email")
    accept(request=asked, by=officer_hmc, at=makers.NOW)
    for row in (letter, second, other):
        row.refresh_from_db()
    assert [row.text for row in (letter, second, other)] == ["—", "—", SAID["text"]]
    person = record_of(letter)
    assert (person.name, person.email, person.erased_at) == ("—", "", makers.NOW)
    assert Client().get(address).status_code == 404


def test_letters_of_a_guest_go_with_what_the_guest_asks_by_the_own_address(letter: Enquiry, officer_hmc: User) -> None:
    guest = find_or_create_person(name="Lê Thu Hà", phone="+84912345678", email=SAID["email"])
    Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": SAID["email"]})
    letter.refresh_from_db()
    assert (letter.person, Person.objects.filter(email=SAID["email"]).count()) == (None, 1)
    access = open_access(person=guest, how=Access.How.EMAIL, at=makers.NOW)
    asked = file_request(person=guest, access=access, kind="erase", language="vi", at=makers.NOW)
    accept(request=asked, by=officer_hmc, at=makers.NOW)
    letter.refresh_from_db()
    assert letter.text == "—"


def test_the_record_goes_with_the_last_letter_in_time(letter: Enquiry, editor: User) -> None:
    Client().post("/rieng-tu/du-lieu-cua-toi/", {"contact": SAID["email"]})
    letter.refresh_from_db()
    later = makers.NOW + timedelta(days=60)
    second = letters.receive_enquiry(reason="press", organisation=letter.organisation, language="vi", at=later,
                                     said=SAID | {"text": "Thư thứ hai."})  # fmt: skip
    Enquiry.objects.filter(pk=second.pk).update(person=letter.person)
    letters.answer_enquiry(enquiry=letter, outcome="Đã trả lời.", by=editor, at=makers.NOW)
    purge_expired(at=makers.NOW + timedelta(days=367))
    person = record_of(letter)
    assert person.erased_at is None  # the other letter still waits
    letters.answer_enquiry(enquiry=second, outcome="Đã trả lời.", by=editor, at=later)
    purge_expired(at=later + timedelta(days=367))
    person.refresh_from_db()
    assert person.erased_at is not None
