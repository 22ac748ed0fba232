"""From the front of the back office onwards, as each who works there: nothing that is shown there leads to a refusal.

Half of what Wagtail shows is drawn or asked for by its scripts. The addresses they are handed are followed as links are:
the menu, windows to choose in, lists drawn anew, what is done to several rows at once.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from lxml import html

from nhipcau.parties.models import Membership
from tests import makers
from tests.pages.cast import CAST
from tests.pages.conftest import Clients
from tests.pages.crawling import SIGN_OUT, Crawl, Way, here, links, match
from tests.pages.leftovers import newsroom
from tests.pages.screens import KEEPER, Newsroom

__all__ = ["newsroom"]
pytestmark = pytest.mark.django_db(transaction=True)
FRONTS = {"vi": f"/{settings.CMS_PATH}", "en": f"/en/{settings.CMS_PATH}"}
INSIDE = tuple(FRONTS.values())
NOT_FOLLOWED = ("/static/", *SIGN_OUT, *(f"{front}logout/" for front in INSIDE))
# To the front, with a word of regret, Wagtail leads whoever may not go further, and to the sign-in whoever may not enter.
REFUSED = re.compile(r"(/en)?/(bien-tap/|tai-khoan/login/.*)")
# The board of HMC, and somebody whose own unit leads no section.
NEWSROOM = ("mai", "editor_hmc", "loan", "stranger")
# Pages as their readers see them, asked but not walked on from: tests/pages/test_crawl.py walks there.
AS_READ = re.compile(r":(view_draft|preview_on_\w+|revisions_view|workflow_preview)$")
# What scripts are handed and do not ask for as it stands, each with the reason.
NOT_ASKED = {
    "data-w-action-url-value": "a button; POST only",
    "data-w-orderable-url-value": "moves a row; POST only",
    "data-icon-url": "drawings, under an address of their own",
    "data-edit-url": "of the page chosen; a link in forms of the administrator's alone, who may edit every page",
    "wagtail-config": "beginnings of addresses, which scripts complete",
}


def in_text(text: str) -> Iterator[str]:
    """The addresses in what a script is handed: one alone, a structure, or markup."""
    text = text.strip()
    if re.match(r"/(\w|$)", text):
        yield text
    elif text.startswith(("{", "[")):
        with suppress(ValueError):
            yield from in_json(json.loads(text))
    elif re.search(r"<[a-z]", text):
        tree = html.fragment_fromstring(text, create_parent="div")
        yield from (link for link in links(shown(tree), "") if link.startswith("/"))
        yield from by_script(tree)


def in_json(value: Any) -> Iterator[str]:
    """The same, in a structure."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from in_json(inner)
    elif isinstance(value, str):
        yield from in_text(value)


def by_script(tree: Any) -> Iterator[str]:
    """What the scripts of a page ask for."""
    for element in tree.iter("*"):
        handed = element.tag == "script" and re.search("json|template", element.get("type", ""))
        if handed and element.get("id") not in NOT_ASKED:
            yield from in_text(element.text or "")
        for name, value in element.items():
            if name.startswith("data-") and name not in NOT_ASKED and not _is_button(element, name, tree):
                yield from in_text(value)


def _is_button(element: Any, name: str, tree: Any) -> bool:
    """Whether an address is for POST, or of a window which no button of the page opens."""
    if name == "data-w-swap-src-value":
        return str(element.get("method")) == "post"
    if name == "data-workflow-action-url":
        return "data-launch-modal" not in element.attrib
    window = name == "data-url" and "w-dialog" in element.get("class", "")
    return window and not tree.xpath("//*[@data-a11y-dialog-show=$name]", name=element.get("id"))


def shown(tree: Any) -> Any:
    """Markup without the links that are hidden until a script gives them an address."""
    for hidden in tree.xpath("//a[@hidden]"):
        hidden.attrib.pop("href", None)
    return tree


def on_page(tree: Any, way: Way) -> Iterator[str]:
    """Where a page leads by itself and by its scripts."""
    rows = tree.xpath("//@data-object-id")
    for button in tree.xpath("//*[@data-bulk-action-button]"):
        href = button.attrib.pop("href")
        if rows:  # as the script puts it together
            button.set("href", f"{href}?id={rows[0]}&next={urlsplit(way.link).path}")
    yield from links(shown(tree), way.link)
    yield from by_script(tree)


def onward(response: Any, way: Way) -> Iterator[Way]:
    """Where an answer leads that is the back office's own."""
    found = match(way.link)
    if not way.link.startswith(INSIDE) or response.streaming or not found or AS_READ.search(found.view_name):
        return
    ways: Iterator[str] = iter(())
    if response["Content-Type"].startswith("text/html") and response.content.strip():
        ways = on_page(html.fromstring(response.content.decode()), way)
    elif response["Content-Type"].startswith("application/json"):
        ways = in_json(response.json())
    yield from (Way(link, way.link) for link in here(ways, way.link, kept_out=NOT_FOLLOWED))


def shape(way: Way) -> tuple[str, ...]:
    """Told apart by what answers and by the words in the address: a kind of page, an act; registers by their lists."""
    found = match(way.link)
    if found is None:
        return (urlsplit(way.link).path,)
    name = re.sub(r"^(wagtailsnippet[a-z]*)_\w+:(?!list$)", r"\1:", found.view_name)
    words = [str(value) for value in (*found.args, *found.kwargs.values())]
    return name, *(word for word in words if word.isalpha())


@pytest.fixture(scope="module")
def staff(newsroom: Newsroom, clients: Clients) -> dict[str, Client]:
    """The clients of those who may enter."""
    people = newsroom.programme.cast | newsroom.board
    people["stranger"] = makers.make_user("stranger", ("fsc", Membership.Role.CHIEF_EDITOR))
    return {who: makers.come_in(Client(raise_request_exception=False), people[who]) for who in (*NEWSROOM, KEEPER)}


# Who may do less is refused more: to them, two of a kind are followed.
@pytest.mark.parametrize(
    ("who", "language", "many"),
    [
        ("mai", "vi", 2),
        ("editor_hmc", "vi", 2),
        ("loan", "vi", 1),
        ("stranger", "vi", 1),
        (KEEPER, "vi", 1),
        ("mai", "en", 1),
    ],
)
def test_nothing_shown_is_shut(staff: dict[str, Client], who: str, language: str, many: int) -> None:
    crawl = Crawl(staff[who], onward, shape=shape, many=many, refused=REFUSED)
    crawl.along([FRONTS[language]])
    assert crawl.shut == []
    assert crawl.pages > 30


def test_the_rest_of_the_cast_may_not_enter(clients: Clients) -> None:
    answers = {who: clients.of(who).get(FRONTS["vi"]) for who in CAST}
    assert {who for who, answer in answers.items() if answer.status_code == 200} == {"editor_hmc", KEEPER}


@pytest.mark.parametrize("language", FRONTS)
def test_menu_keeps_the_language(staff: dict[str, Client], language: str) -> None:
    for other in FRONTS.values():  # whoever comes first
        staff["loan"].get(other)
    tree = html.fromstring(staff["loan"].get(FRONTS[language]).content.decode())
    handed = in_text(tree.get_element_by_id("wagtail-sidebar-props").text)
    menu = [link for link in handed if not link.startswith("/static/")]
    assert len(menu) > 10
    assert [link for link in menu if link.startswith("/en/") != (language == "en")] == []
