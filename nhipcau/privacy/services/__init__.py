"""The verbs of this room: links to the own data, requests and their answers, the nightly retention."""

from nhipcau.privacy.services.asking import ask_for_link
from nhipcau.privacy.services.links import open_access, read_access, subject_of, token
from nhipcau.privacy.services.requests import (
    accept,
    extend,
    file_request,
    note_identity,
    refuse,
    take,
    take_back,
)
from nhipcau.privacy.services.retention import preview, purge_expired

__all__ = [
    "accept",
    "ask_for_link",
    "extend",
    "file_request",
    "note_identity",
    "open_access",
    "preview",
    "purge_expired",
    "read_access",
    "refuse",
    "subject_of",
    "take",
    "take_back",
    "token",
]
