"""Opens a file in LibreOffice and tells what came out: pages, page size, fonts; or the file saved again."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

AVAILABLE = all(map(shutil.which, ("soffice", "pdfinfo", "pdffonts")))


@dataclass(frozen=True)
class Printed:
    """What the PDF of a file is like."""

    pages: int
    sizes_mm: frozenset[tuple[int, int]]
    fonts: frozenset[str]
    embedded: bool
    text: str


def convert(data: bytes, folder: Path, to: str) -> Path:
    """The DOCX saved by LibreOffice as another format, with a profile of its own so that runs do not meet."""
    source = folder / "paper.docx"
    source.write_bytes(data)
    out = folder / to
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out / f"paper.{to}"


def printed(data: bytes, folder: Path) -> Printed:
    """The PDF of a DOCX, looked into."""
    pdf = str(convert(data, folder, "pdf"))

    def ask(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    info = ask("pdfinfo", "-l", "999", pdf)
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
    rows = [line.split() for line in ask("pdffonts", pdf).splitlines()[2:]]
    return Printed(
        pages=int(re.search(r"Pages: +(\d+)", info)[1]),  # type: ignore[index]
        sizes_mm=frozenset((round(float(w) * 25.4 / 72), round(float(h) * 25.4 / 72)) for w, h in sizes),
        fonts=frozenset(row[0].partition("+")[2].partition("-")[0] for row in rows),
        embedded=all(row[-5] == "yes" for row in rows),
        text=ask("pdftotext", "-layout", pdf, "-"),
    )
