"""The page of the agreement, asked by the whole cast."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from nhipcau.agreements import services
from nhipcau.agreements.models import Agreement, AttendingOfficial, Signatory
from nhipcau.agreements.templatetags.agreements import links_of
from nhipcau.core import entries
from nhipcau.parties.models import Supervision, User
from tests import makers

SignIn = Callable[[User], Client]
PAGE = "/ban/ban-ghi-nho/"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer_hmc", 200),
        ("officer_fsc", 200),
        ("director_hmc", 200),
        ("records_hmc", 200),
        ("reception_hmc", 200),
        ("overseer_dofa", 200),
        ("overseer_dic", 200),
        ("administrator", 200),
        ("outsider", 404),
    ],
)
def test_agreement_is_read_by_those_inside_only(
    request: pytest.FixtureRequest, sign_in: SignIn, who: str, status: int
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(PAGE).status_code == status


def test_agreement_asks_strangers_to_sign_in(client: Client, agreement: Agreement) -> None:
    response = client.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, f"/tai-khoan/login/?next={PAGE}")


def test_agreement_refuses_other_methods(sign_in: SignIn, officer_hmc: User) -> None:
    assert sign_in(officer_hmc).post(PAGE).status_code == 405


def test_agreement_shows_parties_roles_protocol_and_clauses(
    sign_in: SignIn, officer_hmc: User, agreement: Agreement
) -> None:
    culture = makers.make_organisation("Sở Văn hóa")
    hmc = makers.make_organisation("hmc")
    hmc.supervised_by.update(last_day=date(2025, 2, 28))
    Supervision.objects.create(unit=hmc, department=culture, first_day=date(2025, 3, 1), unverified=True)
    Signatory.objects.filter(party__organisation=hmc).update(for_director=True)
    official = AttendingOfficial(
        agreement=agreement, person=makers.make_person("Bình"), position="Giám đốc Sở", order=0
    )
    official.save()
    response = sign_in(officer_hmc).get(f"/en{PAGE}")
    text = response.content.decode()
    assert [str(o.person) for o in response.context["officials"]] == ["Bình", "Đặng Quốc Ưng"]
    assert [area.slug for area, _clauses in response.context["areas"]] == ["promotion", "training", "talks", "press"]
    assert text.count("not yet checked against the gazette") == 1
    assert text.count("KT. GIÁM ĐỐC") == 1
    assert "11 Nov 2021 – 28 Feb 2025" in text
    assert "since 1 Mar 2025" in text


def test_agreement_shows_an_amended_clause_with_its_earlier_wording(
    sign_in: SignIn, officer_hmc: User, agreement: Agreement
) -> None:
    old = agreement.clauses.in_force()[0]
    amendment = services.record_amendment(
        agreement=agreement, signed_on=date(2026, 1, 5), summary="Phụ lục 1", by=None, at=makers.NOW
    )
    services.amend_clause(
        clause=old, amendment=amendment, name="Tên mới", wording="Nội dung mới.", by=None, at=makers.NOW
    )
    response = sign_in(officer_hmc).get(PAGE)
    assert [clause.version for _area, clauses in response.context["areas"] for clause in clauses] == [2, 1, 1, 1]
    text = response.content.decode()
    assert old.wording in text
    assert "Nội dung mới." in text
    assert "Phụ lục 1" in text


def test_agreement_flags_english_that_is_out_of_date(sign_in: SignIn, officer_hmc: User, agreement: Agreement) -> None:
    agreement.mark_english()
    agreement.purpose = "Mục đích đã sửa."
    agreement.save()
    response = sign_in(officer_hmc).get(f"/en{PAGE}")
    stale = response.content.decode().count("English out of date")
    agreement.mark_english()
    agreement.save()
    assert sign_in(officer_hmc).get(f"/en{PAGE}").content.decode().count("English out of date") == stale - 1


def test_agreement_speaks_both_languages(sign_in: SignIn, officer_hmc: User, agreement: Agreement) -> None:
    client = sign_in(officer_hmc)
    assert '<html lang="vi"' in client.get(PAGE).content.decode()
    english = client.get(f"/en{PAGE}").content.decode()
    assert "What was promised" in english
    assert "Promotion of the City" in english


def test_agreement_shows_script_as_text(sign_in: SignIn, officer_hmc: User, agreement: Agreement) -> None:
    agreement.title = "<script>alert(1)</script>"
    agreement.save()
    text = sign_in(officer_hmc).get(PAGE).content.decode()
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.fixture
def bare_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sidebar without entries: what each of them counts belongs to the tests of its own room."""
    entries.menu()
    monkeypatch.setattr(entries, "_menu", [])


# Session, account, agreements readable, standing (2), parties, signatories, organisations' supervision, clauses,
# officials, annexes, other agreements; the frame: who is signed in and the roles of the account.
QUERIES = 13


@pytest.mark.parametrize("rows", [1, 3])
def test_agreement_takes_the_same_queries_for_one_row_and_three(
    sign_in: SignIn, officer_hmc: User, agreement: Agreement, django_assert_num_queries: Any, bare_menu: None, rows: int
) -> None:
    agreement.clauses.exclude(pk__in=agreement.clauses.values("pk")[:rows]).delete()
    agreement.officials.all().delete()
    for number in range(rows):
        AttendingOfficial.objects.create(agreement=agreement, person=makers.make_person(f"Ông {number}"), position="x")
        services.record_amendment(
            agreement=agreement, signed_on=date(2026, 1, 5), summary=str(number), by=None, at=makers.NOW
        )
    client = sign_in(officer_hmc)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


def test_agreement_leads_the_keeper_of_an_empty_installation_to_the_back_office(sign_in: SignIn) -> None:
    response = sign_in(makers.make_user("keeper", is_superuser=True, is_staff=True)).get(PAGE)
    assert response.status_code == 200
    assert 'href="/bien-tap/"' in response.content.decode()


def test_signed_file_is_handed_to_those_inside_only(
    sign_in: SignIn, officer_hmc: User, outsider: User, agreement: Agreement
) -> None:
    address = f"{PAGE}{agreement.pk}/ban-ky/"
    assert sign_in(officer_hmc).get(address).status_code == 404
    agreement.signed_file.save("ban-ky.pdf", ContentFile(b"%PDF-1.7\n%%EOF"))
    response = sign_in(officer_hmc).get(address)
    assert response.getvalue() == b"%PDF-1.7\n%%EOF"
    assert response["Content-Disposition"].startswith("attachment")
    assert sign_in(outsider).get(address).status_code == 404
    assert sign_in(officer_hmc).post(address).status_code == 405


def test_annex_file_is_handed_to_those_inside_only(
    sign_in: SignIn, officer_fsc: User, outsider: User, agreement: Agreement
) -> None:
    amendment = services.record_amendment(
        agreement=agreement, signed_on=date(2026, 1, 5), summary="x", by=None, at=makers.NOW
    )
    address = f"/ban/phu-luc/{amendment.pk}/ban-ky/"
    assert sign_in(officer_fsc).get(address).status_code == 404
    amendment.signed_file.save("phu-luc.pdf", ContentFile(b"%PDF-1.7\n%%EOF"))
    assert sign_in(officer_fsc).get(address).getvalue() == b"%PDF-1.7\n%%EOF"
    assert sign_in(outsider).get(address).status_code == 404


def test_agreement_choose_turns_the_desk_to_another_one(
    sign_in: SignIn, officer_hmc: User, outsider: User, agreement: Agreement
) -> None:
    other = makers.make_agreement()
    client = sign_in(officer_hmc)
    assert client.get(PAGE).context["agreement"] == other
    response = client.post(f"{PAGE}{agreement.pk}/chon/")
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert client.get(PAGE).context["agreement"] == agreement
    assert client.get(f"{PAGE}{agreement.pk}/chon/").status_code == 405
    assert sign_in(outsider).post(f"{PAGE}{agreement.pk}/chon/").status_code == 404


def test_clause_links_come_from_upper_rooms_and_obey_the_standing(
    monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, reception_hmc: User, agreement: Agreement
) -> None:
    declared: list[entries.RecordLink] = [
        entries.ClauseLink(label="Open", url_name="agreements:signed_file", order=2),
        entries.ClauseLink(label="Plan it", url_name="agreements:signed_file", order=1, verb="plan"),
        entries.ClauseLink(label="Gone", url_name="nowhere:page", order=3),
        entries.PlanLink(label="Elsewhere", url_name="agreements:signed_file", order=1),
    ]
    monkeypatch.setattr(entries, "_links", declared)
    standing = sign_in(reception_hmc).get(PAGE).context["standing"]
    assert links_of(entries.ClauseLink, 7, standing) == [{"label": "Open", "url": "/ban/ban-ghi-nho/7/ban-ky/"}]
    assert links_of(entries.ClauseLink, 7, None) == []
