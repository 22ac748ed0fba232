"""Writing a pair of texts: the English is known to be stale when only the Vietnamese beside it was changed."""

from collections.abc import Mapping
from typing import Any

from nhipcau.core.models import Bilingual, fingerprint


def rewrite(row: Bilingual, values: Mapping[str, Any], *, english_checked: bool = False) -> None:
    """Put values on a row without saving it and note which English answers which Vietnamese.

    English that was written anew answers the Vietnamese now beside it; English left alone keeps answering the old one,
    unless somebody checked that it still holds.
    """
    before = {name: getattr(row, f"{name}_en") if row.pk else "" for name in row.bilingual_fields}
    for name, value in values.items():
        setattr(row, name, value)
    kept = dict(row.english_of)
    for name in row.bilingual_fields:
        english = getattr(row, f"{name}_en")
        if not english:
            kept.pop(name, None)
        elif english_checked or english != before[name]:
            kept[name] = fingerprint(getattr(row, name))
    row.english_of = kept
