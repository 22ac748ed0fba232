"""Whose account a link is made for, whose password it sets, whose address is changed by others: the owner hears of it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.accounts import links, services
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
OLD, NEW = "chu.tai.khoan@example.vn", "hop.thu.khac@example.vn"


def mails() -> list[tuple[str, str]]:
    """(to, subject), as they were written."""
    return list(Message.objects.order_by("pk").values_list("to", "subject"))


def test_owner_hears_of_the_link_and_of_the_password(director_hmc: User, officer_hmc: User, now: datetime) -> None:
    User.objects.filter(pk=officer_hmc.pk).update(email=OLD)
    link = services.renew_link(account=officer_hmc, by=director_hmc, at=now)
    Client().post(reverse("accounts:link", args=[links.token(link)]), {"password": "mot-mat-khau-khac-dai"})
    assert mails() == [(OLD, "Mật khẩu mới trên Nhịp Cầu"), (OLD, "Mật khẩu của Anh/Chị đã được đổi")]
    told = Message.objects.order_by("pk").last()
    assert told is not None
    assert str(director_hmc) in told.body
    assert "mot-mat-khau-khac-dai" not in told.body


def test_address_changed_by_somebody_else_is_told_at_the_one_before(
    director_hmc: User, officer_hmc: User, now: datetime
) -> None:
    User.objects.filter(pk=officer_hmc.pk).update(email=OLD)
    services.revise_account(account=officer_hmc, name="Tên Mới", email=OLD, phone="", by=director_hmc, at=now)
    assert mails() == []
    services.revise_account(account=officer_hmc, name="Tên Mới", email=NEW, phone="", by=director_hmc, at=now)
    services.renew_link(account=officer_hmc, by=director_hmc, at=now)
    assert mails() == [(OLD, "Địa chỉ email của tài khoản đã được thay đổi"), (NEW, "Mật khẩu mới trên Nhịp Cầu")]
    first = Message.objects.order_by("pk")[0].body
    assert str(director_hmc) in first
    assert NEW not in first


def test_without_an_address_it_stands_beside_the_account(
    director_hmc: User, officer_hmc: User, now: datetime, sign_in: SignIn
) -> None:
    User.objects.filter(pk=officer_hmc.pk).update(email="")
    officer_hmc.refresh_from_db()
    link = services.renew_link(account=officer_hmc, by=director_hmc, at=now)
    services.set_password(link=link, password="mot-mat-khau-khac-dai", by=officer_hmc, at=now)
    assert mails() == []
    officer_hmc.refresh_from_db()
    page = sign_in(officer_hmc).get(reverse("accounts:own"))
    told = [(str(line.said), line.who) for line in page.context["told"]]
    assert ("tạo đường dẫn mới", str(director_hmc)) in told
    assert any("mật khẩu" in said for said, _who in told)
    assert all(said in page.content.decode() for said, _who in told)
