"""How the journal tells of people, accounts, roles and delegations: never by a guest's name, never a password."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Thing, declare, tell
from nhipcau.parties.models import Delegation, Membership, User

declare(
    Thing(User, under="self", silent=("password", "last_login", "date_joined", "first_name", "last_name")),
    Thing(Membership, under="user", silent=("user",)),
    Thing(Delegation, under="principal", silent=("principal", "made_at")),
)

tell(
    {
        "*.add_to_register": _("%(who)s entered %(kind)s “%(thing)s” in the back office"),
        "*.change_in_register": _("%(who)s changed %(kind)s “%(thing)s” in the back office"),
        "*.delete_from_register": _("%(who)s deleted %(kind)s “%(thing)s” in the back office"),
    }
)
