"""Following links from page to page: where a page leads, what tells one address from another, and the walk itself."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language_from_path, override

from tests.pages.conftest import close

# Of one address so many are followed for each set of questions: the fourth guest's page is built like the third's.
MANY = 3
#: Ends the visit.
SIGN_OUT = ("/tai-khoan/logout/", "/en/tai-khoan/logout/")


class Way(NamedTuple):
    """Where one is led, and where that stood."""

    link: str
    on: str = "the address bar"


def here(found: Iterable[str], base: str, *, kept_out: tuple[str, ...]) -> list[str]:
    """Each address of this host once, wherever in its page it points; not those that begin so."""
    there = [urldefrag(urljoin(base, link)).url for link in found if link]
    return [link for link in dict.fromkeys(there) if link.startswith("/") and not link.startswith(kept_out)]


def links(tree: Any, base: str) -> list[str]:
    """What markup names as links, forms that only ask, pictures and downloads."""
    found = [element.get(name) for name in ("href", "src") for element in tree.xpath(f"//*[@{name}]")]
    return found + [form.get("action") or base for form in tree.xpath("//form[not(@method) or @method='get']")]


def match(link: str) -> ResolverMatch | None:
    """What answers an address, if anything does."""
    path = urlsplit(link).path
    try:
        # In its own language: after a page in another, the same path would lead nowhere.
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            return resolve(path)
    except Resolver404:
        return None


def shape(way: Way) -> tuple[str, ...]:
    """The name of a link's address and what it asks, without the values; a link to nowhere is its own shape."""
    parts, found = urlsplit(way.link), match(way.link)
    return found.view_name if found else parts.path, *sorted(parse_qs(parts.query, keep_blank_values=True))


@dataclass
class Crawl:
    """A walk along everything shown to one person: what was shut on it, and how many pages it led through."""

    client: Client
    onward: Callable[[Any, Way], Iterable[Way]]
    shape: Callable[[Way], tuple[str, ...]] = shape
    many: int = MANY
    refused: re.Pattern[str] = re.compile(r"(?!)")  # where a way leads on to that was shut
    shut: list[str] = field(default_factory=list)
    pages: int = 0

    def along(self, doors: Iterable[str]) -> None:
        """From the doors onwards."""
        ahead = deque(Way(door) for door in doors)
        followed: Counter[tuple[str, ...]] = Counter()
        seen: set[str] = set()
        while ahead:
            way = ahead.popleft()
            kind = self.shape(way)
            if way.link in seen or followed[kind] == self.many:
                continue
            seen.add(way.link)
            followed[kind] += 1
            ahead.extend(self._follow(way))

    def _follow(self, way: Way) -> list[Way]:
        response = self.client.get(way.link)
        status, further = response.status_code, []
        if status in {301, 302}:
            further = [way._replace(link=urljoin(way.link, response["Location"]))]
        if status not in {200, 301, 302} or (further and self.refused.fullmatch(further[0].link)):
            self.shut.append(f"{status} {way.link} (on {way.on})")
        elif status == 200:
            further = list(self.onward(response, way))
            self.pages += bool(further)
        close(response)
        return further
