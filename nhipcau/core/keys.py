"""Keys of rows: made here before the row is written, or sent by a person or a program and read without ever failing."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import Final

# What the two databases hold as a key; those of evidence have all its nineteen digits.
LARGEST: Final = 2**63 - 1
LONGEST: Final = len(str(LARGEST))


def key_from(text: str | None) -> int | None:
    """Return the key written in plain digits, or nothing for whatever else was sent.

    `str.isdigit()` lets "²" through, which `int` refuses, and `int` itself refuses thousands of
    digits: both came as an error of the server from an address anybody can type.
    """
    if not text or len(text) > LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    key = int(text)
    return key if key <= LARGEST else None


_counter = itertools.count(secrets.randbits(21))


def new_id() -> int:
    """A 63-bit key known before the row is written: 41 bits of milliseconds, 22 bits of a per-process counter.

    Known beforehand where other rows must name it first (the row that replaces another in the ledger, the act in the
    journal of which others were part), and because several databases may write at once; nothing may read time or order
    out of it.
    """
    return ((time.time_ns() // 1_000_000) & ((1 << 41) - 1)) << 22 | (next(_counter) & ((1 << 22) - 1))
