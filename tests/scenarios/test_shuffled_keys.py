"""The whole programme played with keys in no order shows what it shows with keys in order."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models.fields import AutoFieldMixin
from django.test import Client
from django.urls import reverse

from nhipcau.attendance.models import CheckIn, Registration
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.trace import build
from nhipcau.outbox.models import Message
from nhipcau.plans.models import Plan
from nhipcau.reports import figures
from tests import makers, shuffled
from tests.scenarios.programme import Programme, make_programme


def shown(programme: Programme, client: Client) -> dict[str, Any]:
    """What stands in an order or tells a latest thing, in words: nothing of it may come from a key."""
    plan = Plan.objects.prefetch_related("phases").get(pk=programme.plan.pk)
    trace = build(programme.agreement, plan, at=makers.NOW)
    moved = client.get(reverse("website:event", args=[programme.activities["moved"].slug]))
    return {
        "reports": {
            key: [(line.indicator.code, line.value, line.cumulative) for line in figures.told_lines(report)]
            for key, report in programme.reports.items()
        },
        "trace": [(one.span.rounded, one.span.records, one.span.waiting) for one in trace.clauses],
        # Where two came at the same moment, the key may decide between them.
        "waiting": [row.registered_at for row in Registration.objects.waiting()],
        "arrivals": [row.at for row in CheckIn.objects.standing()],
        "mail": [row.created_at for row in Message.objects.all()],
        "recipients": sorted(Message.objects.values_list("created_at", "to")),
        "ledger": sorted(Evidence.objects.standing().values_list("day", "kind_id", "quantity", "void", "note")),
        "first time announced": [change.old_start for change in programme.activities["moved"].changes.all()],
        "event": moved.status_code,
    }


@pytest.mark.django_db
def test_programme_shows_the_same_whatever_the_keys(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        in_order = shown(make_programme(), client)
        transaction.set_rollback(True)
    monkeypatch.setattr(AutoFieldMixin, "get_pk_value_on_save", shuffled.a_key, raising=False)
    programme = make_programme()
    keys = list(Registration.objects.order_by("registered_at").values_list("pk", flat=True))
    assert keys != sorted(keys), "the keys were to come in no order"
    assert shown(programme, client) == in_order
