"""Mails about accounts, to the person itself: only where there is an address, in Vietnamese."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from nhipcau.accounts import links
from nhipcau.accounts.models import AccountLink
from nhipcau.core import vietnamese
from nhipcau.core.middleware import local_day
from nhipcau.outbox.services import queue_mail
from nhipcau.parties.models import Delegation, User


def _send(account: User, *, key: str, subject: str, lines: list[str], at: datetime, sealed: bool = False) -> None:
    if not account.email:
        return
    greeting = _("Dear %(name)s,") % {"name": account}
    queue_mail(
        key=key,
        to=account.email,
        subject=subject,
        body="\n\n".join([greeting, *lines, _("Respectfully,\nNhịp Cầu")]),
        at=at,
        sealed=sealed,
    )


def _day(moment: datetime) -> str:
    return vietnamese.weekday_short(local_day(moment), "vi")


def link_text(link: AccountLink) -> list[str]:
    """What is written with a link, in a mail or to paste into Zalo."""
    values = {"who": link.made_by, "day": _day(link.expires_at)}
    if link.purpose == AccountLink.Purpose.PASSWORD:
        said = _("%(who)s made a link by which you can choose a new password. It can be used once, until %(day)s:")
    else:
        said = _("%(who)s invites you to work on Nhịp Cầu. The link can be used once, until %(day)s:")
    return [said % values, links.address(link)]


def send_link(link: AccountLink, *, at: datetime) -> None:
    """The link itself; whoever has no address gets it by hand."""
    with override("vi"):
        invited = link.purpose == AccountLink.Purpose.INVITATION
        _send(
            link.account,
            key=f"account-link:{link.pk}",
            subject=_("Invitation to Nhịp Cầu") if invited else _("A new password for Nhịp Cầu"),
            lines=[*link_text(link), _("If you did not expect this, please do nothing and tell your unit.")],
            at=at,
            sealed=True,
        )


def tell_factor_reset(account: User, *, by: User, at: datetime) -> None:
    """Whoever did not ask for it should know."""
    with override("vi"):
        _send(
            account,
            key=f"factor-reset:{account.pk}:{at.timestamp():.0f}",
            subject=_("Your second factor was taken back"),
            lines=[
                _("%(who)s took back the second factor of your account; you are asked for a new one when you sign in.")
                % {"who": by},
                _("If you did not ask for this, please tell your unit at once."),
            ],
            at=at,
        )


def tell_own_change(account: User, what: str, *, at: datetime) -> None:
    """The owner changed something at the entrance, or somebody who sat at the owner's place: the owner hears of it.

    `what` is "password", "factor added" or "factor removed".
    """
    with override("vi"):
        subject, sentence = {
            "password": (_("Your password was changed"), _("The password of your account “%(name)s” was changed.")),
            "factor added": (
                _("A second factor was set up"),
                _("A second factor was set up for your account “%(name)s”."),
            ),
            "factor removed": (
                _("A second factor was removed"),
                _("A second factor of your account “%(name)s” was removed."),
            ),
        }[what]
        _send(
            account,
            key=f"own-change:{account.pk}:{what}:{at.timestamp():.6f}",
            subject=subject,
            lines=[sentence % {"name": account.username}, _("If it was not you, please tell your unit at once.")],
            at=at,
        )


def tell_address_changed(account: User, *, before: str, by: User, at: datetime) -> None:
    """At the address on record until now: mails about the account go elsewhere from now on, so this is the last one here."""
    if not before:
        return
    with override("vi"):
        queue_mail(
            key=f"address-changed:{account.pk}:{at.timestamp():.6f}",
            to=before,
            subject=_("The e-mail address of your account was changed"),
            body="\n\n".join(
                [
                    _("Dear %(name)s,") % {"name": account},
                    _(
                        "%(who)s changed the e-mail address of your account “%(name)s”; this one gets no more mails about it."
                    )
                    % {"who": by, "name": account.username},
                    _("If you did not expect this, please tell your unit at once."),
                    _("Respectfully,\nNhịp Cầu"),
                ]
            ),
            at=at,
        )


def tell_password_set(link: AccountLink, *, at: datetime) -> None:
    """Whoever did not open the link should know that somebody did, and who made it."""
    with override("vi"):
        _send(
            link.account,
            key=f"password-set:{link.pk}",
            subject=_("Your password was changed"),
            lines=[
                _("A new password was set for your account “%(name)s”, by a link that %(who)s made.")
                % {"name": link.account.username, "who": link.made_by},
                _("If it was not you, please tell your unit at once."),
            ],
            at=at,
        )


def tell_stand_in(delegation: Delegation, *, at: datetime) -> None:
    """Who is to act for somebody learns it."""
    with override("vi"):
        _send(
            delegation.delegate,
            key=f"stand-in:{delegation.pk}",
            subject=_("You stand in for %(name)s") % {"name": delegation.principal},
            lines=[
                _("From %(first)s to %(last)s you act in the place of %(name)s for %(organisation)s.")
                % {
                    "first": vietnamese.weekday_short(delegation.first_day, "vi"),
                    "last": vietnamese.weekday_short(delegation.last_day, "vi"),
                    "name": delegation.principal,
                    "organisation": delegation.organisation,
                },
                str(settings.BASE_URL) + reverse("accounts:own"),
            ],
            at=at,
        )
