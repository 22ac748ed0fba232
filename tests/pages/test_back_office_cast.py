"""The back office asked by the whole cast: shut to those who do not edit, and never broken by those who do, whatever they send."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from lxml import html

from tests import makers
from tests.pages.cast import CAST
from tests.pages.conftest import Clients, close
from tests.pages.leftovers import newsroom
from tests.pages.screens import KEEPER, Look, Newsroom, looks, names
from tests.pages.test_cast import undone
from tests.pages.test_fuzz import NASTY, filled

__all__ = ["newsroom"]
pytestmark = pytest.mark.django_db(transaction=True)
ROUTE = re.compile(r"<int:\w+>|<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")
#: What stands outside the door: the way to the entrance and out of it, words and drawings of the screens.
OUTSIDE = re.compile(r"/(password_reset|login|logout|jsi18n|sprite)")
EDITORS = ("mai", "editor_hmc", "loan")
ENTRANCE = re.compile(r"(/en)?/(tai-khoan|bien-tap)/login/\?next=.*")


@pytest.fixture(scope="module")
def seen(newsroom: Newsroom) -> list[Look]:
    """Every screen, once for each address and its queries."""
    with override("vi"):
        return looks(newsroom)


@pytest.fixture(scope="module")
def inside(newsroom: Newsroom) -> dict[str, Client]:
    """The clients of those who may enter."""
    people = newsroom.programme.cast | newsroom.board
    return {who: makers.come_in(Client(raise_request_exception=False), people[who]) for who in (*EDITORS, KEEPER)}


# --- those who do not edit ----------------------------------------------------------------------------
def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every address under a prefix with ones in place of its parameters, whether or not it shows a screen."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith(settings.CMS_PATH):
            yield "/" + re.sub(r"[\^$\\?]", "", ROUTE.sub("1", route))


@pytest.mark.parametrize("who", [who for who in CAST if who not in {*EDITORS, KEEPER}], ids=str)
def test_every_address_is_shut_to_those_who_do_not_edit(clients: Clients, seen: list[Look], who: str) -> None:
    with override("vi"):
        screens = {look.name: look.path for look in seen}
        asked = {*screens.values(), *(path for path in routes(get_resolver().url_patterns) if not OUTSIDE.search(path))}
    client, answers = clients.of(who), {}
    for path in sorted(asked):
        response = client.get(path)
        refused = response.status_code in {403, 404} or ENTRANCE.fullmatch(response.get("Location", ""))
        if not refused:
            answers[path] = (response.status_code, response.get("Location"))
        close(response)
    assert not answers, answers
    assert len(asked) > 300


# --- those who do -------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mai", "editor_hmc"])
def test_no_screen_breaks_for_those_who_edit(inside: dict[str, Client], seen: list[Look], who: str) -> None:
    broken = []
    for look in {look.name: look for look in seen}.values():
        with override("vi"), undone():
            response = inside[who].get(look.path)
            if response.status_code >= 500:
                broken.append(look.path)
            close(response)
    assert not broken, broken


# --- forms ----------------------------------------------------------------------------------------------
FORMS = [
    *(name for name in names() if re.fullmatch(r"wagtailsnippets_\w+:(add|edit)", name)),
    "wagtailadmin_pages:add",
    "wagtailadmin_pages:edit",
    "wagtailimages:edit",
    "wagtaildocs:edit",
]
#: A clause is revised by an annex alone: its form leads back. It is sent something all the same.
NEVER_REVISED = {"wagtailsnippets_agreements_clause:edit": {"wording": ["Điều mới"]}}
ON_PAGES = ("wagtailadmin_pages:add", "wagtailadmin_pages:edit")
_line = {"key": "a", "text": "Khai mạc.", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
TEXT = json.dumps({"blocks": [_line], "entityMap": {}})
#: What the editor's script hands over beside what the form offers: two blocks, one of them made of others.
BODY = {
    "body-count": "2",
    **{f"body-{n}-{key}": value for n in (0, 1) for key, value in (("deleted", ""), ("order", str(n)), ("id", ""))},
    "body-0-type": "text",
    "body-0-value": TEXT,
    "body-1-type": "gallery",
    "body-1-value-count": "1",
    "body-1-value-0-deleted": "",
    "body-1-value-0-order": "0",
    "body-1-value-0-value-picture": "1",
    "body-1-value-0-value-caption": "",
    "body-1-value-0-value-alt": "",
}
BLOCKS = ("text", "figure", "gallery", "quote", "video", "document", "activity")
BROKEN = ("{", "null", "[]", "1", '{"blocks": 1}', '{"blocks": [{}], "entityMap": {}}', TEXT.replace('"unstyled"', "7"))
Sent = dict[str, Any]


def offered(content: bytes, path: str) -> Sent:
    """What a screen's own form would send, were its button pressed at once."""
    found = html.document_fromstring(content.decode()).forms
    own = [form for form in found if form.method == "POST" and (form.action or path).partition("?")[0] == path]
    form = max(own, key=lambda form: len(form.fields.keys()))  # beside it stand buttons
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    sent.pop("csrfmiddlewaretoken")
    return sent | {name: [""] for name in form.fields if name not in sent and name != "csrfmiddlewaretoken"}


def amiss(whole: Sent) -> st.SearchStrategy[Sent]:
    """A form with up to three fields changed or left out, or with all of them as they come."""
    value = st.sampled_from([*NASTY, *BLOCKS, *BROKEN]) | st.text(max_size=40) | st.integers().map(str)
    changed = st.dictionaries(st.sampled_from(sorted(whole)), value | st.none(), min_size=0, max_size=3)
    few = changed.map(lambda said: {k: v for k, v in (whole | said).items() if v is not None})
    return few | filled(whole)


def send_amiss(client: Client, path: str, whole: Sent) -> None:
    """A form filled in wrongly, a few times; each time an answer, and nothing of it stays."""

    @how(
        max_examples=4,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(sent=amiss(whole))
    def send(sent: Sent) -> None:
        with undone():
            assert client.post(path, sent).status_code < 500

    send()


@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks_whatever_is_sent(inside: dict[str, Client], seen: list[Look], name: str) -> None:
    with override("vi"):
        path = next(look.path for look in seen if look.name == name)
    screen = inside[KEEPER].get(path)
    whole = NEVER_REVISED.get(name) or offered(screen.content, path)
    if name in ON_PAGES:
        whole |= {key: [value] for key, value in BODY.items()} | {"action-publish": ["1"]}
    send_amiss(inside[KEEPER], path, whole)
