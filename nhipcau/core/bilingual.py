"""Writing a pair of texts: the English is known to be stale when only the Vietnamese beside it was changed."""

from collections.abc import Mapping
from typing import Any

from nhipcau.core.models import Bilingual, fingerprint


def english_texts(row: Bilingual) -> dict[str, str]:
    """The English texts a saved row has now, by the name of their Vietnamese; a new row has none."""
    return {name: getattr(row, f"{name}_en") if row.pk else "" for name in row.bilingual_fields}


def note_english(row: Bilingual, before: Mapping[str, str], *, english_checked: bool = False) -> None:
    """Note which English answers which Vietnamese, without saving; `before` is what `english_texts` gave.

    English that was written anew answers the Vietnamese now beside it; English left alone keeps answering the old one,
    unless somebody checked that it still holds.
    """
    kept = dict(row.english_of)
    for name in row.bilingual_fields:
        english = getattr(row, f"{name}_en")
        if not english:
            kept.pop(name, None)
        elif english_checked or english != before.get(name, ""):
            kept[name] = fingerprint(getattr(row, name))
    row.english_of = kept


def rewrite(row: Bilingual, values: Mapping[str, Any], *, english_checked: bool = False) -> None:
    """Put values on a row without saving it, and note which English answers which Vietnamese."""
    before = english_texts(row)
    for name, value in values.items():
        setattr(row, name, value)
    note_english(row, before, english_checked=english_checked)
