"""How activities and their speakers are found."""

from __future__ import annotations

from collections.abc import Iterator

from nhipcau.activities.models import Activity, Speaker
from nhipcau.core import search
from nhipcau.core.search import Text

ACTIVITY, SPEAKER = "activities.activity", "activities.speaker"


def activity_text(activity: Activity) -> Text:
    """By code, title, summary, place, kind, who leads, topics."""
    return Text(
        title=(activity.title, activity.title_en),
        body=(
            activity.code,
            activity.summary,
            activity.summary_en,
            activity.venue,
            activity.venue_en,
            activity.kind.name,
            activity.kind.name_en,
            activity.lead.name,
            activity.lead.abbreviation,
            *(name for topic in activity.topics.all() for name in (topic.name, topic.name_en)),
        ),
        moment=activity.starts_at,
    )


def speaker_text(speaker: Speaker) -> Text:
    """By name and position."""
    return Text(title=(speaker.name,), body=(speaker.position, speaker.position_en), moment=speaker.activity.starts_at)


@search.source(ACTIVITY)
def activities() -> Iterator[tuple[int, Text]]:
    """All of them."""
    for row in Activity.objects.select_related("kind", "lead").prefetch_related("topics").iterator(500):
        yield row.pk, activity_text(row)


@search.source(SPEAKER)
def speakers() -> Iterator[tuple[int, Text]]:
    """All of them."""
    for row in Speaker.objects.select_related("activity").iterator(500):
        yield row.pk, speaker_text(row)
