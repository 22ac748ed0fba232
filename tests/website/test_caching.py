"""Public pages are drawn once for everybody and gone when something they show changes."""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as given_settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from nhipcau.activities import services as activities
from nhipcau.activities.models import Activity
from nhipcau.attendance.services import places
from nhipcau.core import keeping, stamps
from nhipcau.newsroom import services as newsroom
from nhipcau.newsroom.models import Article, NewsFront
from nhipcau.parties.models import User
from nhipcau.privacy.models import Notice
from nhipcau.reports.models import Snapshot
from nhipcau.reports.services import prepare_snapshot
from tests import makers
from tests.conftest import HandClock
from tests.core.keepers import Server, keeping_pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(transactional_ledger: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web process that keeps pages, over real transactions."""
    with keeping_pages(settings, monkeypatch) as made:
        yield made


class Scene:
    """A programme with something on every public page."""

    def __init__(self) -> None:
        agreement = makers.make_agreement()
        plan = makers.make_plan(agreement)
        indicator = makers.make_indicator(makers.make_objective(plan))
        self.officer = makers.make_user("officer_hmc", ("hmc", "officer"))
        self.activity = makers.make_activity(plan, indicators=[indicator], topics=["startup"])
        self.intake = makers.make_intake(self.activity, capacity=2)
        # On PostgreSQL, what migrations had filled in is gone after the first test in real transactions: no front, no news.
        self.with_news = NewsFront.objects.exists()
        self.article = makers.make_article(topics=list(self.activity.topics.all())) if self.with_news else Article()
        self.notice = makers.make_consent_wording()
        makers.make_evidence(self.activity)
        self.snapshot = prepare_snapshot(plan=plan, by=self.officer, at=makers.NOW)


@pytest.fixture
def scene(server: Server) -> Scene:
    """What there is to see."""
    return Scene()


def move(scene: Scene) -> None:
    starts = scene.activity.starts_at + timedelta(days=1)
    activities.move_activity(activity=scene.activity, starts_at=starts, ends_at=starts + timedelta(hours=3),
                             reason="Diễn giả bận", by=scene.officer, at=makers.NOW)  # fmt: skip


def take_seat(scene: Scene) -> None:
    places.register(intake=scene.intake, name="Lê Thị Bình", phone="0912345678", consent=scene.notice, at=makers.NOW)


def correct(scene: Scene) -> None:
    article = Article.objects.get(pk=scene.article.pk)
    article.correction = "Số khách là 120."
    article.save_revision(user=None)
    newsroom.publish_article(article=article, by=None, at=makers.NOW)


def withdraw(scene: Scene) -> None:
    newsroom.withdraw_article(article=scene.article, by=None, at=makers.NOW)


def release(scene: Scene) -> None:
    Snapshot.objects.filter(pk=scene.snapshot.pk).update(released_at=makers.NOW)


def address_of(scene: Scene, page: str) -> str:
    return page.format(slug=scene.activity.slug, article=scene.article.url if scene.with_news else "")


CHANGES: list[tuple[str, Callable[[Scene], None]]] = [
    ("/hoat-dong/{slug}/", move),
    ("/hoat-dong/{slug}/", take_seat),
    ("/en/hoat-dong/{slug}/", move),
    ("/hoat-dong/{slug}.ics", move),
    ("/lich.ics", move),
    ("/lich/", move),
    ("/lich/", take_seat),
    ("/", move),
    ("/ket-qua/", release),
    ("{article}", correct),
    ("/tin/doi-ngoai/", withdraw),
    ("/tin/", withdraw),
    ("/sitemap.xml", move),
]


@pytest.mark.parametrize(
    ("page", "change"),
    [
        pytest.param(
            page, change, id=f"{page}-{change.__name__}",
            marks=[] if page.startswith(("/tin", "{article}")) else [pytest.mark.database],
        )
        for page, change in CHANGES
    ],
)  # fmt: skip
def test_a_page_is_kept_until_something_changes(
    server: Server, scene: Scene, page: str, change: Callable[[Scene], None]
) -> None:
    address = address_of(scene, page)
    server.get(address)  # makes the sizes of pictures, which is a change
    first = server.get(address)
    again = server.get(address)
    assert (first.status, again.status, again.statements) == (200, 200, 0)
    assert again.content == first.content
    assert {**again.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    change(scene)
    fresh = server.get(address)
    assert fresh.statements > 0
    assert fresh.content != first.content
    assert server.get(address).content == fresh.content


def test_a_withdrawn_article_is_gone_at_once(server: Server, scene: Scene) -> None:
    server.get(scene.article.url)
    assert server.get(scene.article.url).status == 200
    withdraw(scene)
    assert server.get(scene.article.url).status == 404


def test_time_changes_pages_without_a_row_being_written(server: Server, scene: Scene, clock: HandClock) -> None:
    embargoed = makers.make_article("Ký kết bản ghi nhớ mới", embargo_until=makers.NOW + timedelta(hours=2))
    address = f"/hoat-dong/{scene.activity.slug}/"
    for page in (address, "/tin/"):
        server.get(page)
        assert server.get(page).statements == 0
    assert embargoed.title not in server.get("/tin/").text
    before = server.get(address).content
    clock.move(hours=2, seconds=1)
    assert embargoed.title in server.get("/tin/").text
    clock.set(scene.activity.ends_at + timedelta(seconds=1))
    server.get(address)
    after = server.get(address)
    assert (after.statements, after.content != before) == (0, True)


@pytest.mark.database
def test_another_process_sees_a_change_within_a_second(server: Server, scene: Scene, tmp_path: Path) -> None:
    """A second web process over the same database, with what it kept in its own memory."""
    address = f"/hoat-dong/{scene.activity.slug}/"
    program = tmp_path / "other.py"
    program.write_text(
        "import json, os, sys, django\n"
        "from datetime import datetime\n"
        "django.setup()\n"
        "from django.conf import settings\n"
        "settings.DATABASES['default'].update(json.loads(os.environ['OTHER_DATABASE']))\n"
        "settings.PUBLIC_PAGE_SECONDS = 300\n"
        "from nhipcau.core import middleware\n"
        "at = datetime.fromisoformat(os.environ['OTHER_NOW'])\n"
        "middleware.clock = lambda: at\n"
        "from tests.core.keepers import Server\n"
        "server = Server()\n"
        "for line in sys.stdin:\n"
        "    answer = server.get(line.strip())\n"
        "    print(json.dumps([answer.status, answer.statements, answer.text]), flush=True)\n"
    )
    database = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    environment = os.environ | {
        "OTHER_DATABASE": json.dumps({**database, "NAME": str(database["NAME"])}),
        "OTHER_NOW": makers.NOW.isoformat(), "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, str(program)], cwd=ROOT, env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:  # fmt: skip

        def ask() -> list[Any]:
            assert other.stdin
            assert other.stdout
            other.stdin.write(f"{address}\n")
            other.stdin.flush()
            for line in other.stdout:
                if line.startswith("["):
                    return list(json.loads(line))
            raise AssertionError("the other process ended")

        ask()
        status, statements, before = ask()
        assert (status, statements) == (200, 0)
        move(scene)
        time.sleep(0.9)
        status, statements, after = ask()
        assert status == 200
        assert statements > 0
        assert after != before
        assert ask()[1] == 0
        assert other.stdin
        other.stdin.close()


@pytest.mark.database
def test_a_change_taken_back_is_none(server: Server, scene: Scene) -> None:
    def stamp() -> str:
        mark = stamps.current()
        assert mark
        return mark.stamp

    before = stamp()
    with transaction.atomic(), suppress(ValueError), transaction.atomic():
        Activity.objects.update(title="Bỏ")
        int("x")
    assert stamp() == before
    with transaction.atomic():
        with suppress(ValueError), transaction.atomic():
            Activity.objects.update(title="Bỏ")
            int("x")
        Activity.objects.update(title="Giữ")
        Activity.objects.update(title="Giữ nữa")
    first = stamp()
    assert first != before
    Activity.objects.update(title="Ngoài giao dịch")
    assert stamp() != first


@pytest.mark.database
def test_what_is_never_shown_lets_nothing_go(server: Server, scene: Scene) -> None:
    mark = stamps.current()
    session = SessionStore()
    session["x"] = 1
    session.save()
    User.objects.update(last_login=makers.NOW)
    after = stamps.current()
    assert mark
    assert after
    assert after.stamp == mark.stamp


def test_public_pages_read_only_tables_whose_change_is_told(server: Server, scene: Scene, settings: Any) -> None:
    release(scene)
    settings.PUBLIC_PAGE_SECONDS = 0
    read: set[str] = set()
    pages = {address_of(scene, page) for page, _change in CHANGES}
    for address in sorted(
        pages | {"/ban-ghi-nho/", "/rieng-tu/", "/tiep-can/", "/kiem-tra/", "/lich/?khi=qua&topic=startup"}
    ):
        with CaptureQueriesContext(connection) as asked:
            assert server.get(address).status == 200
        for query in asked.captured_queries:
            read |= set(re.findall(r'(?:FROM|JOIN)\s+"(\w+)"', query["sql"]))
    assert len(read) > 20
    assert [table for table in sorted(read) if not stamps.shown(table)] == []


def test_words_nobody_listens_to_fill_nothing_and_show_nowhere(server: Server, scene: Scene) -> None:
    address = f"/hoat-dong/{scene.activity.slug}/"
    plain = server.get(address)
    for number in range(30):
        answer = server.get(f"{address}?utm_source=x{number}&x={number}")
        assert (answer.statements, answer.content) == (0, plain.content)
    assert len(keeping.store) == 1
    first = server.get("/tin/?page=1&fbclid=poison")
    assert "poison" not in first.text
    assert server.get("/tin/?other=1&page=1").statements == 0


def test_a_visitor_who_brings_something_of_his_own_is_not_answered_by_what_is_kept(
    server: Server, scene: Scene
) -> None:
    address = f"/hoat-dong/{scene.activity.slug}/"
    server.get(address)
    for name in (given_settings.SESSION_COOKIE_NAME, "messages", "nhipcau_wrote"):
        assert server.get(address, HTTP_COOKIE=f"a=b; {name}=abc").statements > 0
    assert server.get(address, HTTP_HX_REQUEST="true").statements > 0
    assert server.get(address, HTTP_COOKIE="other=1").statements == 0


def test_a_page_with_a_form_is_never_kept(server: Server, scene: Scene) -> None:
    address = f"/dang-ky/{scene.activity.slug}/"
    first, second = server.get(address), server.get(address)
    assert "Set-Cookie" in first.headers
    assert second.statements > 0
    assert len(keeping.store) == 0


def test_what_was_not_found_is_not_kept(server: Server, scene: Scene) -> None:
    assert server.get("/hoat-dong/khong-co/").status == 404
    assert server.get("/kiem-tra/ABCDEFGH/").status == 404
    assert len(keeping.store) == 0


def test_a_kept_page_says_all_headers_and_answers_who_has_it(server: Server, scene: Scene, clock: HandClock) -> None:
    address = f"/hoat-dong/{scene.activity.slug}/"
    drawn, kept = server.get(address), server.get(address)
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy",
                 "Permissions-Policy", "Cache-Control", "Content-Language", "ETag", "Last-Modified"):  # fmt: skip
        assert kept.headers[name] == drawn.headers[name]
    assert kept.headers["X-Request-ID"] != drawn.headers["X-Request-ID"]
    assert "Set-Cookie" not in kept.headers
    packed = server.get(address, HTTP_ACCEPT_ENCODING="br;q=1, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == kept.content
    assert "Content-Encoding" not in server.get(address, HTTP_ACCEPT_ENCODING="gzip;q=0").headers
    head = server.get(address, "HEAD")
    assert (head.status, head.content, head.headers["Content-Length"]) == (200, b"", kept.headers["Content-Length"])
    tag, moment = kept.headers["ETag"], kept.headers["Last-Modified"]
    for condition in ({"HTTP_IF_NONE_MATCH": f'"x", {tag}'}, {"HTTP_IF_MODIFIED_SINCE": moment}):
        answer = server.get(address, **condition)
        assert (answer.status, answer.content, answer.headers["ETag"], answer.statements) == (304, b"", tag, 0)
    clock.move(hours=1)
    User.objects.update(display_name="Khác")
    Notice.objects.update(version=F("version") + 1)  # changes nothing on this page
    again = server.get(address)
    assert again.statements > 0
    assert again.headers["Last-Modified"] == moment
    assert server.get(address, HTTP_IF_NONE_MATCH='"other"', HTTP_IF_MODIFIED_SINCE=moment).status == 200


def test_the_first_visitor_who_has_the_page_already_lets_it_be_kept(server: Server, scene: Scene) -> None:
    address = f"/hoat-dong/{scene.activity.slug}/"
    tag = server.get(address).headers["ETag"]
    keeping.forget()
    assert server.get(address, HTTP_IF_NONE_MATCH=tag).status == 304
    assert server.get(address).statements == 0


def test_pages_are_drawn_every_time_where_the_operator_says_so(server: Server, scene: Scene, settings: Any) -> None:
    settings.PUBLIC_PAGE_SECONDS = 0
    address = f"/hoat-dong/{scene.activity.slug}/"
    assert server.get(address).statements == server.get(address).statements > 0


def test_the_store_holds_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_BYTES", 20_000)
    store = keeping.Store()
    moment = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
    for number in range(50):
        page = keeping.Page("1", moment, "", "", 0, b"x" * 3000, b"", ())
        store.put(f"{number}", f"/{number}/", None, page)
        store.get("0")
    assert len(store) == 4
    assert store.get("0") is not None
    assert store.get("10") is None
    store.clear()
    assert len(store) == 0
