"""Where the web processes of one server add up what each of them counts."""

import os
import shutil
import stat
from hashlib import blake2b
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the Prometheus client's own name for it
# The client maps its files into memory: on a full disk writing there would end the process by a signal.
MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108 (a folder only its owner may read is made in it)


def share_figures(data: Path, *, memory: Path = MEMORY) -> None:
    """Name a folder by the process that started them all; those of servers that are gone are deleted.

    In the machine's memory where it has such a folder, else in the data folder. To be called before `metrics` is
    imported: the client looks at the environment only then.
    """
    folder = _in_memory(data, memory) or data / "metrics"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = folder / str(os.getppid())
    own.mkdir(mode=0o700, exist_ok=True)
    for other in folder.iterdir():
        if other != own and not Path(f"/proc/{other.name}").exists():
            shutil.rmtree(other, ignore_errors=True)
    os.environ[FOLDER] = str(own)


def _in_memory(data: Path, memory: Path) -> Path | None:
    """A folder there for this data folder, ours alone; None where there is none or somebody else made it."""
    place = memory / f"nhipcau-{os.getuid()}-{blake2b(str(data.resolve()).encode(), digest_size=8).hexdigest()}"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        made = place.lstat()
    except OSError:
        return None
    return place if stat.S_ISDIR(made.st_mode) and made.st_uid == os.getuid() else None
