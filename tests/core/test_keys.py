"""A key out of an address: plain digits or nothing."""

import pytest

from nhipcau.core.keys import key_from


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7", 7),
        ("0012", 12),
        ("9" * 18, 999_999_999_999_999_999),
        ("9223372036854775807", 9_223_372_036_854_775_807),
        ("9223372036854775808", None),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("²", None),
        ("٣", None),
        ("-1", None),
        ("1.0", None),
        (" 7", None),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_a_key_is_read_from_plain_digits_only(text: str | None, key: int | None) -> None:
    assert key_from(text) == key
