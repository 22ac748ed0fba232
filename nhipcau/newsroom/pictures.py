"""The sizes and formats a picture is published in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nhipcau.newsroom.models import Picture, PictureRendition

#: Widths in pixels, and formats from the smallest file to the one every browser reads.
WIDTHS = (400, 800, 1600)
FORMATS = ("avif", "webp", "jpeg")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg"}
#: The one size made at once where none has been made yet.
AT_ONCE = (800, "jpeg")


def spec(width: int, kind: str) -> str:
    """Wagtail's name for a size and format."""
    return f"width-{width}|format-{kind}"


def specs() -> list[str]:
    """Every size in every format."""
    return [spec(width, kind) for width in WIDTHS for kind in FORMATS]


@dataclass(frozen=True)
class Sources:
    """What stands in a `picture` element: (type, srcset) of the better formats, then the plain `img`."""

    better: list[tuple[str, str]]
    srcset: str
    src: str
    width: int
    height: int


def make_renditions(picture: Picture) -> int:
    """Make every size and format that does not exist yet; how many there are."""
    return len(picture.get_renditions(*specs()))


def sources_of(picture: Picture) -> Sources:
    """The sizes that exist; where none does, one is made. No query when renditions were prefetched."""
    known = {one.filter_spec: one for one in picture.renditions.all()}
    made = {kind: _widths(known.get(spec(width, kind)) for width in WIDTHS) for kind in FORMATS}
    plain = made["jpeg"] or [picture.get_rendition(spec(*AT_ONCE))]
    middle = plain[min(1, len(plain) - 1)]
    return Sources(
        better=[(_TYPES[kind], _srcset(made[kind])) for kind in FORMATS[:-1] if made[kind]],
        srcset=_srcset(plain),
        src=middle.url,
        width=middle.width,
        height=middle.height,
    )


def _widths(renditions: Iterable[PictureRendition | None]) -> list[PictureRendition]:
    """One of each width: a small picture is not blown up, so several sizes of it are the same."""
    return list({one.width: one for one in renditions if one is not None}.values())


def _srcset(renditions: list[PictureRendition]) -> str:
    return ", ".join(f"{one.url} {one.width}w" for one in renditions)
