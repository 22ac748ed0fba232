"""A folder that can only be read for a while, for whoever is root too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def bound_by_modes() -> tuple[str, ...]:
    """Words before a command: root may write anywhere whatever a file's mode says, unless that privilege is given up first."""
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--") if os.geteuid() == 0 else ()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below a folder can be written or made."""
    places = [folder, *folder.rglob("*")]
    kept: list[tuple[Path, int]] = []
    for place in places:  # the folder first: from then on no file comes
        with suppress(FileNotFoundError):
            mode = place.stat().st_mode & 0o7777
            place.chmod(mode & 0o555)
            kept.append((place, mode))
    try:
        yield
    finally:
        for place, mode in kept:
            with suppress(FileNotFoundError):
                place.chmod(mode)
