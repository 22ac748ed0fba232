"""The back office: everything an empty installation needs can be entered there, and what was signed stays as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nhipcau.agreements.models import Agreement, Area, Clause, Party
from nhipcau.parties.models import Membership, Organisation, Person, Supervision, User
from tests import makers

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
REGISTERS = (
    "parties.Organisation", "parties.Person", "parties.Supervision", "parties.Membership", "agreements.Agreement",
    "agreements.Party", "agreements.Signatory", "agreements.AttendingOfficial", "agreements.Clause",
    "agreements.Amendment", "agreements.Area", "agreements.Topic", "agreements.Audience", "agreements.Pillar",
)  # fmt: skip


@pytest.fixture
def keeper() -> User:
    """The first administrator of an empty installation."""
    return makers.make_user("keeper", is_superuser=True, is_staff=True)


def page(model: Any, name: str, *args: Any) -> str:
    address: str = reverse(model.snippet_viewset.get_url_name(name), args=args)
    return address


@pytest.mark.parametrize("label", REGISTERS)
def test_register_opens_lists_and_keeps_what_was_typed(sign_in: SignIn, keeper: User, label: str) -> None:
    model, client = apps.get_model(label), sign_in(keeper)
    assert client.get(page(model, "list")).status_code == 200
    assert client.get(page(model, "add")).status_code == 200
    assert client.post(page(model, "add"), {"name": "x" * 3000, "order": "một"}).status_code == 200
    assert not model.objects.exists()


@pytest.mark.parametrize("label", REGISTERS)
def test_register_is_closed_to_officers(sign_in: SignIn, officer_hmc: User, label: str) -> None:
    response = sign_in(officer_hmc).get(page(apps.get_model(label), "list"))
    assert response.status_code in {302, 403}


def test_back_office_sets_up_an_empty_installation(sign_in: SignIn, keeper: User) -> None:
    client = sign_in(keeper)

    def add(model: Any, **typed: Any) -> Any:
        response = client.post(page(model, "add"), typed)
        assert response.status_code == 302, response.context["form"].errors
        return model.objects.latest("pk")

    unit = add(Organisation, name="Trung tâm A", name_en="Centre A", abbreviation="A", kind="service_unit")
    other = add(Organisation, name="Trung tâm B", abbreviation="B", kind="service_unit")
    above = add(Organisation, name="Sở C", abbreviation="C", kind="department")
    add(Supervision, unit=unit.pk, department=above.pk, first_day="2021-11-11", last_day="", unverified="on")
    signer = add(Person, name="Lê Minh An", sex="", phone="0912 345 678", email="", nationality="VN")
    area = add(Area, slug="press", name="Báo chí", name_en="", order="1")
    agreement = add(Agreement, title="Bản ghi nhớ", title_en="Memorandum", signed_on="2021-11-11")
    for order, organisation in enumerate((unit, other), start=1):
        add(Party, agreement=agreement.pk, organisation=organisation.pk, order=order)
    add(
        Clause, agreement=agreement.pk, area=area.pk, order="1", name="Họp báo", wording="Cùng họp báo.",
    )  # fmt: skip
    add(Membership, user=keeper.pk, organisation=unit.pk, role="officer", first_day="2021-11-11", last_day="")
    assert (signer.phone, signer.name_sort != "") == ("+84912345678", True)
    assert (agreement.stale_english(), unit.stale_english()) == ([], [])
    shown = client.get("/ban/ban-ghi-nho/")
    assert shown.context["agreement"] == agreement
    assert client.get("/ban/ke-hoach/moi/").status_code == 200


def test_register_flags_english_left_alone(sign_in: SignIn, keeper: User) -> None:
    client = sign_in(keeper)
    client.post(page(Area, "add"), {"slug": "press", "name": "Báo chí", "name_en": "Press", "order": "1"})
    area = Area.objects.get()
    client.post(page(Area, "edit", area.pk), {"slug": "press", "name": "Họp báo", "name_en": "Press", "order": "1"})
    assert Area.objects.get().stale_english() == ["name"]


def test_register_refuses_reversed_days_and_bad_numbers(sign_in: SignIn, keeper: User) -> None:
    client = sign_in(keeper)
    unit, above = makers.make_organisation("hmc"), makers.make_organisation("dic")
    typed = {"unit": unit.pk, "department": above.pk, "first_day": "2021-11-11", "last_day": "2020-01-01"}
    assert client.post(page(Supervision, "add"), typed).status_code == 200
    person = {"name": "An", "sex": "", "phone": "12", "email": "", "nationality": "VN"}
    assert client.post(page(Person, "add"), person).status_code == 200
    agreement = {"title": "x", "signed_on": "2021-11-11", "valid_until": "2021-11-10"}
    assert client.post(page(Agreement, "add"), agreement).status_code == 200
    assert [model.objects.count() for model in (Supervision, Person, Agreement)] == [0, 0, 0]


def test_register_believes_the_bytes_of_a_signed_file(sign_in: SignIn, keeper: User) -> None:
    client, typed = sign_in(keeper), {"title": "x", "signed_on": "2021-11-11"}
    wrong = SimpleUploadedFile("a.pdf", b"<script>alert(1)</script>", content_type="application/pdf")
    assert client.post(page(Agreement, "add"), typed | {"signed_file": wrong}).status_code == 200
    right = SimpleUploadedFile("Bản ký.pdf", b"%PDF-1.7\n%%EOF", content_type="text/html")
    assert client.post(page(Agreement, "add"), typed | {"signed_file": right}).status_code == 302
    agreement = Agreement.objects.get()
    with agreement.signed_file.open() as kept:
        assert kept.read() == b"%PDF-1.7\n%%EOF"
    assert client.post(page(Agreement, "edit", agreement.pk), typed | {"title": "y"}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.title, bool(agreement.signed_file)) == ("y", True)


def test_register_neither_edits_nor_deletes_a_clause(sign_in: SignIn, administrator: User) -> None:
    client, clause = sign_in(administrator), Clause.objects.all()[0]
    assert client.get(page(Clause, "inspect", clause.pk)).status_code == 200
    for name in ("edit", "delete"):
        assert client.get(page(Clause, name, clause.pk)).status_code == 302
        client.post(page(Clause, name, clause.pk), {"wording": "Khác"})
    assert Clause.objects.get(pk=clause.pk).wording == clause.wording


def bulk_delete(label: str, *keys: int) -> str:
    ids = "&".join(f"id={key}" for key in keys)
    return f"{reverse('wagtail_bulk_action', args=[*label.split('.'), 'delete'])}?{ids}"


def test_register_does_not_delete_what_others_stand_on(
    sign_in: SignIn, administrator: User, agreement: Agreement
) -> None:
    client, organisations = sign_in(administrator), page(Organisation, "list")
    assert client.post(page(Agreement, "delete", agreement.pk))["Location"] == page(Agreement, "list")
    hmc = Organisation.objects.get(abbreviation="HMC")
    assert client.post(bulk_delete("parties.organisation", hmc.pk))["Location"] == organisations
    assert Agreement.objects.exists()
    assert Organisation.objects.filter(pk=hmc.pk).exists()


def test_register_deletes_what_nothing_stands_on(sign_in: SignIn, keeper: User) -> None:
    client = sign_in(keeper)
    one, two = makers.make_organisation("Sở A"), makers.make_organisation("Sở B")
    client.post(page(Organisation, "delete", one.pk))
    client.post(bulk_delete("parties.organisation", two.pk))
    assert not Organisation.objects.exists()


def test_register_does_not_delete_clauses_in_bulk(sign_in: SignIn, administrator: User, agreement: Agreement) -> None:
    keys = [clause.pk for clause in agreement.clauses.all()]
    response = sign_in(administrator).post(bulk_delete("agreements.clause", *keys))
    assert response["Location"] == page(Clause, "list")
    assert agreement.clauses.count() == 4
