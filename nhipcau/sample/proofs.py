"""Small papers and pictures that stand for scanned proof; each says in its own face that it is a sample."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Sequence
from functools import lru_cache

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from nhipcau.core.uploads import PDF, PNG, Upload

_SIZE = (827, 1169)  # A4 at 100 dots an inch
_STAMP = "DỮ LIỆU MẪU"
_BLACK, _WHITE = 0, 1


@lru_cache(maxsize=8)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = finders.find(f"core/fonts/be-vietnam-{600 if bold else 400}.woff2")
    if isinstance(path, str):
        try:
            return ImageFont.truetype(path, size)
        except OSError:  # a FreeType built without Brotli
            pass
    return ImageFont.load_default(size)


def _page(unit: str, title: str, lines: Sequence[str]) -> Image.Image:
    page = Image.new("1", _SIZE, _WHITE)
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, 786, 1128), outline=_BLACK, width=2)
    pen.text((70, 70), unit.upper(), font=_font(17, bold=True), fill=_BLACK)
    pen.text((560, 66), _STAMP, font=_font(26, bold=True), fill=_BLACK)
    top = 160
    for text, size, bold in ((title, 24, True), *((line, 17, False) for line in lines)):
        for part in _wrapped(text, 74 if size == 17 else 52):
            pen.text((70, top), part, font=_font(size, bold=bold), fill=_BLACK)
            top += size + 13
        top += 6
    pen.text((70, 1080), "Bản mẫu, không có giá trị. Chữ ký và dấu được lược bỏ.", font=_font(16), fill=_BLACK)
    return page


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _upload(name: str, kind: str, content: bytes) -> Upload:
    return Upload(name, kind, content, len(content), hashlib.sha256(content).hexdigest())


def paper(*, name: str, unit: str, title: str, lines: Sequence[str]) -> Upload:
    """A scanned page as PDF; the same words give the same bytes."""
    kept = io.BytesIO()
    begin = time.gmtime(0)
    _page(unit, title, lines).save(kept, "PDF", resolution=100.0, creationDate=begin, modDate=begin)
    return _upload(f"{name}.pdf", PDF, kept.getvalue())


def picture(*, name: str, unit: str, title: str, lines: Sequence[str]) -> Upload:
    """The same page as a picture."""
    kept = io.BytesIO()
    _page(unit, title, lines).save(kept, "PNG")
    return _upload(f"{name}.png", PNG, kept.getvalue())
