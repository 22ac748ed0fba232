"""Activities as calendar files (RFC 5545), times in UTC so that every calendar program reads them alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from nhipcau.activities.models import Activity
from nhipcau.core.language import reading
from nhipcau.core.samples import marked


def calendar_of(activities: Iterable[Activity], *, name: str = "") -> bytes:
    """One calendar of the activities given; each needs `kind` and the annotations `times_changed`, `is_sample`. No query."""
    language = reading().upper()
    calendar = Calendar()
    calendar.add("prodid", f"-//Nhip Cau//Activities//{language}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for activity in activities:
        calendar.add_component(_event(activity))
    content: bytes = calendar.to_ical()
    return content


def _event(activity: Activity) -> Event:
    url = settings.BASE_URL + reverse("website:event", args=[activity.slug])
    revised = (activity.revised_at or activity.starts_at).astimezone(UTC)
    event = Event()
    event.add("uid", f"activity-{activity.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", revised)
    event.add("last-modified", revised)
    event.add("sequence", getattr(activity, "times_changed", 0))
    event.add("dtstart", activity.starts_at.astimezone(UTC))
    event.add("dtend", activity.ends_at.astimezone(UTC))
    event.add("summary", marked(activity.text("title"), is_sample=getattr(activity, "is_sample", False)))
    spoken = _("Language: %(language)s") % {"language": activity.get_language_display()}
    event.add("description", "\n\n".join(filter(None, (activity.text("summary"), spoken))))
    if activity.venue:
        event.add("location", activity.text("venue"))
    elif activity.mode == Activity.Mode.ONLINE:
        event.add("location", _("online"))
    event.add("url", url)
    event.add("categories", [activity.kind.text("name")])
    event.add("status", "CANCELLED" if activity.state == Activity.State.CANCELLED else "CONFIRMED")
    return event
