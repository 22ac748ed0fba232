"""The one-time code that opens an empty installation: its first administrator is whoever reads the data folder, not whoever comes first."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings

FILE = "first-administrator-code.txt"
_SIGNS = "abcdefghjkmnpqrstwxyz23456789"


def _path() -> Path:
    return Path(settings.DATA) / FILE


def waiting_code() -> str:
    """The code not used yet; empty where there is none, or none that this process may read."""
    try:
        return _path().read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def make_code() -> str:
    """The code not used yet, made where there is none, in a file only its owner may read."""
    if found := waiting_code():
        return found
    made = "-".join("".join(secrets.choice(_SIGNS) for _sign in range(4)) for _part in range(4))
    path = _path()
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(f"{made}\n", encoding="ascii")
    return made


def is_right(given: str) -> bool:
    """Whether it is the code, however it was typed; never where none waits."""
    wanted = _bare(waiting_code())
    return bool(wanted) and secrets.compare_digest(_bare(given), wanted)


def spend() -> None:
    """It opened; it opens nothing else."""
    _path().unlink(missing_ok=True)


def _bare(code: str) -> bytes:
    return "".join(sign for sign in code.lower() if sign.isalnum()).encode()
