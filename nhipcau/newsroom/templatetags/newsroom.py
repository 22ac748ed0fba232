"""Pictures as pages show them: every size that exists, the right one chosen by the browser, no jump while it loads."""

from __future__ import annotations

from typing import Any

from django import template

from nhipcau.core.language import reading
from nhipcau.newsroom.models import Picture
from nhipcau.newsroom.pictures import sources_of

register = template.Library()


@register.inclusion_tag("newsroom/_figure.html")
def figure(
    picture: Picture | None,
    caption: str = "",
    alt: str = "",
    sizes: str = "(min-width: 48rem) 44rem, 100vw",
    *,
    first: bool = False,
    bare: bool = False,
) -> dict[str, Any]:
    """A picture with caption and “Photo: …”; nothing where it was deleted.

    `sizes` is how wide it stands on the page, `first` says that it is the first thing seen (loaded at once), `bare`
    leaves the caption away (cards). Asks no query when renditions were prefetched.
    """
    if picture is None:
        return {"sources": None}
    language = reading()
    return {
        "sources": sources_of(picture),
        "alt": alt or picture.alt_in(language),
        "caption": "" if bare else caption or picture.caption_in(language),
        "credit": "" if bare else picture.credit,
        "sizes": sizes,
        "first": first,
        "bare": bare,
    }
