"""Every form gets everything a keyboard, a clipboard and a broken program can send: an answer each time, never a crash."""

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.pages.conftest import Clients
from tests.pages.test_cast import FIRST, undone
from tests.pages.visits import Visit
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
Fields = dict[str, list[str]]
#: Forms that stand on every page: who signs out is somebody else afterwards.
ELSEWHERE = ("/tai-khoan/logout/",)
FORMS = [visit for visit in FIRST if not visit.file and visit.name != "account_logout"]
NASTY = (
    "", " ", "\x00", "\ufeff", "0", "-1", "1e400", "NaN", "٣", "1" * 400, "9" * 19, "2026-02-30", "31/12/9999", "0001-01-01",
    "25:61", "2026-11-23T99:00", "<script>alert(1)</script>", "' OR 1=1 --", "%00", "../../etc/passwd", "{{7*7}}",
    "Nguyễn Thị Minh Châu", "Nguyễn Thị Minh Châu", "👩‍👩‍👧‍👦", "\u202eabc", "a" * 70_000,
    "+84" + "9" * 40, "khach@" + "x" * 300 + ".vn", "on", "true", "None", "[]", "{}", "file:///", "javascript:alert(1)",
)  # fmt: skip


def forms(content: bytes, path: str) -> list[tuple[str, Fields]]:
    """Where each form on a page is sent, and with which values it offers."""
    found = []
    for form in html.document_fromstring(content).xpath("//form[translate(@method,'POST','post')='post']"):
        known: Fields = {}
        for element in form.xpath(".//*[@name]"):
            offered = known.setdefault(element.get("name"), [])
            if element.tag == "select":
                offered += [option.get("value", "") for option in element.iter("option")]
            elif element.tag == "textarea":
                offered.append(element.text or "")
            else:
                offered.append(element.get("value") or "")
        known.pop("csrfmiddlewaretoken", None)
        if known:
            target = urlsplit(urljoin(path, form.get("action") or ""))
            found.append((f"{target.path}?{target.query}", known))
    return found


def filled(offered: Fields) -> st.SearchStrategy[dict[str, Any]]:
    """A form filled in: each field left out, as offered, nasty, or anything at all, once or twice."""
    values = {}
    for name, choices in offered.items():
        value = st.sampled_from([*choices, *NASTY]) | st.text(max_size=40) | st.integers().map(str)
        values[name] = value | st.lists(value, max_size=2)
    return st.fixed_dictionaries({}, optional=values)


def send_anything(client: Client, target: str, offered: Fields) -> None:
    """The form as offered and as nobody meant it; each time an answer, and nothing of it stays."""

    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(sent=filled(offered))
    def send(sent: dict[str, Any]) -> None:
        with undone():
            assert client.post(target, sent).status_code < 500

    send()


@pytest.mark.parametrize("visit", FORMS, ids=str)
def test_form_survives_whatever_is_sent(clients: Clients, programme: Programme, visit: Visit) -> None:
    client, path = clients.of(visit.by), visit.path(programme, "vi")
    for target, offered in forms(client.get(path).content, path):
        if not target.startswith(ELSEWHERE):
            send_anything(client, target, offered)


@pytest.mark.parametrize("visit", [v for v in FIRST if v.name != "account_logout"], ids=str)
def test_address_survives_whatever_is_asked(clients: Clients, programme: Programme, visit: Visit) -> None:
    client, path = clients.of(visit.by), visit.path(programme, "vi").partition("?")[0]

    @settings(max_examples=5, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(asked=st.dictionaries(st.sampled_from(["q", "page", "state", "show", "kind", "activity", "khi", "next", "year"]),
                                 st.sampled_from(NASTY) | st.text(max_size=20), min_size=1, max_size=3))  # fmt: skip
    def ask(asked: dict[str, str]) -> None:
        response = client.get(path, {name: value[:4000] for name, value in asked.items()})
        assert response.status_code < 500
        if response.streaming:
            b"".join(response)

    ask()
