"""ARCHITECTURE.md and the folder list tell the same story."""

import re

from tests.architecture.rooms import ROOT

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PRODUCT = ROOT / "nhipcau"


def test_every_place_named_is_there() -> None:
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_<>.]+)+)`", ARCHITECTURE))
    places = {name for name in named if "<" not in name}
    assert len(places) > 20
    gone = [name for name in sorted(places) if not any((home / name.rstrip("/")).exists() for home in (ROOT, PRODUCT))]
    assert gone == []


def test_every_room_stands_in_the_list_and_no_other() -> None:
    block = ARCHITECTURE.split("```")[1]
    listed = re.findall(r"^  ([a-z]+)/", block, re.MULTILINE)
    rooms = [path.parent.name for path in PRODUCT.glob("*/__init__.py")]
    assert sorted(listed) == sorted(rooms)
