"""A server on loopback, a browser, and the questions asked of every page met."""

import fcntl
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import axe_playwright_python
import pytest
from django.db import connection
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, Request, sync_playwright

from nhipcau.core import keeping
from nhipcau.parties.models import User
from tests import makers
from tests.conftest import _migrated_copy

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
AT_ONCE = 2
# What Chromium and htmx call errors and is none: a form refused with 422 or a page that is not there is an answer, and a
# preview gives way to the next one or to the page that follows.
ANSWERS = ("Failed to load resource: the server responded", "AbortError: signal is aborted")
AS_MIGRATED = _migrated_copy()  # named by the migrations as they are when the run begins
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The parts of WCAG 2.2 AA a machine can judge; the size of targets is off in axe unless asked for by name.
_RUN_AXE = """axe.run(document, {
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
  rules: {'target-size': {enabled: true}},
  resultTypes: ['violations'],
}).then(found => found.violations.map(rule => ({
  rule: rule.id, help: rule.help,
  nodes: rule.nodes.map(node => [node.target.join(' '), node.html.slice(0, 160), (node.failureSummary || '').slice(0, 300)]),
})))"""


def t(msgid: str, language: str, context: str = "", **values: Any) -> str:
    """A message as the reader of a language sees it, so that one script plays in both."""
    with override(language):
        text = pgettext(context, msgid) if context else gettext(msgid)
    return text % values if values else text


class Blocker(Protocol):
    """What pytest-django keeps the database shut with."""

    def unblock(self) -> Any:
        """Open it for as long as the context lasts."""


def as_migrated() -> None:
    """Put the tables back to what the migrations left, and forget pages drawn from others."""
    keeping.forget()
    connection.ensure_connection()
    kept = sqlite3.connect(f"file:{AS_MIGRATED}?immutable=1", uri=True)
    kept.backup(connection.connection)
    kept.close()


@contextmanager
def committed_tables(blocker: Blocker) -> Iterator[None]:
    """Real transactions for as long as a server needs them: the database as the migrations left it, before and after."""
    if connection.vendor != "sqlite":
        pytest.skip("Pages are the same over every database; browsers look at them over SQLite.")
    with blocker.unblock():
        as_migrated()
        try:
            yield
        finally:
            as_migrated()
            connection.close()


@contextmanager
def one_of_few() -> Iterator[None]:
    """Wait until fewer than two browsers run; the machines this is tested on have two cores."""
    folder = Path(tempfile.gettempdir())
    while True:
        for number in range(AT_ONCE):
            handle = (folder / f"nhipcau-browser-{os.getuid()}-{number}.lock").open("w")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if number < AT_ONCE - 1 else 0))
            except BlockingIOError:
                handle.close()
                continue
            try:
                yield
            finally:
                handle.close()
            return


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Debian's Chromium without a window; nothing is downloaded."""
    program = shutil.which("chromium")
    assert program, "The tests that drive a browser need Debian's chromium."
    # Playwright keeps an event loop in this thread, and Django would take the tests' own queries for asynchronous ones.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    with one_of_few(), sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
            if before is None:
                del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Window:
    """One person's browser window: its page, and what went wrong in it so far."""

    page: Page
    context: BrowserContext
    language: str
    address: str  # of the server, without a slash at the end
    complaints: list[str] = field(default_factory=list)
    _cdp: CDPSession | None = None

    def go(self, path: str) -> None:
        """Open an address of ours."""
        self.page.goto(self.address + path, wait_until="load")

    def resize(self, size: dict[str, int]) -> None:
        """Give the window another size, and wait until the page is laid out in it: a busy machine takes its time."""
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        self.run(
            "new Promise(done => { const look = () => "
            f"innerWidth === {size['width']} && document.documentElement.clientWidth <= {size['width']} "
            "? requestAnimationFrame(() => requestAnimationFrame(done)) : setTimeout(look, 20); look(); })"
        )

    def t(self, msgid: str, context: str = "", **values: Any) -> str:
        """A message in this person's language."""
        return t(msgid, self.language, context, **values)

    def run(self, expression: str) -> Any:
        """Evaluate JavaScript from outside the page, where its security policy does not reach; waits for promises."""
        self._cdp = self._cdp or self.context.new_cdp_session(self.page)
        answer = self._cdp.send(
            "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def barriers(self) -> list[str]:
        """What keeps people out, by axe: one readable paragraph for each rule that is broken."""
        if not self.run("typeof axe === 'object'"):
            self.run(AXE + ";0")
        return [
            f"{rule['rule']}: {rule['help']}"
            + "".join(f"\n    {target}\n      {html}\n      {why}" for target, html, why in rule["nodes"][:4])
            for rule in self.run(_RUN_AXE)
        ]

    def overflow(self) -> str:
        """Empty when the page fits its window; else how far it does not and what sticks out."""
        sticking = self.run(
            """(() => {
              const page = document.scrollingElement, wide = innerWidth;
              if (page.scrollWidth <= wide) return '';
              const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > wide + 1)
                .slice(0, 4).map(e => e.outerHTML.slice(0, 120));
              return `${page.scrollWidth} > ${wide}: ` + out.join(' | ');
            })()"""
        )
        return str(sticking)

    def sees(self, name: str) -> None:
        """Keep a picture of the page in test-results/ when NHIPCAU_PICTURES is set."""
        if os.environ.get("NHIPCAU_PICTURES"):
            folder = ROOT / "test-results"
            folder.mkdir(exist_ok=True)
            width = (self.page.viewport_size or DESKTOP)["width"]
            self.page.screenshot(path=folder / f"{name}-{self.language}-{width}.png", full_page=True)

    def check(self, name: str = "") -> None:
        """The page met has no barrier, fits its window and broke no rule of its own on the way."""
        where = f"{name} {self.page.url}"
        barriers = self.barriers()
        assert not barriers, f"{where}\n" + "\n".join(barriers)
        assert not self.overflow(), f"{where} scrolls sideways: {self.overflow()}"
        assert not self.complaints, f"{where}: {self.complaints}"
        if name:
            self.sees(re.sub(r"\W+", "-", name))


def open_window(
    browser: Browser,
    address: str,
    *,
    user: User | None = None,
    language: str = "vi",
    size: dict[str, int] = DESKTOP,
    **more: Any,
) -> Window:
    """A fresh window, signed in as somebody; the session is made on the server's side as signing in would."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        has_touch=size is PHONE,
        locale={"vi": "vi-VN", "en": "en-GB"}[language],
        timezone_id="Asia/Ho_Chi_Minh",
        accept_downloads=True,
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(15_000)
    if user is not None:
        context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": address}])
    page = context.new_page()
    window = Window(page=page, context=context, language=language, address=address)

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(answer in message.text for answer in ANSWERS):
            window.complaints.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            window.complaints.append(f"asks another host: {request.url}")

    page.on("console", heard)
    page.on("request", asked)
    page.on("pageerror", lambda error: window.complaints.append(f"script: {error}"))
    return window


def session_of(user: User) -> str:
    """The key of a new session of somebody who signed in."""
    from django.test import Client

    client = makers.come_in(Client(), user)
    return client.cookies["sessionid"].value
