"""Pages described for search engines in JSON-LD: schema.org Event, Course, NewsArticle, ImageObject, BreadcrumbList.

What each must and should hold is Google's: developers.google.com/search/docs/appearance/structured-data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from nhipcau.activities.models import Activity, Speaker
from nhipcau.core.language import reading
from nhipcau.core.middleware import LOCAL
from nhipcau.newsroom.blocks import pictures_in
from nhipcau.newsroom.models import Article, Author, Picture
from nhipcau.newsroom.pictures import WIDTHS, sources_of
from nhipcau.parties.models import Organisation

#: The kind of activity that is a course.
COURSE = "training_course"
_MODES = {
    Activity.Mode.ONSITE: "OfflineEventAttendanceMode",
    Activity.Mode.ONLINE: "OnlineEventAttendanceMode",
    Activity.Mode.HYBRID: "MixedEventAttendanceMode",
}
_COURSE_MODES = {Activity.Mode.ONSITE: "Onsite", Activity.Mode.ONLINE: "Online", Activity.Mode.HYBRID: "Blended"}
#: So that no text can end the script element it stands in.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def _script(data: dict[str, Any]) -> SafeString:
    written = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return mark_safe(written.translate(_ESCAPES))  # noqa: S308 (brackets are escaped just here)  # nosec B308 B703


def absolute(path: str) -> str:
    """An address with the host readers know."""
    return path if "://" in path else settings.BASE_URL + path


# --- activities -------------------------------------------------------------------------------
def event_json(activity: Activity, speakers: list[Speaker], *, moved: bool, image: str) -> SafeString:
    """The script element's content; needs lead and kind joined, asks no query."""
    url = absolute(reverse("website:event", args=[activity.slug]))
    status = "EventScheduled"
    if activity.state == Activity.State.CANCELLED:
        status = "EventCancelled"
    elif moved:
        status = "EventRescheduled"
    data: dict[str, Any] = {
        "@type": "Event",
        "name": activity.text("title"),
        "url": url,
        "image": [absolute(image)],
        **_times(activity),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[Activity.Mode(activity.mode)]}",
        "organizer": _organisation(activity.lead),
        "inLanguage": activity.languages,
        "isAccessibleForFree": True,
    }
    if activity.summary:
        data["description"] = activity.text("summary")
    data |= _place(activity, url)
    if speakers:
        data["performer"] = [{"@type": "Person", "name": speaker.name} for speaker in speakers]
    return _script(data)


def course_json(activity: Activity) -> SafeString:
    """A training course with the one time it is given; needs lead joined."""
    url = absolute(reverse("website:event", args=[activity.slug]))
    instance: dict[str, Any] = {
        "@type": "CourseInstance",
        "courseMode": _COURSE_MODES[Activity.Mode(activity.mode)],
        **_times(activity),
        "inLanguage": activity.languages,
        "courseWorkload": f"PT{_hours(activity)}H",
        **_place(activity, url),
    }
    return _script(
        {
            "@type": "Course",
            "name": activity.text("title"),
            "description": activity.text("summary") or activity.text("title"),
            "url": url,
            "provider": _organisation(activity.lead),
            "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "VND"},
            "hasCourseInstance": [instance],
        }
    )


def _times(activity: Activity) -> dict[str, str]:
    return {
        "startDate": activity.starts_at.astimezone(LOCAL).isoformat(),
        "endDate": activity.ends_at.astimezone(LOCAL).isoformat(),
    }


def _hours(activity: Activity) -> int:
    """Hours of learning: from opening to closing on one day, eight a day over several."""
    if len(activity.days) > 1:
        return 8 * len(activity.days)
    return max(1, round((activity.ends_at - activity.starts_at).total_seconds() / 3600))


def _place(activity: Activity, url: str) -> dict[str, Any]:
    if activity.mode == Activity.Mode.ONLINE:
        return {"location": {"@type": "VirtualLocation", "url": url}}
    if not activity.venue:
        return {}
    venue = activity.text("venue")
    return {"location": {"@type": "Place", "name": venue, "address": venue}}


def _organisation(organisation: Organisation) -> dict[str, str]:
    return {"@type": "Organization", "name": organisation.text("name")}


# --- news -------------------------------------------------------------------------------------
def article_json(article: Article, authors: Sequence[Author]) -> SafeString:
    """A published article with its pictures; renditions, picture and section were fetched before."""
    assert article.published_at is not None
    unit = article.section.organisation
    changed = max(filter(None, (article.published_at, article.last_published_at, article.corrected_at)))
    publisher = _organisation(unit) if unit else {"@type": "Organization", "name": "Nhịp Cầu"}
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.search_description or article.lead,
        "mainEntityOfPage": absolute(article.url),
        "inLanguage": reading(),
        "articleSection": article.section.title,
        "datePublished": article.published_at.astimezone(LOCAL).isoformat(),
        "dateModified": changed.astimezone(LOCAL).isoformat(),
        "isAccessibleForFree": True,
        "author": [_author(author) for author in authors] or [publisher],
        "publisher": publisher | {"logo": {"@type": "ImageObject", "url": absolute(static("core/logo.svg"))}},
    }
    shown = list(dict.fromkeys(filter(None, (article.picture, *pictures_in(article.body)))))
    if shown:
        data["image"] = [image_object(picture) for picture in shown]
    if article.correction:
        data["correction"] = {"@type": "CorrectionComment", "text": article.correction}
    return _script(data)


def _author(author: Author) -> dict[str, str]:
    return {
        "@type": "Person",
        "name": author.name,
        "url": absolute(reverse("website:author", args=[author.slug])),
    }


def image_object(picture: Picture) -> dict[str, Any]:
    """A picture in its largest published size, with caption and credit; renditions were fetched before."""
    largest = sources_of(picture)
    url, _space, width = largest.srcset.rpartition(", ")[2].rpartition(" ")
    wide = min(int(width.removesuffix("w")), max(WIDTHS))
    return {
        "@type": "ImageObject",
        "url": absolute(url),
        "contentUrl": absolute(url),
        "width": wide,
        "height": round(largest.height * wide / largest.width),
        "caption": picture.caption_in(reading()),
        "creditText": picture.credit,
        "creator": {"@type": "Person", "name": picture.credit},
        "copyrightNotice": picture.credit,
    }


# --- where a page stands -----------------------------------------------------------------------
def crumbs_json(crumbs: Iterable[tuple[str, str]]) -> SafeString:
    """The way from the front page, as (label, address)."""
    return _script(
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": label, "item": absolute(address)}
                for place, (label, address) in enumerate(crumbs, 1)
            ],
        }
    )
