"""The words that stand on whatever belongs to the sample data."""

from __future__ import annotations

from typing import Final

#: In Vietnamese in every language, as on the papers.
MARK: Final = "DỮ LIỆU MẪU"


def marked(text: str, *, is_sample: bool) -> str:
    """The text as it is, or behind the mark where it belongs to the sample data."""
    return f"[{MARK}] {text}" if is_sample else text
