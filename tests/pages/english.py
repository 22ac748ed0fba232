"""What is read on a screen, by markup, attributes and what scripts are handed; and whether a word of it can be Vietnamese.

No list of English words is kept: Vietnamese syllables are few. One written without any mark carries the level tone, has one
of few nuclei, and ends in a vowel or a nasal. Whatever does not look like that, and is neither data nor a name, was left over.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from lxml import etree, html

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:oa[iy]|oa|oe|oi|oo|ai|ao|au|ay|eo|ia|iu|ua|ui|uya|uy|[aeiouy])"
    r"(?:ng|nh|n|m)?"
)
_WORD = re.compile(r"[^\W\d_]+")
#: Addresses, files, codes: whatever has a sign inside that no word has.
_NO_WORDS = re.compile(r"\S*[^\W_][@/\\._=:#~][^\W_]\S*|\S*[/\\_@#=]\S*|%\(\w+\)[sd]|\{\w*\}|&\w+;")
#: Names a script calls things by, and secrets: one word that begins small, shouts or has a hump, or nothing but such words.
_FOR_SCRIPTS = re.compile(
    r"(?:[a-z][\w.:-]*|[A-Z][A-Z0-9_]+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|\S*\d\S*|\w{40,}|mod\+\w|[!\[.#:].*|\w+\[\w+\]|\w+-\w+)"
    r"|w-[\w-]+(?: w-[\w-]+)*|Y-m-d(?: H:i)?|None"
)
_READ_ALOUD = ("title", "aria-label", "aria-description", "placeholder", "alt", "label", "summary")


def is_vietnamese(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable, by its letters."""
    return not word.isascii() or bool(_SYLLABLE.fullmatch(word.lower()))


@cache
def foreign_words(text: str) -> list[str]:
    """The words of a text that cannot be Vietnamese."""
    return [word for word in _WORD.findall(_NO_WORDS.sub(" ", text)) if len(word) > 1 and not is_vietnamese(word)]


def said(text: str | None) -> Iterator[str]:
    """A text with its blanks put in order, unless there is nothing in it."""
    if text and text.strip():
        yield " ".join(unicodedata.normalize("NFC", text).split())


def in_json(value: Any) -> Iterator[str]:
    """Every sentence and label in what a script is handed."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from in_json(inner)
    elif isinstance(value, str):
        if value.strip()[:1] in {"{", "["}:
            with suppress(ValueError):
                yield from in_json(json.loads(value))
                return
        if re.search(r"<[a-z!/]", value):
            yield from in_markup(value)
        elif not _FOR_SCRIPTS.fullmatch(value):
            yield from said(value)


def _in_script(element: Any) -> Iterator[str]:
    kind, text = element.get("type", ""), element.text or ""
    if "ld+json" in kind:  # for search engines
        return
    if "json" in kind:
        yield from in_json(json.loads(text))
    elif "template" in kind:
        yield from in_markup(text)
    else:
        for quoted in re.findall(r'"(?:[^"\\]|\\.)*"', text):
            yield from in_json(json.loads(re.sub(r"\\(?![\"\\/bfnrtu])", "", quoted)))


def in_markup(content: str, language: str = "vi") -> Iterator[str]:
    """What is read in a page or a part of one, save what is marked as another language's."""
    whole = "<html" in content
    trees = (
        [html.document_fromstring(content)] if whole else html.fragments_fromstring(content) if content.strip() else []
    )
    for tree in trees:
        if isinstance(tree, str):
            yield from said(tree)
            continue
        walk = etree.iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                yield from said(element.tail)
            elif isinstance(element.tag, str) and element.get("lang", language)[:2] != language:
                walk.skip_subtree()
            elif isinstance(element.tag, str):
                yield from _in_element(element)


def _in_element(element: Any) -> Iterator[str]:
    if element.tag == "script":
        yield from _in_script(element)
    elif element.tag not in {"style", "textarea", "iframe"}:
        yield from said(element.text)
    button = element.tag == "input" and element.get("type") in {"submit", "button", "reset"}
    for name, value in element.items():
        if name in _READ_ALOUD or (name == "value" and button):
            yield from said(value)
        elif name.startswith("data-") and not name.endswith(("controller", "action", "class", "target", "nc-start")):
            yield from in_json(value)


def in_answer(content: bytes, kind: str) -> Iterator[str]:
    """What is read in an answer: a page, a part of one, or what a script makes one of."""
    text = content.decode()
    yield from in_json(json.loads(text)) if "json" in kind else in_markup(text)
