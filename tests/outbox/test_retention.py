"""Mails to staff, which are about no record, go in time too."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from nhipcau.core import holdings
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox import services
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from nhipcau.privacy.services import preview, purge_expired
from tests.conftest import HandClock

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 11, 24, 9, 0, tzinfo=LOCAL)
KINDS = ("account", "account-link", "own-change", "factor-reset", "address-changed", "newsroom.notice")


def _queue(key: str, now: datetime, *, about: User | None = None) -> Message:
    return services.queue_mail(key=key, to="ai@example.vn", subject="Thư", body="Kính gửi", at=now, about=about)


def _left() -> list[str]:
    return sorted(Message.objects.exclude(to="erased@invalid").values_list("key", flat=True))


def test_mails_to_staff_are_emptied_a_year_after_they_were_settled(
    now: datetime, officer_hmc: User, clock: HandClock, mailoutbox: list[object]
) -> None:
    for kind in KINDS:
        _queue(f"{kind}:1", now)
    _queue("ticket:1", now, about=officer_hmc)
    services.send_due(at=now)
    late = _queue("own-change:2", now)
    Message.objects.filter(pk=late.pk).update(state="failed", settled_at=now + timedelta(days=30))
    _queue("own-change:3", now)
    before = _left()
    assert purge_expired(at=now + timedelta(days=364))["mail"] == 0
    assert _left() == before
    clock.set(LATER)
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert out.getvalue().splitlines()[-2:] == [
        "mail: 6",
        "  6 by “12 months after it was sent or given up”, the oldest of 23/11/2026",
    ]
    assert _left() == before
    assert purge_expired(at=LATER, batch=4)["mail"] == 6
    assert _left() == ["own-change:2", "own-change:3", "ticket:1"]
    gone = Message.objects.filter(to="erased@invalid")
    assert set(gone.values_list("state", "subject", "body")) == {("kept", "—", "—")}
    assert purge_expired(at=LATER)["mail"] == 0


def test_a_batch_is_a_batch(now: datetime) -> None:
    for number in range(3):
        _queue(f"account:{number}", now)
    Message.objects.update(state="sent", settled_at=now)
    (keeping,) = (one for one in holdings.keepings() if one.form == "mail")
    assert [keeping.purge(LATER, 2), keeping.purge(LATER, 2), keeping.purge(LATER, 2)] == [2, 1, 0]


@pytest.mark.parametrize(("language", "label"), [("vi", "Thư gửi cán bộ"), ("en", "Mails to staff")])
def test_it_is_told_in_both_languages(language: str, label: str) -> None:
    with translation.override(language):
        assert label in [str(form.label) for form in preview(at=LATER)]
