"""Mails kept as files while no mail server is set: found again by the number of their row, and deleted with it."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings

# As `sending` writes it; the headings of a mail are far shorter than this.
_OURS = re.compile(rb"^Message-ID:\s*<nhipcau\.(\d+)\.", re.MULTILINE | re.IGNORECASE)
_HEADINGS = 4096


def _kept() -> Iterator[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if folder.is_dir():
        yield from folder.glob("*.log")


def delete_files(messages: Collection[int]) -> int:
    """Delete the files of these mails; how many. One look at the beginning of every file in the folder."""
    gone = 0
    for path in _kept() if messages else ():
        try:
            with path.open("rb") as file:
                found = _OURS.search(file.read(_HEADINGS))
            if found and int(found[1]) in messages:
                path.unlink()
                gone += 1
        except FileNotFoundError:  # another worker was faster
            continue
    return gone
