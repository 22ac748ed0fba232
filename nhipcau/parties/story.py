"""How the journal tells of people, accounts, roles and delegations: never by a guest's name, never a password."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Thing, declare, tell
from nhipcau.parties.models import Delegation, Match, Membership, User

declare(
    Thing(User, under="self", silent=("password", "last_login", "date_joined", "first_name", "last_name")),
    Thing(Membership, under="user", silent=("user",)),
    Thing(Delegation, under="principal", silent=("principal", "made_at", "reason")),
    Thing(
        Match,
        called=lambda match: f"{match.kept_id} · {match.other_id}",
        sees="guests",
        silent=("moved", "at", "by", "undone_at", "undone_by"),
    ),
)

tell(
    {
        "*.add_to_register": _("%(who)s entered %(kind)s “%(thing)s” in the back office"),
        "*.change_in_register": _("%(who)s changed %(kind)s “%(thing)s” in the back office"),
        "parties.join_people": _("%(who)s found two records of people to be one person: %(thing)s"),
        "parties.tell_apart": _("%(who)s found two records to be two different people: %(thing)s"),
        "parties.undo_match": _("%(who)s took back the comparison of two records: %(thing)s"),
        "*.delete_from_register": _("%(who)s deleted %(kind)s “%(thing)s” in the back office"),
    }
)
