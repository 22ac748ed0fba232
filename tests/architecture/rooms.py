"""The order of the rooms, read from the one place that holds it, and how to look into their files."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "nhipcau"


@cache
def ranks() -> dict[str, int]:
    """Each room's floor, 0 at the bottom; rooms that share a floor do not know each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(): floor for floor, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def may_use(room: str, other: str) -> bool:
    """Whether a room may name another one: itself or any room below."""
    return room == other or ranks()[other] < ranks()[room]


def rooms() -> list[str]:
    """Every room that has a folder, by name."""
    return sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())


def modules(room: str, *, migrations: bool = False) -> Iterator[Path]:
    """The Python files of a room."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        if migrations or "migrations" not in path.parts:
            yield path


def templates(room: str) -> Iterator[Path]:
    """The templates of a room."""
    yield from sorted((PACKAGE / room / "templates").rglob("*.html"))


def without_comments(template: str) -> str:
    """A template's text without what it only says to its readers."""
    template = re.sub(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", "", template, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", template)
