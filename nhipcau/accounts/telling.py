"""What happened to an account, as lines to read: from the journal, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import User

SAID: dict[str, Promise] = {
    "accounts.sign_in": _("signed in"),
    "accounts.sign_out": _("signed out"),
    "accounts.fail_password": _("wrong password"),
    "accounts.fail_factor": _("wrong second factor"),
    "accounts.change_password": _("password changed"),
    "accounts.add_totp": _("authenticator app set up"),
    "accounts.remove_totp": _("authenticator app removed"),
    "accounts.add_webauthn": _("passkey added"),
    "accounts.remove_webauthn": _("passkey removed"),
    "accounts.add_recovery_codes": _("recovery codes made"),
    "accounts.remove_recovery_codes": _("recovery codes removed"),
    "accounts.renew_recovery_codes": _("recovery codes made anew"),
    "accounts.invite_person": _("invited"),
    "accounts.renew_link": _("new link made"),
    "accounts.revoke_link": _("link withdrawn"),
    "accounts.accept_invitation": _("invitation accepted"),
    "accounts.set_password": _("password set by link"),
    "accounts.give_role": _("role given"),
    "accounts.end_role": _("end of a role set"),
    "accounts.close_account": _("account closed"),
    "accounts.open_account": _("account opened again"),
    "accounts.end_sessions": _("signed out everywhere"),
    "accounts.revise_account": _("account changed"),
    "accounts.create_account": _("account made in the back office"),
    "accounts.reset_second_factor": _("second factor taken back"),
    "accounts.make_administrator": _("made an administrator"),
    "accounts.unmake_administrator": _("administration taken away"),
    "accounts.name_stand_in": _("stand-in named"),
    "accounts.withdraw_stand_in": _("stand-in withdrawn"),
}


@dataclass(frozen=True)
class Line:
    """One act."""

    at: datetime
    who: str
    said: str | Promise
    about: str
    reason: str


def told(account: User, *, most: int = 30) -> list[Line]:
    """The latest acts on an account, its roles, links and stand-ins; one query."""
    own = Q(kind="parties.user", object_id=str(account.pk)) | Q(under_kind="parties.user", under_id=str(account.pk))
    entries = JournalEntry.objects.filter(own, verb__in=SAID).order_by("-at", "-id")[:most]
    return [
        Line(
            at=entry.at,
            who=entry.by_name,
            said=SAID[entry.verb],
            about=entry.label if entry.kind in {"parties.membership", "parties.delegation"} else "",
            reason=entry.reason,
        )
        for entry in entries
    ]
