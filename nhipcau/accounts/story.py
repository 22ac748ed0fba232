"""How the journal tells what happens to links into accounts."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nhipcau.accounts.models import AccountLink
from nhipcau.accounts.telling import SAID
from nhipcau.core.journal import Thing, declare, tell

declare(Thing(AccountLink, under="account", silent=("account", "made_by", "made_at")))

tell({verb: format_lazy("%(who)s: {said} – “%(thing)s”", said=said) for verb, said in SAID.items()})
tell(
    {
        "accounts.accept_invitation": _("%(who)s accepted the invitation and is in"),
        "accounts.close_account": _("%(who)s closed the account “%(thing)s”"),
        "accounts.end_role": _("%(who)s ended the role “%(thing)s”"),
        "accounts.end_sessions": _("%(who)s signed the account “%(thing)s” out everywhere"),
        "accounts.give_role": _("%(who)s gave the role “%(thing)s”"),
        "accounts.invite_person": _("%(who)s invited “%(thing)s”"),
        "accounts.make_administrator": _("%(who)s made “%(thing)s” an administrator"),
        "accounts.name_stand_in": _("%(who)s named a stand-in: %(thing)s"),
        "accounts.open_account": _("%(who)s opened the account “%(thing)s” again"),
        "accounts.renew_link": _("%(who)s made a new link for “%(thing)s”"),
        "accounts.reset_second_factor": _("%(who)s took the second factor of “%(thing)s” away"),
        "accounts.revise_account": _("%(who)s revised the account “%(thing)s”"),
        "accounts.revoke_link": _("%(who)s revoked the link of “%(thing)s”"),
        "accounts.set_password": _("A new password was set by link: %(thing)s"),
        "accounts.unmake_administrator": _("%(who)s took the administrator's rights of “%(thing)s” away"),
        "accounts.withdraw_stand_in": _("%(who)s ended the standing in: %(thing)s"),
    }
)
