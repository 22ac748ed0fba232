"""Words typed with a slip: near words, and how near. Plain functions over folded text; they know no table."""

import re
from collections.abc import Sequence
from itertools import pairwise

SIZE = 3
_VOWEL = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"(a)a|(e)e|(o)o|(d)d")
#: Keys that put a mark or a tone over a vowel where no Vietnamese keyboard was on (Telex).
_TONE_KEYS = re.compile(r"(?<=[aeiouy])([a-z]*?)[sfrxj]+")


def grams(text: str) -> set[str]:
    """Every three signs of each word with a space before and behind it: "báo" folded gives " ba", "bao", "ao "."""
    return {padded[n : n + SIZE] for word in text.split() for padded in [f" {word} "] for n in range(len(padded) - 2)}


def untyped(word: str) -> str:
    """A word as it was meant where the keyboard wrote the Telex keys themselves: "ddoosi" is "doi"."""
    if not word.isascii() or not _VOWEL.search(word):
        return word
    bare = _DOUBLED.sub(lambda found: next(filter(None, found.groups())), word).replace("w", "")
    return _TONE_KEYS.sub(r"\1", bare) or word


def distance(one: str, other: str, limit: int) -> int:
    """Letters to put in, take out, change or swap with a neighbour; `limit + 1` where more would be needed."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    earlier: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        earlier, last = last, row
    return min(last[-1], limit + 1)


def _slips(word: str) -> int:
    """So many slips are forgiven in a word of this length."""
    return 0 if len(word) < 2 or word.isdigit() else 1 if len(word) < 6 else 2


def _near(asked: str, word: str) -> float:
    if word.startswith(asked):
        return 1.0
    limit = _slips(asked)
    gap = distance(asked, word, limit)
    if gap > limit:
        return 0.0
    return 1 - gap / (max(len(asked), len(word)) + 1)


def nearest(query: Sequence[str], title: Sequence[str]) -> tuple[float, list[tuple[int, ...]]]:
    """How near a title comes to the words asked for, 0 to 1, and which of its words answer each of them.

    Every word must be answered, of four and more all but a quarter. Two words run together are answered by two.
    """
    total, missed = 0.0, 0
    answers: list[tuple[int, ...]] = []
    places: list[tuple[tuple[int, ...], str]] = [((n,), word) for n, word in enumerate(title)]
    places += [((n, n + 1), a + b) for n, (a, b) in enumerate(pairwise(title))]
    for asked in query:
        meant = untyped(asked)
        best = 0.0
        where: tuple[int, ...] = ()
        for place, word in places:
            if len(place) > 1 and len(asked) <= len(title[place[0]]):
                continue
            near = max(_near(asked, word), 0.98 * _near(meant, word) if meant != asked else 0.0)
            if near > best:
                best, where = near, place
        missed += not best
        total += best
        answers.append(where)
    if not query or missed > len(query) // 4:
        return 0.0, answers
    in_order = sum(
        bool(one and other and other[0] == one[-1] + 1) for one, other in pairwise(answers)
    )  # a word beside the one asked for beside it
    return (total + 0.1 * in_order) / len(query), answers
