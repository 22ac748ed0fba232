"""Where a text answers a query: the words found in it, marked, and the part of it that holds most of them."""

import re
from collections.abc import Callable, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nhipcau.core import vietnamese

_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"[.!?…]\s+|\n+")


def _asker(words: Iterable[str], text: str) -> Callable[[str], str]:
    """Which of the words asked for, as `search.typed` gives them, a word of the text answers; empty for none.

    A word typed without marks is answered by any marks, one with marks by its own, or by any where none are its own.
    """
    asked = [(word, vietnamese.fold(word)) for word in words]
    tokens = [(vietnamese.canon_key(token), vietnamese.fold(token)) for token in _WORD.findall(text)]
    loose = {
        bare for word, bare in asked if word == bare or not any(exact.startswith(word) for exact, _folded in tokens)
    }

    def answers(token: str) -> str:
        exact, folded = vietnamese.canon_key(token), vietnamese.fold(token)
        for word, bare in asked:
            if exact.startswith(word) or (
                bare in loose and (folded == bare or (word == bare and folded.startswith(bare)))
            ):
                return bare
        return ""

    return answers


def segments(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was asked for."""
    text = vietnamese.normalise(text)
    answers = _asker(words, text)
    pieces: list[tuple[str, bool]] = []
    done = 0
    for found in _WORD.finditer(text):
        if not answers(found[0]):
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
    return mark_safe(html)  # noqa: S308 (every piece is escaped above)  # nosec B308 B703


def excerpt(text: str, words: Iterable[str], *, length: int = 220) -> str:
    """The part of a text that holds the most words asked for, cut between words; its beginning where it holds none."""
    text = vietnamese.normalise(text)
    if len(text) <= length:
        return text
    answers = _asker(words, text)
    hits = [(found.start(), word) for found in _WORD.finditer(text) if (word := answers(found[0]))]
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
