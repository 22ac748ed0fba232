"""A second factor is owed by some, asked of whoever has one, and no way leads around it."""

import json
import time
from datetime import datetime, timedelta

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode

from nhipcau.accounts import services
from nhipcau.accounts.rules import owes_second_factor
from nhipcau.accounts.tasks import reseal_factors
from nhipcau.agreements.access import Verb, standing
from nhipcau.agreements.models import Agreement
from nhipcau.core.models import JournalEntry
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Membership, Organisation, Supervision, User
from tests import makers

SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "mot-mat-khau-dai"
OWING = {"director_hmc", "overseer_dic", "overseer_dofa", "administrator"}


@pytest.fixture(autouse=True)
def no_memory() -> None:
    """Attempts counted and codes used in one test are forgotten in the next."""
    cache.clear()


def code(secret: str = SECRET, *, ago: int = 0) -> str:
    """What an app shows for a secret, now or some half minutes ago."""
    shown: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))
    return shown


def give_app(user: User) -> None:
    """An authenticator app, set up before."""
    TOTP.activate(user, SECRET)


def password(client: Client, user: User, said: str = PASSWORD) -> int:
    """Sign in with name and password; the status."""
    return client.post(reverse("account_login"), {"login": user.username, "password": said}).status_code


@pytest.mark.parametrize(
    "who",
    ["officer_hmc", "director_hmc", "records_hmc", "reception_hmc", "overseer_dic", "overseer_dofa", "outsider",
     "administrator"],
)  # fmt: skip
def test_factor_is_owed_by_role(who: str, now: datetime, request: pytest.FixtureRequest) -> None:
    assert owes_second_factor(request.getfixturevalue(who), day=now.date()) is (who in OWING)


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_in_a_department_above_oversees_and_owes(role: str, agreement: Agreement, now: datetime) -> None:
    above = makers.make_user("o_so", ("dofa", role))
    assert standing(above, agreement, day=now.date()).can(Verb.OVERSEE)
    assert owes_second_factor(above, day=now.date())
    Supervision.objects.update(last_day=now.date() - timedelta(days=1))
    assert not standing(above, agreement, day=now.date()).can(Verb.OVERSEE)
    assert owes_second_factor(above, day=now.date()) is (role in {"director", "editor", "chief_editor"})


def test_editor_owes_and_a_role_that_ended_does_not(agreement: Agreement, now: datetime) -> None:
    editor = makers.make_user("editor_hmc", ("hmc", "editor"))
    assert owes_second_factor(editor, day=now.date())
    editor.memberships.update(last_day=now.date() - timedelta(days=1))
    assert not owes_second_factor(editor, day=now.date())


def test_stand_in_of_a_director_owes(director_hmc: User, officer_hmc: User, hmc: Organisation, now: datetime) -> None:
    day = now.date() + timedelta(days=1)
    services.name_stand_in(delegate=officer_hmc, organisation=hmc, first_day=day, last_day=day, by=director_hmc, at=now)
    assert [owes_second_factor(officer_hmc, day=day + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, False]


@pytest.mark.django_db
def test_demo_account_owes_nothing_while_all_is_sample(now: datetime) -> None:
    makers.make_agreement(is_sample=True)
    director = makers.make_user("giamdoc", ("hmc", "director"), is_demo=True)
    assert not owes_second_factor(director, day=now.date())
    Agreement.objects.create(title="Thật", signed_on=makers.SIGNED)
    assert owes_second_factor(director, day=now.date())


def test_wrong_password_answers_422_and_keeps_the_name(officer_hmc: User, client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "officer_hmc", "password": "sai-mat-khau"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ('value="officer_hmc"' in page, "sai-mat-khau" in page) == (True, False)


def test_stranger_and_wrong_password_get_the_same_answer(officer_hmc: User) -> None:
    said = []
    for name in ("officer_hmc", "khong_co_ai"):
        answer = Client().post(reverse("account_login"), {"login": name, "password": "sai-mat-khau"})
        said.append(answer.content.decode().replace(name, "").split("<form", 1)[0])
    assert said[0] == said[1]


def test_who_owes_none_is_in_with_a_password(officer_hmc: User, client: Client) -> None:
    assert password(client, officer_hmc) == 302
    assert client.get(reverse("accounts:own")).status_code == 200


@pytest.mark.parametrize("path", ["/ban/", "/en/ban/", "/ban/cua-toi/", "/bien-tap/", "/ban/bao-cao/"])
def test_who_owes_one_is_led_to_set_it_up(director_hmc: User, client: Client, path: str) -> None:
    assert password(client, director_hmc) == 302
    setting_up = reverse("mfa_index")
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].removeprefix("/en")) == (302, setting_up)
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells of a new factor once it is committed
def test_set_up_app_opens_the_desk_and_ends_other_sessions(director_hmc: User, client: Client) -> None:
    other = Client()
    assert (password(other, director_hmc), password(client, director_hmc)) == (302, 302)
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    client.post(page.redirect_chain[-1][0], {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    secret = client.session["mfa.totp.secret"]
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "abcdef"})
    assert wrong.status_code == 422
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert (done.status_code, done["Location"]) == (302, reverse("mfa_view_recovery_codes"))
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get(reverse("accounts:own")).status_code == 200
    assert other.get(reverse("accounts:own")).status_code == 302
    assert Message.objects.get().subject == "Đã thiết lập lớp xác thực thứ hai"
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert (secret in kept, get_adapter().decrypt(kept)) == (False, secret)


def test_sealed_secret_opens_after_the_key_rotated(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = get_adapter().encrypt(SECRET)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "another-key-" + "1" * 32)
    assert get_adapter().decrypt(sealed) == SECRET


def test_factors_are_sealed_anew_before_an_old_key_goes(officer_hmc: User, monkeypatch: pytest.MonkeyPatch) -> None:
    give_app(officer_hmc)
    RecoveryCodes.activate(officer_hmc)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert reseal_factors.func() == 0
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "another-key-" + "1" * 32)
    assert [reseal_factors.func(), reseal_factors.func()] == [2, 0]
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


def test_password_alone_opens_nothing_where_there_is_a_factor(officer_hmc: User, client: Client) -> None:
    give_app(officer_hmc)
    assert password(client, officer_hmc) == 302
    assert client.get(reverse("accounts:own")).status_code == 302
    assert client.get("/bien-tap/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000" if code() != "000000" else "111111"})
    assert wrong.status_code == 422
    assert client.get(reverse("accounts:own")).status_code == 302
    right = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert (right.status_code, right["Location"]) == (302, reverse("desk:today"))
    assert client.get(reverse("accounts:own")).status_code == 200


def test_code_works_once(officer_hmc: User) -> None:
    give_app(officer_hmc)
    shown = code()  # drawn once: half a minute may end between the two, and the app shows another one
    statuses = []
    for _each in range(2):
        client = Client()
        password(client, officer_hmc)
        statuses.append(client.post(reverse("mfa_authenticate"), {"code": shown}).status_code)
    assert statuses == [302, 422]


def test_code_works_once_for_as_long_as_it_is_good(officer_hmc: User) -> None:
    """Half a minute later it is still good for a clock that goes wrong, and whoever looked on has read it."""
    give_app(officer_hmc)
    shown = code()
    answers = []
    for _each in range(2):
        client = Client()
        password(client, officer_hmc)
        answers.append(client.post(reverse("mfa_authenticate"), {"code": shown}).status_code)
        cache.delete(f"allauth.mfa.totp.used?user={officer_hmc.pk}&code={shown}")  # allauth forgets it
    assert answers == [302, 422]


def test_recovery_code_opens_once(officer_hmc: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    give_app(officer_hmc)
    spare = RecoveryCodes.activate(officer_hmc).get_unused_codes()[0]
    statuses = []
    for _each in range(2):
        client = Client()
        password(client, officer_hmc)
        statuses.append(client.post(reverse("mfa_authenticate"), {"code": spare}).status_code)
    assert statuses == [302, 422]


def test_last_factor_stays_with_who_owes_one(director_hmc: User, officer_hmc: User) -> None:
    for user, left in ((director_hmc, 1), (officer_hmc, 0)):
        give_app(user)
        client = Client()
        password(client, user)
        client.post(reverse("mfa_authenticate"), {"code": code()})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=user, type="totp").count() == left


def test_reset_link_does_not_lead_around_the_factor(
    administrator: User, officer_hmc: User, client: Client, now: datetime
) -> None:
    from nhipcau.accounts import links

    give_app(officer_hmc)
    link = services.renew_link(account=officer_hmc, by=administrator, at=now)
    path = reverse("accounts:link", args=[links.token(link)])
    answer = client.post(path, {"password": "mot-mat-khau-moi-dai"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_authenticate"))
    assert client.get(reverse("accounts:own")).status_code == 302


def test_session_from_before_the_factor_has_to_come_in_with_it(director_hmc: User, client: Client) -> None:
    client.force_login(director_hmc)
    give_app(director_hmc)
    assert client.get(reverse("accounts:own"))["Location"] == reverse("account_login")


# --- what is told -----------------------------------------------------------------------------
def test_comings_and_goings_are_told(officer_hmc: User, client: Client) -> None:
    give_app(officer_hmc)
    password(client, officer_hmc, "sai-mat-khau")
    password(client, officer_hmc)
    client.post(reverse("mfa_authenticate"), {"code": "000000" if code() != "000000" else "111111"})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post(reverse("account_logout"))
    told = JournalEntry.objects.filter(object_id=str(officer_hmc.pk), kind="parties.user").order_by("id")
    assert [(entry.verb, entry.by_id, entry.before, entry.after, entry.reason) for entry in told] == [
        ("accounts.fail_password", None, {}, {}, ""),
        ("accounts.fail_factor", None, {}, {}, ""),
        ("accounts.sign_in", officer_hmc.pk, {}, {}, ""),
        ("accounts.sign_out", officer_hmc.pk, {}, {}, ""),
    ]


def _failures(user: User | None) -> list[tuple[str, int | None]]:
    told = JournalEntry.objects.filter(kind="parties.user", object_id=str(user.pk if user else 0))
    return list(told.filter(verb__startswith="accounts.fail_").order_by("id").values_list("verb", "by_id"))


def _passkey(handle: str) -> str:
    """What a browser may send, of a key nobody set up."""
    part = websafe_encode(b"{}")
    said = {"clientDataJSON": part, "authenticatorData": websafe_encode(b"\0" * 37), "signature": part}
    return json.dumps({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
        "response": said | {"userHandle": websafe_encode(handle.encode())},
    })  # fmt: skip


def test_wrong_secrets_shown_again_are_told(officer_hmc: User, client: Client) -> None:
    give_app(officer_hmc)
    password(client, officer_hmc)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    wrong = {"code": "000000" if code() != "000000" else "111111"}
    new = {"password1": "mot-mat-khau-moi-dai", "password2": "mot-mat-khau-moi-dai"}
    assert _failures(officer_hmc) == []
    for name, said, verb in (
        ("mfa_reauthenticate", wrong, "fail_factor"),
        ("account_reauthenticate", {"password": "sai-mat-khau"}, "fail_password"),
        ("account_change_password", {"oldpassword": "sai-mat-khau", **new}, "fail_password"),
    ):
        before = len(_failures(officer_hmc))
        assert client.post(reverse(name), said).status_code == 422, name
        assert _failures(officer_hmc)[before:] == [(f"accounts.{verb}", None)], name
    before = len(_failures(officer_hmc))
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new, "password2": "khac"})
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    assert len(_failures(officer_hmc)) == before


def test_wrong_passkey_is_told_of_whom_it_names(officer_hmc: User, client: Client) -> None:
    for said in (_passkey(user_pk_to_url_str(officer_hmc)), _passkey("zz"), "{", '"x"'):
        assert client.post(reverse("mfa_login_webauthn"), {"credential": said}).status_code == 302
    assert _failures(officer_hmc) == [("accounts.fail_factor", None)]
    assert _failures(None) == [("accounts.fail_factor", None)] * 3


def test_wrong_passkey_shown_again_is_told(officer_hmc: User, client: Client) -> None:
    Authenticator.objects.create(user=officer_hmc, type="webauthn", data={"name": "Khóa", "credential": {}})
    client.force_login(officer_hmc)
    assert client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": "{}"}).status_code == 302
    assert _failures(officer_hmc) == [("accounts.fail_factor", None)]


def test_attempts_are_limited(officer_hmc: User, client: Client) -> None:
    statuses = [password(client, officer_hmc, "sai-mat-khau") for _each in range(12)]
    assert statuses[0] == 422
    last = client.post(reverse("account_login"), {"login": "officer_hmc", "password": PASSWORD})
    assert last.status_code in {422, 429}
    assert client.get(reverse("accounts:own")).status_code == 302


def test_forgotten_password_comes_by_mail(officer_hmc: User, client: Client) -> None:
    for address in (officer_hmc.email, "khong.co.ai@example.vn"):
        assert client.post(reverse("account_reset_password"), {"email": address}).status_code == 302
    mail = Message.objects.get()
    assert (mail.to, mail.subject) == (officer_hmc.email, "Mật khẩu mới trên Nhịp Cầu")
    path = "/" + next(word for word in mail.body.split() if "/password/reset/key/" in word).split("/", 3)[3]
    form = client.get(path, follow=True)
    assert form.status_code == 200
    new = {"password1": "mot-mat-khau-moi-dai", "password2": "mot-mat-khau-moi-dai"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    officer_hmc.refresh_from_db()
    assert officer_hmc.check_password("mot-mat-khau-moi-dai")
    told = Message.objects.exclude(pk=mail.pk).get()
    assert (told.to, told.subject) == (officer_hmc.email, "Mật khẩu của Anh/Chị đã được đổi")
    assert "mot-mat-khau-moi-dai" not in told.body


def test_own_factor_that_came_or_went_is_told_by_mail(officer_hmc: User, client: Client) -> None:
    give_app(officer_hmc)
    password(client, officer_hmc)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert not Message.objects.exists()
    client.post(reverse("mfa_deactivate_totp"))
    assert [(mail.to, mail.subject) for mail in Message.objects.all()] == [
        (officer_hmc.email, "Đã gỡ lớp xác thực thứ hai")
    ]
