"""Passwords of the demo accounts: made at the first start, shown once, kept for their owner only."""

import secrets

from django.conf import settings

from nhipcau.sample import content
from nhipcau.sample.programme import accounts

Passwords = dict[str, str]


def new_password() -> str:
    """Twelve signs that read well from a screen."""
    letters = "abcdefghjkmnpqrstwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _sign in range(4)) for _part in range(3))


def keep_passwords(passwords: Passwords) -> str:
    """Write the accounts to a file only its owner may read; returns its path."""
    path = settings.DATA / "demo-accounts.txt"
    path.touch(mode=0o600)
    path.chmod(0o600)
    names = {row["username"]: row["name"] for row in content.read("texts")["accounts"]}
    path.write_text(
        "".join(f"{name:<14} {passwords[name]:<16} {names[name]}\n" for name in accounts() if name in passwords),
        encoding="utf-8",
    )
    return str(path)
