"""A plugin that gives every new row a key out of order, as several databases that write at once would.

`pytest -p tests.shuffled …`: whatever then fails has read time or order out of a key. Tests that assert a number of
statements are left out: a row whose key is known beforehand is looked for before it is written.
"""

import random
from typing import Any

import pytest
from django.db.models.fields import AutoFieldMixin

#: Never one after the other, never small enough to meet a key that was counted.
_keys = random.Random(20261123)  # noqa: S311 (the same keys every time, no secret)


def a_key(_field: AutoFieldMixin, _row: Any) -> int:
    """A key somewhere in 47 bits, above all that were counted."""
    return _keys.randrange(1 << 32, 1 << 47)


def pytest_configure(config: pytest.Config) -> None:
    """The plugin was asked for: for the whole run."""
    setattr(AutoFieldMixin, "get_pk_value_on_save", a_key)  # noqa: B010 (mypy knows no such attribute here)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what counts statements."""
    left = [item for item in items if not {"statements", "queries"} & set(item.name.replace("[", "_").split("_"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = left
