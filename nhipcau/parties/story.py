"""How the journal tells what happens to accounts, roles and delegations; never a password."""

from nhipcau.core.journal import Thing, declare
from nhipcau.parties.models import Delegation, Membership, User

declare(
    Thing(User, under="self", silent=("password", "last_login", "date_joined", "first_name", "last_name")),
    Thing(Membership, under="user", silent=("user",)),
    Thing(Delegation, under="principal", silent=("principal", "made_at")),
)
