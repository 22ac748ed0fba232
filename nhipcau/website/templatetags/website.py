"""What every public page says about itself in its head, and the code on its print."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.conf import settings
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse, translate_url
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from nhipcau.core.language import reading
from nhipcau.website.structured import absolute

register = template.Library()

#: What of a query makes another page and not only another view of one.
_TELLING = ("khi", "page")
_LOCALES = {"vi": "vi_VN", "en": "en_GB"}


def _block(context: Context, name: str) -> str:
    """What a block of the page at hand says, as plain text."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return " ".join(html.unescape(strip_tags(block.render(context))).split()) if block is not None else ""


@register.inclusion_tag("website/_meta.html", takes_context=True)
def page_meta(context: Context) -> dict[str, Any]:
    """Canonical address, the other languages, and the card others show of a link; words come from the page's blocks.

    A Wagtail page passes `translations`, the editions that exist; every other page exists in both languages. `card` is
    the address of a picture drawn for it, else the one of the site is shown.
    """
    request = context["request"]
    language = reading()
    kept = {name: request.GET[name] for name in _TELLING if request.GET.get(name, "1") != "1"}
    query = "?" + "&".join(f"{name}={value}" for name, value in kept.items()) if _plain(kept) else ""
    here = request.path + query
    given: dict[str, str] | None = context.get("translations")
    others = {code: translate_url(here, code) for code, _name in settings.LANGUAGES} if given is None else given
    editions = {language: here} | {code: url for code, url in others.items() if code != language}
    title = _block(context, "title") or _block(context, "title_tag")
    return {
        "canonical": absolute(here),
        "editions": [(code, absolute(editions[code])) for code, _name in settings.LANGUAGES if code in editions]
        if len(editions) > 1
        else [],
        "default": absolute(editions.get(settings.LANGUAGE_CODE, here)),
        "title": title,
        "description": _block(context, "description")[:300],
        "kind": "article" if context.get("article") else "website",
        "published": getattr(context.get("article"), "published_at", None),
        "image": absolute(context.get("card") or _site_card()),
        "locale": _LOCALES[language],
        "other_locales": [_LOCALES[code] for code in editions if code != language],
    }


def _plain(kept: dict[str, str]) -> bool:
    return bool(kept) and all(value.isascii() and value.isalnum() for value in kept.values())


def _site_card() -> str:
    return reverse("website:site_card")


@register.simple_tag(takes_context=True)
def page_qr(context: Context) -> SafeString:
    """The address of the page at hand as a QR code, for its print."""
    return mark_safe(_qr(absolute(context["request"].path)))  # noqa: S308 (squares only)  # nosec B308 B703


@lru_cache(maxsize=500)  # a third of what an event page costs, and always the same
def _qr(address: str) -> str:
    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return drawn


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """The address of the page at hand as readers write it down."""
    return absolute(context["request"].path)
