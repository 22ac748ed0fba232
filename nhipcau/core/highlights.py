"""Where a text answers a query: the words found in it, marked, and the part of it that holds most of them."""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nhipcau.core import vietnamese

_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?…]\s+|\n+")


def segments(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was asked for; a word without marks finds words with any marks."""
    text = vietnamese.normalise(text)
    asked = tuple(words)
    pieces: list[tuple[str, bool]] = []
    done = 0
    for found in _WORD.finditer(text):
        if not asked or not vietnamese.fold(found[0]).startswith(asked):
            continue
        between = text[done : found.start()]
        if pieces and between == " ":  # neighbours become one mark
            pieces[-1] = (pieces[-1][0] + " " + found[0], True)
        else:
            pieces += [(between, False)] if between else []
            pieces.append((found[0], True))
        done = found.end()
    if done < len(text):
        pieces.append((text[done:], False))
    return pieces


def highlight(text: str, words: Iterable[str]) -> SafeString:
    """The text for a page, what was asked for in `<mark>`."""
    html = "".join(
        f"<mark>{escape(piece)}</mark>" if asked else escape(piece) for piece, asked in segments(text, words)
    )
    return mark_safe(html)  # noqa: S308 (every piece is escaped above)


def excerpt(text: str, words: Iterable[str], *, length: int = 220) -> str:
    """The part of a text that holds the most words asked for, cut between words; its beginning where it holds none."""
    text = vietnamese.normalise(text)
    if len(text) <= length:
        return text
    asked = tuple(words)
    tokens = [(found.start(), vietnamese.fold(found[0])) for found in _WORD.finditer(text)]
    hits = [(start, next(word for word in asked if token.startswith(word)))
            for start, token in tokens if asked and token.startswith(asked)]  # fmt: skip
    begin = 0
    if hits:
        begin = max(hits, key=lambda hit: (len({w for s, w in hits if hit[0] <= s < hit[0] + length}), -hit[0]))[0]
    if begin + 40 <= length:  # it stands near enough to the beginning
        begin = 0
    else:
        ends = [found.end() for found in _ENDS.finditer(text, max(begin - length // 2, 0), begin)]
        begin = ends[-1] if ends else max(text.rfind(" ", 0, max(begin - 40, 0)) + 1, 0)
    end = begin + length
    if end < len(text):
        end = text.rfind(" ", begin, end) if text.rfind(" ", begin, end) > begin else end
    cut = text[begin:end].rstrip(" ,;:–-")
    return ("… " if begin else "") + cut + ("" if end >= len(text) else " …")
