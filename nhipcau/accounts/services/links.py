"""Invited by a link, let in by it once; a new password the same way for who has no mail."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from nhipcau.accounts import letters
from nhipcau.accounts.errors import LinkSpent, NameTaken, NotYours, WrongState
from nhipcau.accounts.links import LASTS, key_of
from nhipcau.accounts.models import AccountLink
from nhipcau.accounts.rules import keeper
from nhipcau.accounts.services.accounts import check_days
from nhipcau.core import journal, vietnamese
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Membership, Organisation, User

Purpose = AccountLink.Purpose


def _free_username(name: str) -> str:
    """What the invited person is called until it chooses: the words of the name with points, a number where taken."""
    base = ".".join(re.findall(r"[a-z0-9]+", vietnamese.fold(name)))[:50] or "can-bo"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    return next(found for n in range(1, len(taken) + 2) if (found := base if n == 1 else f"{base}.{n}") not in taken)


def check_free(*, username: str, email: str, but: User | None = None) -> None:
    """Raises NameTaken when another account has the sign-in name or the address, however it is written."""
    same = Q(username__iexact=username) if username else Q(pk__isnull=True)
    if email:
        same |= Q(email__iexact=email)
    others = User.objects.filter(same)
    found = (others if but is None else others.exclude(pk=but.pk)).first()
    if found is None:
        return
    if username and found.username.lower() == username.lower():
        raise NameTaken(_("This sign-in name is taken. Please choose another one."))
    raise NameTaken(_("Another account has this e-mail address."))


@journal.verb(result=True)
def invite_person(
    *,
    name: str,
    organisation: Organisation | None,
    role: str,
    first_day: date,
    by: User,
    at: datetime,
    last_day: date | None = None,
    email: str = "",
    phone: str = "",
) -> AccountLink:
    """Make an account nobody can enter yet, with its role, and the link into it; by mail where there is an address.

    Without an organisation it is to administer the system. Raises NotYours, NameTaken and DaysReversed.
    """
    if not keeper(by, day=local_day(at)).may_give(organisation.pk if organisation else None):
        raise NotYours(_("You can invite people into your own organisation only."))
    check_days(first_day, last_day, today=local_day(at))
    check_free(username="", email=email)
    account = User(
        username=_free_username(name),
        display_name=name,
        email=email,
        phone=phone,
        is_active=False,
        is_superuser=organisation is None,
        is_staff=organisation is None,
        date_joined=at,
    )
    account.set_unusable_password()
    account.save()
    if organisation is not None:
        Membership.objects.create(
            user=account, organisation=organisation, role=role, first_day=first_day, last_day=last_day
        )
    return _new_link(account, Purpose.INVITATION, by=by, at=at)


def _new_link(account: User, purpose: str, *, by: User, at: datetime) -> AccountLink:
    account.links.unspent().update(revoked_at=at)
    link = AccountLink.objects.create(account=account, purpose=purpose, made_by=by, made_at=at, expires_at=at + LASTS)
    letters.send_link(link, at=at)
    return link


@journal.verb(result=True)
def renew_link(*, account: User, by: User, at: datetime) -> AccountLink:
    """A new link in place of whatever was open: the invitation once more, or a new password for who is in already.

    Raises NotYours, and WrongState for an account that was closed.
    """
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not keeper(by, day=local_day(at)).may_close(account):
        raise NotYours(_("This account is not in your hands."))
    if account.is_active:
        return _new_link(account, Purpose.PASSWORD, by=by, at=at)
    if account.has_usable_password():
        raise WrongState(_("This account is closed. Please open it again first."))
    return _new_link(account, Purpose.INVITATION, by=by, at=at)


@journal.verb(of="link", lock=False)
def revoke_link(*, link: AccountLink, by: User, at: datetime) -> AccountLink:
    """Let a link lead nowhere from now on.

    Raises NotYours, and LinkSpent when it was used or withdrawn before.
    """
    if not keeper(by, day=local_day(at)).may_close(link.account):
        raise NotYours(_("This account is not in your hands."))
    if not AccountLink.objects.unspent().filter(pk=link.pk).update(revoked_at=at):
        raise LinkSpent(_("This link was used or withdrawn before."))
    link.refresh_from_db()
    return link


@journal.exempt("it only looks")
def open_link(token: str, *, at: datetime) -> AccountLink:
    """The link behind a token, as long as it leads anywhere; one query.

    Raises BadLink for what we did not sign, LinkSpent for what was used, withdrawn, replaced or is too old.
    """
    found = AccountLink.objects.open(at=at).select_related("account", "made_by").filter(pk=key_of(token)).first()
    if found is None:
        raise LinkSpent(
            _("This link was already used, was withdrawn or is older than 7 days. Please ask for a new one.")
        )
    return found


def _use(link: AccountLink, *, at: datetime) -> User:
    if not AccountLink.objects.open(at=at).filter(pk=link.pk).update(used_at=at):
        raise LinkSpent(
            _("This link was already used, was withdrawn or is older than 7 days. Please ask for a new one.")
        )
    return User.objects.select_for_update(no_key=True).get(pk=link.account_id)


@journal.verb(of="link", lock=False)
def accept_invitation(*, link: AccountLink, username: str, password: str, by: User, at: datetime) -> User:
    """The invited person chooses a sign-in name and a password, and is in.

    Raises LinkSpent, and NameTaken, which leaves the link as good as it was.
    """
    account = _use(link, at=at)
    check_free(username=username, email="", but=account)
    account.username = username
    account.set_password(password)
    account.is_active = True
    account.save(update_fields=["username", "password", "is_active"])
    return account


@journal.verb(of="link", lock=False)
def set_password(*, link: AccountLink, password: str, by: User, at: datetime) -> User:
    """A new password by a link; every session of the account ends, its owner is told.

    Raises LinkSpent, also for an account closed meanwhile.
    """
    account = _use(link, at=at)
    if not account.is_active:
        raise LinkSpent(_("This account is closed."))
    account.set_password(password)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])
    letters.tell_password_set(link, at=at)
    return account
