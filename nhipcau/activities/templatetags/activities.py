"""Words for pages about activities: tabs, date blocks, times."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhipcau.activities import words
from nhipcau.activities.models import Activity
from nhipcau.agreements.access import Standing, Verb
from nhipcau.agreements.templatetags.agreements import links_of
from nhipcau.core import entries
from nhipcau.core.middleware import local_day

register = template.Library()


@register.inclusion_tag("activities/_tabs.html", takes_context=True)
def activity_tabs(context: Context, activity: Activity, current: str) -> dict[str, Any]:
    """The tabs rooms declared for an activity; needs `standing` in the context, the open one is named by its url name."""
    standing = context.get("standing")
    tabs = []
    for entry in entries.activity_tabs():
        if standing is not None and not standing.can(Verb(entry.verb)):
            continue
        try:
            url = reverse(entry.url_name, args=[activity.pk])
        except NoReverseMatch:
            continue
        tabs.append({"label": entry.label, "url": url, "current": entry.url_name == current})
    return {"tabs": tabs}


@register.simple_tag
def activity_links(activity: Activity, standing: Standing) -> list[dict[str, Any]]:
    """What upper rooms offer over the page of an activity."""
    return links_of(entries.ActivityLink, activity.pk, standing)


@register.simple_tag
def when(activity: Activity) -> SafeString:
    """The time of an activity: “Thứ Sáu, 18/03/2022, 14:00–16:30”."""
    return words.when_html(activity.starts_at, activity.ends_at)


@register.simple_tag
def when_plain(activity: Activity) -> str:
    """The same without markup, for attributes."""
    return words.when(activity.starts_at, activity.ends_at)


@register.filter
def month(day: date | datetime) -> str:
    """“Tháng 3/2022”."""
    return words.month(local_day(day) if isinstance(day, datetime) else day)


@register.filter
def weekday_short(day: date) -> str:
    """“T2” … “CN”, “Mon” … “Sun”: over the columns of a month."""
    return words.weekday_short(day)


@register.simple_tag
def date_block(activity: Activity) -> SafeString:
    """The little calendar leaf before a row; a screen reader gets the date from the row itself."""
    day = activity.first_day
    return format_html(
        '<div class="date" aria-hidden="true"><b>{}</b><span>{}</span></div>', day.day, words.month_short(day)
    )
