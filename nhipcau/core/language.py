"""The language a page or sentence is in."""

from django.utils.translation import get_language


def reading() -> str:
    """`en` on English pages, else `vi`: what figures, days and pairs of texts are written in."""
    return "en" if (get_language() or "").startswith("en") else "vi"
