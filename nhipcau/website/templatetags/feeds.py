"""Where programs find the feeds and calendars of a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.agreements.models import Topic
from nhipcau.newsroom.models import Section
from nhipcau.website.feeds import forms

register = template.Library()


@register.simple_tag(takes_context=True)
def feed_links(context: dict[str, Any]) -> SafeString:
    """`link` elements to the feeds of all news and the calendar of all activities, and to those of the page; no query.

    On their pages stand those of the section and the topic, and what the view names in `calendars`, as (name, address).
    """
    places: list[tuple[str, str, list[str]]] = [(_("News"), "news_feed", [])]
    calendars = [(_("Calendar of activities"), reverse("website:calendar_ics")), *context.get("calendars", ())]
    section, topic = context.get("section") or context.get("page"), context.get("topic")
    if isinstance(section, Section):
        places.append((section.title, "section_feed", [section.slug]))
    if isinstance(topic, Topic):
        places.append((topic.text("name"), "topic_feed", [topic.slug]))
        calendars.append((topic.text("name"), reverse("website:topic_ics", args=[topic.slug])))
    links = [
        (media, reverse(f"website:{place}", args=[*key, ending]), f"Nhịp Cầu: {title} ({name})")
        for title, place, key in places
        for ending, media, name in forms()
    ]
    links += [("text/calendar", address, title) for title, address in dict.fromkeys(calendars)]
    return format_html_join("", '<link rel="alternate" type="{}" href="{}" title="{}">', links)
