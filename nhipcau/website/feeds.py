"""News as machines read them: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and ninjs 2.1 of the IPTC, all from the same items.

The whole text goes out, without the links that only work on the site. What belongs to the sample data says so in its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl  # nosec B406 (written with, nothing is parsed)

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import escape, strip_tags
from django.utils.xmlutils import SimplerXMLGenerator

from nhipcau.core.middleware import LOCAL
from nhipcau.core.samples import marked
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.pictures import AT_ONCE, spec
from nhipcau.newsroom.querysets import ArticleQuerySet, put_sections
from nhipcau.website.structured import absolute

MOST: Final = 30
NINJS: Final = "2.1"
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
#: Links to pages and documents of the house, as Wagtail keeps them: their words stay.
_INNER_LINK = re.compile(r"<a [^>]*linktype=[^>]*>(.*?)</a>", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """The main picture in the one size every reader takes."""

    url: str
    bytes: int
    width: int
    height: int
    caption: str
    credit: str


@dataclass(frozen=True)
class Item:
    """One article."""

    key: str
    url: str
    language: str
    title: str
    lead: str
    html: str
    published: datetime
    updated: datetime
    authors: list[str]
    section: str
    topics: list[tuple[str, str]]
    located: str
    breaking: bool
    correction: str
    source: str
    picture: Picture | None = None


@dataclass(frozen=True)
class Channel:
    """All items of a feed, and what it is called."""

    title: str
    about: str
    language: str
    page: str  # the page for people
    address: str  # its own
    icon: str
    publisher: str
    hub: str = ""  # who tells readers of changes
    items: list[Item] = field(default_factory=list)

    @property
    def updated(self) -> datetime | None:
        """When the latest of them changed."""
        return max((item.updated for item in self.items), default=None)


# --- from articles to items --------------------------------------------------------------------
def items(articles: ArticleQuerySet) -> list[Item]:
    """The latest of the articles given, which must be public; six queries."""
    rows = articles.latest_first().select_related("picture", "locale")
    listed = list(rows.prefetch_related("picture__renditions", "bylines__author", "topics")[:MOST])
    put_sections(listed)
    return [_item(article) for article in listed]


def published(article: Article) -> datetime:
    """When readers could first read it."""
    assert article.published_at is not None
    return max(article.published_at, article.embargo_until or article.published_at)


def updated(article: Article) -> datetime:
    """When what they read was last changed."""
    first = published(article)
    return max(first, article.last_published_at or first, article.corrected_at or first)


def _item(article: Article) -> Item:
    first = published(article)
    language = article.locale.language_code
    unit = article.section.organisation
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return Item(
        key=f"tag:{host},{first.astimezone(LOCAL):%Y}:article/{article.pk}",
        url=absolute(article.url or "/"),
        language=language,
        title=marked(article.title, is_sample=article.is_sample),
        lead=article.lead,
        html=_text(article),
        published=first,
        updated=updated(article),
        authors=[byline.author.name for byline in article.bylines.all()],
        section=article.section.title,
        topics=[(topic.slug, topic.text("name", language)) for topic in article.topics.all()],
        located=article.dateline,
        breaking=article.breaking,
        correction=article.correction,
        source=unit.text("name", language) if unit else "",
        picture=_picture(article, language),
    )


def _picture(article: Article, language: str) -> Picture | None:
    if article.picture is None:
        return None
    wanted = spec(*AT_ONCE)
    made = {one.filter_spec: one for one in article.picture.renditions.all()}
    one = made.get(wanted) or article.picture.get_rendition(wanted)
    try:
        size = one.file.size
    except OSError:  # its file is gone; the text goes out all the same
        return None
    return Picture(
        absolute(one.url), size, one.width, one.height, article.picture.caption_in(language), article.picture.credit
    )


def _text(article: Article) -> str:
    dateline = f"{article.dateline_shown} " if article.dateline_shown else ""
    parts = [f"<p><strong>{escape(dateline + article.lead)}</strong></p>"]
    if article.correction:
        parts.append(f"<p><em>{escape(article.correction)}</em></p>")
    for block in article.body:
        if block.block_type == "text":
            parts.append(_INNER_LINK.sub(r"\1", block.value.source))
        elif block.block_type == "quote":
            who = ", ".join(word for word in (block.value["who"], block.value["position"]) if word)
            cite = f"<footer>{escape(who)}</footer>" if who else ""
            parts.append(f"<blockquote><p>{escape(block.value['text'])}</p>{cite}</blockquote>")
    return "".join(parts)


# --- RSS and Atom ------------------------------------------------------------------------------
class _Rss(Rss201rev2Feed):
    """With the whole text."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": _CONTENT, "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["html"])


class _Atom(Atom1Feed):
    """With the whole text and every author."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.feed["icon"])
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["creators"]:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("content", item["html"], {"type": "html"})


def _xml(channel: Channel, kind: type[Rss201rev2Feed | Atom1Feed]) -> bytes:
    feed = kind(
        title=channel.title,
        link=channel.page,
        description=channel.about,
        language=channel.language,
        feed_url=channel.address,
        feed_guid=channel.address,
        subtitle=channel.about,
        author_name=channel.publisher,
        icon=channel.icon,
        hub=channel.hub,
    )
    for item in channel.items:
        picture = item.picture
        feed.add_item(
            title=item.title,
            link=item.url,
            description=item.lead,
            unique_id=item.key,
            unique_id_is_permalink=False,
            pubdate=item.published,
            updateddate=item.updated,
            categories=[item.section, *(name for _slug, name in item.topics)],
            creators=item.authors,
            enclosures=[Enclosure(picture.url, str(picture.bytes), "image/jpeg")] if picture else [],
            html=item.html,
        )
    text: str = feed.writeString("utf-8")
    return text.encode()


def rss(channel: Channel) -> bytes:
    """RSS 2.0; `pubDate` is when it appeared, the whole text stands in `content:encoded`."""
    return _xml(channel, _Rss)


def atom(channel: Channel) -> bytes:
    """Atom."""
    return _xml(channel, _Atom)


# --- JSON --------------------------------------------------------------------------------------
def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def json_feed(channel: Channel) -> bytes:
    """JSON Feed 1.1."""
    return _json(
        _filled(
            version="https://jsonfeed.org/version/1.1",
            title=channel.title,
            description=channel.about,
            home_page_url=channel.page,
            feed_url=channel.address,
            icon=channel.icon,
            language=channel.language,
            authors=[{"name": channel.publisher}],
            hubs=[{"type": "WebSub", "url": channel.hub}] if channel.hub else [],
        )
        | {
            "items": [
                _filled(
                    id=item.key,
                    url=item.url,
                    title=item.title,
                    summary=item.lead,
                    content_html=item.html,
                    image=item.picture.url if item.picture else None,
                    date_published=item.published.isoformat(),
                    date_modified=item.updated.isoformat(),
                    authors=[{"name": name} for name in item.authors],
                    tags=[item.section, *(name for _slug, name in item.topics)],
                    language=item.language,
                )
                for item in channel.items
            ]
        }
    )


def _ninjs_picture(item: Item, picture: Picture) -> dict[str, Any]:
    return _filled(
        name="main picture",
        uri=picture.url,
        type="picture",
        by=picture.credit,
        descriptions=[{"role": "caption", "contenttype": "text/plain", "value": picture.caption}]
        if picture.caption
        else [],
        language=item.language,
        renditions=[
            {
                "name": "main",
                "href": picture.url,
                "contenttype": "image/jpeg",
                "width": picture.width,
                "height": picture.height,
                "sizeinbytes": picture.bytes,
            }
        ],
    )


def _ninjs_item(item: Item, publisher: str) -> dict[str, Any]:
    plain = strip_tags(item.html)
    body = {"role": "main", "contenttype": "text/html", "charcount": len(plain), "wordcount": len(plain.split()),
            "value": item.html}  # fmt: skip
    return _filled(
        name=item.title,
        uri=item.key,
        type="text",
        representationtype="full",
        version=f"{int(item.updated.timestamp())}",
        firstcreated=item.published.isoformat(),
        versioncreated=item.updated.isoformat(),
        pubstatus="usable",
        urgency=1 if item.breaking else 5,
        language=item.language,
        copyrightholder=publisher,
        headlines=[{"role": "main", "contenttype": "text/plain", "value": item.title}],
        descriptions=[{"role": "lead", "contenttype": "text/plain", "value": item.lead}],
        bodies=[body],
        by=", ".join(item.authors),
        located=item.located,
        subjects=[{"name": name, "rel": "about", "literal": slug} for slug, name in item.topics],
        genres=[{"name": item.section}],
        infosources=[{"name": item.source, "role": "author"}] if item.source else [],
        ednote=item.correction,
        altids=[{"role": "web", "value": item.url}],
        associations=[_ninjs_picture(item, item.picture)] if item.picture else [],
    )


def ninjs(channel: Channel) -> bytes:
    """One composite news item whose associations are the articles."""
    changed = channel.updated
    return _json(
        _filled(
            uri=channel.address,
            type="composite",
            representationtype="full",
            standard={
                "name": "ninjs",
                "version": NINJS,
                "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{NINJS}.json",
            },
            versioncreated=changed.isoformat() if changed else None,
            language=channel.language,
            title=channel.title,
            copyrightholder=channel.publisher,
            associations=[_ninjs_item(item, channel.publisher) for item in channel.items],
        )
    )


#: What stands at the end of an address → (media type, name to be chosen by, what writes it).
FORMS: Final[dict[str, tuple[str, str, Callable[[Channel], bytes]]]] = {
    "rss": ("application/rss+xml", "RSS", rss),
    "atom": ("application/atom+xml", "Atom", atom),
    "json": ("application/feed+json", "JSON Feed", json_feed),
    "ninjs": ("application/json", "ninjs", ninjs),
}


def forms() -> Iterable[tuple[str, str, str]]:
    """(ending, media type, name) of each form, for pages that point to them."""
    return [(ending, media, name) for ending, (media, name, _write) in FORMS.items()]
