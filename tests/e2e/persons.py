"""What a person does in a window, said by the words of the page: fill, choose, press, follow."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Locator, expect

from tests.e2e.harness import Window


class Person:
    """Somebody at a window; every page reached is looked at once for barriers."""

    def __init__(self, window: Window, name: str) -> None:
        self.window, self.name, self.page = window, name, window.page
        self.seen: set[str] = set()

    def t(self, msgid: str, context: str = "", **values: Any) -> str:
        """A message in this person's language."""
        return self.window.t(msgid, context, **values)

    def go(self, path: str) -> None:
        """Open an address of ours."""
        prefix = "/en" if self.window.language == "en" else ""
        self.window.go(prefix + path)
        self.look()

    def look(self) -> None:
        """No barrier here, nothing sticks out, no complaint; once for each kind of page."""
        kind = re.sub(r"\d{2,}|\d+(?=/)|/ma/[^/]+", "…", self.page.url.split("?")[0])
        if kind not in self.seen:
            self.seen.add(kind)
            self.window.check(f"journey-{len(self.seen):02}-{self.name}")

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """A box by its label; what is beside it in brackets ("optional") does not matter."""
        words = re.compile(rf"^\s*{re.escape(self.t(label))}(\s|$)(\s*\(.*\))?\s*$")
        return (within or self.page.locator("main")).get_by_label(words).first

    def fill(self, **values: str) -> None:
        """Type into boxes by the names of a form's fields, where labels stand twice on a page."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']").fill(value)

    def write(self, label: str, value: str) -> None:
        """Type into the box with a label."""
        self.field(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose from the list with a label, by what the option says."""
        box = self.field(label)
        values = [o for o in box.locator("option").all() if option in (o.text_content() or "")]
        assert values, f"{option} is not offered under {label}"
        box.select_option(value=values[0].get_attribute("value"))

    def tick(self, words: str) -> None:
        """Tick the box or circle whose label holds some words."""
        self.page.locator("main").get_by_label(words).first.check()

    def press(self, button: str, within: Locator | None = None, *, context: str = "") -> None:
        """Press a button and wait for the page that follows."""
        name = self.t(button, context=context)
        with self.page.expect_navigation():
            (within or self.page.locator("main")).get_by_role("button", name=name, exact=True).first.click()
        self.look()

    def follow(self, link: str, within: Locator | None = None) -> None:
        """Follow a link by its words, told in English."""
        self.follow_text(self.t(link), within)

    def follow_text(self, text: str, within: Locator | None = None) -> None:
        """Follow a link by words that are data."""
        with self.page.expect_navigation():
            (within or self.page.locator("body")).get_by_role("link", name=text).first.click()
        self.look()

    def saves(self, link: str, folder: Path) -> Path:
        """Follow a link that gives a file; where it was kept."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=self.t(link), exact=True).first.click()
        download: Download = waiting.value
        kept = folder / download.suggested_filename
        download.save_as(kept)
        return kept

    def reads(self, text: str) -> None:
        """Some words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(text)

    def hears(self, msgid: str, context: str = "", **values: Any) -> None:
        """A message of ours stands on the page."""
        self.reads(self.t(msgid, context, **values))

    def path(self) -> str:
        """Where the person is, without language and query."""
        path = self.page.url.removeprefix(self.window.address).split("?")[0]
        return path.removeprefix("/en") if self.window.language == "en" else path
