"""From the front door onwards, as everybody: no link that anybody is shown leads to a refusal, an error or nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from tests.pages.cast import CAST, PARTICIPANT
from tests.pages.conftest import Clients
from tests.pages.crawling import SIGN_OUT, Crawl, Way, here, links
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
DOORS = {"vi": ["/", "/ban/"], "en": ["/en/", "/en/ban/"]}
# Leaves the product's own pages, or ends the visit.
NOT_FOLLOWED = ("/static/", "/bien-tap/", "/en/bien-tap/", *SIGN_OUT)


def onward(response: Any, way: Way) -> Iterator[Way]:
    """Where a page leads; files lead nowhere."""
    if response["Content-Type"].startswith("text/html"):
        tree = html.document_fromstring(response.content)
        yield from (Way(link, way.link) for link in here(links(tree, way.link), way.link, kept_out=NOT_FOLLOWED))


@pytest.mark.parametrize("language", DOORS)
@pytest.mark.parametrize("who", CAST)
def test_no_link_shown_is_shut(clients: Clients, programme: Programme, who: str, language: str) -> None:
    if language == "en" and who not in {"officer_hmc", "overseer_dic", ""}:
        return
    crawl = Crawl(clients.of(who), onward)
    crawl.along(door for door in DOORS[language] if who not in {"", PARTICIPANT} or "ban" not in door)
    assert crawl.shut == []
    assert crawl.pages > 10
