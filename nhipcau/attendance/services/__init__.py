"""The verbs of this room: places, arrivals, settings of an intake."""

from nhipcau.attendance.services.arrivals import (
    Admission,
    admit_substitute,
    admit_walk_in,
    check_in,
    note_documents,
    record_signed_list,
    undo_check_in,
)
from nhipcau.attendance.services.erasure import erase_again, erase_expired, erase_guest, expiring
from nhipcau.attendance.services.intakes import open_intake, revise_intake
from nhipcau.attendance.services.places import (
    cancel_registration,
    promote,
    register,
    remind,
    renew_link,
    resend_links,
    resend_ticket,
    revise_registration,
    substitute,
)

__all__ = [
    "Admission",
    "admit_substitute",
    "admit_walk_in",
    "cancel_registration",
    "check_in",
    "erase_again",
    "erase_expired",
    "erase_guest",
    "expiring",
    "note_documents",
    "open_intake",
    "promote",
    "record_signed_list",
    "register",
    "remind",
    "renew_link",
    "resend_links",
    "resend_ticket",
    "revise_intake",
    "revise_registration",
    "substitute",
    "undo_check_in",
]
