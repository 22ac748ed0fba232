"""Editions of an article in two languages, and which paragraphs of the source changed since they were answered.

Every text of the source that an edition was made from is kept beside it by name: the headline, the lead, each block of
the body by its key, which a copy keeps. Where the source says something else today, that paragraph is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from nhipcau.newsroom.models import Article

BODY = "body:"
FIELDS = ("title", "lead", "correction")
#: Which values of a block are words; the rest (a picture, an address) is the same in every language.
WORDS: dict[str, tuple[str, ...]] = {
    "figure": ("caption", "alt"),
    "quote": ("text", "who", "position"),
    "video": ("title",),
}

Texts = dict[str, str]
_PARAGRAPH = re.compile(r"</(?:p|li|h[1-6])>|<br\s*/?>")


@dataclass(frozen=True)
class Stale:
    """A paragraph of an edition that no longer answers its source: `then` is what it was made from, `now` what is said."""

    key: str
    kind: str  # "changed", "new" (not in the edition yet) or "gone" (no longer in the source)
    then: str
    now: str


def words_of(block: Mapping[str, Any]) -> str:
    """The words of a block as stored, one under the other; empty for a block that has none."""
    kind, value = block["type"], block["value"]
    if kind == "text":
        return str(value)
    if kind == "gallery":
        figures = (item.get("value", item) for item in value)
        return "\n".join(filter(None, (words_of({"type": "figure", "value": figure}) for figure in figures)))
    return "\n".join(str(value[name]) for name in WORDS.get(kind, ()) if value.get(name))


def texts_of(article: Article) -> Texts:
    """Every text of an article by its name; no query."""
    texts = {name: str(getattr(article, name)) for name in FIELDS}
    for block in article.body.raw_data:
        texts[BODY + str(block["id"])] = words_of(block)
    return {name: text for name, text in texts.items() if text or name.startswith(BODY)}


def as_read(article: Article) -> Article:
    """What readers of an article have before them: the published text, of a draft its latest one; one query for a draft."""
    if article.live:
        return article
    latest: Article = article.get_latest_revision_as_object()
    return latest


def source_of(edition: Article) -> Article | None:
    """The article in the first language that this one is an edition of; None for that article itself. One query."""
    if edition.locale.language_code == settings.LANGUAGE_CODE:
        return None
    rows = Article.objects.filter(translation_key=edition.translation_key, locale__language_code=settings.LANGUAGE_CODE)
    return rows.select_related("locale", "latest_revision").first()


def stale_in(edition: Article, source: Article) -> list[Stale]:
    """The paragraphs that no longer answer the source, in its order; both as they are read. No query."""
    made_from: Texts = edition.source_texts
    today, here = texts_of(source), texts_of(edition)
    found = []
    for key, now in today.items():
        if key not in made_from:
            if now or key in here:
                found.append(Stale(key, "new" if key not in here else "changed", "", now))
        elif made_from[key] != now:
            found.append(Stale(key, "changed", made_from[key], now))
    found += [Stale(key, "gone", then, "") for key, then in made_from.items() if key not in today and key in here]
    return found


def answered(before: Texts, after: Texts, *, made_from: Texts, source: Texts) -> Texts:
    """What an edition answers once it was saved: whatever was rewritten answers the source of today, the rest as before."""
    kept = {key: text for key, text in made_from.items() if key in after or key in source}
    for key, text in after.items():
        if key in source and text != before.get(key):
            kept[key] = source[key]
    return kept


def missing_blocks(edition: Article, source: Article) -> Iterable[Mapping[str, Any]]:
    """Blocks of the source that the edition has no place for yet."""
    here = {block["id"] for block in edition.body.raw_data}
    known: Texts = edition.source_texts
    return [block for block in source.body.raw_data if block["id"] not in here and BODY + block["id"] not in known]


@dataclass(frozen=True)
class Line:
    """A paragraph in both languages; `stale` where the edition no longer answers, `difference` what changed since."""

    key: str
    source: str
    edition: str
    stale: Stale | None
    difference: list[tuple[str, str]]


def lines_of(edition: Article, source: Article) -> list[Line]:
    """Both languages paragraph by paragraph, in the order of the source."""
    here, today = texts_of(edition), texts_of(source)
    stale = {one.key: one for one in stale_in(edition, source)}
    keys = [*today, *(key for key in here if key not in today)]
    return [
        Line(
            key=key,
            source=as_plain(today.get(key, "")),
            edition=as_plain(here.get(key, "")),
            stale=stale.get(key),
            difference=difference(stale[key].then, stale[key].now) if key in stale else [],
        )
        for key in keys
        if today.get(key) or here.get(key)
    ]


def as_plain(text: str) -> str:
    """The words of stored HTML, a line for each paragraph."""
    return unescape(strip_tags(_PARAGRAPH.sub("\n", text))).strip()


def difference(then: str, now: str) -> list[tuple[str, str]]:
    """What was left, taken away and put in, word by word: ("", "the same"), ("-", "gone"), ("+", "new")."""
    before, after = as_plain(then).split(), as_plain(now).split()
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("", " ".join(before[a:b])))
            continue
        found += [(sign, " ".join(words)) for sign, words in (("-", before[a:b]), ("+", after[c:d])) if words]
    return found
