"""Numbers of parts and points: Roman numerals and the letters of the Vietnamese alphabet."""

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
# Points go a b c d đ e: the alphabet without the letters that wear a hat, a breve or a horn.
LETTERS = "abcdđeghiklmnopqrstuvxy"


def roman(number: int) -> str:
    """I to LXXXIX."""
    if not 0 < number < 90:
        raise ValueError("Roman numerals here run from 1 to 89")
    found = ""
    for value, sign in _ROMAN:
        found += sign * (number // value)
        number %= value
    return found


def letter(number: int) -> str:
    """The letter of the 1st to the 23rd point; the count starts again doubled after y."""
    turn, place = divmod(number - 1, len(LETTERS))
    return LETTERS[place] * (turn + 1)
