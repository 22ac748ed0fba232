"""Beside each thing at the desk stands who did what to it."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from nhipcau.agreements.services import record_amendment
from nhipcau.core import journal
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import Match
from tests import makers
from tests.pages.conftest import Clients
from tests.scenarios.programme import Programme

pytestmark = pytest.mark.django_db(transaction=True)
#: Where a thing is looked at whose entries lead nowhere by themselves, from its key; and who looks.
PLACES = {
    "agreements.clause": ("evidence:clause", "officer_hmc"),
    "newsroom.enquiry": ("newsroom:enquiry", "editor_hmc"),
    "privacy.request": ("privacy:request", "officer_hmc"),
}
#: What shows its acts otherwise.
ELSEWHERE = {
    "accounts.accountlink": "the page of the account tells them in its own words (accounts/telling.py)",
    "parties.delegation": "as above",
    "parties.membership": "as above",
    "parties.user": "as above",
    "parties.match": "a list of pairs: each decided pair leads to its story",
    "attendance.checkin": "a line in the list of guests; beside the guest stands the guest's story",
    "privacy.access": "a link that was sent; the request it led to tells the rest",
    "newsroom.article": "Wagtail's own history stands beside the page that is written",
    "newsroom.section": "as above",
}


def _page_of(row: Model) -> tuple[str, set[str]]:
    """Where a row is looked at, and the stories of which one stands there: its own, or that of what it is a part of."""
    thing = journal.thing_of(type(row))
    stories = {journal.address_of(row)}
    if thing.kind in PLACES:
        return reverse(PLACES[thing.kind][0], args=[row.pk]), stories
    under_kind, under_id = journal.belongs(row, thing.under)
    entry = JournalEntry(kind=thing.kind, object_id=str(row.pk), under_kind=under_kind, under_id=under_id)
    if under_kind not in ("", thing.kind):
        stories.add(reverse("desk:story", args=[under_kind, under_id]))
    if thing.page is None:
        above = journal.thing_of_kind(under_kind)
        assert above is not None
        assert above.page is not None, thing.kind
        entry = JournalEntry(kind=under_kind, object_id=under_id, under_kind=under_kind, under_id=under_id)
        return str(above.page(entry)), stories
    return str(thing.page(entry)), stories


@pytest.fixture(scope="module", autouse=True)
def annex(programme: Programme) -> None:
    """The one kind of which the programme has nothing."""
    record_amendment(
        agreement=programme.agreement,
        signed_on=makers.SIGNED,
        summary="Phụ lục.",
        by=programme.cast["administrator"],
        at=makers.NOW,
    )


@pytest.mark.parametrize("kind", sorted(set(journal.kinds()) - set(ELSEWHERE)))
def test_the_page_of_a_thing_shows_its_journal(clients: Clients, kind: str) -> None:
    whole = journal.thing_of(apps.get_model(kind)).whole
    rows = apps.get_model(kind)._default_manager.order_by("pk")
    row = next(row for row in rows if not whole or journal.belongs(row, whole)[1])
    address, stories = _page_of(row)
    who = clients.of(PLACES.get(kind, ("", "officer_hmc"))[1])
    shown = who.get(address).content.decode()
    assert [story for story in stories if f'hx-get="{story}"' in shown] != [], address
    assert {who.get(story).status_code for story in stories} == {200}


def test_what_shows_its_acts_otherwise_is_still_a_kind() -> None:
    assert set(ELSEWHERE) <= set(journal.kinds())


def test_a_decided_pair_leads_to_its_story(clients: Clients) -> None:
    match = Match.objects.get()
    who, story = clients.of("officer_hmc"), journal.address_of(match)
    assert f'href="{story}"' in who.get(reverse("attendance:doubles")).content.decode()
    assert "là của hai người khác nhau" in who.get(story).content.decode()
