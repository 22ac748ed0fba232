"""Links: short, of use for one purpose, not to be made up; replaced, outlived, and still read after the key rotated."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing as django_signing
from hypothesis import example, given
from hypothesis import strategies as st

from nhipcau.core import signing
from nhipcau.core.signing import BadLink, OldLink, Purpose, Signed

DAY = date(2026, 11, 23)
FIRST, SECOND, THIRD = ("first-key-" + "1" * 32, "second-key-" + "2" * 32, "third-key-" + "3" * 32)


@dataclass
class Row:
    pk: int
    link_generation: int = 0


@given(st.integers(1, 2**63 - 1), st.integers(0, 32767), st.none() | st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_a_token_says_what_was_signed(key: int, generation: int, day: date | None) -> None:
    token = signing.sign("ticket", key, generation=generation, day=day)
    assert signing.read("ticket", token) == Signed(key, generation, day)
    assert len(token) <= 44


def test_an_ordinary_token_is_short_and_tells_nothing_but_a_number() -> None:
    assert len(signing.sign("ticket", 123_456)) == 27
    assert signing.sign("ticket", 35).startswith("z.0.")


@given(st.data())
def test_no_other_text_is_read(data: st.DataObject) -> None:
    token = signing.sign("ticket", 41, generation=2)
    at = data.draw(st.integers(0, len(token) - 1))
    changed = data.draw(
        st.sampled_from([token[:at], token[:at] + token[at + 1 :], token + "A", token + "/", " " + token])
        | st.characters().map(lambda sign: token[:at] + sign + token[at + 1 :])
    )
    if changed != token:
        with pytest.raises(BadLink):
            signing.read("ticket", changed)


@given(st.text(max_size=80))
@example("41." + "A" * 43)
@example("١.0." + "A" * 20)  # digits of another script
@example("9" * 500)
@example("z" * 13 + ".0." + "A" * 20)
def test_nobody_makes_a_token_up(text: str) -> None:
    with pytest.raises(BadLink):
        signing.read("ticket", text)


def test_a_token_is_of_use_for_one_purpose_only() -> None:
    for token in (signing.sign("ticket", 41), signing.sign("ticket", 41, day=DAY), _first_form("ticket", 41)):
        assert signing.read("ticket", token).key == 41
        with pytest.raises(BadLink):
            signing.read("reset", token)


def _first_form(purpose: str, key: int, secret: str | None = None) -> str:
    """As links were made before they had generations."""
    return django_signing.Signer(key=secret, salt=f"nhipcau.{purpose}").sign(str(key)).replace(":", ".")


def test_links_sent_before_go_on_until_replaced() -> None:
    ticket, old = Purpose("ticket"), _first_form("ticket", 41)
    found = ticket.read(old, day=DAY)
    assert found == Signed(41, 0, None)
    ticket.hold_to(Row(41), found)
    with pytest.raises(OldLink):
        ticket.hold_to(Row(41, 1), found)
    for changed in (old[:-1], "2" + old, old.replace("41", "42", 1), old[:-1] + ("A" if old[-1] != "A" else "B")):
        with pytest.raises(BadLink):
            ticket.read(changed, day=DAY)


def test_a_replaced_link_opens_nothing_and_the_new_one_does() -> None:
    ticket, row = Purpose("ticket"), Row(41)
    old = ticket.token(row)
    row.link_generation += 1
    new = ticket.token(row)
    ticket.hold_to(row, ticket.read(new, day=DAY))
    with pytest.raises(OldLink):
        ticket.hold_to(row, ticket.read(old, day=DAY))


def test_a_link_that_counts_its_days_ends_with_the_last() -> None:
    request = Purpose("request", days=7)
    token = request.token(Row(41), day=DAY)
    assert request.read(token, day=DAY + timedelta(days=7)).key == 41
    for too_late in (token, signing.sign("request", 41), _first_form("request", 41)):
        with pytest.raises(OldLink, match="7 ngày"):
            request.read(too_late, day=DAY + timedelta(days=8))


@pytest.mark.parametrize("make", [signing.sign, _first_form])
def test_keys_rotate_under_links_in_use(make: Any, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FIRST, []
    token = make("ticket", 41)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = THIRD, [SECOND, FIRST]
    assert signing.read("ticket", token).key == 41
    assert signing.sign("ticket", 41) != signing.sign("ticket", 41, generation=1)
    settings.SECRET_KEY_FALLBACKS = [SECOND]
    with pytest.raises(BadLink):
        signing.read("ticket", token)
