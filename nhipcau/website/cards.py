"""The picture others show beside a link to us: 1200 × 630 pixels, headline and span, drawn here with our own typeface."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from nhipcau import core
from nhipcau.core.vietnamese import normalise

SIZE: Final = (1200, 630)
_FONTS = Path(core.__file__).parent / "static/core/fonts"
_INK, _SOFT, _PAPER, _RIVER, _GOLD, _LINE = "#12232e", "#4d5f6a", "#fbfaf7", "#0b5c7a", "#c4831a", "#c9c4b8"
_MARGIN = 72
#: What the typeface can draw (script/fonts); anything else is left out rather than drawn as an empty box.
_DRAWN = frozenset(
    {*range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA), 0x20AB, 0x2013}
    | {0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026}
)
#: The largest size the headline fits in is taken.
_SIZES = (68, 60, 52, 46)
_LINES = 4


@lru_cache(maxsize=16)
def _font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"be-vietnam-{weight}.woff2"), size)


def drawable(text: str) -> str:
    """A text in composed letters, without what the typeface cannot draw."""
    return " ".join("".join(letter for letter in normalise(text) if ord(letter) in _DRAWN).split())


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A text in lines of a width in pixels; a word longer than a line is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        rest = word
        while font.getlength(rest) > width:
            fits = next(n for n in range(len(rest), 0, -1) if font.getlength(rest[:n]) <= width)
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return [line for line in lines if line]


def _headline(title: str, width: int) -> tuple[list[str], int]:
    for size in _SIZES:
        lines = wrapped(title, _font(600, size), width)
        if len(lines) <= _LINES:
            return lines, size
    kept = lines[:_LINES]
    kept[-1] = kept[-1].rstrip(" ,.;:") + "…"
    return kept, _SIZES[-1]


@lru_cache(maxsize=64)
def card(*, title: str, kicker: str, line: str, sample: bool) -> bytes:
    """A PNG with kicker, headline, a line below, and the span; the latest 64 are kept in the process."""
    width, height = SIZE
    sheet = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(sheet)
    inner = width - 2 * _MARGIN
    y = _MARGIN - 8
    if sample:
        pen.rectangle((0, 0, width, 48), fill="#fbf1dd")
        pen.text((width / 2, 24), "DỮ LIỆU MẪU", font=_font(600, 24), fill="#6b4705", anchor="mm")
        y += 24
    if kicker:
        pen.text((_MARGIN, y), wrapped(drawable(kicker), _font(600, 30), inner)[0], font=_font(600, 30), fill=_RIVER)
        y += 52
    lines, size = _headline(drawable(title) or "Nhịp Cầu", inner)
    for row in lines:
        pen.text((_MARGIN, y), row, font=_font(600, size), fill=_INK)
        y += round(size * 1.24)
    told = wrapped(drawable(line), _font(400, 32), inner)[:1]
    if told and y + 60 < height - 170:
        pen.text((_MARGIN, y + 14), told[0], font=_font(400, 32), fill=_SOFT)
    sheet.paste(*_span(width, height))
    ImageDraw.Draw(sheet).text((_MARGIN, height - 52), "Nhịp Cầu", font=_font(600, 34), fill=_INK, anchor="ls")
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def _span(width: int, height: int) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    """The arch from pier to pier, drawn at four times the size so that its edge is smooth; picture, place, mask."""
    large, wide, tall = 4, 640, 128
    layer = Image.new("RGBA", (wide * large, tall * large), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)

    def at(share: float) -> tuple[float, float]:
        return (20 + share * (wide - 40)) * large, (tall - 20 - math.sin(share * math.pi) * 88) * large

    for colour, until, thick in ((_LINE, 1.0, 5), (_GOLD, 0.62, 9)):
        for step in range(round(until * 600) + 1):
            x, y = at(step / 600)
            half = thick * large / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    for share, colour in ((0.0, _INK), (1.0, _GOLD)):
        x, y = at(share)
        pen.ellipse((x - 44, y - 44, x + 44, y + 44), fill=colour)
    small = layer.resize((wide, tall), Image.Resampling.LANCZOS)
    return small, (width - _MARGIN - wide + 20, height - tall - 40), small
