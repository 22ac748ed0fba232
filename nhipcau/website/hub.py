"""Telling a WebSub hub that feeds have changed (W3C WebSub, publishers), so that readers hear of it without asking.

Off unless an operator names a hub. What is sent are addresses of public feeds, nothing else.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.translation import override

from nhipcau.newsroom.models import Article
from nhipcau.website.feeds import FORMS
from nhipcau.website.structured import absolute

#: Seconds for the connection and for the answer.
PATIENCE = 10.0


class HubFailed(Exception):
    """The hub did not take it; `again` says whether trying later may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


def feeds_of(article: Article) -> list[str]:
    """The addresses of every feed an article stands in, or stood in; two queries."""
    places = [("news_feed", ()), ("section_feed", (article.section.slug,))]
    places += [("topic_feed", (topic.slug,)) for topic in article.topics.all()]
    with override(article.locale.language_code):
        return [absolute(reverse(f"website:{name}", args=[*key, form])) for name, key in places for form in FORMS]


def ping(hub: str, addresses: list[str]) -> None:
    """Tell the hub of the addresses; follows no redirect. Raises HubFailed."""
    parts = urlsplit(hub)
    kinds = {"http": HTTPConnection, "https": HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise HubFailed("the hub has no address of the web", again=False)
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=PATIENCE)
    body = urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in addresses)])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": "application/x-www-form-urlencoded"})
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise HubFailed(type(error).__name__, again=True) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise HubFailed(f"status {status}", again=status >= 500 or status in {408, 425, 429})
