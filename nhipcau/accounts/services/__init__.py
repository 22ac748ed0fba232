"""What happens to accounts; one module for each part of the story."""

from nhipcau.accounts.services.absence import name_stand_in, withdraw_stand_in
from nhipcau.accounts.services.accounts import (
    close_account,
    end_role,
    end_sessions,
    give_role,
    make_administrator,
    open_account,
    reset_second_factor,
    revise_account,
    unmake_administrator,
)
from nhipcau.accounts.services.links import (
    accept_invitation,
    invite_person,
    open_link,
    renew_link,
    revoke_link,
    set_password,
)

__all__ = [
    "accept_invitation",
    "close_account",
    "end_role",
    "end_sessions",
    "give_role",
    "invite_person",
    "make_administrator",
    "name_stand_in",
    "open_account",
    "open_link",
    "renew_link",
    "reset_second_factor",
    "revise_account",
    "revoke_link",
    "set_password",
    "unmake_administrator",
    "withdraw_stand_in",
]
