"""Feeds that change are told to a WebSub hub that listens on loopback: which, when, and what if it is away."""

import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from nhipcau.agreements.models import Agreement, Topic
from nhipcau.newsroom import services
from nhipcau.website import hub
from nhipcau.website.tasks import WAITS, tell_hub
from tests import makers
from tests.conftest import HandClock

ATOM = "{http://www.w3.org/2005/Atom}"
FORMS = ("rss", "atom", "json", "ninjs")


class Hub:
    """What a hub heard, and what it answers."""

    def __init__(self) -> None:
        self.heard: list[list[tuple[str, str]]] = []
        self.status = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.heard.append([("path", self.path), *parse_qsl(content)])
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_words: Any) -> None:
                """Nothing is written."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hub?key=a"


@pytest.fixture
def listening(settings: Any) -> Iterator[Hub]:
    """A hub on loopback that the product is told of."""
    made = Hub()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    settings.WEBSUB_HUB = made.address
    yield made
    made.server.shutdown()
    made.server.server_close()


def asked() -> list[DBTaskResult[Any, Any]]:
    """What waits to be told."""
    return list(DBTaskResult.objects.filter(task_path=tell_hub.module_path).order_by("enqueued_at"))


def work() -> list[str]:
    """Tell all that waits, as a worker does; what came of each."""
    done = []
    for one in asked():
        arguments = one.args_kwargs
        done.append(tell_hub.call(*arguments["args"], **arguments["kwargs"]))
        one.delete()
    return done


@pytest.fixture
def publish(agreement: Agreement, django_capture_on_commit_callbacks: Any) -> Any:
    """Do something to articles, and what follows when it is written."""

    def act(job: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return job()

    return act


def test_a_hub_hears_of_every_feed_an_article_stands_in(listening: Hub, publish: Any, clock: HandClock) -> None:
    topic = Topic.objects.create(slug="startup", name="Khởi nghiệp", name_en="Start-ups")
    article = publish(lambda: makers.make_article(topics=[topic]))
    expected = [
        f"http://localhost:8000/{place}.{form}"
        for place in ("tin", "tin/doi-ngoai", "chu-de/startup")
        for form in FORMS
    ]
    assert "told" in work()
    assert listening.heard[-1] == [
        ("path", "/hub?key=a"), ("hub.mode", "publish"), *(("hub.url", address) for address in expected),
    ]  # fmt: skip
    for address in expected:
        assert Client().get(address.removeprefix("http://localhost:8000")).status_code == 200
    listening.heard.clear()
    publish(lambda: services.withdraw_article(article=article, by=None, at=makers.NOW))
    assert work() == ["told"]
    assert {value for name, value in listening.heard[0] if name == "hub.url"} == set(expected)


def test_what_is_under_embargo_is_told_once_more_when_that_is_over(
    listening: Hub, publish: Any, clock: HandClock
) -> None:
    until = makers.NOW + timedelta(hours=2)
    publish(lambda: makers.make_article(embargo_until=until))
    moments = {one.run_after for one in asked()}
    assert until in moments


def test_a_hub_that_is_away_is_asked_again_and_given_up_in_the_end(listening: Hub, clock: HandClock, db: None) -> None:
    listening.status = 503
    tell_hub.enqueue(["http://localhost:8000/tin.rss"])
    for number, wait in enumerate(WAITS):
        assert work_one() == "later"
        (again,) = asked()
        assert again.run_after == clock.moment + wait
        assert again.args_kwargs["args"] == [["http://localhost:8000/tin.rss"], number + 1]
    assert work_one() == "given up"
    assert asked() == []
    assert len(listening.heard) == len(WAITS) + 1
    listening.status = 400  # it will never take it
    tell_hub.enqueue(["http://localhost:8000/tin.rss"])
    assert (work_one(), asked()) == ("given up", [])


def work_one() -> str:
    """Do the one task that waits, whatever it leaves behind."""
    (one,) = asked()
    one.delete()
    result: str = tell_hub.call(*one.args_kwargs["args"], **one.args_kwargs["kwargs"])
    return result


def test_nobody_listens_and_other_kinds_of_address_are_refused(settings: Any) -> None:
    with pytest.raises(hub.HubFailed) as failed:
        hub.ping("http://127.0.0.1:1/", ["x"])
    assert failed.value.again
    for wrong in ("file:///etc/passwd", "ftp://127.0.0.1/", "http:///"):
        with pytest.raises(hub.HubFailed) as failed:
            hub.ping(wrong, ["x"])
        assert not failed.value.again


def test_without_a_hub_nobody_is_told_and_feeds_name_none(publish: Any, clock: HandClock) -> None:
    publish(makers.make_article)
    assert asked() == []
    answer = Client().get("/tin.atom")
    assert "Link" not in answer
    assert b'rel="hub"' not in answer.content


def test_feeds_name_their_hub_and_themselves(listening: Hub, publish: Any, clock: HandClock) -> None:
    publish(makers.make_article)
    for form in FORMS:
        own = f"http://localhost:8000/tin.{form}"
        answer = Client().get(f"/tin.{form}")
        assert answer["Link"] == f'<{listening.address}>; rel="hub", <{own}>; rel="self"'
        if form in {"rss", "atom"}:
            root = ET.fromstring(answer.content)  # noqa: S314 (our own page)
            found = [(link.get("rel"), link.get("href")) for link in root.iter(f"{ATOM}link")]
            links = {rel: href for rel, href in found if rel in {"hub", "self"}}
            assert links == {"hub": listening.address, "self": own}
    assert json.loads(Client().get("/tin.json").content)["hubs"] == [{"type": "WebSub", "url": listening.address}]
