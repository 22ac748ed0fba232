"""The sample as it is written down: YAML files beside this module, read once."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"
PLANNED_YEAR = 2022
#: Of whom the public report of the signing speaks; nothing else in the sample may bear such a name.
PUBLIC_RECORD = (
    "Trần Phước Anh",
    "Lâm Đình Thắng",
    "Từ Lương",
    "Lê Trường Duy",
    "An Thị Liên Phương",
    "Vân Anh",
    "Linh Nhi",
)


@lru_cache(maxsize=16)
def read(name: str) -> dict[str, Any]:
    """One of the files, by its name without the ending."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)  # nosec B506
    return content


def activities() -> list[dict[str, Any]]:
    """The thirty activities of the plan, in the order of their days."""
    found: list[dict[str, Any]] = read("plan-2022")["activities"]
    return found


def results(key: str) -> dict[str, dict[str, Any]]:
    """What came of each activity by its code; `key` is "2022" or "current"."""
    found: dict[str, dict[str, Any]] = read(f"results-{key}")["activities"]
    return found
