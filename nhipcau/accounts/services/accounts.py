"""Roles given and ended, accounts closed and opened, sessions ended, factors taken back; one administrator always stays."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import F
from django.utils.translation import gettext as _

from nhipcau.accounts import letters
from nhipcau.accounts.errors import DaysReversed, LastAdministrator, NameTaken, NotYours, WrongState
from nhipcau.accounts.rules import keeper
from nhipcau.core import journal
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Delegation, Membership, Organisation, User


def check_days(first_day: date, last_day: date | None, *, today: date) -> None:
    """Raises DaysReversed."""
    if last_day is not None and last_day < max(first_day, today):
        raise DaysReversed(_("The last day comes before the first, or has passed already."))


def _held(account: User, *, by: User, at: datetime) -> User:
    """The account as it stands now, held until the transaction ends.

    Raises NotYours.
    """
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not keeper(by, day=local_day(at)).may_close(account):
        raise NotYours(_("This account is not in your hands."))
    return account


def keep_an_administrator(account: User) -> None:
    """Hold every administrator until the transaction ends, so that two cannot take each other away at once.

    Raises LastAdministrator when this account is the only one left.
    """
    administrators = User.objects.filter(is_superuser=True, is_active=True).select_for_update(no_key=True)
    if set(administrators.order_by("pk").values_list("pk", flat=True)) <= {account.pk}:
        raise LastAdministrator(
            _("This is the last administrator; without one nobody can look after the system. Name another one first.")
        )


def _end_sessions(account: User) -> None:
    """No session of the account is worth anything from the next request on, and none comes back."""
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])
    UserSession.objects.filter(user_id=account.pk).delete()


@journal.verb(result=True)
def give_role(
    *, account: User, organisation: Organisation, role: str, first_day: date, by: User, at: datetime,
    last_day: date | None = None,
) -> Membership:  # fmt: skip
    """Let an account hold a role from one day to another.

    Raises NotYours, DaysReversed, and WrongState when it holds the role on one of these days already, or would direct
    while it stands in for somebody of another organisation: nobody decides for both.
    """
    if not keeper(by, day=local_day(at)).may_give(organisation.pk):
        raise NotYours(_("You can give roles in your own organisation only."))
    check_days(first_day, last_day, today=local_day(at))
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    same = Membership.objects.of(account).filter(organisation=organisation, role=role)
    same.filter(last_day__lt=F("first_day")).delete()  # ended before they began: nobody held them
    if same.meeting(first_day, last_day).exists():
        raise WrongState(_("This account holds the role on some of these days already."))
    lent = Delegation.objects.meeting(first_day, last_day or date.max).filter(delegate=account)
    if role == Membership.Role.DIRECTOR and lent.exclude(organisation=organisation).exists():
        raise WrongState(
            _(
                "This account stands in for somebody of another organisation on some of these days; nobody decides for both."
            )
        )
    return Membership.objects.create(
        user=account, organisation=organisation, role=role, first_day=first_day, last_day=last_day
    )


@journal.verb(of="membership", lock=False)
def end_role(*, membership: Membership, last_day: date, by: User, at: datetime) -> Membership:
    """Let a role end on a day, today at the earliest; one that has not begun by then never begins.

    Raises NotYours, DaysReversed for a day that has passed, WrongState when it has ended before, and when a later day
    would meet the same role given once more.
    """
    if not keeper(by, day=local_day(at)).may_give(membership.organisation_id):
        raise NotYours(_("You can end roles in your own organisation only."))
    User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    membership.refresh_from_db(fields=["first_day", "last_day"])
    if membership.last_day is not None and membership.last_day < max(local_day(at), membership.first_day):
        raise WrongState(_("This role has ended already. Please give it anew."))
    if last_day < local_day(at):
        raise DaysReversed(
            _("This day has passed. What was done in the role stays done; it can end today at the earliest.")
        )
    same = Membership.objects.filter(
        user=membership.user_id, organisation=membership.organisation_id, role=membership.role
    ).exclude(pk=membership.pk)
    if same.meeting(membership.first_day, last_day).exists():
        raise WrongState(_("This account holds the role on some of these days already."))
    membership.last_day = last_day
    membership.save(update_fields=["last_day"])
    return membership


@journal.verb(of="account", lock=False)
def close_account(*, account: User, reason: str, by: User, at: datetime) -> User:
    """Let nobody in by this account: sessions end, open links die, roles end today, nobody stands in. What it did stays.

    Raises NotYours, LastAdministrator, and WrongState for one's own account or one that is closed.
    """
    today = local_day(at)
    if account.is_superuser:
        keep_an_administrator(account)
    account = _held(account, by=by, at=at)
    if account.pk == by.pk:
        raise WrongState(_("Nobody closes the own account. Please ask another administrator."))
    if not account.is_active and account.has_usable_password():
        raise WrongState(_("This account is closed already."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    _end_sessions(account)
    account.links.unspent().update(revoked_at=at)
    Membership.objects.of(account).filter(first_day__gt=today).delete()
    Membership.objects.of(account).holding(day=today).update(last_day=today)
    Delegation.objects.standing().filter(principal=account, last_day__gte=today).update(withdrawn_at=at)
    Delegation.objects.standing().filter(delegate=account, last_day__gte=today).update(withdrawn_at=at)
    return account


@journal.verb(of="account", lock=False)
def open_account(*, account: User, by: User, at: datetime) -> User:
    """Let the account in again; roles are given anew.

    Raises NotYours, and WrongState when it is open or was never entered.
    """
    account = _held(account, by=by, at=at)
    if account.is_active:
        raise WrongState(_("This account is open already."))
    if not account.has_usable_password():
        raise WrongState(_("Nobody has entered this account yet. Please send the invitation again instead."))
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


@journal.verb(of="account", lock=False)
def end_sessions(*, account: User, by: User, at: datetime) -> User:
    """Sign the account out everywhere.

    Raises NotYours.
    """
    account = _held(account, by=by, at=at)
    _end_sessions(account)
    return account


@journal.verb(of="account", lock=False, unless_same=True)
def revise_account(*, account: User, name: str, email: str, phone: str, by: User, at: datetime) -> User:
    """Change the name shown, the address and the number; the address on record until now is told when it goes.

    A link that was sent there leads nowhere any more: whoever reads it need not be the person.

    Raises NotYours unless it is the own account, and NameTaken.
    """
    if account.pk != by.pk:
        account = _held(account, by=by, at=at)
    if email and User.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise NameTaken(_("Another account has this e-mail address."))
    if account.email.lower() != email.lower():
        letters.tell_address_changed(account, before=account.email, by=by, at=at)
        if account.email:
            account.links.unspent().update(revoked_at=at)
    account.display_name, account.email, account.phone = name, email, phone
    account.save(update_fields=["display_name", "email", "phone"])
    return account


@journal.verb(of="account", lock=False)
def reset_second_factor(*, account: User, reason: str, by: User, at: datetime) -> User:
    """Take every second factor of an account away, for somebody who lost them; its sessions end, the person is told.

    Raises NotYours for anybody but an administrator, and WrongState for one's own account or one without a factor.
    """
    if not by.is_superuser:
        raise NotYours(_("Only an administrator can take back a second factor."))
    if account.pk == by.pk:
        raise WrongState(_("Nobody takes back the own second factor here. Please ask another administrator."))
    account = _held(account, by=by, at=at)
    if not Authenticator.objects.filter(user_id=account.pk).delete()[0]:
        raise WrongState(_("This account has no second factor."))
    _end_sessions(account)
    letters.tell_factor_reset(account, by=by, at=at)
    return account


@journal.verb(of="account", lock=False)
def make_administrator(*, account: User, by: User, at: datetime) -> User:
    """Let an account look after the system.

    Raises NotYours.
    """
    if not by.is_superuser:
        raise NotYours(_("Only an administrator can name another one."))
    account = _held(account, by=by, at=at)
    account.is_superuser = account.is_staff = True
    account.save(update_fields=["is_superuser", "is_staff"])
    return account


@journal.verb(of="account", lock=False)
def unmake_administrator(*, account: User, by: User, at: datetime) -> User:
    """Let an account look after the system no longer.

    Raises NotYours and LastAdministrator.
    """
    if not by.is_superuser:
        raise NotYours(_("Only an administrator can do this."))
    if account.is_active:
        keep_an_administrator(account)
    account = _held(account, by=by, at=at)
    account.is_superuser = account.is_staff = False
    account.save(update_fields=["is_superuser", "is_staff"])
    return account
