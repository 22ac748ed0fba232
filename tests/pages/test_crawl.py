"""From the front door onwards, as everybody: no link that anybody is shown leads to a refusal, an error or nowhere."""

from collections import Counter, deque
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from lxml import html

from tests.pages.cast import CAST, PARTICIPANT
from tests.pages.conftest import Clients, close
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = {"vi": ["/", "/ban/"], "en": ["/en/", "/en/ban/"]}
# Of one address so many are followed for each set of questions: the fourth guest's page is built like the third's.
MANY = 3
# Leaves the product's own pages, or ends the visit.
NOT_FOLLOWED = ("/static/", "/bien-tap/", "/en/bien-tap/", "/tai-khoan/logout/", "/en/tai-khoan/logout/")


def links(content: bytes, base: str) -> list[str]:
    """Where a page leads by its links, forms that only ask, pictures and downloads, on this host."""
    tree = html.document_fromstring(content)
    found = [element.get(name) for name in ("href", "src") for element in tree.xpath(f"//*[@{name}]")]
    found += [form.get("action") or base for form in tree.xpath("//form[not(@method) or @method='get']")]
    there = [urldefrag(urljoin(base, link)).url for link in found if link]
    return [link for link in dict.fromkeys(there) if link.startswith("/") and not link.startswith(NOT_FOLLOWED)]


def shape(link: str) -> tuple[str, ...]:
    """The name of a link's address and what it asks, without the values; a link to nowhere is its own shape."""
    parts = urlsplit(link)
    try:
        # In its own language: after a page in another, the same path would lead nowhere.
        with override(get_language_from_path(parts.path) or settings.LANGUAGE_CODE):
            name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    return name, *sorted(parse_qs(parts.query, keep_blank_values=True))


@pytest.mark.parametrize("language", DOORS)
@pytest.mark.parametrize("who", CAST)
def test_no_link_shown_is_shut(clients: Clients, programme: Programme, who: str, language: str) -> None:
    if language == "en" and who not in {"officer_hmc", "overseer_dic", ""}:
        return
    client = clients.of(who)
    ahead = deque(
        (door, "the address bar") for door in DOORS[language] if who not in {"", PARTICIPANT} or "ban" not in door
    )
    followed: Counter[tuple[str, ...]] = Counter()
    seen: set[str] = set()
    shut, pages = [], 0
    while ahead:
        link, on = ahead.popleft()
        if link in seen or followed[shape(link)] == MANY:
            continue
        seen.add(link)
        followed[shape(link)] += 1
        response = client.get(link)
        if response.status_code in {301, 302}:
            ahead.append((urljoin(link, response["Location"]), on))
        elif response.status_code != 200:
            shut.append(f"{response.status_code} {link} (on {on})")
        elif response["Content-Type"].startswith("text/html"):
            pages += 1
            ahead.extend((further, link) for further in links(response.content, link))
        close(response)
    assert shut == []
    assert pages > 10
