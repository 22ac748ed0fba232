"""What the back office does to accounts: names, told; nothing by which somebody comes in, stays or goes."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from nhipcau.agreements.models import Agreement
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import Membership, User
from tests import makers

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SENT = {"display_name": "Tên Mới", "phone": "0912 345 678", "email": "ke.gian@example.vn"}
TICKS: tuple[dict[str, str], ...] = (
    {},
    {"is_active": "on"},
    {"is_superuser": "on"},
    {"is_active": "on", "is_superuser": "on"},
)


def kept(account: User) -> dict[str, object]:
    """What only the services of the room may change."""
    account.refresh_from_db()
    names = ("email", "phone", "is_active", "is_superuser", "is_staff", "password", "session_epoch")
    return {name: getattr(account, name) for name in names} | {"groups": set(account.groups.all())}


# --- the own settings -------------------------------------------------------------------------
def test_own_settings_change_neither_name_nor_address_nor_password(agreement: Agreement, sign_in: SignIn) -> None:
    editor = makers.make_user("bien.tap", ("hmc", Membership.Role.EDITOR))
    client, address = sign_in(editor), reverse("wagtailadmin_account")
    page = client.get(address)
    before = kept(editor) | {"first": editor.first_name, "shown": editor.display_name}
    assert page.status_code == 200
    assert reverse("accounts:own") in page.content.decode()
    forms = [panel.get_form() for panels in page.context["panels_by_tab"].values() for panel in panels]
    assert {"locale", "theme"} <= {form.prefix for form in forms} <= {"notifications", "locale", "theme"}
    own = {bound.html_name: bound.value() for form in forms for bound in form if bound.value() is not None}
    hostile = {
        "name_email-first_name": "Kẻ", "name_email-last_name": "Gian", "name_email-email": "ke.gian@example.vn",
        "password-old_password": "mot-mat-khau-dai", "password-new_password1": "mat-khau-cua-ke-gian",
        "password-new_password2": "mat-khau-cua-ke-gian",
    }  # fmt: skip
    answer = client.post(address, own | hostile | {"theme-theme": "dark"})
    assert answer.status_code == 302
    assert kept(editor) | {"first": editor.first_name, "shown": editor.display_name} == before
    assert UserProfile.objects.get(user=editor).theme == "dark"  # the form as such was taken


def test_own_settings_are_for_who_works_there(officer_hmc: User, sign_in: SignIn, client: Client) -> None:
    for one in (sign_in(officer_hmc), client):
        assert one.get("/bien-tap/account/").status_code == 302


# --- the register -----------------------------------------------------------------------------
@pytest.mark.parametrize("ticks", TICKS, ids=["none", "active", "administrator", "both"])
def test_register_changes_names_only(
    administrator: User, officer_hmc: User, sign_in: SignIn, ticks: dict[str, str]
) -> None:
    group = Group.objects.create(name="Cộng tác viên")
    address = reverse("wagtailusers_users:edit", args=[officer_hmc.pk])
    before, client = kept(officer_hmc), sign_in(administrator)
    page = client.get(address)
    assert set(page.context["form"].fields) == {"username", "display_name"}
    assert reverse("accounts:account", args=[officer_hmc.pk]) in page.content.decode()
    sent = SENT | ticks | {"username": "officer_hmc", "groups": str(group.pk)}
    assert client.post(address, sent).status_code == 302
    assert kept(officer_hmc) == before
    assert officer_hmc.display_name == "Tên Mới"
    entry = JournalEntry.objects.get(verb="accounts.revise_account")
    assert (entry.by_id, entry.object_id) == (administrator.pk, str(officer_hmc.pk))


@pytest.mark.parametrize("ticks", TICKS, ids=["none", "active", "administrator", "both"])
def test_last_administrator_changes_the_own_name_and_stays(
    administrator: User, sign_in: SignIn, ticks: dict[str, str]
) -> None:
    before = kept(administrator)
    address = reverse("wagtailusers_users:edit", args=[administrator.pk])
    answer = sign_in(administrator).post(address, SENT | ticks | {"username": "administrator"})
    assert answer["Location"] == reverse("wagtailusers_users:index")
    assert kept(administrator) == before
    assert administrator.display_name == "Tên Mới"


@pytest.mark.parametrize("view", ["add", "delete"])
def test_register_neither_makes_nor_deletes(administrator: User, officer_hmc: User, sign_in: SignIn, view: str) -> None:
    address = reverse(f"wagtailusers_users:{view}", args=[officer_hmc.pk] if view == "delete" else [])
    client = sign_in(administrator)
    assert client.post(address, SENT | {"username": "moi"}).status_code == 302
    assert set(User.objects.values_list("username", flat=True)) == {"administrator", "officer_hmc"}
    assert reverse("wagtailusers_users:add") not in client.get(reverse("wagtailusers_users:index")).content.decode()


@pytest.mark.parametrize("action", ["set_active_state", "assign_role", "delete"])
def test_register_does_nothing_to_several(administrator: User, officer_hmc: User, sign_in: SignIn, action: str) -> None:
    before = kept(officer_hmc)
    address = reverse("wagtail_bulk_action", args=["parties", "user", action]) + f"?id={officer_hmc.pk}"
    sign_in(administrator).post(address, {"mark_as_active": "", "role": ""})
    assert kept(officer_hmc) == before


# --- groups -----------------------------------------------------------------------------------
def test_groups_are_read_only(administrator: User, sign_in: SignIn) -> None:
    group = Group.objects.create(name="Cộng tác viên")
    client, index = sign_in(administrator), reverse("wagtailusers_groups:index")
    page = client.get(index).content.decode()
    assert "Cộng tác viên" in page
    known = set(Group.objects.values_list("name", flat=True))
    for view, args in (("add", []), ("edit", [group.pk]), ("delete", [group.pk])):
        address = reverse(f"wagtailusers_groups:{view}", args=args)
        assert address not in page
        assert client.post(address, {"name": "Tên khác"}).status_code == 302
    assert set(Group.objects.values_list("name", flat=True)) == known


def test_nobody_is_asked_to_add_a_group(administrator: User, sign_in: SignIn) -> None:
    Group.objects.all().delete()
    page = sign_in(administrator).get(reverse("wagtailusers_groups:index")).content.decode()
    assert "theo vai trò giao tại Bàn làm việc" in page
    assert reverse("wagtailusers_groups:add") not in page
    assert "thêm nhóm" not in page


def test_registers_are_closed_to_the_newsroom(agreement: Agreement, sign_in: SignIn) -> None:
    client = sign_in(makers.make_user("bien.tap", ("hmc", Membership.Role.CHIEF_EDITOR)))
    for register in ("users", "groups"):
        assert client.get(reverse(f"wagtailusers_{register}:index")).status_code == 302
