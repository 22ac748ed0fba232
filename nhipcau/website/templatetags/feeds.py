"""Where programs find the feeds of a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Topic
from nhipcau.newsroom.models import Section
from nhipcau.website.feeds import forms

register = template.Library()


@register.simple_tag(takes_context=True)
def feed_links(context: dict[str, Any]) -> SafeString:
    """`link` elements to the feeds of all news and, on their pages, of the section or topic; no query."""
    places: list[tuple[str, str, list[str]]] = [(_("News"), "news_feed", [])]
    section, topic = context.get("section") or context.get("page"), context.get("topic")
    if isinstance(section, Section):
        places.append((section.title, "section_feed", [section.slug]))
    if isinstance(topic, Topic):
        places.append((topic.text("name"), "topic_feed", [topic.slug]))
    return format_html_join(
        "",
        '<link rel="alternate" type="{}" href="{}" title="{}">',
        (
            (media, reverse(f"website:{place}", args=[*key, ending]), format_html("Nhịp Cầu: {} ({})", title, name))
            for title, place, key in places
            for ending, media, name in forms()
        ),
    )
