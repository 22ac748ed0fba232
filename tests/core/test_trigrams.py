"""Slips of the hand: how far is forgiven, and which words are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core import trigrams

WORDS = st.text(alphabet="abcdeghiklmnopqrstuvxy", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("hop", "hop", 0), ("hpo", "hop", 1), ("hp", "hop", 1), ("hopp", "hop", 1), ("hap", "hop", 1), ("bac", "hop", 3)],
)
def test_distance_counts_letters_and_swaps(one: str, other: str, steps: int) -> None:
    assert trigrams.distance(one, other, 2) == steps


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_nought_only_for_the_same(one: str, other: str) -> None:
    assert trigrams.distance(one, other, 3) == trigrams.distance(other, one, 3)
    assert (trigrams.distance(one, other, 3) == 0) == (one == other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ddoosi", "doi"), ("hopj", "hop"), ("baos", "bao"), ("nghieepj", "nghiep"), ("truwowngf", "truong"), ("fsc", "fsc"), ("2026", "2026")],
)  # fmt: skip
def test_telex_keys_are_taken_back(typed: str, meant: str) -> None:
    assert trigrams.untyped(typed) == meant


@pytest.mark.parametrize(
    ("query", "title", "found"),
    [
        ("hpo bao", "hop bao cong bo", True),
        ("khoinghiep", "talkshow khoi nghiep", True),
        ("hop bao quoc te xyz", "hop bao quoc te", True),  # one of five is missing
        ("hop xyz", "hop bao", False),
        ("xyz", "hop bao", False),
        ("2025", "nam 2026", False),  # a year is no slip for another
    ],
)
def test_a_title_is_near_when_its_words_answer(query: str, title: str, found: bool) -> None:
    likeness, _places = trigrams.nearest(query.split(), title.split())
    assert (likeness > 0) == found
