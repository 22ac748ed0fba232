"""Sentences of this room are asserted in English, the language they are written in."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Outside of requests the language is English."""
    with translation.override("en"):
        yield
