"""How the journal tells what happens to links into accounts."""

from nhipcau.accounts.models import AccountLink
from nhipcau.core.journal import Thing, declare

declare(Thing(AccountLink, under="account", silent=("account", "made_by", "made_at")))
