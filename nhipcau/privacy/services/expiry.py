"""How long a person's words in requests and the mails of this room are kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from nhipcau.core import journal
from nhipcau.core.holdings import months_ago
from nhipcau.core.middleware import local_day
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import ERASED_ADDRESS, empty_mails
from nhipcau.privacy.letters import KEY, LINK
from nhipcau.privacy.models import Access, Notice, Request
from nhipcau.privacy.querysets import RequestQuerySet
from nhipcau.privacy.services.requests import empty

KEEP_MONTHS = 24
# A mail with a link is of no use once the link has expired.
KEEP_MAIL = timedelta(days=7)


def keep_months(*, at: datetime) -> int:
    """Months after the answer, by the notice of the form; one query."""
    notice = Notice.objects.in_use("request", day=local_day(at))
    return notice.keep_months if notice else KEEP_MONTHS


def expired_requests(*, at: datetime) -> RequestQuerySet:
    """Answered requests whose words are over their time."""
    before = months_ago(at, keep_months(at=at))
    return Request.objects.filter(answered_at__lt=before, emptied_at__isnull=True)


@journal.exempt("nobody does it: the clock, by the rule of the form")
@transaction.atomic
def purge(at: datetime, limit: int) -> int:
    """Empty a batch of old requests, and the mails of this room that are settled; how many requests.

    Links of people whose data went this night, or any before, name nobody from now on.
    """
    rows = list(expired_requests(at=at).order_by("pk")[:limit])
    done = empty(rows, at=at)
    gone = Access.objects.filter(person__erased_at__isnull=False)
    gone.filter(closed_at__isnull=True).update(closed_at=at)
    gone.exclude(address="").update(address="")
    _empty_mails(at)
    return done


def _empty_mails(at: datetime) -> None:
    """Mails of this room go a week after they were sent, at once where the person's data are gone."""
    ours = Q(key__startswith=f"{KEY}:") | Q(key__startswith=f"{LINK}:")
    sent = Message.objects.filter(ours, settled_at__isnull=False).exclude(to=ERASED_ADDRESS)
    about: dict[str, set[int]] = {KEY: set(), LINK: set()}
    keys = {}
    for pk, key, settled in sent.values_list("pk", "key", "settled_at"):
        kind, number = key.split(":")[:2]
        about[kind].add(int(number))
        keys[pk] = (kind, int(number), settled)
    gone = {
        KEY: set(Request.objects.filter(pk__in=about[KEY], emptied_at__isnull=False).values_list("pk", flat=True)),
        LINK: set(Access.objects.filter(pk__in=about[LINK], closed_at__isnull=False).values_list("pk", flat=True)),
    }
    due = [
        pk
        for pk, (kind, number, settled) in keys.items()
        if (settled and settled < at - KEEP_MAIL) or number in gone[kind]
    ]
    if due:
        empty_mails(Message.objects.filter(pk__in=due), waiting=False)
