"""Pictures as pages show them: every size that exists, the right one chosen by the browser, no jump while it loads."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

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
    alt, alt_language = (alt, language) if alt else picture.told_in("description", language)
    caption, caption_language = (caption, language) if caption else picture.told_in("caption", language)
    return {
        "sources": sources_of(picture),
        "alt": alt,
        "caption": "" if bare else caption,
        "credit": "" if bare else picture.credit,
        # Named only where a text is in another language than the page; a credit is printed as it was written.
        "alt_language": alt_language if alt and alt_language != language else "",
        "caption_language": caption_language if caption_language != language else "",
        "credit_language": settings.LANGUAGE_CODE if language != settings.LANGUAGE_CODE else "",
        "focus": focus_of(picture),
        "sizes": sizes,
        "first": first,
        "bare": bare,
    }


def focus_of(picture: Picture) -> str:
    """Classes for the third of a picture that stays in sight where a card cuts it to its shape; empty for the middle."""
    point = picture.get_focal_point()
    if point is None:
        return ""
    across, down = point.centroid.x / picture.width, point.centroid.y / picture.height
    found = [names[min(2, int(share * 3))] for names, share in ((("fl", "", "fr"), across), (("ft", "", "fb"), down))]
    return " ".join(filter(None, found))
