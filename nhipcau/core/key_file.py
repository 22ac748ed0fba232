"""The keys that sign links, sessions and password resets: the first of the kept file, older ones while they still read.

The file holds one key a line, the newest first; an older one is followed by the day until which it reads:

    newest-key
    older-key 2027-03-01
"""

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FILE = "secret-key"
SHORTEST = 32
#: No link of ours lives longer: a ticket ends 30 days after its activity, and activities are planned a year ahead.
OLD_KEYS_READ = timedelta(days=400)


def signing_keys(*, kept: Path, given: str, old: Sequence[str]) -> tuple[str, list[str]]:
    """The key that signs and those that only read: from the environment, else from the kept file, made at first start.

    Raises ImproperlyConfigured with a sentence when one of them is no key.
    """
    if given:
        if len(given) < SHORTEST:
            raise ImproperlyConfigured(f"NHIPCAU_SECRET_KEY needs at least {SHORTEST} characters.")
        return given, [*_checked_old(old), *(_lines(kept, today=_today()) if kept.exists() else [])]
    if not kept.exists():
        _write_first(kept)
    newest, *older = _lines(kept, today=_today())
    return newest, [*older, *_checked_old(old)]


def rotate(kept: Path, *, today: date) -> int:
    """Put a new key on top; the one before goes on reading for OLD_KEYS_READ. How many older keys still read.

    Raises ImproperlyConfigured when the file is not one of ours; it is left as it was.
    """
    before = _lines(kept, today=today, whole=True)
    newest, *older = before
    lines = [secrets.token_urlsafe(48), f"{newest} {today + OLD_KEYS_READ}", *older]
    _replace(kept, lines)
    return len(lines) - 1


def _today() -> date:
    return datetime.now(UTC).date()


def _checked_old(old: Sequence[str]) -> list[str]:
    if any(len(key) < SHORTEST for key in old):
        raise ImproperlyConfigured(f"Each key in NHIPCAU_OLD_SECRET_KEYS needs at least {SHORTEST} characters.")
    return list(old)


def _lines(kept: Path, *, today: date, whole: bool = False) -> list[str]:
    """The keys that count today, newest first; with `whole` as they stand, with their days."""
    try:
        written = [line.split() for line in kept.read_text(encoding="ascii").splitlines() if line.strip()]
    except OSError as error:
        raise ImproperlyConfigured(f"The key file {kept} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{kept} is not a key file. Put the right one back from the backup.") from error
    try:
        days = [date.fromisoformat(until) for _key, until in written[1:]]
    except ValueError:
        days = None
    if not written or len(written[0]) != 1 or days is None or any(len(words[0]) < SHORTEST for words in written):
        raise ImproperlyConfigured(
            f"{kept} is not a key file: one key of at least {SHORTEST} characters a line, older ones with the day until"
            " which they read. Put the right one back from the backup; without it every link sent so far is void."
        )
    reading = [words for words, until in zip(written[1:], days, strict=True) if until >= today]
    return [" ".join(words) if whole else words[0] for words in (written[0], *reading)]


def _write_first(kept: Path) -> None:
    """Make the first key; of two processes that start at once, one wins and both read the same."""
    new = _written_beside(kept, [secrets.token_urlsafe(48)])
    try:
        os.link(new, kept)
    except FileExistsError:
        pass
    finally:
        new.unlink()


def _replace(kept: Path, lines: list[str]) -> None:
    _written_beside(kept, lines).replace(kept)


def _written_beside(kept: Path, lines: list[str]) -> Path:
    new = kept.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return new
