"""The suite empties the ledger between tests in real transactions and puts its guard up again."""

import pytest
from django.db import DatabaseError, connection

from nhipcau.activities.models import ActivityKind
from nhipcau.evidence.models import Evidence
from tests import makers


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.usefixtures("transactional_ledger")
def test_guard_stands_in_every_transactional_test(turn: int) -> None:
    evidence = makers.make_evidence()
    assert not connection.in_atomic_block
    assert Evidence.objects.count() == 1, turn
    with pytest.raises(DatabaseError, match="the ledger is append-only"):
        Evidence.objects.filter(pk=evidence.pk).update(note="đã sửa")


@pytest.mark.django_db(transaction=True)
def test_ledger_is_empty_for_the_next_test() -> None:
    assert Evidence.objects.count() == 0
    assert ActivityKind.objects.filter(slug="press_conference").exists()
    makers.make_evidence()
