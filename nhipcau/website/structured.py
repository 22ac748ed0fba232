"""An activity described for search engines: schema.org Event as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from nhipcau.activities.models import Activity, Speaker
from nhipcau.core.middleware import LOCAL

_MODES = {
    Activity.Mode.ONSITE: "OfflineEventAttendanceMode",
    Activity.Mode.ONLINE: "OnlineEventAttendanceMode",
    Activity.Mode.HYBRID: "MixedEventAttendanceMode",
}
#: So that no text can end the script element it stands in.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def event_json(activity: Activity, speakers: list[Speaker], *, moved: bool) -> SafeString:
    """The script element's content; needs lead and kind joined, asks no query."""
    url = settings.BASE_URL + reverse("website:event", args=[activity.slug])
    status = "EventScheduled"
    if activity.state == Activity.State.CANCELLED:
        status = "EventCancelled"
    elif moved:
        status = "EventRescheduled"
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": activity.text("title"),
        "url": url,
        "startDate": activity.starts_at.astimezone(LOCAL).isoformat(),
        "endDate": activity.ends_at.astimezone(LOCAL).isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Activity.Mode(activity.mode)]}",
        "organizer": {"@type": "Organization", "name": activity.lead.text("name")},
        "isAccessibleForFree": True,
    }
    if activity.summary:
        data["description"] = activity.text("summary")
    if activity.mode == Activity.Mode.ONLINE:
        data["location"] = {"@type": "VirtualLocation", "url": url}
    elif activity.venue:
        data["location"] = {"@type": "Place", "name": activity.text("venue"), "address": activity.text("venue")}
    if speakers:
        data["performer"] = [{"@type": "Person", "name": speaker.name} for speaker in speakers]
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 (brackets are escaped just here)  # nosec B308 B703
