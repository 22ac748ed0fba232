"""What a person or a program sent as the number of a row, read without ever failing."""

from __future__ import annotations

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
