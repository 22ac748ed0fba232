"""What a person or a program sent as the number of a row, read without ever failing."""

from __future__ import annotations

from typing import Final

# The largest key the two databases hold has nineteen digits; eighteen always fit.
LONGEST: Final = 18


def key_from(text: str | None) -> int | None:
    """Return the key written in plain digits, or nothing for whatever else was sent.

    `str.isdigit()` lets "²" through, which `int` refuses, and `int` itself refuses thousands of
    digits: both came as an error of the server from an address anybody can type.
    """
    if not text or len(text) > LONGEST or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)
