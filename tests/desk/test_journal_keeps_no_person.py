"""The whole programme leaves nothing in the journal that erasure would have to reach."""

import json

import pytest

from nhipcau.attendance.models import Registration
from nhipcau.core import vietnamese
from nhipcau.core.models import JournalEntry
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person
from tests.scenarios.programme import make_programme


@pytest.mark.django_db
def test_nothing_personal_of_a_whole_programme_is_kept() -> None:
    make_programme()
    told = ("label", "label_en", "before", "after", "reason", "folded")
    kept = json.dumps(list(JournalEntry.objects.values(*told)), default=str, ensure_ascii=False)
    words: set[str] = set()
    for name, phone, email in [
        *Registration.objects.values_list("name", "phone", "email"),
        *Person.objects.filter(registrations__isnull=False).values_list("name", "phone", "email"),
    ]:
        words |= {name, vietnamese.fold(name), phone, email}
    words |= set(Message.objects.values_list("to", flat=True))
    assert [word for word in sorted(words) if len(word) > 3 and word in kept] == []
    assert len(words) > 20
    assert JournalEntry.objects.count() > 50
